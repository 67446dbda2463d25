package hub

import (
	"slices"
	"sync"
)

// person is a user with at least one session.
type person struct {
	id int64

	mu        sync.Mutex
	sessions  []*Session
	rooms     []*room         // each once: a map of them took three times the memory, and is looked into only when he leaves one
	ready     bool            // his rooms were loaded: a further session needs no query
	attaching int             // sessions whose rooms are being loaded
	moved     map[int64]int64 // while attaching: room → rev of the last Join or Leave that named him
	gone      bool            // his last session ended; a new one makes a new person
}

// push puts an event on all of the person's queues and returns on how many.
func (p *person) push(out Outgoing) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sessions {
		s.Push(out)
	}
	return len(p.sessions)
}

// remove tells all of the person's sessions that a room is no longer his.
func (p *person) remove(roomUUID string) int {
	for _, s := range p.snapshot() {
		s.list(nil)
	}
	return p.push(removedEnvelope(roomUUID))
}

// pushIf is push to those sessions that fn likes.
func (p *person) pushIf(out Outgoing, fn func(*Session) bool) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, s := range p.sessions {
		if fn(s) {
			s.Push(out)
			n++
		}
	}
	return n
}

// expect makes place for so many rooms.
func (p *person) expect(rooms int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms == nil && !p.gone {
		p.rooms = make([]*room, 0, rooms)
	}
}

// snapshot returns the sessions as they are now.
func (p *person) snapshot() []*Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sessions)
}

// note remembers, while his rooms are being loaded, that a room's members changed: the load may be older than that.
func (p *person) note(roomID, rev int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.attaching > 0 && rev > p.moved[roomID] {
		if p.moved == nil {
			p.moved = make(map[int64]int64)
		}
		p.moved[roomID] = rev
	}
}

// movedAfter reports whether such a change came after rev.
func (p *person) movedAfter(roomID, rev int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moved[roomID] > rev
}

// moves reports whether there was such a change.
func (p *person) moves() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.moved) > 0
}

// loaded ends what register began: counted says that it counted as attaching, ok that his rooms are loaded now.
func (p *person) loaded(counted, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready = p.ready || ok
	if counted {
		p.attaching--
	}
	if p.attaching == 0 {
		p.moved = nil
	}
}

// shards spreads a map over several locks. The zero value is ready.
type shards[V any] [64]struct {
	sync.RWMutex
	m map[int64]V
}

func (s *shards[V]) get(id int64) (V, bool) {
	sh := &s[uint64(id)%uint64(len(s))]
	sh.RLock()
	defer sh.RUnlock()
	v, ok := sh.m[id]
	return v, ok
}

// change runs fn on the shard of id with its lock held.
func (s *shards[V]) change(id int64, fn func(m map[int64]V)) {
	sh := &s[uint64(id)%uint64(len(s))]
	sh.Lock()
	defer sh.Unlock()
	if sh.m == nil {
		sh.m = make(map[int64]V)
	}
	fn(sh.m)
}

// all returns every value as it is now, shard by shard.
func (s *shards[V]) all() []V {
	var out []V
	for i := range s {
		sh := &s[i]
		sh.RLock()
		for _, v := range sh.m {
			out = append(out, v)
		}
		sh.RUnlock()
	}
	return out
}
