package files

import (
	"crypto/sha256"
	"hash"
	"sync"
	"time"
)

const (
	maxWriters    = 4096 // uploads whose checksum is carried on
	writerForgets = time.Hour
)

// writers lets one request at a time write to an upload, and carries its checksum from one to the next.
type writers struct {
	clock func() time.Time
	mu    sync.Mutex
	byID  map[int64]*writer
}

// writer is an upload that is being written, or was a moment ago.
type writer struct {
	busy bool
	sum  hash.Hash
	at   int64 // bytes in sum; -1: it lost count, and the file must be read again
	used time.Time
}

func newWriters(clock func() time.Time) *writers {
	return &writers{clock: clock, byID: map[int64]*writer{}}
}

// enter takes the turn at an upload that stands at an offset; nil if somebody else has it.
func (w *writers) enter(id, offset int64) *writer {
	w.mu.Lock()
	defer w.mu.Unlock()
	one := w.byID[id]
	if one == nil {
		w.makeRoom()
		one = &writer{sum: sha256.New()}
		w.byID[id] = one
	}
	if one.busy {
		return nil
	}
	one.busy, one.used = true, w.clock()
	if one.at != offset {
		one.at = -1 // written by another node, or before a restart
		if offset == 0 {
			one.sum.Reset()
			one.at = 0
		}
	}
	return one
}

func (w *writers) leave(one *writer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	one.busy, one.used = false, w.clock()
}

// forget drops an upload that is finished and returns its checksum, nil if it has not seen all of size bytes.
func (w *writers) forget(id, size int64) []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	one := w.byID[id]
	delete(w.byID, id)
	if one == nil || one.at != size {
		return nil
	}
	return one.sum.Sum(nil)
}

// makeRoom forgets uploads that stand still. One that goes on all the same is read again at its end.
func (w *writers) makeRoom() {
	now := w.clock()
	for id, one := range w.byID {
		if !one.busy && (now.Sub(one.used) > writerForgets || len(w.byID) >= maxWriters) {
			delete(w.byID, id)
		}
	}
}

// counter feeds the checksum with what is read.
type counter struct {
	w    *writer
	read int64
}

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	c.read += int64(len(p))
	if c.w.at >= 0 {
		_, _ = c.w.sum.Write(p) // a hash never fails
	}
	return len(p), nil
}

// stored tells that so many of the bytes that were read are stored. If it is not all of them, the checksum has lost count.
func (c *counter) stored(n int64) {
	switch {
	case c.w.at < 0:
	case n != c.read:
		c.w.at = -1
	default:
		c.w.at += n
	}
}
