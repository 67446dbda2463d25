package core

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// pageSize is how many messages the page gets at a time.
const pageSize = 50

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

// OpenRoom returns the newest page of a room, from the local store if that holds one, and keeps the page up to date from
// then on. Offline a room of which nothing is held is empty. Reads are asked for beside and come as an update.
func (c *Core) OpenRoom(roomUUID string, _ int64) (Conversation, error) {
	s, err := c.signedIn()
	if err != nil {
		return Conversation{}, err
	}
	ctx, cancel := s.call()
	defer cancel()
	out, err := s.openRoom(ctx, roomUUID)
	return out, fail(err)
}

func (s *session) openRoom(ctx context.Context, roomUUID string) (Conversation, error) {
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return Conversation{}, err
	}
	if r.Held.Hi == 0 && r.LastSeq > 0 && s.online() {
		// Without an answer the room opens empty; it fills when the connection is back.
		if err := s.current().syncer.Latest(ctx, roomUUID, pageSize); err != nil && !client.Temporary(err) {
			return Conversation{}, err
		}
		if r, err = s.room(ctx, roomUUID); err != nil {
			return Conversation{}, err
		}
	}
	// From here on changes are told; what came before is in what is read now.
	if displaced := s.opened.Add(roomUUID); displaced != "" {
		s.readers.Remove(displaced)
		s.updates.Reset(displaced)
	}
	page, err := s.store.Page(ctx, roomUUID, 0, pageSize)
	if err != nil {
		return Conversation{}, s.storeFailed(err)
	}
	out, err := s.store.Outbox(ctx, roomUUID)
	if err != nil {
		return Conversation{}, s.storeFailed(err)
	}
	s.keeper.Look(roomUUID)
	return Conversation{
		Room: viewRoom(r), Messages: viewConversation(page.Messages, out, s.me, s.online()),
		HasMore: hasMore(r, page), Reads: s.readers.View(roomUUID),
	}, nil
}

// hasMore reports whether there is anything before a page: here, or on the server.
func hasMore(r store.Room, page store.Stretch) bool {
	return r.Held.HasOlder() || page.FirstSeq > r.Held.Lo
}

// Older returns the messages before a seq, oldest first: from the local store, and what that does not hold from the
// server.
func (c *Core) Older(roomUUID string, beforeSeq int64) (Page, error) {
	s, err := c.signedIn()
	if err != nil {
		return Page{}, err
	}
	if beforeSeq < 1 {
		return Page{}, refuse(wire.BadRequest, "", "before_seq is missing")
	}
	ctx, cancel := s.call()
	defer cancel()
	out, err := s.older(ctx, roomUUID, beforeSeq)
	return out, fail(err)
}

func (s *session) older(ctx context.Context, roomUUID string, before int64) (Page, error) {
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return Page{}, err
	}
	page, err := s.store.Page(ctx, roomUUID, before, pageSize)
	if err != nil {
		return Page{}, s.storeFailed(err)
	}
	partial := false
	if len(page.Messages) < pageSize && r.Held.HasOlder() {
		if _, err := s.current().syncer.Older(ctx, roomUUID, pageSize); err != nil {
			if !client.Temporary(err) {
				return Page{}, err
			}
			partial = true
		}
		if r, err = s.room(ctx, roomUUID); err != nil {
			return Page{}, err
		}
		if page, err = s.store.Page(ctx, roomUUID, before, pageSize); err != nil {
			return Page{}, s.storeFailed(err)
		}
	}
	return Page{
		Messages: viewConversation(page.Messages, nil, s.me, s.online()), HasMore: hasMore(r, page), Partial: partial,
	}, nil
}

// Send puts a message into the outbox and returns it as pending. It works offline; a restart changes nothing.
func (c *Core) Send(roomUUID string, draft Draft) (Message, error) {
	replyToSeq := draft.ReplyToSeq
	s, err := c.signedIn()
	if err != nil {
		return Message{}, err
	}
	text, err := cleanText(draft.Text)
	if err != nil {
		return Message{}, err
	}
	ctx, cancel := s.call()
	defer cancel()
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return Message{}, fail(err)
	}
	if replyToSeq < 0 || replyToSeq > r.LastSeq {
		return Message{}, refuse(wire.BadRequest, "", "no such message to reply to")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Message{}, fail(err)
	}
	o := store.Outgoing{
		ClientID: id.String(), RoomUUID: roomUUID, Text: text, ReplyToSeq: replyToSeq,
		CreatedAt: s.o.Clock.Now().UnixMilli(),
	}
	if err := s.store.Enqueue(ctx, o); err != nil {
		return Message{}, fail(s.storeFailed(err))
	}
	s.updates.Rooms(roomUUID)
	s.showOutgoing(ctx, o.ClientID) // before it is on its way: the page shows it at once, offline too
	s.outbox.Kick(roomUUID)
	return viewOutgoing(o, s.me, s.online()), nil
}

// Resend tries a refused message again, in its old place. It is harmless for one that is being tried.
func (c *Core) Resend(clientID string) error {
	return c.withOutgoing(clientID, func(ctx context.Context, s *session, o store.Outgoing) error {
		if err := s.store.Retry(ctx, clientID); err != nil && (o.Sent() || !errors.Is(err, store.ErrNotFound)) {
			return s.storeFailed(err)
		}
		s.updates.Rooms(o.RoomUUID)
		s.showOutgoing(ctx, clientID)
		s.outbox.Kick(o.RoomUUID)
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

// DeleteMessage deletes an own message for everyone. It needs the server.
func (c *Core) DeleteMessage(messageID int64) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	ctx, cancel := s.call()
	defer cancel()
	m, err := s.store.MessageByID(ctx, messageID)
	if err != nil {
		return fail(s.storeFailed(err))
	}
	if m.SenderUUID != s.me || m.Kind != wire.MessageUser {
		return refuse(wire.Forbidden, "", "somebody else's message")
	}
	_, err = s.current().conn.Delete(ctx, messageID)
	return fail(err)
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

// SetDraft keeps what stands in a room's composer.
func (c *Core) SetDraft(roomUUID string, draft Draft) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if err := checkField(draft.Text, maxDraftRunes); err != nil {
		return err
	}
	ctx, cancel := s.call()
	defer cancel()
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return fail(err)
	}
	kept := store.Draft{
		Text: draft.Text, ReplyToSeq: draft.ReplyToSeq, Mentions: draft.Mentions, MentionAll: draft.MentionAll,
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
