package crowd

import (
	"context"
	"fmt"
	"time"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	settleTime  = time.Minute // for everyone's replica to catch up
	historyPage = wire.MaxHistoryLimit
)

// Holdings waits until nobody's replica is behind, and collects what all hold, with a client that begins now among them for
// each room. A client that does not catch up within settleTime is taken as it is: the judge sees the difference.
func (c *Crowd) Holdings(ctx context.Context) ([]judge.Holding, error) {
	fresh, err := c.freshRevs(ctx)
	if err != nil {
		return nil, err
	}
	list := fresh
	waiting, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	target := map[string]int64{}
	for _, h := range fresh {
		target[h.Room] = h.Held.Rev
	}
	for i, m := range c.here() {
		_ = m.memory.Wait(waiting, func(memory *client.Memory) bool { // the judge sees who is behind
			for _, room := range m.rooms {
				if held, ok := memory.HeldOf(room); !ok || held.Rev < target[room] {
					return false
				}
			}
			return true
		})
		for _, room := range m.rooms {
			h := judge.Holding{Who: fmt.Sprintf("client %d", i), Room: room}
			if r, ok := m.memory.Room(room); ok {
				h.Held, h.Messages = r.Held, r.Messages
			}
			list = append(list, h)
		}
	}
	return list, ctx.Err()
}

// freshRevs reads every room whole with a client that has just started.
func (c *Crowd) freshRevs(ctx context.Context) ([]judge.Holding, error) {
	done := map[string]bool{}
	var list []judge.Holding
	for i, m := range c.here() {
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

// Reconnect opens a further connection of everybody, with the session that he has, and asks for all that a client asks for
// when it starts. It returns the first failure.
func (c *Crowd) Reconnect(ctx context.Context) error {
	for i, m := range c.here() {
		if _, err := freshClient(ctx, m.person, fmt.Sprintf("client %d again", i), nil); err != nil {
			return err
		}
	}
	return nil
}

func freshClient(ctx context.Context, person rig.Person, who string, rooms []string) (list []judge.Holding, err error) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	c := NewClient(person, who)
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	defer func() {
		cancel()
		if runErr := <-ended; err == nil {
			err = runErr
		}
	}()
	if err := c.Synced(ctx); err != nil {
		return nil, err
	}
	for _, room := range rooms {
		if err := c.whole(ctx, room); err != nil {
			return nil, err
		}
		h, err := c.Hold(ctx, room, 0)
		if err != nil {
			return nil, err
		}
		h.Whole = true
		list = append(list, h)
	}
	return list, nil
}
