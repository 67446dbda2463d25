package client

import (
	"context"
	"fmt"
	"slices"

	"himsg/shared/wire"
)

// defaultPage is how many messages are loaded when nobody says how many.
const defaultPage = 50

// pageTries bounds how often a page is asked for again because the held range was replaced meanwhile.
const pageTries = 3

// pageWatch is a page of history on its way. It collects newer forms of messages below the held range: nothing else keeps
// them, and the page may have been read before they changed.
type pageWatch struct {
	room   *room
	before int64 // 0: the newest
	epoch  int   // of the room when the page was asked for
	newer  map[int64]wire.Message
}

// note shows a message to the pages under way.
func (r *room) note(m wire.Message) {
	for _, w := range r.watches {
		if held, ok := w.newer[m.Seq]; !ok || held.Rev < m.Rev {
			w.newer[m.Seq] = m
		}
	}
}

// Latest makes the replica hold the newest messages of a room, at least limit of them (0: 50; at most 100) if there are so
// many. It asks the server only if the replica holds too few. It returns wire.NotFound for an unknown room and fails as
// Conn.Call does.
func (s *Syncer) Latest(ctx context.Context, roomUUID string, limit int) error {
	if limit <= 0 {
		limit = defaultPage
	}
	s.mu.Lock()
	r := s.rooms[roomUUID]
	if r == nil {
		s.mu.Unlock()
		return unknownRoom()
	}
	held := r.Held
	s.mu.Unlock()
	have := int(held.Hi - held.Lo + 1)
	if held.Hi != 0 && (held.Lo <= 1 || have >= limit) {
		return nil
	}
	if held.Hi != 0 {
		limit -= have
	}
	_, err := s.page(ctx, roomUUID, limit)
	return err
}

// Older makes the replica hold up to limit more messages below the oldest held one (0: 50; at most 100). It returns false
// when there is nothing older. It returns wire.NotFound for an unknown room and fails as Conn.Call does.
func (s *Syncer) Older(ctx context.Context, roomUUID string, limit int) (more bool, err error) {
	if limit <= 0 {
		limit = defaultPage
	}
	return s.page(ctx, roomUUID, limit)
}

func unknownRoom() error {
	return &wire.Error{Code: wire.NotFound, Message: "unknown room"}
}

// page fetches what is below the held range and merges it.
func (s *Syncer) page(ctx context.Context, roomUUID string, limit int) (more bool, err error) {
	limit = min(limit, wire.MaxHistoryLimit)
	for range pageTries {
		w := s.watch(roomUUID)
		if w == nil {
			return false, unknownRoom()
		}
		var page wire.HistoryReply
		request := wire.HistoryRequest{RoomUUID: roomUUID, BeforeSeq: w.before, Limit: limit}
		if w.before != 1 {
			err = s.options.Remote.Call(ctx, wire.OpHistory, request, &page)
		}
		more, moved, err := s.mergePage(w, page, err)
		if !moved {
			return more, err
		}
	}
	return true, nil // the range moved each time: whoever scrolls asks again
}

func (s *Syncer) watch(roomUUID string) *pageWatch {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[roomUUID]
	if r == nil {
		return nil
	}
	w := &pageWatch{room: r, epoch: r.epoch, newer: map[int64]wire.Message{}}
	if r.Hi != 0 {
		w.before = r.Lo
	}
	r.watches = append(r.watches, w)
	return w
}

// mergePage puts a page below what is held. moved: the held range was replaced meanwhile, so the page does not join it.
func (s *Syncer) mergePage(w *pageWatch, page wire.HistoryReply, err error) (more, moved bool, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := w.room
	r.watches = slices.DeleteFunc(r.watches, func(x *pageWatch) bool { return x == w })
	switch {
	case err != nil || w.before == 1:
		return false, false, err
	case s.live == nil || s.failed != nil:
		return false, false, fmt.Errorf("history: %w", ErrOffline) // Run may have ended, and the replica with it
	case s.rooms[r.uuid] != r:
		return false, false, unknownRoom()
	case r.epoch != w.epoch:
		return true, true, nil
	case r.Hi == 0:
		s.resetTo(r, page, r.Rev)
		s.pump()
	default:
		s.extendDown(w, page)
	}
	return r.Lo > 1, false, nil
}

// extendDown stores a page that joins the held range from below.
func (s *Syncer) extendDown(w *pageWatch, page wire.HistoryReply) {
	r := w.room
	batch := MessageBatch{RoomUUID: r.uuid}
	lo := r.Lo
	for _, m := range page.Messages {
		if m.Seq >= r.Lo {
			continue // held, and kept up to date
		}
		if newer, ok := w.newer[m.Seq]; ok && newer.Rev > m.Rev {
			m = newer
		}
		lo = min(lo, m.Seq)
		batch.Messages = append(batch.Messages, m)
	}
	if !page.HasMore {
		lo = 1
	}
	r.Lo = lo
	batch.Held = r.Held
	s.store(batch)
}
