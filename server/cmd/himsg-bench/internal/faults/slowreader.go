package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

const (
	slowCrowd = 200 // in one room; the last of them is the slow one
	phase     = 6 * time.Second
)

// slowReader: one of 200 in a room takes nothing off his connection. His queue fills and is dropped; the others must not
// feel it, and the server's memory must not grow with what he does not read. Phases with and without him take turns, so that
// a busy machine weighs on both; how much the quiet ones differ among themselves is the noise.
func slowReader() fault {
	m := &delivery{sent: map[string]time.Time{}}
	return fault{
		name: "slow-reader", kinds: []rig.Kind{rig.SQLite}, bound: 6 * time.Minute,
		crowd: crowd.Options{
			People: slowCrowd, Senders: 10, OneRoom: true, Keep: true, Pause: 400 * time.Millisecond, Narrow: true,
			Padding: 4000, Sending: m.sending, Heard: m.heard,
		},
		disturb: func(ctx context.Context, s *scene) error {
			var quiet, slow []time.Duration
			before, err := rig.UsageOf(s.server.Process().Pid)
			if err != nil {
				return err
			}
			m.take() // what came while everybody connected
			for range s.times(3, 2) {
				if err := m.during(ctx, &quiet); err != nil {
					return err
				}
				goOn := s.crowd.StopReading(slowCrowd - 1)
				err := s.overflows(ctx)
				if err == nil {
					err = m.during(ctx, &slow)
				}
				goOn()
				if err != nil {
					return err
				}
			}
			after, err := rig.UsageOf(s.server.Process().Pid)
			if err != nil {
				return err
			}
			noise := 100 * (float64(slices.Max(quiet))/float64(slices.Min(quiet)) - 1)
			up := 100 * (float64(percentile(slow, 50))/float64(percentile(quiet, 50)) - 1)
			s.note("p99 of the others without", ms(percentile(quiet, 50)), "ms")
			s.note("with", ms(percentile(slow, 50)), "ms")
			s.note("noise", noise, "%")
			s.goal("up", up, "%", max(10, noise))
			s.goal("server grew", float64(after.Peak-before.Resident)/(1<<20), "MiB", 48)
			return nil
		},
	}
}

// overflows waits until a queue has run full, so that the reader is slow indeed.
func (s *scene) overflows(ctx context.Context) error {
	const name = "himsg_ws_overflows_total"
	before, err := rig.Metric(ctx, s.server.URL(), name)
	if err != nil {
		return err
	}
	for now := before; now == before; {
		if !rig.Sleep(ctx, 200*time.Millisecond) {
			return fmt.Errorf("nobody's queue runs full: the reader is not slow: %w", ctx.Err())
		}
		if now, err = rig.Metric(ctx, s.server.URL(), name); err != nil {
			return err
		}
	}
	return nil
}

// delivery measures how long messages take from their sender to everybody else.
type delivery struct {
	mu    sync.Mutex
	sent  map[string]time.Time // by client_id
	times []time.Duration
}

func (d *delivery) sending(clientID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent[clientID] = rig.Now()
}

// heard leaves the slow reader out.
func (d *delivery) heard(member int, clientID string) {
	now := rig.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if sent, ok := d.sent[clientID]; ok && member != slowCrowd-1 {
		d.times = append(d.times, now.Sub(sent))
	}
}

func (d *delivery) take() []time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	times := d.times
	d.times = nil
	return times
}

// during measures one phase and adds its p99 to the list. The beginning of a phase belongs to the one before.
func (d *delivery) during(ctx context.Context, list *[]time.Duration) error {
	if !rig.Sleep(ctx, phase/6) {
		return ctx.Err()
	}
	d.take()
	if !rig.Sleep(ctx, phase) {
		return ctx.Err()
	}
	times := d.take()
	if len(times) == 0 {
		return errors.New("nobody heard anything")
	}
	*list = append(*list, percentile(times, 99))
	return nil
}
