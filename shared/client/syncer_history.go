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
	known  int64 // up to which revision the room's settings were known
	more   bool  // there may be something to ask for
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
	if held.Hi != 0 && (!held.HasOlder() || have >= limit) {
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
		if w.more {
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
	w := &pageWatch{room: r, known: max(r.summaryRev, r.Rev), more: r.HasOlder(), epoch: r.epoch, newer: map[int64]wire.Message{}}
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
	case err != nil || !w.more:
		return false, false, err
	case s.live == nil || s.failed != nil:
		return false, false, fmt.Errorf("history: %w", ErrOffline) // Run may have ended, and the replica with it
	case s.rooms[r.uuid] != r:
		return false, false, unknownRoom()
	case r.epoch != w.epoch:
		return true, true, nil
	case r.Hi == 0:
		s.resetTo(r, page, r.Rev, w.known)
		s.pump()
	default:
		s.extendDown(w, page)
	}
	return r.HasOlder(), false, nil
}

// extendDown stores a page that joins the held range from below.
func (s *Syncer) extendDown(w *pageWatch, page wire.HistoryReply) {
	r := w.room
	batch := MessageBatch{RoomUUID: r.uuid}
	lo := r.Lo
	for _, m := range page.Messages {
		if m.Seq >= r.Lo || m.Seq <= r.Border {
			continue // held, and kept up to date; or no longer to be seen
		}
		if newer, ok := w.newer[m.Seq]; ok && newer.Rev > m.Rev {
			m = newer
		}
		lo = min(lo, m.Seq)
		batch.Messages = append(batch.Messages, m)
	}
	if !page.HasMore {
		lo = min(lo, r.bottom(page, w.known))
	}
	r.Lo = lo
	batch.Held = r.Held
	s.store(batch)
}

// bottom is how far down a page without older ones proves that there is nothing. A page that was read after the last
// revision whose settings were known may have been read by others: then it proves nothing of what was before the reader
// joined, unless it shows some of that.
func (r *room) bottom(page wire.HistoryReply, known int64) int64 {
	if page.Rev <= known || len(page.Messages) > 0 && page.Messages[0].Seq <= r.JoinedSeq {
		return r.Border + 1
	}
	return max(r.Border, r.JoinedSeq) + 1
}
