package auth

import (
	"context"
	"fmt"
	"time"

	"himsg/shared/wire"
)

const (
	// keepEnded is how long an ended session and an unused device are kept: the device is known when its owner comes
	// back from a long leave, and who looks into an incident finds where somebody was signed in.
	keepEnded  = 90 * 24 * time.Hour
	purgeRows  = 200 // in one transaction
	purgeSteps = 250 // transactions of each kind in one purge; the rest is for the next one
)

// Purge ends sessions that were not refreshed in their time, so that their sockets close too, and removes what ended
// long ago: sessions with their refresh tokens, and devices that nobody uses. It does a bounded amount of work.
func (s *Service) Purge(ctx context.Context) error {
	now := s.o.Now()
	before := now.Add(-keepEnded).UnixMilli()
	for _, step := range []struct {
		what string
		do   func() (rows int, err error)
	}{
		{"end expired sessions", func() (int, error) {
			ended, err := s.o.Sessions.EndExpired(ctx, now.UnixMilli(), purgeRows)
			s.revoke(ctx, ended, wire.ReasonSessionRevoked)
			return len(ended), err
		}},
		{"purge sessions", func() (int, error) { return s.o.Sessions.PurgeSessions(ctx, before, purgeRows) }},
		{"purge resets", func() (int, error) {
			return s.o.Resets.PurgeResets(ctx, before, now.UnixMilli(), purgeRows)
		}},
		{"purge wrong tries", func() (int, error) {
			if s.o.Tries == nil {
				return 0, nil
			}
			return s.o.Tries.PurgeTries(ctx, now.Add(-forgetAfter).UnixMilli(), purgeRows)
		}},
		{"purge devices", func() (int, error) { return s.o.Sessions.PurgeDevices(ctx, before, purgeRows) }},
	} {
		for range purgeSteps {
			n, err := step.do()
			if err != nil {
				return fmt.Errorf("%s: %w", step.what, err)
			}
			if n < purgeRows {
				break
			}
		}
	}
	return nil
}
