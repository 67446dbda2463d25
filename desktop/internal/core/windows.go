package core

import (
	"context"
	"errors"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// pageSize is how many messages the page gets at a time.
const pageSize = 50

// maxMilli is the last instant that the wire knows: the end of the year 9999.
const maxMilli = MutedForever

// window is a stretch of a room on its way to the page. What of it is in the held stretch comes from the store; the rest
// comes straight from the server and is not kept: changes of it are told for as long as the room is opened.
type window struct {
	messages     []wire.Message
	first, last  int64 // the seqs that were looked at; 0, 0: none
	older, newer bool  // there are more on that side
}

// OpenRoom returns a stretch of a room and keeps the page up to date of it from then on: around atSeq; for 0 around the
// first unread message, else around where the reader left the room, else the end. Offline it returns what is held, and
// refuses an atSeq that is not. Reads are asked for beside and come as an update.
func (c *Core) OpenRoom(roomUUID string, atSeq int64) (Conversation, error) {
	c.touch()
	s, err := c.signedIn()
	if err != nil {
		return Conversation{}, err
	}
	if atSeq < 0 {
		return Conversation{}, refuse(wire.BadRequest, "", "no such message")
	}
	ctx, cancel := s.call()
	defer cancel()
	out, err := s.openRoom(ctx, roomUUID, atSeq)
	return out, fail(err)
}

func (s *session) openRoom(ctx context.Context, roomUUID string, atSeq int64) (Conversation, error) {
	r, err := s.roomWithEnd(ctx, roomUUID)
	if err != nil {
		return Conversation{}, err
	}
	around, target := whereToOpen(r, atSeq)
	s.follow(roomUUID)
	w, err := s.windowAround(ctx, r, around)
	if err != nil && atSeq == 0 && client.Temporary(err) {
		target = 0
		w, err = s.windowAround(ctx, r, 0)
	}
	if err != nil {
		return Conversation{}, err
	}
	return s.conversation(ctx, r, w, target)
}

// roomWithEnd looks a room up, and sees to it that its end is held, if the server can be asked. Without an answer the room
// opens empty; it fills when the connection is back.
func (s *session) roomWithEnd(ctx context.Context, roomUUID string) (store.Room, error) {
	r, err := s.room(ctx, roomUUID)
	if err != nil || r.Held.Hi != 0 || r.LastSeq <= r.Held.Border || !s.online() {
		return r, err
	}
	if err := s.current().syncer.Latest(ctx, roomUUID, pageSize); err != nil && !client.Temporary(err) {
		return r, err
	}
	return s.room(ctx, roomUUID)
}

// whereToOpen chooses the message to open a room around, and the one to show; 0: the end.
func whereToOpen(r store.Room, atSeq int64) (around, target int64) {
	lowest := r.Held.Border + 1
	switch {
	case atSeq > r.LastSeq:
		return 0, 0
	case atSeq > 0:
		return max(atSeq, lowest), max(atSeq, lowest)
	case r.Unread() > 0:
		first := max(r.LastReadSeq+1, lowest)
		return first, first
	case r.Place.Seq > r.LastSeq:
		return 0, 0
	}
	return r.Place.Seq, 0
}

// follow tells the page of a room's changes from now on; what came before is in what is read after it.
func (s *session) follow(roomUUID string) {
	if displaced := s.opened.Add(roomUUID); displaced != "" {
		s.readers.Remove(displaced)
		s.updates.Reset(displaced)
	}
}

// windowAround returns the messages around a seq, or the newest for 0.
func (s *session) windowAround(ctx context.Context, r store.Room, seq int64) (window, error) {
	if seq == 0 {
		p, err := s.store.Page(ctx, r.UUID, 0, pageSize)
		return heldWindow(r, p), s.storeFailed(err)
	}
	p, err := s.store.PageAround(ctx, r.UUID, seq, pageSize)
	if err != nil {
		return window{}, s.storeFailed(err)
	}
	if p.FirstSeq == 0 {
		return s.fetch(ctx, r, wire.HistoryRequest{AroundSeq: seq})
	}
	if missing := pageSize - len(p.Messages); missing > 0 && p.FirstSeq > r.Held.Lo { // the seq is near the end
		before, err := s.store.Page(ctx, r.UUID, p.FirstSeq, missing)
		if err != nil {
			return window{}, s.storeFailed(err)
		}
		p.Messages, p.FirstSeq = append(before.Messages, p.Messages...), before.FirstSeq
	}
	return heldWindow(r, p), nil
}

// heldWindow is a window out of the held stretch. What came after r was read is told as a change.
func heldWindow(r store.Room, p store.Stretch) window {
	w := window{
		messages: p.Messages, first: p.FirstSeq, last: p.LastSeq,
		older: r.Held.HasOlder() || p.FirstSeq > r.Held.Lo, newer: p.LastSeq > 0 && p.LastSeq < r.Held.Hi,
	}
	if r.Held.Hi == 0 {
		w.older = r.LastSeq > r.Held.Border
	}
	return w
}

// conversation makes of a window what the page gets. What is unsent stands at the end of a room.
func (s *session) conversation(ctx context.Context, r store.Room, w window, target int64) (Conversation, error) {
	unsent, err := s.unsentAfter(ctx, r.UUID, w.newer)
	if err != nil {
		return Conversation{}, err
	}
	s.keeper.Look(r.UUID)
	return Conversation{
		Room: viewRoom(r), Messages: viewConversation(w.messages, unsent, s.eyes(), s.online()),
		HasMore: w.older, HasNewer: w.newer, FirstSeq: w.first, LastSeq: w.last, Target: target,
		Place: Place(r.Place), Reads: s.readers.View(r.UUID),
	}, nil
}

// unsentAfter lists what is to be shown after a stretch: the outbox, where nothing newer comes between.
func (s *session) unsentAfter(ctx context.Context, roomUUID string, newer bool) ([]store.Outgoing, error) {
	if newer {
		return nil, nil
	}
	out, err := s.store.Outbox(ctx, roomUUID)
	return out, s.storeFailed(err)
}

// OpenRoomAt is OpenRoom around the first message that was written at an instant (milliseconds) or after it; if there is
// none, the end. Offline it knows the held stretch only.
func (c *Core) OpenRoomAt(roomUUID string, at int64) (Conversation, error) {
	s, err := c.signedIn()
	if err != nil {
		return Conversation{}, err
	}
	if at < 1 || at > maxMilli {
		return Conversation{}, refuse(wire.BadRequest, "", "no such instant")
	}
	ctx, cancel := s.call()
	defer cancel()
	out, err := s.openRoomAt(ctx, roomUUID, at)
	return out, fail(err)
}

func (s *session) openRoomAt(ctx context.Context, roomUUID string, at int64) (Conversation, error) {
	r, err := s.roomWithEnd(ctx, roomUUID)
	if err != nil {
		return Conversation{}, err
	}
	s.follow(roomUUID)
	var w window
	seq, err := s.store.SeqAt(ctx, roomUUID, at)
	if errors.Is(err, store.ErrNotFound) {
		instant := wire.TimeOfMilli(at)
		w, seq, err = s.fetchAt(ctx, r, wire.HistoryRequest{At: &instant})
	} else if err == nil {
		w, err = s.windowAround(ctx, r, seq)
	}
	if err != nil {
		return Conversation{}, s.storeFailed(err)
	}
	return s.conversation(ctx, r, w, seq)
}

// Older returns the messages before a seq, oldest first. Those of the held stretch come from the store, which is extended
// by what lies before it; others come from the server.
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
	if before <= r.Held.Border+1 {
		return s.page(window{}, nil), nil
	}
	if r.Held.Hi == 0 || before < r.Held.Lo || before > r.Held.Hi+1 {
		w, err := s.fetch(ctx, r, wire.HistoryRequest{BeforeSeq: before})
		if client.Temporary(err) {
			return s.partial(), nil
		}
		return s.page(w, nil), err
	}
	p, err := s.store.Page(ctx, roomUUID, before, pageSize)
	if err != nil {
		return Page{}, s.storeFailed(err)
	}
	if len(p.Messages) >= pageSize || !r.Held.HasOlder() {
		return s.page(heldWindow(r, p), nil), nil
	}
	if _, err := s.current().syncer.Older(ctx, roomUUID, pageSize); err != nil {
		if !client.Temporary(err) {
			return Page{}, err
		}
		out := s.page(heldWindow(r, p), nil)
		out.Partial = true
		return out, nil
	}
	if r, err = s.room(ctx, roomUUID); err != nil {
		return Page{}, err
	}
	p, err = s.store.Page(ctx, roomUUID, before, pageSize)
	return s.page(heldWindow(r, p), nil), s.storeFailed(err)
}

// Newer returns the messages after a seq, oldest first, and what is unsent where they reach the end.
func (c *Core) Newer(roomUUID string, afterSeq int64) (Page, error) {
	s, err := c.signedIn()
	if err != nil {
		return Page{}, err
	}
	if afterSeq < 1 {
		return Page{}, refuse(wire.BadRequest, "", "after_seq is missing")
	}
	ctx, cancel := s.call()
	defer cancel()
	out, err := s.newer(ctx, roomUUID, afterSeq)
	return out, fail(err)
}

func (s *session) newer(ctx context.Context, roomUUID string, after int64) (Page, error) {
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		return Page{}, err
	}
	var w window
	switch {
	case r.Held.Hi != 0 && after >= r.Held.Lo-1 && after < r.Held.Hi:
		p, err := s.store.PageAfter(ctx, roomUUID, after, pageSize)
		if err != nil {
			return Page{}, s.storeFailed(err)
		}
		w = heldWindow(r, p)
	case after < r.LastSeq:
		w, err = s.fetch(ctx, r, wire.HistoryRequest{AfterSeq: max(after, r.Held.Border)})
		if client.Temporary(err) {
			return s.partial(), nil
		}
		if err != nil {
			return Page{}, err
		}
	}
	unsent, err := s.unsentAfter(ctx, roomUUID, w.newer)
	if err != nil {
		return Page{}, err
	}
	out := s.page(w, unsent)
	out.HasMore = w.newer
	return out, nil
}

// page makes of a window what the page gets when it asked for older messages.
func (s *session) page(w window, unsent []store.Outgoing) Page {
	return Page{
		Messages: viewConversation(w.messages, unsent, s.eyes(), s.online()), HasMore: w.older, FirstSeq: w.first, LastSeq: w.last,
	}
}

// partial says that the server has more and can't be asked.
func (s *session) partial() Page { return Page{Messages: []Message{}, HasMore: true, Partial: true} }
