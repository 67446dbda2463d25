package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

const (
	slowCrowd = 200 // in one room; the last of them is the slow one
	phase     = 4 * time.Second
)

// slowReader: one of 200 in a room takes nothing off his connection. His queue fills and is dropped; the others must not
// feel it, and the server's memory must not grow with what he does not read. Phases with and without him take turns, so that
// a busy machine weighs on both, and each is compared with the one before; what the middle pair shows counts. How much two
// phases without him, one after the other, differ in the middle is the noise: less than that nobody could see.
func slowReader() fault {
	m := &delivery{sent: map[string]time.Time{}}
	return fault{
		name: "slow-reader", kinds: []rig.Kind{rig.SQLite}, bound: 10 * time.Minute,
		root: true, needs: []string{"ip"}, network: true, place: smallBuffers,
		crowd: crowd.Options{
			People: slowCrowd, Senders: 10, OneRoom: true, Keep: true, Pause: 200 * time.Millisecond, Narrow: true,
			Padding: 400, Sending: m.sending, Heard: m.heard,
		},
		disturb: func(ctx context.Context, s *scene) error {
			var quiet, slow []time.Duration
			before, err := rig.UsageOf(s.server.Process().Pid)
			if err != nil {
				return err
			}
			m.take() // what came while everybody connected
			for range s.times(6, 2) {
				if err := m.during(ctx, phase, &quiet); err != nil {
					return err
				}
				goOn := s.crowd.StopReading(slowCrowd - 1)
				err := s.stuck(ctx)
				if err == nil {
					err = m.during(ctx, phase, &slow)
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
			noise, up := compared(quiet, slow)
			s.note("p99 of the others without", ms(percentile(quiet, 50)), "ms")
			s.note("with", ms(percentile(slow, 50)), "ms")
			s.note("noise", noise, "%")
			s.goal("up", up, "%", max(10, noise))
			s.goal("server grew", float64(after.Peak-before.Resident)/(1<<20), "MiB", 48)
			return nil
		},
	}
}

// compared says in percent how much two quiet phases in succession differ, and how much slower a phase with the slow reader
// is than the quiet one before it: both in the middle of all pairs.
func compared(quiet, slow []time.Duration) (noise, up float64) {
	var apart, slower []float64
	for i := range quiet {
		slower = append(slower, 100*(float64(slow[i])/float64(quiet[i])-1))
		if i > 0 {
			apart = append(apart, 100*(float64(max(quiet[i], quiet[i-1]))/float64(min(quiet[i], quiet[i-1]))-1))
		}
	}
	slices.Sort(apart)
	slices.Sort(slower)
	return apart[len(apart)/2], slower[len(slower)/2]
}

// smallBuffers keeps the kernel from holding megabytes for the slow reader before the server notices. The setting is the
// network's, which nobody else uses; see tcp(7).
func smallBuffers(ctx context.Context, _ *scene) error {
	if err := loopbackUp(ctx, nil); err != nil {
		return err
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/tcp_wmem", []byte("4096 16384 65536"), 0o600); err != nil {
		return fmt.Errorf("%w: set buffers: %w", errImpossible, err)
	}
	return nil
}

// stuck waits until the server feels that he does not read: his queue ran full, or his line was given up because a frame
// did not leave in time.
func (s *scene) stuck(ctx context.Context) error {
	const dropped, sessions = "himsg_ws_overflows_total", "himsg_ws_sessions"
	before, err := rig.Metric(ctx, s.server.URL(), dropped)
	if err != nil {
		return err
	}
	for now, lines := before, float64(slowCrowd); now == before && lines >= slowCrowd; {
		if !rig.Sleep(ctx, 200*time.Millisecond) {
			return fmt.Errorf("the server does not feel the slow reader: %w", ctx.Err())
		}
		now, err = rig.Metric(ctx, s.server.URL(), dropped)
		if err == nil {
			lines, err = rig.Metric(ctx, s.server.URL(), sessions)
		}
		if err != nil {
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
func (d *delivery) during(ctx context.Context, length time.Duration, list *[]time.Duration) error {
	if !rig.Sleep(ctx, length/6) {
		return ctx.Err()
	}
	d.take()
	if !rig.Sleep(ctx, length) {
		return ctx.Err()
	}
	times := d.take()
	if len(times) == 0 {
		return errors.New("nobody heard anything")
	}
	*list = append(*list, percentile(times, 99))
	return nil
}
