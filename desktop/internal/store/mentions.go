package store

import (
	"slices"

	"himsg/shared/wire"
)

// This file knows which unread messages call the user: which mention him, or everybody.
//
// In the held stretch that is derived from the messages themselves (calls_me). Outside of it the server's list is believed
// (rooms.called), together with what changed since the revision that it is of.

// mentionQuery gives the seqs of a room r, whose local read mark is k, as a JSON array in no order.
const mentionQuery = `(
  select json_group_array(c.seq)
  from (
    select m.seq
    from messages m
    where m.room_id = r.room_id and m.calls_me = 1 and m.seq between r.held_low and r.held_high
    union all
    select value
    from json_each(r.called)
    where value not between r.held_low and r.held_high
  ) c
  where c.seq > max(r.last_read_seq, coalesce(k.seq, 0))
    and not exists (select 1 from hidden h where h.room_id = r.room_id and h.seq = c.seq)
)`

// calls reports whether a message calls the user.
func (s *Store) calls(m wire.Message) bool {
	if m.Kind != wire.MessageUser || m.DeletedAt != nil || m.SenderUUID == s.me {
		return false
	}
	return m.MentionAll || slices.Contains(m.Mentions, s.me)
}

// noteCall keeps the list right for a message outside of the held stretch.
func (r *Room) noteCall(m wire.Message, calls bool) {
	if m.Rev > r.calledRev {
		r.called = toggled(r.called, m.Seq, calls)
	}
}

// notePin keeps the pins right until a summary tells them, in their order.
func (r *Room) notePin(m wire.Message) {
	if m.Rev > r.pinsRev {
		r.Pins = toggled(r.Pins, m.Seq, m.Pinned)
	}
}

// toggled returns a list with a seq at its end, or without it.
func toggled(list []int64, seq int64, on bool) []int64 {
	has := slices.Contains(list, seq)
	switch {
	case on && !has:
		return append(list, seq)
	case !on && has:
		return slices.DeleteFunc(slices.Clone(list), func(s int64) bool { return s == seq })
	}
	return list
}
