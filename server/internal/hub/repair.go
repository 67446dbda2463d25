package hub

import (
	"context"
	"log/slog"
	"time"

	"himsg/server/internal/bus"
)

// repairSoon brings the room up to date from the database, after a moment in which a late event may still arrive.
func (h *Hub) repairSoon(r *room) {
	r.mu.Lock()
	busy := r.repairing || r.gone
	r.repairing = r.repairing || !r.gone
	r.mu.Unlock()
	if busy {
		return
	}
	time.AfterFunc(gapHold, func() { h.queueRepair(r) })
}

// queueRepair hands the room, marked as repairing, to a worker. If too many wait, the sweep comes back to it.
func (h *Hub) queueRepair(r *room) {
	select {
	case h.repairs <- r:
	default:
		r.mu.Lock()
		r.repairing = false
		r.mu.Unlock()
	}
}

func (h *Hub) repairLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-h.repairs:
			if h.repair(ctx, r) {
				h.repairSoon(r)
			}
			h.forgetIfEmpty(r)
		}
	}
}

// repair reads what happened to a room since it was last told, and who its members are now, and tells what was missed.
// The events are read first: whoever is no member at the later moment hears of none of them. It reports whether that must
// be done again.
func (h *Hub) repair(ctx context.Context, r *room) (again bool) {
	ctx, cancel := context.WithTimeout(ctx, repairLimit)
	defer cancel()
	r.mu.Lock()
	after := r.published
	r.mu.Unlock()
	events, tooFar, err := h.source.EventsSince(ctx, r.id, after)
	var users []int64
	var rev int64
	if err == nil {
		users, rev, err = h.members.MembersOf(ctx, r.id)
	}
	told, again := r.repaired(h, found{events: events, tooFar: tooFar, users: users, rev: rev, err: err})
	switch {
	case err != nil && ctx.Err() == nil:
		h.logger.Warn("room not repaired, the sweep will try again", slog.Int64("room_id", r.id), slog.Any("error", err))
	case told > 0:
		h.metrics.Repaired()
		h.metrics.Delivered(told)
	}
	return again
}

// found is what repair read: the events, then the members as of rev.
type found struct {
	events []bus.Event
	tooFar bool
	users  []int64
	rev    int64
	err    error
}

// repaired brings what was found to the members.
func (r *room) repaired(h *Hub, f found) (told int, again bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.repairing = false
	if f.err != nil || r.gone {
		return 0, false
	}
	if r.moved > f.rev {
		return 0, true // members changed since they were read
	}
	present := make(map[int64]struct{}, len(f.users))
	for _, id := range f.users {
		present[id] = struct{}{}
	}
	for id, m := range r.members {
		if _, ok := present[id]; !ok && m.since < f.rev {
			told += r.remove(id)
		}
	}
	before := r.published
	if f.tooFar {
		r.resyncAll()
		r.published = max(r.published, f.rev)
	}
	for _, e := range f.events {
		if e.Rev > r.published {
			told += r.deliver(h, e)
		}
	}
	r.takeIn(h, f)
	told += r.deliverHeld(h)
	return told, r.waits(before)
}

// waits reports whether events still wait for one that the database doesn't show yet: a replica may lag behind the bus.
// After some tries they are dropped, and the sweep brings what they were about. r.mu is held.
func (r *room) waits(before int64) bool {
	r.stuck++
	if r.published > before {
		r.stuck = 0
	}
	if r.stuck >= maxStuck {
		r.held, r.stuck = nil, 0
	}
	return len(r.held) > 0
}

// takeIn adds online users whose joining was missed; they load the room by a sync of their own. r.mu is held.
func (r *room) takeIn(h *Hub, f found) {
	for _, id := range f.users {
		p, online := h.people.get(id)
		if _, here := r.members[id]; here || !online {
			continue
		}
		r.add(p, f.rev)
		for _, s := range p.snapshot() {
			s.resync()
		}
	}
}
