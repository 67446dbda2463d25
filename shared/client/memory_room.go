package client

import (
	"maps"
	"slices"

	"himsg/shared/wire"
)

// MemoryRoom is a room as a Memory holds it. Messages are those of the held stretch, hidden ones included. Summary is kept
// up with by the messages that come: its last message and its pins.
type MemoryRoom struct {
	Summary  wire.RoomSummary
	Held     Held
	Messages map[int64]wire.Message // by seq
	Hidden   map[int64]bool         // by seq: what the reader hid for himself
	Reads    map[string]int64       // user_uuid → last_read_seq, as far as events told

	pinsRev   int64   // the revision that Summary.Pins is of
	called    []int64 // what calls the reader outside of the held stretch, at the revision calledRev
	calledRev int64
}

func newMemoryRoom(change RoomChange) *MemoryRoom {
	r := &MemoryRoom{
		Summary: change.Summary, Held: change.Held,
		Messages: map[int64]wire.Message{}, Hidden: map[int64]bool{}, Reads: map[string]int64{},
	}
	r.noteSummary(change.Summary)
	return r
}

func (r *MemoryRoom) noteSummary(s wire.RoomSummary) {
	r.pinsRev = s.Rev
	if s.My != nil {
		r.called, r.calledRev = s.My.MentionSeqs, s.Rev
	}
}

func (m *Memory) applyRoom(change RoomChange) {
	next := change.Summary
	room := m.rooms[next.RoomUUID]
	if room == nil || change.Reset {
		m.rooms[next.RoomUUID] = newMemoryRoom(change)
		return
	}
	room.Held = change.Held
	if !change.Stale {
		room.noteSummary(next)
	}
	last := room.Summary.LastMessage
	if next.My == nil {
		next.My = room.Summary.My
	}
	if next.Other == nil {
		next.Other = room.Summary.Other
	}
	if next.LastMessage == nil || last != nil && newerLast(*last, *next.LastMessage) {
		next.LastMessage = last
	}
	if change.Stale {
		room.Summary.My = next.My
	} else {
		room.Summary = next
	}
	room.dropUnseen()
}

// newerLast reports whether a is the later message, or a later form of the same one.
func newerLast(a, b wire.Message) bool { return a.Seq > b.Seq || a.Seq == b.Seq && a.Rev > b.Rev }

// dropUnseen drops what is at or below the border.
func (r *MemoryRoom) dropUnseen() {
	maps.DeleteFunc(r.Messages, func(seq int64, _ wire.Message) bool { return !r.holds(seq) })
	if last := r.Summary.LastMessage; last != nil && last.Seq <= r.Held.Border {
		r.Summary.LastMessage = nil
	}
}

func (r *MemoryRoom) holds(seq int64) bool {
	return r.Held.Hi != 0 && seq >= r.Held.Lo && seq <= r.Held.Hi
}

func (r *MemoryRoom) apply(batch MessageBatch, me string) {
	if batch.Reset {
		clear(r.Messages)
	}
	r.Held = batch.Held
	for _, message := range batch.Messages {
		if message.Seq <= r.Held.Border {
			continue
		}
		r.newest(message)
		if message.Rev > r.pinsRev {
			r.Summary.Pins = toggled(r.Summary.Pins, message.Seq, message.Pinned)
		}
		if !r.holds(message.Seq) && message.Rev > r.calledRev {
			r.called = toggled(r.called, message.Seq, callsUser(message, me))
		}
		held, ok := r.Messages[message.Seq]
		if !r.holds(message.Seq) || ok && held.Rev >= message.Rev {
			continue
		}
		r.Messages[message.Seq] = message
	}
}

// newest keeps the summary's last message, and the sender's cursor, which no event tells.
func (r *MemoryRoom) newest(message wire.Message) {
	last := r.Summary.LastMessage
	if last == nil || message.Seq > last.Seq || message.Seq == last.Seq && message.Rev > last.Rev {
		r.Summary.LastMessage = &message
	}
	r.Summary.LastSeq = max(r.Summary.LastSeq, message.Seq)
	if message.SenderUUID != "" { // of the server's own lines too: who did what one tells of has read up to it
		r.Reads[message.SenderUUID] = max(r.Reads[message.SenderUUID], message.Seq)
	}
}

// MentionSeqs are the unread messages that call a reader, ascending, the newest wire.MaxMentionSeqs.
func (r *MemoryRoom) MentionSeqs(me string) []int64 {
	cursor := r.Reads[me]
	if r.Summary.My != nil {
		cursor = max(cursor, r.Summary.My.LastReadSeq)
	}
	var out []int64
	for seq, message := range r.Messages {
		if callsUser(message, me) {
			out = append(out, seq)
		}
	}
	for _, seq := range r.called {
		if !r.holds(seq) {
			out = append(out, seq)
		}
	}
	out = slices.DeleteFunc(out, func(seq int64) bool { return seq <= cursor || r.Hidden[seq] })
	slices.Sort(out)
	return out[max(0, len(out)-wire.MaxMentionSeqs):]
}

// callsUser reports whether a message mentions a reader, or everybody.
func callsUser(m wire.Message, me string) bool {
	return m.Kind == wire.MessageUser && m.DeletedAt == nil && m.SenderUUID != me &&
		(m.MentionAll || slices.Contains(m.Mentions, me))
}

// toggled returns a list with a seq at its end, or without it; the list itself stays as it is.
func toggled(list []int64, seq int64, on bool) []int64 {
	at := slices.Index(list, seq)
	switch {
	case on && at < 0:
		return append(slices.Clone(list), seq)
	case !on && at >= 0:
		return slices.Delete(slices.Clone(list), at, at+1)
	}
	return list
}
