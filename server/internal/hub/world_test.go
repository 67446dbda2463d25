package hub_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/hub"
	"himsg/shared/wire"
)

// world is a database and a bus that are as bad as a test wants them: the truth is in rooms, and what the hub hears of it
// may be lost, doubled, late or reordered.
type world struct {
	mu      sync.Mutex
	rand    *rand.Rand
	rooms   map[int64]*truth
	revoked map[string]int64
	moved   []bus.Read
	down    bool
	back    atomic.Int64 // how far the machine's clock was set back, in nanoseconds
	meddle  func()       // runs between the hub's reading of the database and its use of that

	busMu  sync.Mutex
	listen func(bus.Event)
	lose   bool
	late   []bus.Event
}

// truth is one room.
type truth struct {
	id        int64
	clock     func() time.Time
	rev, meta int64
	changed   int64
	seqs      []int64            // seq-1 → rev of the message
	stays     map[int64][]span   // user → when he was in
	survivors map[int64]struct{} // revs that something still has
	events    map[int64]wire.Ev  // of those
}

// span is a membership from a rev on, up to but without another (0: still).
type span struct {
	from, to int64
	begun    time.Time
	short    bool // over before a sweep could see it
}

func newWorld(seed uint64, rooms int) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, 1)), rooms: map[int64]*truth{}, revoked: map[string]int64{}}
	for id := range int64(rooms) {
		w.rooms[id+1] = &truth{
			id: id + 1, clock: w.clock, changed: time.Now().UnixMilli(), stays: map[int64][]span{}, survivors: map[int64]struct{}{},
			events: map[int64]wire.Ev{},
		}
	}
	return w
}

// clock is the time of day of the machine.
func (w *world) clock() time.Time { return time.Now().Add(-time.Duration(w.back.Load())) }

func uuidOf(room int64) string { return fmt.Sprintf("room-%d", room) }

type note struct {
	RoomUUID string `json:"room_uuid"`
	Rev      int64  `json:"rev"`
}

func (t *truth) event(rev int64) bus.Event {
	data, err := json.Marshal(note{RoomUUID: uuidOf(t.id), Rev: rev})
	if err != nil {
		panic(err)
	}
	return bus.Event{Ev: t.events[rev], Data: data, RoomID: t.id, RoomUUID: uuidOf(t.id), Rev: rev}
}

// silenced is an event as it is rebuilt: who joined after it is told nothing of it.
func (t *truth) silenced(rev int64) bus.Event {
	e := t.event(rev)
	e.Personal = map[int64]json.RawMessage{}
	for user := range t.stays {
		if !t.memberAt(user, rev) {
			e.Personal[user] = nil
		}
	}
	return e
}

func (t *truth) in(user int64) bool {
	stays := t.stays[user]
	return len(stays) > 0 && stays[len(stays)-1].to == 0
}

func (t *truth) memberAt(user, rev int64) bool {
	return slices.ContainsFunc(t.stays[user], func(s span) bool { return s.from <= rev && (s.to == 0 || rev < s.to) })
}

func (t *truth) joinedAt(user, rev int64) bool {
	return slices.ContainsFunc(t.stays[user], func(s span) bool { return s.from == rev })
}

// commit takes the next rev for what ev says; the caller holds w.mu and publishes.
func (t *truth) commit(ev wire.Ev) bus.Event {
	t.rev++
	t.changed = t.clock().UnixMilli()
	t.survivors[t.rev] = struct{}{}
	t.events[t.rev] = ev
	if ev == wire.EvRoom {
		delete(t.survivors, t.meta)
		t.meta = t.rev
	}
	return t.event(t.rev)
}

func (w *world) message(room int64) {
	w.mu.Lock()
	t := w.rooms[room]
	e := t.commit(wire.EvMessage)
	t.seqs = append(t.seqs, t.rev)
	w.mu.Unlock()
	w.publish(e)
}

// edit changes a message: its old rev is nowhere any more.
func (w *world) edit(room int64) {
	w.mu.Lock()
	t := w.rooms[room]
	if len(t.seqs) == 0 {
		w.mu.Unlock()
		return
	}
	i := w.rand.IntN(len(t.seqs))
	delete(t.survivors, t.seqs[i])
	e := t.commit(wire.EvMessage)
	t.seqs[i] = t.rev
	w.mu.Unlock()
	w.publish(e)
}

// toggle lets a user join a room, or leave it.
func (w *world) toggle(room, user int64) { w.publish(w.comeOrGo(room, user)) }

// comeOrGo is toggle of which the bus does not know yet.
func (w *world) comeOrGo(room, user int64) bus.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.rooms[room]
	e := t.commit(wire.EvRoom)
	if t.in(user) {
		last := &t.stays[user][len(t.stays[user])-1]
		last.to, last.short = t.rev, time.Since(last.begun) < 5*time.Second
		e.Leave = []int64{user}
	} else {
		t.stays[user] = append(t.stays[user], span{from: t.rev, begun: time.Now()})
		e.Join = []int64{user}
	}
	return e
}

// publish is the bus: a fifth of the events each is lost, doubled or late.
func (w *world) publish(e bus.Event) {
	w.mu.Lock()
	fate := w.rand.IntN(10)
	w.mu.Unlock()
	w.busMu.Lock()
	defer w.busMu.Unlock()
	switch {
	case w.lose, fate < 2:
	case fate < 4:
		w.late = append(w.late, e)
	case fate < 6:
		w.listen(e)
		w.listen(e)
	default:
		w.listen(e)
	}
}

// deliverLate brings what was held back, in any order.
func (w *world) deliverLate() {
	w.busMu.Lock()
	defer w.busMu.Unlock()
	w.mu.Lock()
	order := w.rand.Perm(len(w.late))
	w.mu.Unlock()
	for _, i := range order {
		w.listen(w.late[i])
	}
	w.late = nil
}

// Subscribe and Publish implement bus.Bus.
func (w *world) Subscribe(fn func(bus.Event)) func() {
	w.busMu.Lock()
	defer w.busMu.Unlock()
	w.listen = fn
	return func() {
		w.busMu.Lock()
		defer w.busMu.Unlock()
		w.listen = func(bus.Event) {}
	}
}

func (w *world) Publish(_ context.Context, e bus.Event) { w.publish(e) }

var errDown = errors.New("the database is down")

// read runs fn as a query, and then meddles.
func (w *world) read(fn func()) error {
	w.mu.Lock()
	if w.down {
		w.mu.Unlock()
		return errDown
	}
	fn()
	meddle := w.meddle
	if w.rand.IntN(3) > 0 {
		meddle = nil
	}
	w.mu.Unlock()
	if meddle != nil {
		meddle()
	}
	return nil
}

// RoomsOf implements hub.Membership.
func (w *world) RoomsOf(_ context.Context, user int64) (rooms []hub.RoomRev, err error) {
	err = w.read(func() {
		for id, t := range w.rooms {
			if t.in(user) {
				rooms = append(rooms, hub.RoomRev{RoomID: id, RoomUUID: uuidOf(id), Rev: t.rev})
			}
		}
	})
	return rooms, err
}

// ChangedRooms implements hub.Membership.
func (w *world) ChangedRooms(_ context.Context, since int64, limit int) (rooms []hub.RoomRev, err error) {
	err = w.read(func() {
		for id, t := range w.rooms {
			if t.changed >= since {
				rooms = append(rooms, hub.RoomRev{
					RoomID: id, RoomUUID: uuidOf(id), Rev: t.rev, MetaRev: t.meta, ChangedAt: t.changed,
				})
			}
		}
	})
	slices.SortFunc(rooms, func(a, b hub.RoomRev) int { return cmp.Compare(a.ChangedAt, b.ChangedAt) })
	return rooms[:min(len(rooms), limit)], err
}

// MembersOf implements hub.Membership.
func (w *world) MembersOf(_ context.Context, room int64) (users []int64, rev int64, err error) {
	err = w.read(func() {
		t := w.rooms[room]
		rev = t.rev
		for user := range t.stays {
			if t.in(user) {
				users = append(users, user)
			}
		}
	})
	return users, rev, err
}

// RevokedSince implements hub.Membership.
func (w *world) RevokedSince(_ context.Context, since int64, _ int) (sessions []string, err error) {
	err = w.read(func() {
		for uuid, at := range w.revoked {
			if at >= since {
				sessions = append(sessions, uuid)
			}
		}
	})
	return sessions, err
}

// ReadsSince implements hub.Membership.
func (w *world) ReadsSince(context.Context, int64, int) (moved []bus.Read, err error) {
	err = w.read(func() { moved = slices.Clone(w.moved) })
	return moved, err
}

// ReadEvents implements hub.Repair.
func (w *world) ReadEvents(_ context.Context, moved []bus.Read) (events []bus.Event, err error) {
	for _, m := range moved {
		data, err := json.Marshal(note{RoomUUID: m.RoomUUID, Rev: m.Seq})
		if err != nil {
			return nil, err
		}
		events = append(events, bus.Event{Ev: wire.EvRead, Data: data, RoomID: m.RoomID, RoomUUID: m.RoomUUID})
	}
	return events, nil
}

// EventsSince implements hub.Repair.
func (w *world) EventsSince(_ context.Context, room, after int64) (events []bus.Event, resync bool, err error) {
	err = w.read(func() {
		t := w.rooms[room]
		if t.rev-after > 40 {
			resync = true
			return
		}
		for _, rev := range slices.Sorted(maps.Keys(t.survivors)) {
			if rev > after {
				events = append(events, t.silenced(rev))
			}
		}
	})
	return events, resync, err
}
