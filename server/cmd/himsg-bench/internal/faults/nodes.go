package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/bus/natstest"
)

// This file has several servers on one database, behind a balancer without memory, with NATS in this process.

// manyNodes is how many servers there are.
const manyNodes = 3

// cluster is what a scene has besides its first server.
type cluster struct {
	nats  *natstest.Server
	nodes []*rig.Server // the first one is the scene's
	front *rig.Balancer
}

// gatherNodes starts NATS, prepares the first server to be one of several, and makes the others.
func (s *scene) gatherNodes(ctx context.Context, binary string) error {
	nats, err := natstest.Start()
	if err != nil {
		return err
	}
	s.later(func() error { nats.Stop(); return nil })
	files := filepath.Join(s.data.Dir, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return fmt.Errorf("make a folder for files: %w", err)
	}
	shared := []string{"--nats", nats.URL(), "--files", files}
	s.server.Flags = append(s.server.Flags, shared...)
	s.many = &cluster{nats: nats, nodes: []*rig.Server{s.server}}
	for i := range manyNodes - 1 {
		node, err := rig.NewServer(binary, s.data)
		if err != nil {
			return err
		}
		own := s.data.ServerDir()
		node.Flags = append([]string{
			"--data", fmt.Sprintf("%s-%d", own, i+2), "--secret-file", filepath.Join(own, "secret.key"),
			"--audit-key-file", filepath.Join(own, "audit.key"),
		}, shared...)
		s.many.nodes = append(s.many.nodes, node)
	}
	s.many.front, err = rig.NewBalancer(ctx, func() []*rig.Server { return s.many.nodes })
	if err != nil {
		return err
	}
	s.later(s.many.front.Close)
	return nil
}

// startOthers starts the servers besides the first.
func (c *cluster) startOthers(ctx context.Context) error {
	for _, n := range c.nodes[1:] {
		if err := n.Start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// stopOthers ends them.
func (c *cluster) stopOthers() (err error) {
	for _, n := range c.nodes[1:] {
		err = errors.Join(err, n.Stop())
	}
	return err
}

// lateness is how long messages took from their sender to each who heard them.
type lateness struct {
	mu    sync.Mutex
	sent  map[string]time.Time
	took  []time.Duration
	worst time.Duration
}

func (l *lateness) options() crowd.Options {
	l.sent = map[string]time.Time{}
	return crowd.Options{
		Sending: func(id string) {
			now := rig.Now()
			l.mu.Lock()
			defer l.mu.Unlock()
			l.sent[id] = now
		},
		Heard: func(_ int, id string) {
			now := rig.Now()
			l.mu.Lock()
			defer l.mu.Unlock()
			if at, ok := l.sent[id]; ok {
				l.took = append(l.took, now.Sub(at))
				l.worst = max(l.worst, now.Sub(at))
			}
		},
	}
}

// reset forgets what was measured, but not what was sent.
func (l *lateness) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took, l.worst = nil, 0
}

func (l *lateness) tell(s *scene, what string, limit float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.note(what+" p99", ms(percentile(l.took, 99)), "ms")
	s.goal(what+" most", ms(l.worst), "ms", limit)
}

// natsLost: NATS is killed under load on three servers, and comes back. Messages come by the database, at most a sweep later.
func natsLost() fault {
	l := &lateness{}
	return fault{
		name: "nats-lost", kinds: []rig.Kind{rig.MariaDB}, bound: 4 * time.Minute, nodes: true, crowd: l.options(),
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.working(ctx, 500); err != nil {
				return err
			}
			l.tell(s, "sent→heard with NATS", 5000)
			l.reset()
			for range s.times(3, 1) {
				s.many.nats.Stop()
				if !rig.Sleep(ctx, s.between(4*time.Second, 8*time.Second)) {
					return ctx.Err()
				}
				if err := s.many.nats.Start(); err != nil {
					return err
				}
				if !rig.Sleep(ctx, s.between(time.Second, 3*time.Second)) {
					return ctx.Err()
				}
			}
			l.tell(s, "sent→heard without", 5000)
			s.onlyUnavailable()
			return nil
		},
	}
}

// rollingRestart: three servers are restarted one after the other (SIGTERM) under load.
func rollingRestart() fault {
	l := &lateness{}
	return fault{
		name: "rolling-restart", kinds: []rig.Kind{rig.MariaDB}, bound: 6 * time.Minute, nodes: true, crowd: l.options(),
		disturb: func(ctx context.Context, s *scene) error { return s.oneByOne(ctx, l, (*rig.Server).Stop) },
	}
}

// nodeKilled: kill -9 of one of three servers after the other under load.
func nodeKilled() fault {
	l := &lateness{}
	return fault{
		name: "node-killed", kinds: []rig.Kind{rig.MariaDB}, bound: 6 * time.Minute, nodes: true, crowd: l.options(),
		disturb: func(ctx context.Context, s *scene) error { return s.oneByOne(ctx, l, (*rig.Server).Kill) },
	}
}

// oneByOne ends and starts each server, while the others work.
func (s *scene) oneByOne(ctx context.Context, l *lateness, end func(*rig.Server) error) error {
	if err := s.working(ctx, 500); err != nil {
		return err
	}
	l.reset()
	var pauses []time.Duration
	for range s.times(3, 1) {
		for _, n := range s.many.nodes {
			first := s.crowd.NextAck()
			ended := rig.Now()
			if err := end(n); err != nil {
				return err
			}
			at, err := first(ctx)
			if err != nil {
				return err
			}
			pauses = append(pauses, at.Sub(ended))
			if !rig.Sleep(ctx, s.between(500*time.Millisecond, 2*time.Second)) {
				return ctx.Err()
			}
			if err := n.Start(ctx); err != nil {
				return err
			}
			if !rig.Sleep(ctx, s.between(500*time.Millisecond, 2*time.Second)) {
				return ctx.Err()
			}
		}
	}
	s.goal("ended→next ack p95", ms(p95(pauses)), "ms", 1000)
	l.tell(s, "sent→heard", 15_000)
	s.onlyUnavailable()
	return nil
}
