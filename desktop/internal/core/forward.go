package core

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// What one call forwards.
const (
	maxForwarded    = 100
	maxForwardRooms = 20
)

// Forward sends messages on to rooms, the oldest first, through the outbox: all of them are queued, or none. It works
// offline. What the page shows meanwhile is the text as it is known here; the server takes the message's own.
func (c *Core) Forward(messageIDs []int64, roomUUIDs []string) error {
	wrong := checkCount(len(messageIDs), maxForwarded)
	if wrong == nil {
		wrong = checkCount(len(roomUUIDs), maxForwardRooms)
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		var found []wire.Message
		for _, id := range unique(messageIDs) {
			m, err := s.living(ctx, id)
			if err != nil {
				return err
			}
			if m.Kind != wire.MessageUser {
				return refuse(wire.BadRequest, "", "not a message of a person")
			}
			found = append(found, m)
		}
		slices.SortFunc(found, func(a, b wire.Message) int { return cmp.Compare(a.MessageID, b.MessageID) })
		var all []store.Outgoing
		for _, id := range unique(roomUUIDs) {
			if _, err := s.room(ctx, id); err != nil {
				return err
			}
			for _, m := range found {
				o, err := s.outgoing(id, m.Text)
				if err != nil {
					return err
				}
				o.ForwardedFrom, o.Passed = m.MessageID, m.Files
				all = append(all, o)
			}
		}
		return s.enqueue(ctx, all...)
	})
}

// outgoing makes a message for the outbox.
func (s *session) outgoing(roomUUID, text string) (store.Outgoing, error) {
	id, err := uuid.NewV7()
	return store.Outgoing{
		ClientID: id.String(), RoomUUID: roomUUID, Text: text, CreatedAt: s.o.Clock.Now().UnixMilli(),
	}, err
}

// enqueue puts messages into the outbox and shows them before they are on their way: at once, offline too.
func (s *session) enqueue(ctx context.Context, all ...store.Outgoing) error {
	if err := s.store.EnqueueAll(ctx, all); err != nil {
		return s.storeFailed(err)
	}
	for _, o := range all {
		s.updates.Rooms(o.RoomUUID)
		s.showOutgoing(o.RoomUUID, o.ClientID)
	}
	for _, o := range all {
		s.outbox.Kick(o.RoomUUID)
	}
	return nil
}
