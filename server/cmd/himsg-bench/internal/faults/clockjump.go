package faults

import (
	"context"
	"fmt"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// clockJumps: the server's machine is a day ahead for a while, and a day behind. Messages keep their order, nobody is signed
// out, and who comes new can sign in. The server is himsg-clock: the same but for its clock, which the bench sets.
func clockJumps() fault {
	return fault{
		name: "clock-jumps", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, bound: 2 * time.Minute, clock: true,
		disturb: func(ctx context.Context, s *scene) error {
			const day = 24 * time.Hour
			for _, ahead := range []time.Duration{0, day, 0, -day, 0} {
				if err := s.server.Tell(ahead.String()); err != nil {
					return err
				}
				if err := s.working(ctx, s.times(300, 50)); err != nil {
					return err
				}
				// The lines that are open need no token any more; new ones do.
				if err := s.crowd.Reconnect(ctx); err != nil {
					return fmt.Errorf("with the clock at %v: %w", ahead, err)
				}
				person, err := rig.SignInOne(ctx, s.server.URL(), 1, nil)
				if err != nil {
					return fmt.Errorf("with the clock at %v: %w", ahead, err)
				}
				person.Close()
			}
			s.goal("signed out", 0, "", 0) // who is, ends the run
			return nil
		},
	}
}
