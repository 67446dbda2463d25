package core

import (
	"context"
	"sync"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// fetchTries bounds how often a window is asked for again because the server let changes go untold meanwhile.
const fetchTries = 3

// watches are the windows that are on their way from the server. They collect newer forms of messages: a reply may have
// been read before a change that is told before the page has the window, and would be forgotten.
type watches struct {
	mu   sync.Mutex
	list map[*watch]bool
}

type watch struct {
	roomUUID string
	newer    map[int64]wire.Message
	hidden   map[int64]bool
	gap      bool // changes may have gone by untold
}

func newWatches() *watches { return &watches{list: map[*watch]bool{}} }

func (w *watches) add(roomUUID string) *watch {
	w.mu.Lock()
	defer w.mu.Unlock()
	one := &watch{roomUUID: roomUUID, newer: map[int64]wire.Message{}, hidden: map[int64]bool{}}
	w.list[one] = true
	return one
}

func (w *watches) remove(one *watch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.list, one)
}

// Applied shows the watches what a batch changed in a room.
func (w *watches) Applied(a store.Applied) {
	w.each(a.RoomUUID, func(one *watch) {
		one.gap = one.gap || a.Reset
		for _, list := range [][]wire.Message{a.Changed, a.Outside} {
			for _, m := range list {
				if held, ok := one.newer[m.Seq]; !ok || held.Rev < m.Rev {
					one.newer[m.Seq] = m
				}
			}
		}
	})
}

// Hidden says that the user hid messages.
func (w *watches) Hidden(roomUUID string, seqs []int64) {
	w.each(roomUUID, func(one *watch) {
		for _, seq := range seqs {
			one.hidden[seq] = true
		}
	})
}

func (w *watches) each(roomUUID string, do func(*watch)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.list {
		if one.roomUUID == roomUUID {
			do(one)
		}
	}
}

// newest puts newer forms in place of what a reply brought. Call it after remove.
func (one *watch) newest(messages []wire.Message) []wire.Message {
	out := make([]wire.Message, 0, len(messages))
	for _, m := range messages {
		if one.hidden[m.Seq] {
			continue
		}
		if newer, ok := one.newer[m.Seq]; ok && newer.Rev > m.Rev {
			m = newer
		}
		out = append(out, m)
	}
	return out
}

// fetch gets a window from the server. in says which one; room and limit are filled in.
func (s *session) fetch(ctx context.Context, r store.Room, in wire.HistoryRequest) (window, error) {
	w, _, err := s.fetchAt(ctx, r, in)
	return w, err
}

// fetchAt is fetch, and returns the seq that the server found for an instant.
func (s *session) fetchAt(ctx context.Context, r store.Room, in wire.HistoryRequest) (window, int64, error) {
	in.RoomUUID, in.Limit = r.UUID, pageSize
	for range fetchTries {
		watched := s.watches.add(r.UUID)
		reply, err := s.current().conn.History(ctx, in)
		s.watches.remove(watched)
		if err != nil {
			return window{}, 0, err
		}
		if watched.gap {
			continue
		}
		w := fetchedWindow(r, in, reply)
		w.messages = watched.newest(reply.Messages)
		s.recall.Add(w.messages...)
		return w, reply.TargetSeq, nil
	}
	return window{}, 0, refuse(wire.Unavailable, "", "the room changes faster than it can be read")
}

// fetchedWindow says what stretch a reply covers. r was read before: the reply reaches at least as far as it.
func fetchedWindow(r store.Room, in wire.HistoryRequest, reply wire.HistoryReply) window {
	w := window{older: reply.HasMore, newer: reply.HasNewer}
	if n := len(reply.Messages); n > 0 {
		w.first, w.last = reply.Messages[0].Seq, reply.Messages[n-1].Seq
	}
	if !w.older && r.LastSeq > r.Held.Border {
		w.first = r.Held.Border + 1
	}
	if !w.newer {
		w.last = max(w.last, r.LastSeq)
	}
	switch {
	case in.BeforeSeq > 0:
		w.last = in.BeforeSeq - 1
	case in.AfterSeq > 0:
		w.first = in.AfterSeq + 1
	}
	return w
}
