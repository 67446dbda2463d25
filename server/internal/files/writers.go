package files

import (
	"crypto/sha256"
	"errors"
	"hash"
	"sync"
	"time"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

const (
	maxWriters    = 4096 // uploads whose checksum is carried on
	maxWriting    = 512  // requests that bring bytes at the same time; each may hold some megabytes
	maxWritingOne = 16   // of one person
	writerForgets = time.Hour
)

// writers lets one request at a time write to an upload, and carries its checksum from one to the next.
type writers struct {
	clock func() time.Time
	mu    sync.Mutex
	byID  map[int64]*writer
	busy  int
	of    map[int64]int // requests that bring bytes, by person
}

// writer is an upload that is being written, or was a moment ago.
type writer struct {
	busy bool
	who  int64 // whose upload it is
	sum  hash.Hash
	at   int64 // bytes in sum; -1: it lost count, and the file must be read again
	used time.Time
}

func newWriters(clock func() time.Time) *writers {
	return &writers{clock: clock, byID: map[int64]*writer{}, of: map[int64]int{}}
}

// enter takes the turn at a person's upload. It refuses with wire.Conflict if another request has
// it, and with wire.Unavailable if too many others are under way.
func (w *writers) enter(who, id int64) (*writer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	one := w.byID[id]
	switch {
	case one != nil && one.busy:
		return nil, errs.E(wire.Conflict, wire.ReasonBusy, textWriting)
	case w.busy >= maxWriting || w.of[who] >= maxWritingOne:
		return nil, errs.Unavailable(time.Second, errors.New("too many uploads at once"))
	case one == nil:
		w.makeRoom()
		one = &writer{who: who, sum: sha256.New()}
		w.byID[id] = one
	}
	w.busy++
	w.of[who]++
	one.busy, one.used = true, w.clock()
	return one, nil
}

// from tells a writer in its turn where the upload stands. If that is not where its checksum does (another node wrote, or
// the server was started anew), the file must be read again at its end.
func (one *writer) from(offset int64) *writer {
	switch {
	case offset == 0:
		one.sum.Reset()
		one.at = 0
	case one.at != offset:
		one.at = -1
	}
	return one
}

func (w *writers) leave(one *writer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	one.busy, one.used = false, w.clock()
	w.busy--
	w.of[one.who]--
	if w.of[one.who] == 0 {
		delete(w.of, one.who)
	}
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
