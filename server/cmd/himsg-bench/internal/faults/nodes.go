package faults

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/bus/natstest"
)

// This file has several servers on one database, behind a balancer without memory, with NATS in this process.

// manyNodes is how many servers there are.
const manyNodes = 3

// cluster is what a scene has besides its first server.
type cluster struct {
	nats  []*natstest.Server // one for all nodes, or one each
	lines []*rig.Relay       // between the one each
	nodes []*rig.Server      // the first one is the scene's
	front *rig.Balancer
	files string // where all of them keep files
}

// gatherNodes starts NATS, prepares the first server to be one of several, and makes the others. In a cluster of databases each node
// begins with a member of its own.
func (s *scene) gatherNodes(ctx context.Context, binary string, natsEach bool) error {
	s.many = &cluster{}
	if err := s.startNATS(ctx, natsEach); err != nil {
		return err
	}
	s.many.files = filepath.Join(s.data.Dir, "files")
	if err := os.MkdirAll(s.many.files, 0o700); err != nil {
		return fmt.Errorf("make a folder for files: %w", err)
	}
	flags := func(node int) []string {
		flags := []string{"--nats", s.many.nats[node%len(s.many.nats)].URL(), "--files", s.many.files}
		if s.data.Kind == rig.Galera {
			flags = append(flags, "--database", s.data.URLFrom(node))
		}
		return flags
	}
	s.server.Flags = append(s.server.Flags, flags(0)...)
	s.many.nodes = []*rig.Server{s.server}
	for i := range manyNodes - 1 {
		node, err := rig.NewServer(binary, s.data)
		if err != nil {
			return err
		}
		own := s.data.ServerDir()
		node.Flags = append([]string{
			"--data", fmt.Sprintf("%s-%d", own, i+2), "--secret-file", filepath.Join(own, "secret.key"),
			"--audit-key-file", filepath.Join(own, "audit.key"),
		}, flags(i+1)...)
		s.many.nodes = append(s.many.nodes, node)
	}
	var err error
	s.many.front, err = rig.NewBalancer(ctx, func() []*rig.Server { return s.many.nodes })
	if err != nil {
		return err
	}
	s.later(s.many.front.Close)
	return nil
}

// startNATS starts one NATS, or one for each node, which are a cluster over relays that can be cut.
func (s *scene) startNATS(ctx context.Context, each bool) error {
	servers := 1
	if each {
		servers = manyNodes
	}
	for i := range servers {
		var options server.Options
		if each {
			// Who hears of the others' addresses must not reach them past the relays.
			options.Cluster = server.ClusterOpts{
				Name: "himsg", Host: "127.0.0.1", Port: server.RANDOM_PORT, Advertise: "127.0.0.1:1", NoAdvertise: true, PoolSize: -1,
			}
		}
		for before := range i {
			line, err := rig.NewRelay(ctx, strings.TrimPrefix(s.many.nats[before].ClusterURL(), "nats://"))
			if err != nil {
				return err
			}
			s.later(line.Close)
			s.many.lines = append(s.many.lines, line)
			options.Routes = append(options.Routes, &url.URL{Scheme: "nats", Host: strings.TrimPrefix(line.URL(), "http://")})
		}
		nats, err := natstest.StartWith(options)
		if err != nil {
			return err
		}
		s.later(func() error { nats.Stop(); return nil })
		s.many.nats = append(s.many.nats, nats)
	}
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
	last  time.Time     // when somebody heard something
	pause time.Duration // the longest in which nobody did
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
			if !l.last.IsZero() {
				l.pause = max(l.pause, now.Sub(l.last))
			}
			l.last = now
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
	l.took, l.worst, l.pause = nil, 0, 0
}

func (l *lateness) tell(s *scene, what string, limit float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.note(what+" p99", ms(percentile(l.took, 99)), "ms")
	s.goal(what+" most", ms(l.worst), "ms", limit)
}

// tellPause tells the longest time in which nobody heard anything.
func (l *lateness) tellPause(s *scene, limit float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.goal("longest pause", ms(l.pause), "ms", limit)
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
				s.many.nats[0].Stop()
				if !rig.Sleep(ctx, s.between(4*time.Second, 8*time.Second)) {
					return ctx.Err()
				}
				if err := s.many.nats[0].Start(); err != nil {
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

// natsParted: one of three NATS servers is cut off from the others, with the node that speaks to it. Nobody's connection breaks; what
// others say comes by the database.
func natsParted() fault {
	l := &lateness{}
	return fault{
		name: "nats-parted", kinds: []rig.Kind{rig.MariaDB}, bound: 4 * time.Minute, nodes: true, natsEach: true, crowd: l.options(),
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.working(ctx, 500); err != nil {
				return err
			}
			l.tell(s, "sent→heard with NATS", 5000)
			l.reset()
			for round := range s.times(4, 2) {
				part := (*rig.Relay).Swallow // nobody is told
				if round%2 == 1 {
					part = (*rig.Relay).Cut // routes break
				}
				cut := s.many.lines[:2] // those of the first server
				for _, line := range cut {
					part(line)
				}
				if !rig.Sleep(ctx, s.between(5*time.Second, 9*time.Second)) {
					return ctx.Err()
				}
				for _, line := range cut {
					line.Mend()
				}
				if !rig.Sleep(ctx, s.between(3*time.Second, 5*time.Second)) {
					return ctx.Err()
				}
			}
			l.tell(s, "sent→heard parted", 5000)
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
