package crowd

import (
	"context"
	"fmt"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// SendFiles sends a message with files to a member's first room, as his app's outbox does, and writes it into the book. He must
// be none of the senders. It returns the message's seq.
func (c *Crowd) SendFiles(ctx context.Context, member int, fileIDs ...string) (seq int64, err error) {
	e, err := newSender(c, c.members[member], c.o.Seed).post(ctx, c.Room(member), fileIDs)
	return e.Seq, err
}

// Message waits until a member holds a message of his first room, and returns it.
func (c *Crowd) Message(ctx context.Context, member int, seq int64) (message wire.Message, err error) {
	memory, room := c.members[member].memory, c.Room(member)
	err = memory.Wait(ctx, func(*client.Memory) bool {
		r, _ := memory.Room(room)
		message = r.Messages[seq]
		return message.Seq == seq
	})
	if err != nil {
		return message, fmt.Errorf("client %d never held message %d: %w", member, seq, err)
	}
	return message, nil
}
