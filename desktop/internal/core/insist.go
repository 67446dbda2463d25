package core

import (
	"context"
	"errors"
	"fmt"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// insist makes a call that is harmless when repeated. Without a connection it fails at once. When the connection is lost
// under way nobody knows whether the call was done: it is made again once the connection is back, as long as ctx allows.
func (s *session) insist(ctx context.Context, do func(ctx context.Context) error) error {
	_, err := s.insistUntil(ctx, do)
	return err
}

// insistGone is insist for a call that takes something away: a repeat that does not find it shows that it was done.
func (s *session) insistGone(ctx context.Context, do func(ctx context.Context) error) error {
	repeated, err := s.insistUntil(ctx, do)
	if repeated && client.CodeOf(err) == wire.NotFound {
		return nil
	}
	return err
}

func (s *session) insistUntil(ctx context.Context, do func(ctx context.Context) error) (repeated bool, err error) {
	if !s.online() {
		return false, fmt.Errorf("call: %w", client.ErrOffline)
	}
	for {
		changed := s.linked.Next()
		err := do(ctx)
		if !errors.Is(err, client.ErrOffline) || !s.awaitLink(ctx, changed) {
			return repeated, err
		}
		repeated = true
	}
}

// awaitLink waits until the connection stands, or false: ctx ended. changed fires at the next change of the link; a link
// that stands is tried again after a moment, since it may be about to be known as lost.
func (s *session) awaitLink(ctx context.Context, changed <-chan struct{}) bool {
	for {
		timer := time.NewTimer(s.o.Pace.RetryFirst)
		select {
		case <-changed:
			timer.Stop()
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return false
		}
		if s.online() {
			return ctx.Err() == nil
		}
		changed = s.linked.Next()
	}
}
