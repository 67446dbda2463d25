package natsbus

import (
	"slices"
	"time"

	"github.com/nats-io/nats.go"
)

// maxOthers bounds how many nodes are remembered.
const maxOthers = 1000

// This file knows which rooms this node watches and which other nodes there are.

// Watch asks for the events of a room that other nodes publish. It does not wait: what comes in the next moment may be missed.
func (b *Bus) Watch(roomID int64) { b.setWatch(roomID, true) }

// Unwatch ends that.
func (b *Bus) Unwatch(roomID int64) { b.setWatch(roomID, false) }

func (b *Bus) setWatch(roomID int64, want bool) {
	b.mu.Lock()
	if want {
		b.want[roomID] = true
	} else {
		delete(b.want, roomID)
	}
	b.changed[roomID] = true
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default: // it looks soon anyway
	}
}

// watch tells NATS which rooms are wanted. The library remembers it over lost connections.
func (b *Bus) watch() {
	watched := map[int64]*nats.Subscription{}
	for {
		select {
		case <-b.stop:
			return
		case <-b.wake:
		}
		b.mu.Lock()
		changed := b.changed
		b.changed = map[int64]bool{}
		for id := range changed {
			changed[id] = b.want[id]
		}
		b.mu.Unlock()
		for id, want := range changed {
			b.apply(watched, id, want)
		}
	}
}

func (b *Bus) apply(watched map[int64]*nats.Subscription, roomID int64, want bool) {
	sub, have := watched[roomID]
	var err error
	switch {
	case want && !have:
		if sub, err = b.line.ChanSubscribe(b.subject(roomID), b.in); err == nil {
			watched[roomID] = sub
		}
	case !want && have:
		err = sub.Unsubscribe()
		delete(watched, roomID)
	}
	if err != nil {
		b.complain("watch", "a room is not watched, its events come by the database", err)
	}
}

// beat lets the others know that this node is heard.
func (b *Bus) beat() {
	again := time.NewTicker(beatEvery)
	defer again.Stop()
	for {
		b.Tell(topicBeat, b.life)
		select {
		case <-b.stop:
			return
		case <-again.C:
		}
	}
}

// other is another node.
type other struct {
	heard time.Time // when, last
	life  string    // as its beats say; empty: none yet
}

// heard takes what another node told.
func (b *Bus) heard(h head, data []byte) {
	now := b.o.Clock()
	b.mu.Lock()
	was := b.others[h.Node]
	is := other{heard: now, life: was.life}
	back := false
	if h.Topic == topicBeat {
		is.life = string(data)
		// One that was started anew was dead meanwhile, and published nothing.
		back = was.life == is.life && now.Sub(was.heard) >= silentAfter
	}
	b.others[h.Node] = is
	if h.Topic == topicBye || len(b.others) > maxOthers {
		delete(b.others, h.Node)
	}
	fn := b.hearers[h.Topic]
	b.mu.Unlock()
	if h.Topic == topicLost || back {
		b.figures.outages.Add(1)
	}
	if fn != nil {
		fn(h.Node, data)
	}
}

// Others are the nodes that are heard.
func (b *Bus) Others() (nodes []string) {
	now := b.o.Clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for node, o := range b.others {
		if now.Sub(o.heard) < silentAfter {
			nodes = append(nodes, node)
		}
	}
	slices.Sort(nodes)
	return nodes
}

// Expect says which other nodes are there by the database.
func (b *Bus) Expect(nodes []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expect = nodes
}

// anySilent reports whether a node is not heard that was, and said no goodbye, or that is there: it is dead, or only cut off.
func (b *Bus) anySilent() (silent bool) {
	now := b.o.Clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, node := range b.expect {
		if _, heard := b.others[node]; !heard {
			silent = true
		}
	}
	for node, o := range b.others {
		switch quiet := now.Sub(o.heard); {
		case quiet >= forgottenFor:
			delete(b.others, node)
		case quiet >= silentAfter:
			silent = true
		}
	}
	return silent
}
