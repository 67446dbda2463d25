package crowd

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// Watch is what can be seen of a crowd at a moment.
type Watch struct {
	Online   int               // members with a live connection
	Synced   int               // those of them who hold all that they missed
	Refusals map[wire.Code]int // tries so far that the server refused for now, by code
}

// watch collects it.
type watch struct {
	mu      sync.Mutex
	now     Watch
	changed chan struct{}    // closed and replaced when now changes
	acks    []chan time.Time // who waits for the next acknowledgement
}

func newWatch() watch {
	return watch{now: Watch{Refusals: map[wire.Code]int{}}, changed: make(chan struct{})}
}

func (w *watch) change(how func(now *Watch)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	how(&w.now)
	close(w.changed)
	w.changed = make(chan struct{})
}

// Look returns what can be seen now.
func (c *Crowd) Look() Watch {
	c.watch.mu.Lock()
	defer c.watch.mu.Unlock()
	out := c.watch.now
	out.Refusals = maps.Clone(out.Refusals)
	return out
}

// Await waits until what can be seen satisfies done, and says when. It returns the first failure of anybody, or that ctx
// ended.
func (c *Crowd) Await(ctx context.Context, done func(Watch) bool) (time.Time, error) {
	for {
		c.watch.mu.Lock()
		changed := c.watch.changed
		good := done(c.watch.now)
		c.watch.mu.Unlock()
		if good {
			return rig.Now(), nil
		}
		select {
		case <-changed:
		case err := <-c.failures:
			return time.Time{}, err
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// NextAck waits for the next acknowledgement after the call of wait began; so call it before what may bring it.
func (c *Crowd) NextAck() (wait func(ctx context.Context) (time.Time, error)) {
	waiter := make(chan time.Time, 1)
	c.watch.mu.Lock()
	c.watch.acks = append(c.watch.acks, waiter)
	c.watch.mu.Unlock()
	return func(ctx context.Context) (time.Time, error) {
		select {
		case at := <-waiter:
			return at, nil
		case err := <-c.failures:
			return time.Time{}, err
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

func (c *Crowd) acked(at time.Time) {
	c.total.Add(1)
	c.watch.mu.Lock()
	defer c.watch.mu.Unlock()
	for _, waiter := range c.watch.acks {
		waiter <- at
	}
	c.watch.acks = nil
}

// refused counts what the server itself refused; a lost connection is no answer.
func (c *Crowd) refused(err error) {
	if errors.Is(err, client.ErrOffline) || errors.Is(err, client.ErrTimeout) {
		return
	}
	c.watch.change(func(now *Watch) { now.Refusals[client.CodeOf(err)]++ })
}

// linkWatch counts one client's link; it hears of each change from the syncer, one at a time.
type linkWatch struct {
	watch          *watch
	online, synced bool
}

// Link implements client.Listener.
func (l *linkWatch) Link(_ context.Context, link client.Link) {
	online := link.State == client.LinkOnline
	synced := online && (link.Synced || l.synced)
	if online == l.online && synced == l.synced {
		return
	}
	l.watch.change(func(now *Watch) {
		now.Online += step(l.online, online)
		now.Synced += step(l.synced, synced)
	})
	l.online, l.synced = online, synced
}

func step(from, to bool) int {
	switch {
	case to && !from:
		return 1
	case from && !to:
		return -1
	}
	return 0
}

// Events implements client.Listener.
func (*linkWatch) Events(context.Context, []client.Event) {}

// tap stands between a member's connection and his syncer: it sees messages come, and can keep the member from reading.
type tap struct {
	*client.Conn
	crowd  *Crowd
	member int
}

// Run implements client.Remote.
func (t *tap) Run(ctx context.Context, h client.Handler) error {
	return t.Conn.Run(ctx, &tapped{Handler: h, tap: t})
}

type tapped struct {
	client.Handler
	tap *tap
}

// Events implements client.Listener.
func (t *tapped) Events(ctx context.Context, events []client.Event) {
	c := t.tap.crowd
	c.members[t.tap.member].gate.pass(ctx)
	if c.o.Heard != nil {
		for _, event := range events {
			if m, ok := event.Data.(*wire.Message); ok {
				c.o.Heard(t.tap.member, m.ClientID)
			}
		}
	}
	t.Handler.Events(ctx, events)
}

// gate lets a member read, or not.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // nil: open; otherwise closed when it opens
}

func (g *gate) pass(ctx context.Context) {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	if open == nil {
		return
	}
	select {
	case <-open:
	case <-ctx.Done():
	}
}

// StopReading keeps a member's client from taking anything off its connection, until the returned function is called.
func (c *Crowd) StopReading(member int) (goOn func()) {
	g := &c.members[member].gate
	open := make(chan struct{})
	g.mu.Lock()
	g.open = open
	g.mu.Unlock()
	return func() {
		g.mu.Lock()
		g.open = nil
		g.mu.Unlock()
		close(open)
	}
}
