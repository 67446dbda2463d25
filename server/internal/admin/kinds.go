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
	mu    sync.Mutex // is held while they are counted: who comes second takes what the first one found
	known bool
	of    wire.Stored // what was counted, with the sums of that time
	took  time.Duration
	at    time.Time
}

const (
	quickCount = 20 * time.Millisecond
	countShare = 20
)

// kindsOf fills in the kinds of what is stored.
func (s *Service) kindsOf(ctx context.Context, stored *wire.Stored) error {
	return s.kinds.fill(ctx, s.o, stored, func(k *kinds) bool { return k.took > quickCount })
}

// countKinds counts again what changed since, if it may by now.
func (s *Service) countKinds(ctx context.Context) error {
	var stored wire.Stored
	var err error
	if stored.Bytes, stored.Files, err = s.o.Figures.FileUsage(ctx); err != nil {
		return fmt.Errorf("read file usage: %w", err)
	}
	return s.kinds.fill(ctx, s.o, &stored, func(k *kinds) bool { return s.o.Now().Sub(k.at) < countShare*k.took })
}

// fill counts, unless nothing changed or what is known will do.
func (k *kinds) fill(ctx context.Context, o Options, stored *wire.Stored, willDo func(*kinds) bool) (err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	same := k.of.Bytes == stored.Bytes && k.of.Files == stored.Files
	if !k.known || !same && !willDo(k) {
		k.at = o.Now()
		if k.of.Kinds, err = o.Figures.FileKinds(ctx); err != nil {
			return fmt.Errorf("count kinds of files: %w", err)
		}
		k.known, k.took = true, o.Now().Sub(k.at)
		k.of.Bytes, k.of.Files = stored.Bytes, stored.Files
	}
	stored.Kinds = k.of.Kinds
	return nil
}
