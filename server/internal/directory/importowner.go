package directory

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// This file says whose an import is: the node's that works on it, as long as it gives signs of life.

const (
	signEvery  = 10 * time.Second
	staleAfter = time.Minute // without a sign: whoever worked on it has stopped
)

// signs tells others that an import is worked on here, until its result is called. When the import is another's meanwhile, since this
// node could say nothing for long, the work on it ends.
func (s *Service) signs(ctx context.Context, id int64) (end func()) {
	s.mu.Lock()
	lose := s.stop
	s.mu.Unlock()
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		again := time.NewTicker(signEvery)
		defer again.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-again.C:
			}
			mine, err := s.store.SignImport(ctx, id, s.o.Worker, s.o.Now().UnixMilli())
			switch {
			case err != nil && ctx.Err() == nil:
				s.o.Logger.WarnContext(ctx, "sign of an import was not stored", slog.Any("error", err))
			case err == nil && !mine:
				lose()
				return
			}
		}
	}()
	return func() {
		stop()
		<-done
	}
}

// Recover ends imports that a stopped server left under way: this node's before it was started again, and those that nobody gives a
// sign of. Call it at the start, and then now and then.
func (s *Service) Recover(ctx context.Context) error {
	now := s.o.Now()
	stale := now.Add(-staleAfter)
	if s.o.Alone {
		stale = s.started // who had it is gone
	}
	if err := s.store.InterruptImports(ctx, s.o.Worker, s.started.UnixMilli(), stale.UnixMilli(), now.UnixMilli()); err != nil {
		return fmt.Errorf("interrupt imports: %w", err)
	}
	return nil
}
