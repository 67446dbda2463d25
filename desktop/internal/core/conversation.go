package core

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// storeFailed passes an error of the local store on, and lets Core know of a damaged one.
func (s *session) storeFailed(err error) error {
	if errors.Is(err, store.ErrDamaged) {
		s.giveUp(err)
	}
	if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, context.Canceled) {
		return err
	}
	return errors.Join(errStore, err)
}

// room looks a room_uuid of the page up.
func (s *session) room(ctx context.Context, roomUUID string) (store.Room, error) {
	if err := checkID(roomUUID); err != nil {
		return store.Room{}, err
	}
	r, err := s.store.Room(ctx, roomUUID)
	return r, s.storeFailed(err)
}

// Send puts a message into the outbox and returns it as pending. It works offline; a restart changes nothing.
func (c *Core) Send(roomUUID string, draft Draft) (Message, error) {
	c.touch()
	s, err := c.signedIn()
	if err != nil {
		return Message{}, err
	}
	text, err := cleanDraft(draft)
	if err != nil {
		return Message{}, fail(err)
	}
	ctx, cancel := s.call()
	defer cancel()
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return Message{}, fail(err)
	}
	if err := s.mayAnswer(ctx, r, draft.ReplyToSeq); err != nil {
		return Message{}, fail(err)
	}
	if draft.MentionAll && r.Kind == wire.RoomGroup && r.Role != wire.RoomOwner {
		return Message{}, refuse(wire.Forbidden, wire.ReasonMentionAll, "only an owner may call everybody")
	}
	o, err := s.outgoing(roomUUID, text)
	if err != nil {
		return Message{}, fail(err)
	}
	o.ReplyToSeq, o.Mentions, o.MentionAll = draft.ReplyToSeq, unique(draft.Mentions), draft.MentionAll
	if len(draft.Files) > 0 {
		return s.sendFiles(ctx, o, draft.Files)
	}
	if err := s.enqueue(ctx, o); err != nil {
		return Message{}, fail(err)
	}
	return viewOutgoing(o, s.eyes(), s.online()), nil
}

// Resend tries a refused message again, in its old place. It is harmless for one that is being tried.
func (c *Core) Resend(clientID string) error {
	return c.withOutgoing(clientID, func(ctx context.Context, s *session, o store.Outgoing) error {
		if err := s.store.Retry(ctx, clientID); err != nil && (o.Sent() || !errors.Is(err, store.ErrNotFound)) {
			return s.storeFailed(err)
		}
		s.updates.Rooms(o.RoomUUID)
		s.showOutgoing(o.RoomUUID, clientID)
		s.outbox.Kick(o.RoomUUID)
		s.uploads.Retry(o.Files)
		return nil
	})
}

// Discard forgets an unsent message. One that is on its way at this moment may still arrive.
func (c *Core) Discard(clientID string) error {
	return c.withOutgoing(clientID, func(ctx context.Context, s *session, o store.Outgoing) error {
		if err := s.store.Discard(ctx, clientID); err != nil {
			return s.storeFailed(err)
		}
		s.updates.Rooms(o.RoomUUID)
		s.updates.Gone(o.RoomUUID, clientID)
		for _, f := range o.Files {
			s.uploads.Canceled(f)
		}
		return nil
	})
}

func (c *Core) withOutgoing(clientID string, do func(context.Context, *session, store.Outgoing) error) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if err := checkID(clientID); err != nil {
		return err
	}
	ctx, cancel := s.call()
	defer cancel()
	o, err := s.store.Outgoing(ctx, clientID)
	if err != nil {
		return fail(s.storeFailed(err))
	}
	return fail(do(ctx, s, o))
}

// Seen moves the read cursor. The number here changes at once; the server is told when it can be.
func (c *Core) Seen(roomUUID string, seq int64) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if err := checkID(roomUUID); err != nil {
		return err
	}
	ctx, cancel := s.call()
	defer cancel()
	cursor, moved, err := s.store.MarkRead(ctx, roomUUID, seq)
	if err != nil {
		return fail(s.storeFailed(err))
	}
	if moved {
		s.updates.Rooms(roomUUID)
		s.cursorMoved(roomUUID, cursor)
		s.reads.Wake()
	}
	return nil
}

// MarkRead moves the read cursor to a room's last message.
func (c *Core) MarkRead(roomUUID string) error { return c.Seen(roomUUID, math.MaxInt64) }

// mayAnswer refuses an answer to a message that there is not; seq 0 answers none.
func (s *session) mayAnswer(ctx context.Context, r store.Room, seq int64) error {
	if seq >= 0 && seq <= r.LastSeq {
		return nil
	}
	// The server may have confirmed one of mine whose own arrival is still on the way: the page shows it by its seq.
	mine, err := s.store.Outbox(ctx, r.UUID)
	if err != nil {
		return s.storeFailed(err)
	}
	if seq > 0 && slices.ContainsFunc(mine, func(o store.Outgoing) bool { return o.SentSeq == seq }) {
		return nil
	}
	// It may have arrived between the two looks.
	now, err := s.room(ctx, r.UUID)
	if err != nil {
		return err
	}
	if seq >= 0 && seq <= now.LastSeq {
		return nil
	}
	return refuse(wire.BadRequest, "", "no such message to reply to")
}

// SetDraft keeps what stands in a room's composer. A locked app takes it too: the page saves a moment after the last key,
// and the lock may fall in between. Nothing comes back of it.
func (c *Core) SetDraft(roomUUID string, draft Draft) error {
	c.touch()
	s, err := c.present()
	if err != nil {
		return err
	}
	if err := errors.Join(checkField(draft.Text, maxDraftRunes), checkMentions(draft)); err != nil {
		return fail(err)
	}
	ctx, cancel := s.call()
	defer cancel()
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return fail(err)
	}
	if err := s.mayAnswer(ctx, r, draft.ReplyToSeq); err != nil {
		return fail(err)
	}
	kept := store.Draft{
		Text: draft.Text, ReplyToSeq: draft.ReplyToSeq, Mentions: unique(draft.Mentions), MentionAll: draft.MentionAll,
	}
	if r.Draft.Equal(kept) {
		return nil
	}
	if err := s.store.SetDraft(ctx, roomUUID, kept); err != nil {
		return fail(s.storeFailed(err))
	}
	s.updates.Rooms(roomUUID)
	return nil
}

// SetPlace keeps where the reader is in a room. A locked app takes it too, as SetDraft does.
func (c *Core) SetPlace(roomUUID string, place Place) error {
	c.touch()
	s, err := c.present()
	if err != nil {
		return err
	}
	ctx, cancel := s.call()
	defer cancel()
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return fail(err)
	}
	if place.Seq < 0 || place.Seq > r.LastSeq || place.Offset < -maxOffset || place.Offset > maxOffset {
		return refuse(wire.BadRequest, "", "no such place")
	}
	if r.Place == store.Place(place) {
		return nil
	}
	return fail(s.storeFailed(s.store.SetPlace(ctx, roomUUID, store.Place(place))))
}

// Typing tells the room's members, at most once in wire.TypingEvery; offline nobody is told.
func (c *Core) Typing(roomUUID string) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if err := checkID(roomUUID); err != nil {
		return err
	}
	if !s.online() || !s.typed(roomUUID, s.o.Clock.Now()) {
		return nil
	}
	ctx, cancel := s.call()
	defer cancel()
	if err := s.current().conn.Typing(ctx, roomUUID); err != nil && !client.Temporary(err) {
		return fail(err)
	}
	return nil
}

// typed reports whether it is time to tell that the user is typing. Only the last room counts: nobody types in two.
func (s *session) typed(roomUUID string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.typing.room == roomUUID && now.Sub(s.typing.at) < wire.TypingEvery {
		return false
	}
	s.typing.room, s.typing.at = roomUUID, now
	return true
}

// InView tells what the user looks at.
func (c *Core) InView(roomUUID string, focused bool) error {
	c.touch()
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if roomUUID != "" {
		if err := checkID(roomUUID); err != nil {
			return err
		}
		s.current().syncer.Prefer(roomUUID)
	}
	s.notes.InView(roomUUID, focused)
	return nil
}
