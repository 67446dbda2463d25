package faults

import (
	"context"
	"fmt"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// killed: kill -9 at random times under load. It does not test durability, which the page cache hides; it tests that nothing
// is acknowledged too early, stored twice by a repeat, or missed by a client that comes back.
func killed() fault {
	return fault{
		name: "kill-9", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, bound: 8 * time.Minute, brief: true,
		disturb: func(ctx context.Context, s *scene) error {
			pauses, err := s.restarts(ctx, s.times(100, 3), s.server.Kill)
			if err == nil {
				s.goal("restart→first ack p95", ms(p95(pauses)), "ms", 2000)
			}
			return err
		},
	}
}

// restarted: a planned restart (SIGTERM) under load; sessions are told when to come back.
func restarted() fault {
	return fault{
		name: "restart", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, bound: 5 * time.Minute,
		disturb: func(ctx context.Context, s *scene) error {
			pauses, err := s.restarts(ctx, s.times(15, 3), s.server.Stop)
			if err == nil {
				s.goal("restart→first ack p95", ms(p95(pauses)), "ms", 5000)
			}
			return err
		},
	}
}

// restarts ends the server again and again, and returns how long it took each time from the restart to the first
// acknowledgement.
func (s *scene) restarts(ctx context.Context, times int, end func() error) ([]time.Duration, error) {
	var pauses []time.Duration
	for range times {
		if !rig.Sleep(ctx, s.between(50*time.Millisecond, 2*time.Second)) {
			return nil, ctx.Err()
		}
		if err := end(); err != nil {
			return nil, err
		}
		restarted := rig.Now()
		first := s.crowd.NextAck()
		if err := s.server.Start(ctx); err != nil {
			return nil, fmt.Errorf("restart: %w", err)
		}
		at, err := first(ctx)
		if err != nil {
			return nil, err
		}
		pauses = append(pauses, at.Sub(restarted))
	}
	return pauses, nil
}
