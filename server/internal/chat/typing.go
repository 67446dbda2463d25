package chat

import (
	"context"
	"maps"
	"sync"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Typing tells the room's other members who are online that the actor is typing, at most once per device, room and
// wire.TypingEvery; what comes too soon is taken and forgotten.
//
// It returns wire.NotFound unless the actor is a present member.
func (s *Service) Typing(ctx context.Context, actor model.Actor, req wire.TypingRequest) error {
	room, _, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return err
	}
	if !s.typing.allow(actor.SessionUUID+req.RoomUUID, s.clock()) {
		return nil
	}
	s.publish(ctx, bus.Event{
		Ev: wire.EvTyping, RoomID: room.ID, RoomUUID: room.UUID, Except: actor.UserID,
	}, wire.Typing{RoomUUID: room.UUID, UserUUID: actor.UserUUID})
	return nil
}

// maxTyping is how many are remembered before the old ones are looked for.
const maxTyping = 4096

// throttle lets a key pass once in wire.TypingEvery. The zero value is ready.
type throttle struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (t *throttle) allow(key string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last = make(map[string]time.Time)
	}
	if len(t.last) >= maxTyping {
		maps.DeleteFunc(t.last, func(_ string, at time.Time) bool { return now.Sub(at) >= wire.TypingEvery })
	}
	if at, ok := t.last[key]; ok && now.Sub(at) < wire.TypingEvery {
		return false
	}
	t.last[key] = now
	return true
}
