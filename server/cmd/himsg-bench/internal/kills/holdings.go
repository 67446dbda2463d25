package kills

import (
	"context"
	"fmt"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// holding is what one client holds of one room in the end. Hi 0: no messages. Whole: it should hold everything.
type holding struct {
	who      string
	room     string
	whole    bool
	held     client.Held
	messages map[int64]wire.Message
}

// holdings waits until nobody's replica is behind, and collects what all hold, with a client that begins now among them for
// each room. A client that does not catch up within settleTime is taken as it is: the judge sees the difference.
func (c *crowd) holdings(ctx context.Context) ([]holding, error) {
	fresh, err := c.freshRevs(ctx)
	if err != nil {
		return nil, err
	}
	list := fresh
	waiting, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	target := map[string]int64{}
	for _, h := range fresh {
		target[h.room] = h.held.Rev
	}
	for i, m := range c.members {
		_ = m.memory.Wait(waiting, func(memory *client.Memory) bool { // the judge sees who is behind
			for _, room := range m.rooms {
				if held, ok := memory.HeldOf(room); !ok || held.Rev < target[room] {
					return false
				}
			}
			return true
		})
		for _, room := range m.rooms {
			h := holding{who: fmt.Sprintf("client %d", i), room: room}
			if r, ok := m.memory.Room(room); ok {
				h.held, h.messages = r.Held, r.Messages
			}
			list = append(list, h)
		}
	}
	return list, ctx.Err()
}

// freshRevs reads every room whole with a client that has just started.
func (c *crowd) freshRevs(ctx context.Context) ([]holding, error) {
	done := map[string]bool{}
	var list []holding
	for i, m := range c.members {
		var rooms []string
		for _, room := range m.rooms {
			if !done[room] {
				rooms = append(rooms, room)
				done[room] = true
			}
		}
		if len(rooms) == 0 {
			continue
		}
		read, err := freshClient(ctx, m.person, fmt.Sprintf("fresh client %d", i), rooms)
		if err != nil {
			return nil, err
		}
		list = append(list, read...)
	}
	return list, nil
}

func freshClient(ctx context.Context, person rig.Person, who string, rooms []string) (list []holding, err error) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	conn := client.NewConn(client.ConnOptions{Session: person.Session})
	memory, synced := client.NewMemory(), make(chan struct{})
	syncer := client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: memory, Next: &untilSynced{done: synced}})
	ended := make(chan error, 1)
	go func() { ended <- syncer.Run(ctx) }()
	defer func() {
		cancel()
		if runErr := <-ended; err == nil {
			err = runErr
		}
	}()
	select {
	case <-synced:
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: never synced: %w", who, ctx.Err())
	}
	for _, room := range rooms {
		if err := syncer.Latest(ctx, room, historyPage); err != nil {
			return nil, fmt.Errorf("%s: latest: %w", who, err)
		}
		for more := true; more; {
			if more, err = syncer.Older(ctx, room, historyPage); err != nil {
				return nil, fmt.Errorf("%s: older: %w", who, err)
			}
		}
		r, ok := memory.Room(room)
		if !ok {
			return nil, fmt.Errorf("%s: room %s is not there", who, room)
		}
		list = append(list, holding{who: who, room: room, whole: true, held: r.Held, messages: r.Messages})
	}
	return list, nil
}

// untilSynced closes done when a client holds all that it missed.
type untilSynced struct{ done chan struct{} }

// Link implements client.Handler.
func (u *untilSynced) Link(_ context.Context, link client.Link) {
	if link.Synced && u.done != nil {
		close(u.done)
		u.done = nil
	}
}

// Events implements client.Handler.
func (*untilSynced) Events(context.Context, []client.Event) {}
