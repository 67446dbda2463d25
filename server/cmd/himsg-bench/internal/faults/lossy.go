package faults

import (
	"context"
	"fmt"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// lossyLines: every line loses packets, more and more of them, and then carries little: between people and servers, servers and NATS, and
// in a cluster servers and their databases. TCP says nothing of it but that it takes longer; some lines are given up. In the end all is there.
//
// The lines between a cluster's databases stay whole: what becomes of them is galera-node-cut-off's.
func lossyLines() fault {
	l := &lateness{}
	return fault{
		name: "lossy-lines", kinds: []rig.Kind{rig.MariaDB, rig.Galera}, bound: 8 * time.Minute, nodes: true, natsEach: true, crowd: l.options(),
		network: true, root: true, needs: []string{"nft", "ip"},
		place: func(ctx context.Context, s *scene) error {
			if s.data.Kind == rig.Galera {
				return nil // it was needed before
			}
			return loopbackUp(ctx, s)
		},
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.working(ctx, 500); err != nil {
				return err
			}
			l.tell(s, "sent→heard before", 5000)
			for _, worse := range []struct {
				name, rule string
				late       float64 // ms at most from sent to heard
			}{
				{"2 % lost", "numgen random mod 100 < 2 drop", 15_000},
				{"10 % lost", "numgen random mod 100 < 10 drop", 30_000},
				{"100 kB/s in all", "limit rate over 100 kbytes/second burst 20 kbytes drop", 60_000},
			} {
				if err := s.lossy(ctx, l, worse.name, worse.rule, worse.late); err != nil {
					return err
				}
			}
			s.onlyUnavailable()
			return nil
		},
	}
}

// lossy lets all lines be as a rule says for a while, and then waits until they are well again and everybody is there.
func (s *scene) lossy(ctx context.Context, l *lateness, name, rule string, late float64) error {
	l.reset()
	before := s.crowd.Acked()
	rules := "add table inet himsg; add chain inet himsg in { type filter hook input priority 0; }; "
	for _, a := range s.data.Members() {
		for _, b := range s.data.Members() {
			rules += "add rule inet himsg in ip saddr " + a.Address + " ip daddr " + b.Address + " accept; "
		}
	}
	if err := command(ctx, "nft", rules+"add rule inet himsg in meta l4proto tcp "+rule); err != nil {
		return fmt.Errorf("%w: %w", errImpossible, err)
	}
	slept := rig.Sleep(ctx, time.Duration(s.times(20, 4))*time.Second)
	if err := command(context.WithoutCancel(ctx), "nft", "delete table inet himsg"); err != nil {
		return err
	}
	if !slept {
		return ctx.Err()
	}
	s.note(name+": acked", float64(s.crowd.Acked()-before), "")
	healed := rig.Now()
	if err := s.working(ctx, 200); err != nil {
		return fmt.Errorf("after %s: %w", name, err)
	}
	back, err := s.crowd.Await(ctx, func(w crowd.Watch) bool { return w.Synced == usualCrowd })
	if err != nil {
		return fmt.Errorf("after %s: %w", name, err)
	}
	s.goal("healed→all synced", back.Sub(healed).Seconds(), "s", 30)
	l.tell(s, "sent→heard", late)
	return nil
}
