package chat

import (
	"context"
	"encoding/json"
	"log/slog"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Delete makes a tombstone of the actor's own message, for everyone. A repeat is harmless and returns the same rev.
//
// It returns wire.NotFound if the actor can't see the message, and wire.Forbidden if it is another's.
func (s *Service) Delete(ctx context.Context, actor model.Actor, messageID int64) (wire.RevReply, error) {
	if err := checkID(messageID); err != nil {
		return wire.RevReply{}, err
	}
	m, changed, err := s.messages.Delete(ctx, actor, messageID, s.now())
	if err != nil {
		return wire.RevReply{}, err
	}
	if changed {
		ctx, cancel := after(ctx)
		defer cancel()
		s.publishOld(ctx, m)
		s.publishPins(ctx, m)
		s.deleted()
	}
	return wire.RevReply{Rev: m.Rev}, nil
}

// Edit replaces the text and the mentions of the actor's own message. A repeat is harmless and returns the same rev.
//
// It returns wire.NotFound if the actor can't see the message, wire.Forbidden if it is another's or he may not mention
// everybody, wire.Conflict if it was deleted or its text changed after req.BaseRev, and wire.BadRequest for a text or
// mentions that Send would refuse. The text of a message with files may become empty.
func (s *Service) Edit(ctx context.Context, actor model.Actor, req wire.EditRequest) (wire.RevReply, error) {
	err := checkID(req.MessageID)
	if err == nil {
		err = notNegative("base_rev", req.BaseRev)
	}
	if err == nil {
		err = checkMentions(req.Mentions)
	}
	if err != nil {
		return wire.RevReply{}, err
	}
	text, err := model.Caption(req.Text) // of a message without files the store wants more
	if err != nil {
		return wire.RevReply{}, err
	}
	m, changed, err := s.messages.Edit(ctx, actor, Edit{
		MessageID: req.MessageID, Text: text, Mentions: req.Mentions, MentionAll: req.MentionAll, BaseRev: req.BaseRev,
		Now: s.now(),
	})
	return s.altered(ctx, m, changed, err)
}

// React sets or clears the actor's reaction to a message. A repeat is harmless and returns the same rev.
//
// It returns wire.NotFound if the actor can't see the message, wire.Conflict if it was deleted, and wire.BadRequest for
// what is not one known emoji, or one emoji too many.
func (s *Service) React(ctx context.Context, actor model.Actor, req wire.ReactRequest) (wire.RevReply, error) {
	if err := checkID(req.MessageID); err != nil {
		return wire.RevReply{}, err
	}
	if !wire.KnownEmoji(req.Emoji) {
		return wire.RevReply{}, errs.E(wire.BadRequest, wire.ReasonUnknownEmoji, textNoEmoji)
	}
	m, changed, err := s.messages.React(ctx, actor, Reaction{
		MessageID: req.MessageID, Emoji: req.Emoji, On: req.On, Now: s.now(),
	})
	return s.altered(ctx, m, changed, err)
}

// altered tells of a message that was changed and answers who changed it.
func (s *Service) altered(ctx context.Context, m model.Message, changed bool, err error) (wire.RevReply, error) {
	if err != nil {
		return wire.RevReply{}, err
	}
	if changed {
		ctx, cancel := after(ctx)
		defer cancel()
		s.publishOld(ctx, m)
	}
	return wire.RevReply{Rev: m.Rev}, nil
}

// Pin pins a message for the whole room, or takes the pin off. A repeat is harmless and returns the same rev.
//
// It returns wire.NotFound if the actor can't see the message, wire.Forbidden where only administrators write,
// wire.Conflict if it was deleted, and wire.BadRequest for one pin too many.
func (s *Service) Pin(ctx context.Context, actor model.Actor, req wire.PinRequest) (wire.RevReply, error) {
	if err := checkID(req.MessageID); err != nil {
		return wire.RevReply{}, err
	}
	c, err := s.messages.Pin(ctx, actor, Pin{MessageID: req.MessageID, On: req.On, Now: s.now()})
	if err != nil {
		return wire.RevReply{}, err
	}
	if c.Changed {
		ctx, cancel := after(ctx)
		defer cancel()
		s.publishOld(ctx, c.Message)
		s.publishPins(ctx, c.Message)
		if c.System != nil {
			s.publishMessage(ctx, *c.System, nil)
			s.publishOwnRead(ctx, actor, *c.System)
		}
	}
	return wire.RevReply{Rev: c.Message.Rev}, nil
}

// publishOld tells of a change of an older message: only those who may see it.
func (s *Service) publishOld(ctx context.Context, m model.Message) {
	members, err := s.rooms.Members(ctx, m.RoomID)
	if err != nil {
		s.unpublished(ctx, wire.EvMessage, m.RoomID, err)
		return
	}
	s.publishMessage(ctx, m, silence(members, m.Seq))
	s.logger.DebugContext(ctx, "message changed", slog.Int64("message_id", m.ID), slog.Int64("rev", m.Rev))
}

// silence keeps a message from the members who joined after it. In a room with open history they then find a gap, ask,
// and get it.
func silence(members []model.Member, seq int64) map[int64]json.RawMessage {
	var out map[int64]json.RawMessage
	for _, m := range members {
		if m.JoinedSeq >= seq {
			if out == nil {
				out = make(map[int64]json.RawMessage)
			}
			out[m.UserID] = nil
		}
	}
	return out
}

// publishPins tells a room what is pinned, if a message's change was one of its pins. The message's event has the rev, so
// this one has none; who misses it finds MetaRev when he asks for changes.
func (s *Service) publishPins(ctx context.Context, m model.Message) {
	room, err := s.rooms.RoomByID(ctx, m.RoomID)
	if err == nil && room.MetaRev < m.Rev {
		return
	}
	var members []model.Member
	var pins []int64
	if err == nil {
		members, err = s.rooms.Members(ctx, m.RoomID)
	}
	if err == nil {
		pins, err = s.messages.Pins(ctx, m.RoomID)
	}
	if err != nil {
		s.unpublished(ctx, wire.EvRoom, m.RoomID, err)
		return
	}
	at := moment{rev: m.Rev, lastSeq: room.LastSeq}
	s.publish(ctx, bus.Event{Ev: wire.EvRoom, RoomID: room.ID, RoomUUID: room.UUID}, shared(room, members, pins, at))
}

// publishOwnRead tells the actor's devices that he has read the line which his own action left.
func (s *Service) publishOwnRead(ctx context.Context, actor model.Actor, line model.Message) {
	s.publish(ctx, bus.Event{
		Ev: wire.EvRead, RoomID: line.RoomID, RoomUUID: line.RoomUUID, Users: []int64{actor.UserID},
	}, wire.Read{RoomUUID: line.RoomUUID, Reads: []wire.UserRead{{UserUUID: actor.UserUUID, Seq: line.Seq}}})
}
