package faults

import (
	"context"
	"fmt"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/wire"
)

// databaseKilled: kill -9 of MariaDB under load. Who sends is told to come back later; what was acknowledged is there.
func databaseKilled() fault {
	return fault{
		name: "database-killed", kinds: []rig.Kind{rig.MariaDB}, bound: 4 * time.Minute,
		disturb: func(ctx context.Context, s *scene) error {
			var away, back []time.Duration
			for range s.times(10, 2) {
				if !rig.Sleep(ctx, s.between(300*time.Millisecond, 3*time.Second)) {
					return ctx.Err()
				}
				killed := rig.Now()
				if err := s.data.KillDatabase(); err != nil {
					return err
				}
				if !rig.Sleep(ctx, s.between(0, time.Second)) {
					return ctx.Err()
				}
				first := s.crowd.NextAck()
				if err := s.data.StartDatabase(ctx); err != nil {
					return err
				}
				answers := rig.Now()
				at, err := first(ctx)
				if err != nil {
					return err
				}
				away, back = append(away, at.Sub(killed)), append(back, at.Sub(answers))
			}
			s.goal("unavailable p95", ms(p95(away)), "ms", 10_000)
			s.goal("database answers→first ack p95", ms(p95(back)), "ms", 3000)
			s.onlyUnavailable()
			return nil
		},
	}
}

// databaseHangs: MariaDB stands still for longer than a transaction may take, and goes on.
func databaseHangs() fault {
	return fault{
		name: "database-hangs", kinds: []rig.Kind{rig.MariaDB}, bound: 3 * time.Minute,
		disturb: func(ctx context.Context, s *scene) error {
			var back []time.Duration
			for range s.times(3, 1) {
				if err := s.working(ctx, 100); err != nil {
					return err
				}
				pause, err := s.stoodStill(ctx, s.data.Database(), 14*time.Second)
				if err != nil {
					return err
				}
				back = append(back, pause)
			}
			s.goal("goes on→first ack p95", ms(p95(back)), "ms", 5000)
			s.onlyUnavailable()
			return nil
		},
	}
}

// serverHangs: the server stands still for a while, as in a virtual machine that is moved, and goes on.
func serverHangs() fault {
	return fault{
		name: "server-hangs", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, bound: 3 * time.Minute,
		disturb: func(ctx context.Context, s *scene) error {
			var back []time.Duration
			for range s.times(5, 1) {
				if err := s.working(ctx, 100); err != nil {
					return err
				}
				pause, err := s.stoodStill(ctx, s.server, s.between(time.Second, 5*time.Second))
				if err != nil {
					return err
				}
				back = append(back, pause)
			}
			s.goal("goes on→first ack p95", ms(p95(back)), "ms", 1000)
			return nil
		},
	}
}

// stoodStill freezes a process for some time, and returns how long it took from its going on to the first acknowledgement.
func (s *scene) stoodStill(ctx context.Context, of rig.Running, length time.Duration) (time.Duration, error) {
	if err := rig.Freeze(ctx, of.Process()); err != nil {
		return 0, err
	}
	slept := rig.Sleep(ctx, length)
	first := s.crowd.NextAck()
	thawed := rig.Now()
	if err := rig.Thaw(of.Process()); err != nil {
		return 0, err
	}
	if !slept {
		return 0, ctx.Err()
	}
	at, err := first(ctx)
	if err != nil {
		return 0, fmt.Errorf("after it stood still: %w", err)
	}
	return at.Sub(thawed), nil
}

// onlyUnavailable says how often the server refused, and that it did so with the one code that tells a client to come back.
func (s *scene) onlyUnavailable() {
	refusals := s.crowd.Look().Refusals
	s.note("refused", float64(refusals[wire.Unavailable]), "")
	others := 0
	for code, n := range refusals {
		if code != wire.Unavailable {
			others += n
			s.row.Details = append(s.row.Details, fmt.Sprintf("refused %d times with %q", n, code))
		}
	}
	s.goal("with another code", float64(others), "", 0)
}
