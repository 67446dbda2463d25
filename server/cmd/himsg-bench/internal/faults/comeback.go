package faults

import (
	"context"
	"fmt"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// everyoneBack: the server is killed with a thousand clients and more connected, who come back in the app's own pace. All
// must hold again what they missed within half a minute.
func everyoneBack(o Options) fault {
	return fault{
		name: "everyone-back", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, bound: 8 * time.Minute,
		crowd: crowd.Options{People: o.Clients, Senders: usualCrowd, Patient: true, Pause: 200 * time.Millisecond},
		disturb: func(ctx context.Context, s *scene) error {
			all := func(w crowd.Watch) bool { return w.Synced == o.Clients }
			if _, err := s.crowd.Await(ctx, all); err != nil {
				return fmt.Errorf("wait for everybody to come: %w", err)
			}
			if err := s.server.Kill(); err != nil {
				return err
			}
			if err := s.server.Start(ctx); err != nil {
				return err
			}
			listening := rig.Now()
			load := watchLoad(s.server.Process().Pid)
			at, err := s.crowd.Await(ctx, all)
			peak, usage, loadErr := load()
			switch {
			case err != nil:
				return fmt.Errorf("wait for everybody to come back: %w", err)
			case loadErr != nil:
				return loadErr
			}
			s.note("clients", float64(o.Clients), "")
			s.goal("listening→all synced", at.Sub(listening).Seconds(), "s", 30)
			s.note("peak CPU", peak, "%")
			s.note("CPU in all", usage.CPU.Seconds(), "s")
			s.note("peak memory", float64(usage.Peak)/(1<<20), "MiB")
			return nil
		},
	}
}

// watchLoad looks at a process twice a second until the returned function is called, which says the most CPU that it took in
// such a time (100 is one core), and what it took in all.
func watchLoad(pid int) (stop func() (peak float64, usage rig.Usage, err error)) {
	const every = 500 * time.Millisecond
	var peak float64
	var watching sync.WaitGroup
	quit := make(chan struct{})
	watching.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		last, at := time.Duration(0), rig.Now()
		for {
			select {
			case <-tick.C:
			case <-quit:
				return
			}
			usage, err := rig.UsageOf(pid)
			if err != nil {
				return // the last look says it
			}
			now := rig.Now()
			if now.Sub(at) < every/2 {
				continue // ticks that were late come close together
			}
			peak = max(peak, 100*float64(usage.CPU-last)/float64(now.Sub(at)))
			last, at = usage.CPU, now
		}
	})
	return func() (float64, rig.Usage, error) {
		close(quit)
		watching.Wait()
		usage, err := rig.UsageOf(pid)
		return peak, usage, err
	}
}
