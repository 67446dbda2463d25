package hub

import (
	"slices"
	"sync"

	"himsg/server/internal/bus"
)

// maxHeld bounds the events of a room that wait for an earlier one; what is beyond comes back by repair.
const maxHeld = 256

// room is a room with at least one member online.
type room struct {
	id   int64
	uuid string

	mu        sync.Mutex
	published int64 // the rev up to which its members were told
	moved     int64 // the rev of the last Join or Leave
	members   map[int64]member
	held      map[int64]bus.Event // by rev, all above published+1
	repairing bool
	stuck     int  // repairs in a row that found nothing while events are held
	whole     bool // all online members are known; a room that someone's attaching made may lack one whose joining was lost
	unsure    bool // made because of an event about joining; nothing is delivered until the database agrees
	gone      bool // no longer in the hub's map; look it up again
}

// member is an online member. He is told what comes after since: what he may not see, or knows from loading, is before it.
type member struct {
	person *person
	since  int64
}

// offer takes a revisioned event from the bus and delivers what is in turn. It returns how many sessions were told,
// whether an earlier event is missing, and false when the room is gone and must be looked up again.
func (r *room) offer(h *Hub, e bus.Event) (told int, gap, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.gone:
		return 0, false, false
	case e.Rev <= r.published:
		return 0, false, true
	case r.unsure, e.Rev > r.published+1:
		r.hold(e)
		return 0, !r.unsure, true
	}
	told = r.deliver(h, e)
	told += r.deliverHeld(h)
	return told, len(r.held) > 0, true
}

// hold keeps an event until it is its turn. r.mu is held.
func (r *room) hold(e bus.Event) {
	if len(r.held) >= maxHeld {
		return
	}
	if r.held == nil {
		r.held = make(map[int64]bus.Event)
	}
	r.held[e.Rev] = e
}

// deliverHeld goes on with what waited, and forgets what is over. r.mu is held.
func (r *room) deliverHeld(h *Hub) (told int) {
	for rev := range r.held {
		if rev <= r.published {
			delete(r.held, rev)
		}
	}
	for len(r.held) > 0 {
		e, ok := r.held[r.published+1]
		if !ok {
			break
		}
		delete(r.held, e.Rev)
		told += r.deliver(h, e)
	}
	if len(r.held) == 0 {
		r.held = nil
	}
	return told
}

// deliver tells the members at e.Rev, the next one after published or the next one that still exists. r.mu is held.
func (r *room) deliver(h *Hub, e bus.Event) (told int) {
	r.published = e.Rev
	if len(e.Join)+len(e.Leave) > 0 {
		r.moved = e.Rev
	}
	for _, id := range e.Leave {
		if _, here := r.members[id]; here {
			told += r.remove(id)
		} else {
			told += h.tellRemoved(id, r.uuid)
		}
	}
	for _, id := range e.Join {
		if p, ok := h.people.get(id); ok {
			r.add(p, e.Rev-1)
		}
	}
	enc := encoded{event: &e}
	for id, m := range r.members {
		if m.since >= e.Rev || id == e.Except {
			continue
		}
		if out := enc.forUser(id); out != nil {
			told += m.person.push(out)
		}
	}
	return told
}

// tell sends an event without a rev to the present members, or to those of them whom it names.
func (r *room) tell(e *bus.Event) (told int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	enc := encoded{event: e}
	send := func(id int64, m member) {
		if id == e.Except {
			return
		}
		if out := enc.forUser(id); out != nil {
			told += m.person.push(out)
		}
	}
	if len(e.Users) == 0 {
		for id, m := range r.members {
			send(id, m)
		}
		return told
	}
	for _, id := range e.Users {
		if m, ok := r.members[id]; ok {
			send(id, m)
		}
	}
	return told
}

// add makes an online person a member who is told what comes after since. r.mu is held.
func (r *room) add(p *person, since int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return
	}
	if m, ok := r.members[p.id]; ok && m.person == p {
		return
	}
	p.rooms = append(p.rooms, r)
	r.members[p.id] = member{person: p, since: since}
}

// remove ends a membership and says so: nothing of the room reaches him after this. r.mu is held.
func (r *room) remove(userID int64) (told int) {
	m, ok := r.members[userID]
	if !ok {
		return 0
	}
	delete(r.members, userID)
	m.person.mu.Lock()
	if i := slices.Index(m.person.rooms, r); i >= 0 {
		m.person.rooms = slices.Delete(m.person.rooms, i, i+1)
	}
	m.person.mu.Unlock()
	return m.person.remove(r.uuid)
}

// resyncAll tells all members to load the room anew. r.mu is held.
func (r *room) resyncAll() {
	for _, m := range r.members {
		for _, s := range m.person.snapshot() {
			s.resync()
		}
	}
}
