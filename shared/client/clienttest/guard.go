package clienttest

import (
	"context"
	"sync"

	"pgregory.net/rapid"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// guard watches a replica at each moment: what it is told, and that no deleted message comes back.
type guard struct {
	Subject
	t       *rapid.T
	whole   sync.Mutex      // a user saves loose messages while the syncer applies others: what is looked at stands still
	deleted map[[2]any]bool // [room_uuid, seq] of tombstones that were seen
}

func (g *guard) StartAnew(ctx context.Context, epoch int64) error {
	g.whole.Lock()
	defer g.whole.Unlock()
	clear(g.deleted) // what was deleted after the backup is there again
	return g.Subject.StartAnew(ctx, epoch)
}

func (g *guard) ApplyRooms(ctx context.Context, changed []client.RoomChange, removed []string) error {
	g.whole.Lock()
	defer g.whole.Unlock()
	if err := g.Subject.ApplyRooms(ctx, changed, removed); err != nil {
		return err
	}
	for _, c := range changed {
		g.look(ctx, c.Summary.RoomUUID)
	}
	return nil
}

func (g *guard) ApplyMessages(ctx context.Context, list []client.MessageBatch) error {
	g.whole.Lock()
	defer g.whole.Unlock()
	for _, batch := range list {
		before, ok := g.View(ctx, batch.RoomUUID)
		if !ok {
			g.t.Errorf("messages for room %s, which is not held", batch.RoomUUID)
		}
		if !batch.Reset && batch.Held.Rev < before.Held.Rev {
			g.t.Errorf("room %s: rev lowered from %d to %d", batch.RoomUUID, before.Held.Rev, batch.Held.Rev)
		}
	}
	if err := g.Subject.ApplyMessages(ctx, list); err != nil {
		return err
	}
	for _, batch := range list {
		g.look(ctx, batch.RoomUUID)
	}
	return nil
}

func (g *guard) SaveLoose(ctx context.Context, roomUUID string, messages []wire.Message, rev int64) {
	g.whole.Lock()
	defer g.whole.Unlock()
	g.Subject.SaveLoose(ctx, roomUUID, messages, rev)
	g.look(ctx, roomUUID)
}

// look checks what is shown of a room now: a message that was seen as deleted once stays so. whole is held.
func (g *guard) look(ctx context.Context, roomUUID string) {
	view, _ := g.View(ctx, roomUUID)
	for seq, m := range view.Messages {
		key := [2]any{roomUUID, seq}
		switch {
		case m.DeletedAt != nil:
			g.deleted[key] = true
		case g.deleted[key]:
			g.t.Errorf("room %s: the deleted message %d is back: %q", roomUUID, seq, m.Text)
		}
		if seq <= view.Held.Border {
			g.t.Errorf("room %s: message %d is from before the border %d", roomUUID, seq, view.Held.Border)
		}
	}
	if last := view.Last; last != nil && last.DeletedAt == nil && g.deleted[[2]any{roomUUID, last.Seq}] {
		g.t.Errorf("room %s: the deleted last message %d is back", roomUUID, last.Seq)
	}
}
