package core

import (
	"context"
	"errors"
	"slices"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// What the page does with messages that are there. Each needs the server, which makes the change known to everybody,
// this device among them; all may be repeated.

// Messages returns single messages by seq, at most wire.MaxMessagesSeqs: what is quoted and pinned. What is not held is
// asked for and kept. Missing ones are not there for the reader or, offline, not held here.
func (c *Core) Messages(roomUUID string, seqs []int64) ([]Message, error) {
	s, err := c.signedIn()
	if err != nil {
		return nil, err
	}
	if len(seqs) > wire.MaxMessagesSeqs {
		return nil, refuse(wire.BadRequest, "", "too many messages at a time")
	}
	ctx, cancel := s.call()
	defer cancel()
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return nil, fail(err)
	}
	seqs = slices.DeleteFunc(slices.Clone(seqs), func(seq int64) bool { return seq <= r.Held.Border || seq > r.LastSeq })
	slices.Sort(seqs)
	found, err := s.messagesBySeq(ctx, r, slices.Compact(seqs))
	if err != nil {
		return nil, fail(err)
	}
	return viewConversation(found, nil, s.eyes(), s.online()), nil
}

// messagesBySeq takes messages from the store; it is asked again when the server has filled it.
func (s *session) messagesBySeq(ctx context.Context, r store.Room, seqs []int64) ([]wire.Message, error) {
	for range fetchTries {
		found, err := s.store.MessagesBySeq(ctx, r.UUID, seqs)
		if err != nil {
			return nil, s.storeFailed(err)
		}
		missing := slices.DeleteFunc(slices.Clone(seqs), func(seq int64) bool {
			isHeld := r.Held.Hi != 0 && seq >= r.Held.Lo && seq <= r.Held.Hi // then it is hidden, or here in a moment
			return isHeld || slices.ContainsFunc(found, func(m wire.Message) bool { return m.Seq == seq })
		})
		if len(missing) == 0 || !s.online() {
			return found, nil
		}
		reply, err := s.current().conn.Messages(ctx, wire.MessagesRequest{RoomUUID: r.UUID, Seqs: missing})
		if client.Temporary(err) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		err = s.store.SaveLoose(ctx, r.UUID, reply.Messages, reply.Rev)
		if err == nil {
			found, err = s.store.MessagesBySeq(ctx, r.UUID, seqs)
			return found, s.storeFailed(err)
		}
		if !errors.Is(err, store.ErrOutdated) {
			return nil, s.storeFailed(err)
		}
	}
	return nil, refuse(wire.Unavailable, "", "the room changes faster than it can be read")
}

// message looks a message_id of the page up: among what is held, and what it was shown besides.
func (s *session) message(ctx context.Context, messageID int64) (wire.Message, error) {
	m, err := s.store.MessageByID(ctx, messageID)
	if errors.Is(err, store.ErrNotFound) {
		if shown, ok := s.recall.Get(messageID); ok {
			return shown, nil
		}
	}
	return m, s.storeFailed(err)
}

// living is message for what can't be done to a deleted one.
func (s *session) living(ctx context.Context, messageID int64) (wire.Message, error) {
	m, err := s.message(ctx, messageID)
	if err == nil && m.DeletedAt != nil {
		return m, refuse(wire.Conflict, wire.ReasonMessageDeleted, "the message is deleted")
	}
	return m, err
}

// Edit replaces the text and mentions of an own message. baseRev is the rev of the message that was being edited; when
// its text was changed since, it is refused with edit_conflict.
func (c *Core) Edit(messageID int64, draft Draft, baseRev int64) error {
	text, err := cleanText(draft.Text)
	if err == nil {
		err = checkMentions(draft)
	}
	return c.change(err, func(ctx context.Context, s *session) error {
		m, err := s.living(ctx, messageID)
		if err != nil {
			return err
		}
		if m.SenderUUID != s.me || m.Kind != wire.MessageUser {
			return refuse(wire.Forbidden, wire.ReasonNotYours, "somebody else's message")
		}
		return s.insist(ctx, func(ctx context.Context) error {
			_, err := s.current().conn.Edit(ctx, wire.EditRequest{
				MessageID: messageID, Text: text, Mentions: unique(draft.Mentions), MentionAll: draft.MentionAll,
				BaseRev: max(baseRev, 0),
			})
			return err
		})
	})
}

// DeleteMessage deletes an own message for everyone.
func (c *Core) DeleteMessage(messageID int64) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		m, err := s.message(ctx, messageID)
		if err != nil {
			return err
		}
		if m.SenderUUID != s.me || m.Kind != wire.MessageUser {
			return refuse(wire.Forbidden, wire.ReasonNotYours, "somebody else's message")
		}
		return s.insist(ctx, func(ctx context.Context) error {
			_, err := s.current().conn.Delete(ctx, messageID)
			return err
		})
	})
}

// React sets or clears a reaction of the user's.
func (c *Core) React(messageID int64, emoji string, on bool) error {
	var wrong error
	if !wire.KnownEmoji(emoji) {
		wrong = refuse(wire.BadRequest, wire.ReasonUnknownEmoji, "not an emoji of the set")
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		if _, err := s.living(ctx, messageID); err != nil {
			return err
		}
		return s.insist(ctx, func(ctx context.Context) error {
			_, err := s.current().conn.React(ctx, wire.ReactRequest{MessageID: messageID, Emoji: emoji, On: on})
			return err
		})
	})
}

// Pin makes a message the room's notice, or takes it off.
func (c *Core) Pin(messageID int64, on bool) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		if _, err := s.living(ctx, messageID); err != nil {
			return err
		}
		return s.insist(ctx, func(ctx context.Context) error {
			_, err := s.current().conn.Pin(ctx, wire.PinRequest{MessageID: messageID, On: on})
			return err
		})
	})
}

// HideMessages deletes messages for the user alone, on all his devices: at most wire.MaxHideIDs.
func (c *Core) HideMessages(messageIDs []int64) error {
	return c.change(checkCount(len(messageIDs), wire.MaxHideIDs), func(ctx context.Context, s *session) error {
		ids := unique(messageIDs)
		found := make([]wire.Message, 0, len(ids))
		for _, id := range ids {
			m, err := s.message(ctx, id)
			if err != nil {
				return err
			}
			found = append(found, m)
		}
		err := s.insist(ctx, func(ctx context.Context) error {
			return s.current().conn.Hide(ctx, ids...)
		})
		if err != nil {
			return err
		}
		return s.hideHere(ctx, found)
	})
}

// hideHere does not wait until the server tells of it.
func (s *session) hideHere(ctx context.Context, messages []wire.Message) error {
	byRoom := map[string][]wire.Message{}
	for _, m := range messages {
		byRoom[m.RoomUUID] = append(byRoom[m.RoomUUID], m)
	}
	for id, list := range byRoom {
		seqs := make([]int64, 0, len(list))
		for _, m := range list {
			seqs = append(seqs, m.Seq)
		}
		if err := s.store.ApplyHidden(ctx, id, seqs, 0); err != nil {
			return s.storeFailed(err)
		}
		s.hidden(id, seqs, list)
	}
	return nil
}

// Readers lists who has read a message, or has not. after is the Next of the page before, empty at first.
func (c *Core) Readers(roomUUID string, seq int64, read bool, after string) (ReaderPage, error) {
	out := ReaderPage{Users: []Reader{}}
	var wrong error
	if after != "" {
		wrong = checkID(after)
	}
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		r, err := s.room(ctx, roomUUID)
		if err != nil {
			return err
		}
		if seq <= r.Held.Border || seq > r.LastSeq {
			return refuse(wire.NotFound, "", "no such message")
		}
		var reply wire.ReadersReply
		err = s.insist(ctx, func(ctx context.Context) (err error) {
			reply, err = s.current().conn.Readers(ctx, wire.ReadersRequest{
				RoomUUID: roomUUID, Seq: seq, Read: read, AfterUUID: after,
			})
			return err
		})
		out = viewReaders(reply)
		return err
	})
	return out, err
}

func viewReaders(reply wire.ReadersReply) ReaderPage {
	out := ReaderPage{Users: []Reader{}, ReadCount: reply.ReadCount, UnreadCount: reply.UnreadCount}
	for _, u := range reply.Users {
		one := Reader{UserUUID: u.UserUUID}
		if u.ReadAt != nil {
			one.ReadAt = u.ReadAt.UnixMilli()
		}
		out.Users = append(out.Users, one)
	}
	if n := len(out.Users); reply.More && n > 0 {
		out.Next = out.Users[n-1].UserUUID
	}
	return out
}

// change runs a call that needs the session and the server; wrong is what is wrong with its arguments.
func (c *Core) change(wrong error, do func(context.Context, *session) error) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if wrong != nil {
		return fail(wrong)
	}
	ctx, cancel := s.call()
	defer cancel()
	return fail(do(ctx, s))
}
