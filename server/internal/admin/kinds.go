package admin

import (
	"context"
	"fmt"
	"sync"
	"time"

	"himsg/shared/wire"
)

// kinds holds what the files of each extension took when they were last counted. To count them reads an index of all files: some
// tenths of a second with hundreds of thousands. So where that is quick it is done whenever it is asked for, and otherwise beside
// requests, seldom enough to take a twentieth of one core at most.
type kinds struct {
	counting sync.Mutex // is held while they are counted: one is enough
	mu       sync.Mutex // guards what follows; nobody waits for a count with it
	known    bool
	of       wire.Stored // what was counted, with the sums of that time
	took     time.Duration
	at       time.Time
}

const (
	quickCount = 20 * time.Millisecond
	quickFiles = 5_000 // are counted within quickCount on any machine
	countShare = 20
)

// kindsOf fills in the kinds of what is stored, as far as that is quick; known says whether they are known at all.
func (s *Service) kindsOf(ctx context.Context, stored *wire.Stored) (known bool, err error) {
	k := &s.kinds
	if k.stale(*stored, func() bool { return k.known && k.took <= quickCount || !k.known && stored.Files <= quickFiles }) {
		if err := k.count(ctx, s.o, *stored); err != nil {
			return false, err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	stored.Kinds = k.of.Kinds
	if !k.known {
		stored.Kinds = []wire.StoredKind{}
	}
	return k.known, nil
}

// countKinds counts again what changed since, if it may by now.
func (s *Service) countKinds(ctx context.Context) (err error) {
	var stored wire.Stored
	if stored.Bytes, stored.Files, err = s.o.Figures.FileUsage(ctx); err != nil {
		return fmt.Errorf("read file usage: %w", err)
	}
	k := &s.kinds
	if !k.stale(stored, func() bool { return !k.known || s.o.Now().Sub(k.at) >= countShare*k.took }) {
		return nil
	}
	return k.count(ctx, s.o, stored)
}

// stale reports whether something else is stored than was counted, and it may be counted now.
func (k *kinds) stale(stored wire.Stored, may func() bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	same := k.known && k.of.Bytes == stored.Bytes && k.of.Files == stored.Files
	return !same && may()
}

// count counts, unless somebody does.
func (k *kinds) count(ctx context.Context, o Options, stored wire.Stored) error {
	if !k.counting.TryLock() {
		return nil
	}
	defer k.counting.Unlock()
	began := o.Now()
	found, err := o.Figures.FileKinds(ctx)
	if err != nil {
		return fmt.Errorf("count kinds of files: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known, k.at, k.took = true, began, o.Now().Sub(began)
	stored.Kinds = found
	k.of = stored
	return nil
}
