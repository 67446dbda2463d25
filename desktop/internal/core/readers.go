package core

import (
	"cmp"
	"slices"
	"sync"

	"himsg/shared/wire"
)

// readers is who has read how far, in the rooms that the page has opened. The server is asked when a room is opened;
// events keep it alive from then on.
type readers struct {
	mu    sync.Mutex
	rooms map[string]*roomReaders
}

type roomReaders struct {
	known     bool
	members   map[string]wire.MemberRead
	histogram [][2]int64
}

func newReaders() *readers { return &readers{rooms: map[string]*roomReaders{}} }

// Set takes the server's answer. Cursors that events raised meanwhile stay raised.
func (r *readers) Set(roomUUID string, reply wire.ReadsReply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := &roomReaders{known: true, members: map[string]wire.MemberRead{}, histogram: reply.Histogram}
	old := r.rooms[roomUUID]
	for _, m := range reply.Reads {
		if old != nil {
			m.LastReadSeq = max(m.LastReadSeq, old.members[m.UserUUID].LastReadSeq)
		}
		fresh.members[m.UserUUID] = m
	}
	r.rooms[roomUUID] = fresh
}

// Apply takes an event, and reports whether anything changed. Somebody who is not known as a member is ignored: the
// change of members makes us ask again.
func (r *readers) Apply(ev wire.Read) (changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := r.rooms[ev.RoomUUID]
	if room == nil || !room.known {
		return false
	}
	if ev.Histogram != nil {
		room.histogram = ev.Histogram
		return true
	}
	for _, u := range ev.Reads {
		changed = room.raise(u.UserUUID, u.Seq) || changed
	}
	return changed
}

// Sent notes that a member has read up to a message because he sent it, or has moved his cursor. It reports whether
// anything changed.
func (r *readers) Sent(roomUUID, userUUID string, seq int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := r.rooms[roomUUID]
	return room != nil && room.raise(userUUID, seq)
}

func (r *roomReaders) raise(userUUID string, seq int64) bool {
	m, ok := r.members[userUUID]
	if !ok || m.LastReadSeq >= seq {
		return false
	}
	m.LastReadSeq = seq
	r.members[userUUID] = m
	return true
}

// View is what the page gets.
func (r *readers) View(roomUUID string) Reads {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := Reads{RoomUUID: roomUUID, Members: []wire.MemberRead{}, Histogram: [][2]int64{}}
	room := r.rooms[roomUUID]
	if room == nil || !room.known {
		return v
	}
	v.Known = true
	v.Histogram = append(v.Histogram, room.histogram...)
	for _, m := range room.members {
		v.Members = append(v.Members, m)
	}
	slices.SortFunc(v.Members, func(a, b wire.MemberRead) int { return cmp.Compare(a.UserUUID, b.UserUUID) })
	return v
}

// Unknown says that events were missed: ask again. The cursors stay, since they only grow.
func (r *readers) Unknown() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, room := range r.rooms {
		room.known = false
	}
}

// Remove forgets a room.
func (r *readers) Remove(roomUUID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.rooms, roomUUID)
}
