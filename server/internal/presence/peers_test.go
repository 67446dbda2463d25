package presence_test

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"himsg/server/internal/presence"
	"himsg/shared/wire"
)

// line is what connects nodes. It loses what a test wants it to.
type line struct {
	mu    sync.Mutex
	lose  bool
	nodes map[string]*end
}

// end is a node's end of the line.
type end struct {
	*line
	name string
	cut  bool // it hears nobody and knows it
	dead bool
	fn   func(node string, data []byte)
	in   chan word
}

type word struct {
	node string
	data []byte
}

func (e *end) Tell(_ string, data []byte) {
	e.mu.Lock()
	var hear []chan word
	for _, other := range e.nodes {
		if other != e && !e.lose && !e.cut && !e.dead && !other.cut && !other.dead {
			hear = append(hear, other.in)
		}
	}
	e.mu.Unlock()
	for _, in := range hear {
		in <- word{e.name, slices.Clone(data)}
	}
}

func (e *end) Hear(_ string, fn func(string, []byte)) { e.fn = fn }

func (e *end) Others() (names []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, other := range e.nodes {
		if other != e && !e.cut && !other.cut && !other.dead {
			names = append(names, name)
		}
	}
	return names
}

func (e *end) Connected() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.cut
}

type trackerNode struct {
	*presence.Tracker
	*end
	h *heard
}

// several starts trackers that hear each other, within a bubble of fake time.
func several(t *testing.T, n int, fn func(t *testing.T, l *line, nodes []trackerNode)) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{nodes: map[string]*end{}}
		var nodes []trackerNode
		for i := range n {
			e := &end{line: l, name: fmt.Sprint("node", i), in: make(chan word, 1000)}
			go func() { // what comes from one node comes in order
				for w := range e.in {
					e.fn(w.node, w.data)
				}
			}()
			h := &heard{t: t, states: map[string]wire.PresenceState{}}
			tracker := presence.New(presence.Options{Publisher: h, Peers: e, Node: e.name, Logger: slog.New(slog.DiscardHandler)})
			l.mu.Lock()
			l.nodes[e.name] = e
			l.mu.Unlock()
			nodes = append(nodes, trackerNode{tracker, e, h})
		}
		pass(12 * time.Second)
		fn(t, l, nodes)
		for _, n := range nodes {
			n.Close()
		}
		for _, n := range nodes {
			close(n.in)
		}
	})
}

// person is a user_uuid.
func person(i int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", i) }

func TestEachSessionHearsOnceOfWhoIsOnSeveralNodes(t *testing.T) {
	several(t, 3, func(t *testing.T, _ *line, nodes []trackerNode) {
		u := person(1)
		check := func(when string, want wire.PresenceState, events int) {
			t.Helper()
			for _, n := range nodes {
				if got, _ := n.h.count(); n.h.state(u) != want || got != events {
					t.Errorf("%s: %s heard %d events and holds %q, want %d and %q", when, n.name, got, n.h.state(u), events, want)
				}
			}
		}
		first := nodes[0].Connect(u, 1)
		pass(3 * time.Second)
		check("one device", wire.PresenceActive, 1)
		second := nodes[1].Connect(u, 1)
		pass(3 * time.Second)
		check("another node's", wire.PresenceActive, 1)
		if err := second.Set(wire.PresenceDND); err != nil {
			t.Fatal(err)
		}
		pass(3 * time.Second)
		check("not to be disturbed", wire.PresenceDND, 2)
		sum := 0
		for _, n := range nodes {
			sum += n.Here()
			if got := n.Counts()[wire.PresenceDND]; got != 1 {
				t.Errorf("%s counts %d", n.name, got)
			}
		}
		if sum != 1 {
			t.Errorf("the nodes count %d people together", sum)
		}
		second.Disconnect()
		pass(3 * time.Second)
		check("the second is gone", wire.PresenceActive, 3)
		first.Disconnect()
		third := nodes[2].Connect(u, 1) // as after a restart of his node
		pass(10 * time.Second)
		check("he moved", wire.PresenceActive, 3)
		third.Disconnect()
		pass(15 * time.Second)
		check("he is gone", wire.PresenceOff, 4)
	})
}

func TestWordsThatAreLostAreAskedFor(t *testing.T) {
	several(t, 2, func(t *testing.T, l *line, nodes []trackerNode) {
		const many = 2300
		l.mu.Lock()
		l.lose = true
		l.mu.Unlock()
		for i := range many {
			nodes[0].Connect(person(i), int64(i+1))
		}
		pass(20 * time.Second)
		if _, people := nodes[1].h.count(); people != 0 {
			t.Fatalf("%d people are known though all was lost", people)
		}
		l.mu.Lock()
		l.lose = false
		l.mu.Unlock()
		pass(15 * time.Second)
		if _, people := nodes[1].h.count(); people != many {
			t.Errorf("%d of %d people are known", people, many)
		}
	})
}

func TestADeadNodesPeopleAreGoneAndNobodyIsWhenThisOneIsCutOff(t *testing.T) {
	several(t, 2, func(t *testing.T, l *line, nodes []trackerNode) {
		u := person(1)
		nodes[0].Connect(u, 1)
		pass(3 * time.Second)
		l.mu.Lock()
		nodes[1].cut = true
		l.mu.Unlock()
		pass(time.Minute)
		if got := nodes[1].h.state(u); got != wire.PresenceActive {
			t.Errorf("a node that is cut off believes that he is %q", got)
		}
		l.mu.Lock()
		nodes[1].cut, nodes[0].dead = false, true
		l.mu.Unlock()
		pass(30 * time.Second)
		if got := nodes[1].h.state(u); got != wire.PresenceOff {
			t.Errorf("a dead node's people are %q", got)
		}
	})
}

func TestWhatNoNodeSaysIsNotTaken(t *testing.T) {
	several(t, 2, func(t *testing.T, _ *line, nodes []trackerNode) {
		for _, word := range []string{
			`{"seq":1,"full":true,"users":[{"user_uuid":"short","state":"active"}]}`, `[]`, ``, `{"seq":-1}`,
			`{"seq":1,"full":true,"page":3,"users":[{"user_uuid":"` + person(1) + `","state":"active"}]}`,
			`{"seq":1,"full":true,"users":[{"user_uuid":"` + person(1) + `","state":"king"}]}`,
		} {
			nodes[0].fn("node9", []byte(word))
		}
		pass(5 * time.Second)
		if events, people := nodes[0].h.count(); events != 0 || people != 0 {
			t.Errorf("%d events about %d people", events, people)
		}
	})
}
