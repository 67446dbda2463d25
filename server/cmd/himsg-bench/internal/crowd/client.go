package crowd

import (
	"context"
	"fmt"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
)

// Client is one person's client that nobody of the crowd knows.
type Client struct {
	who    string
	memory *client.Memory
	syncer *client.Syncer
	synced chan struct{} // closed when it holds all that it missed
}

// NewClient prepares a client; Run connects it. who names it in what the judge finds.
func NewClient(person rig.Person, who string) *Client {
	c := &Client{who: who, memory: client.NewMemory(), synced: make(chan struct{})}
	c.syncer = client.NewSyncer(client.SyncerOptions{
		Remote:  client.NewConn(client.ConnOptions{Session: person.Session}),
		Replica: c.memory, Next: &untilSynced{done: c.synced},
	})
	return c
}

// Run keeps it connected until ctx ends, or the session.
func (c *Client) Run(ctx context.Context) error { return c.syncer.Run(ctx) }

// Synced waits until it holds all that it missed.
func (c *Client) Synced(ctx context.Context) error {
	select {
	case <-c.synced:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: never synced: %w", c.who, ctx.Err())
	}
}

// Hold waits until it holds a room up to a rev, and returns what it holds.
func (c *Client) Hold(ctx context.Context, room string, rev int64) (judge.Holding, error) {
	err := c.memory.Wait(ctx, func(m *client.Memory) bool {
		held, ok := m.HeldOf(room)
		return ok && held.Rev >= rev
	})
	if err != nil {
		return judge.Holding{}, fmt.Errorf("%s: does not hold room %s up to %d: %w", c.who, room, rev, err)
	}
	r, _ := c.memory.Room(room)
	return judge.Holding{Who: c.who, Room: room, Held: r.Held, Messages: r.Messages}, nil
}

// whole loads a room's messages from the newest to the first.
func (c *Client) whole(ctx context.Context, room string) error {
	if err := c.syncer.Latest(ctx, room, historyPage); err != nil {
		return fmt.Errorf("%s: latest: %w", c.who, err)
	}
	for more := true; more; {
		var err error
		if more, err = c.syncer.Older(ctx, room, historyPage); err != nil {
			return fmt.Errorf("%s: older: %w", c.who, err)
		}
	}
	return nil
}

// untilSynced closes done when a client holds all that it missed.
type untilSynced struct{ done chan struct{} }

// Link implements client.Listener.
func (u *untilSynced) Link(_ context.Context, link client.Link) {
	if link.Synced && u.done != nil {
		close(u.done)
		u.done = nil
	}
}

// Events implements client.Listener.
func (*untilSynced) Events(context.Context, []client.Event) {}
