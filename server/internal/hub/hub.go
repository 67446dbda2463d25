package hub

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"himsg/server/internal/bus"
)

const (
	// MaxSockets is how many sessions one person may have open at a time.
	MaxSockets = 20

	gapHold       = 50 * time.Millisecond // how long an event waits for an earlier one that may be on its way
	repairWorkers = 4
	repairQueue   = 4096
	repairLimit   = 5 * time.Second // for one room
	maxStuck      = 8               // repairs that find nothing before held events are given up
)

// Options sets up a Hub.
type Options struct {
	Bus     bus.Bus
	Remote  Remote // of the bus; nil: this node is alone
	Members Membership
	Repair  Repair
	Clock   func() time.Time
	Logger  *slog.Logger
	Metrics Metrics // nil: none
}

// Hub holds the live sessions of this node. It is safe for use by several goroutines.
type Hub struct {
	members Membership
	source  Repair
	remote  Remote
	clock   func() time.Time
	logger  *slog.Logger
	metrics Metrics

	people shards[*person]
	rooms  shards[*room]

	sessions registry
	draining atomic.Bool

	repairs chan *room
	swept   int64           // when the last good sweep began; only the sweeper touches this and the next three
	looked  map[int64]int64 // rooms without members here → the meta rev at which that was found
	reads   readSweep
	heard   bus.State // of the bus, at the last good sweep
	missed  chan struct{}

	unsubscribe func()
	stop        context.CancelFunc
	running     sync.WaitGroup
}

// New starts a hub: it listens to the bus, repairs and sweeps until Close.
func New(o Options) *Hub {
	if o.Metrics == nil {
		o.Metrics = noMetrics{}
	}
	if o.Remote == nil {
		o.Remote = alone{}
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &Hub{
		members: o.Members, source: o.Repair, remote: o.Remote, clock: o.Clock, logger: o.Logger, metrics: o.Metrics,
		repairs: make(chan *room, repairQueue), swept: o.Clock().UnixMilli(), missed: make(chan struct{}, 1), stop: stop,
		heard: o.Remote.State(), reads: readSweep{upTo: o.Clock().UnixMilli()},
	}
	h.sessions.init()
	h.unsubscribe = o.Bus.Subscribe(h.onEvent)
	for range repairWorkers {
		h.running.Go(func() { h.repairLoop(ctx) })
	}
	h.running.Go(func() { h.sweepLoop(ctx) })
	h.running.Go(func() { h.missedLoop(ctx) })
	return h
}

// Close stops listening, repairing and sweeping, and waits for that. It closes what sessions are left as a restart.
func (h *Hub) Close() {
	h.draining.Store(true)
	h.unsubscribe()
	h.stop()
	h.running.Wait()
	for _, s := range h.sessions.all() {
		s.Close(restart, true)
	}
}

// Sessions is how many sessions are attached.
func (h *Hub) Sessions() int { return h.sessions.count() }

// onEvent is called by the bus, one event at a time.
func (h *Hub) onEvent(e bus.Event) {
	for _, uuid := range e.Revoked {
		h.revoke(uuid, e.RevokedFor)
	}
	for _, uuid := range e.Reread {
		h.reread(uuid)
	}
	told := 0
	switch {
	case e.Ev == "":
	case e.RoomID != 0 && e.Rev > 0:
		told = h.onChange(e)
	case e.RoomID != 0:
		told = h.tellRoom(&e)
	default:
		told = h.tellPeople(&e)
	}
	h.count(told)
}

func (h *Hub) count(told int) {
	if told > 0 {
		h.metrics.Delivered(told)
	}
}

// tellRoom sends an event without a rev to a room's present members.
func (h *Hub) tellRoom(e *bus.Event) (told int) {
	if r, ok := h.rooms.get(e.RoomID); ok {
		told = r.tell(e)
	}
	return told
}

// onChange brings a room's change to its members, in its turn.
func (h *Hub) onChange(e bus.Event) (told int) {
	online := h.noteMoves(e)
	for {
		r, known := h.rooms.get(e.RoomID)
		if !known {
			if !online { // nobody here is a member, or was made one
				for _, id := range e.Leave {
					told += h.tellRemoved(id, e.RoomUUID)
				}
				return told
			}
			r = h.doubtful(e)
		}
		told, gap, ok := r.offer(h, e)
		if !ok {
			continue // forgotten in this moment
		}
		if gap {
			h.repairSoon(r)
		}
		if len(e.Leave) > 0 {
			h.forgetIfEmpty(r)
		}
		return told
	}
}

// tellRemoved tells somebody who left a room before the hub knew that he was in it: his own sync may have shown it to him.
// To be told again is harmless.
func (h *Hub) tellRemoved(userID int64, roomUUID string) (told int) {
	if p, ok := h.people.get(userID); ok {
		return p.remove(roomUUID)
	}
	return 0
}

// doubtful makes a room whose first members here have joined by this event. An old event that comes late or again looks
// the same, so the database is asked before anybody is told.
func (h *Hub) doubtful(e bus.Event) *room {
	r := h.roomAt(RoomRev{RoomID: e.RoomID, RoomUUID: e.RoomUUID, Rev: e.Rev - 1})
	r.mu.Lock()
	ask := !r.gone && !r.repairing && len(r.members) == 0
	if ask {
		r.unsure, r.repairing = true, true
	}
	r.mu.Unlock()
	if ask {
		h.queueRepair(r)
	}
	return r
}

// noteMoves tells people who are just attaching that a membership changed; it reports whether one who joined is online.
func (h *Hub) noteMoves(e bus.Event) (online bool) {
	for _, id := range e.Leave {
		if p, ok := h.people.get(id); ok {
			p.note(e.RoomID, e.Rev)
		}
	}
	for _, id := range e.Join {
		if p, ok := h.people.get(id); ok {
			p.note(e.RoomID, e.Rev)
			online = true
		}
	}
	return online
}

// tellPeople sends an event of no room to the users it names, or to everyone.
func (h *Hub) tellPeople(e *bus.Event) (told int) {
	var people []*person
	if len(e.Users) == 0 {
		people = h.people.all()
	}
	for _, id := range e.Users {
		if p, ok := h.people.get(id); ok {
			people = append(people, p)
		}
	}
	enc := encoded{event: e}
	for _, p := range people {
		if p.id == e.Except {
			continue
		}
		if out := enc.forUser(p.id); out != nil {
			told += p.pushIf(out, func(s *Session) bool { return s.who.hears(e) })
		}
	}
	return told
}

// roomAt returns the live room, made as told up to rr.Rev if it is not here yet.
func (h *Hub) roomAt(rr RoomRev) (r *room) {
	h.rooms.change(rr.RoomID, func(m map[int64]*room) {
		if r = m[rr.RoomID]; r == nil {
			r = &room{id: rr.RoomID, uuid: rr.RoomUUID, published: rr.Rev, members: make(map[int64]member)}
			m[rr.RoomID] = r
			h.remote.Watch(rr.RoomID)
		}
	})
	return r
}

// forgetIfEmpty drops a room without online members.
func (h *Hub) forgetIfEmpty(r *room) {
	r.mu.Lock()
	r.gone = r.gone || len(r.members) == 0 && !r.unsure
	gone := r.gone
	r.mu.Unlock()
	if gone {
		h.rooms.change(r.id, func(m map[int64]*room) {
			if m[r.id] == r {
				delete(m, r.id)
				h.remote.Unwatch(r.id)
			}
		})
	}
}
