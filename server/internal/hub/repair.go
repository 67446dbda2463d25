package hub

import (
	"context"
	"log/slog"
	"slices"
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

// found is what repair read: the members as of rev, and events, among which are all that still exist up to rev.
type found struct {
	users  []int64
	rev    int64
	events []bus.Event
	tooFar bool
}

// repair reads who is in a room now, and what happened in it since it was last told, and tells that. It reports whether
// it must be done again.
func (h *Hub) repair(ctx context.Context, r *room) (again bool) {
	ctx, cancel := context.WithTimeout(ctx, repairLimit)
	defer cancel()
	r.mu.Lock()
	after, unsure := r.published, r.unsure
	r.mu.Unlock()
	var f found
	var err error
	f.users, f.rev, err = h.members.MembersOf(ctx, r.id)
	if err == nil && !unsure {
		f.events, f.tooFar, err = h.source.EventsSince(ctx, r.id, after)
	}
	if err != nil {
		r.failed()
		if ctx.Err() == nil {
			h.logger.Warn("room not repaired, the sweep will try again", slog.Int64("room_id", r.id), slog.Any("error", err))
		}
		return false
	}
	var told int
	if unsure {
		told, again = r.confirm(h, f)
	} else {
		told, again = r.repaired(h, f)
	}
	if told > 0 {
		h.metrics.Repaired()
		h.metrics.Delivered(told)
	}
	return again
}

// failed leaves the room to the sweep; one that was not confirmed is forgotten, and found by the sweep if it is real.
func (r *room) failed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.repairing = false
	r.gone = r.gone || r.unsure
}

// confirm decides about a room that was made because of an event. If nothing is missing between the event and now, those
// who really are in the room join at their event's turn. Otherwise it was an old event, or others are lost: after one more
// moment of waiting for them, the members load the room by a sync.
func (r *room) confirm(h *Hub, f found) (told int, again bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.repairing = false
	known := int64(0)
	for rev := range r.held {
		if rev <= f.rev {
			known++
		}
	}
	lacking := known < f.rev-r.published
	if lacking && r.stuck == 0 {
		r.stuck++
		return 0, true
	}
	present := f.present()
	for rev, e := range r.held {
		if rev <= f.rev {
			e.Join = slices.DeleteFunc(slices.Clone(e.Join), func(id int64) bool { return lacking || !present[id] })
			r.held[rev] = e
		}
	}
	r.unsure, r.stuck = false, 0
	if lacking {
		if len(r.members) == 0 { // nobody waits for what is missing; who attached meanwhile would
			r.published = f.rev
		}
		r.takeIn(h, f)
	}
	told = r.deliverHeld(h)
	r.takeIn(h, f)
	return told, lacking && r.published < f.rev || len(r.held) > 0
}

// repaired brings what was found to the members. What is later than f.rev is left for the bus or the next repair: who was
// a member then is not known.
func (r *room) repaired(h *Hub, f found) (told int, again bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.repairing = false
	if r.gone {
		return 0, false
	}
	if r.moved > f.rev {
		return 0, true // members changed since they were read
	}
	present := f.present()
	for id, m := range r.members {
		if !present[id] && m.since < f.rev {
			told += r.remove(id)
		}
	}
	before := r.published
	if f.tooFar {
		r.resyncAll()
	}
	for _, e := range f.events {
		if e.Rev > r.published && e.Rev <= f.rev {
			told += r.deliver(h, e)
		}
	}
	r.published = max(r.published, f.rev) // a rev that nothing has any more is told too
	r.takeIn(h, f)
	told += r.deliverHeld(h)
	return told, r.waits(before)
}

func (f found) present() map[int64]bool {
	present := make(map[int64]bool, len(f.users))
	for _, id := range f.users {
		present[id] = true
	}
	return present
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
	if r.moved > f.rev {
		return // what was read is over
	}
	r.whole = true
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
