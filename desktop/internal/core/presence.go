package core

import (
	"slices"
	"sync"

	"himsg/shared/wire"
)

// presence is who is there, as far as the server says; without a connection nobody is known to be.
type presence struct {
	mu       sync.Mutex
	states   map[string]wire.PresenceState
	people   map[int64]string             // user_uuid by number, as far as the directory has told
	nameless map[int64]wire.PresenceState // who is there of whom the directory has not told yet
	fresh    bool                         // the next full list is the first one of a connection
	mine     wire.PresenceState           // what the user chose
	idle     bool                         // nobody sits at the PC
}

func newPresence() *presence {
	return &presence{
		states: map[string]wire.PresenceState{}, people: map[int64]string{}, nameless: map[int64]wire.PresenceState{},
		mine: wire.PresenceActive,
	}
}

// Know takes people's numbers, and returns the states of those who were there already without a name. A number is one person's for
// good, so the order in which this is told does not matter.
func (p *presence) Know(people map[int64]string) (named []wire.UserPresence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for number, userUUID := range people {
		if number <= 0 {
			continue
		}
		p.people[number] = userUUID
		if state, ok := p.nameless[number]; ok {
			delete(p.nameless, number)
			p.states[userUUID] = state
			named = append(named, wire.UserPresence{UserUUID: userUUID, State: state})
		}
	}
	return named
}

// Expect says that a connection began: a full list follows, perhaps in parts.
func (p *presence) Expect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fresh = true
}

// Apply takes what the server said. It returns whose state changed, as far as the directory has told who that is, and whether
// this replaces all that was known.
func (p *presence) Apply(ev wire.Presence) (changed []wire.UserPresence, replaced bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	replaced = ev.Full && p.fresh
	if replaced {
		clear(p.states)
		clear(p.nameless)
		p.fresh = false
	}
	changed = slices.Clip(ev.Users)
	for _, state := range []wire.PresenceState{wire.PresenceActive, wire.PresenceAway, wire.PresenceDND, wire.PresenceOff} {
		for _, number := range *ev.Of(state) {
			if userUUID, ok := p.people[number]; ok {
				changed = append(changed, wire.UserPresence{UserUUID: userUUID, State: state})
			} else if len(p.nameless) < wire.MaxNumbers {
				put(p.nameless, number, state)
			}
		}
	}
	for _, u := range changed {
		put(p.states, u.UserUUID, u.State)
	}
	return changed, replaced
}

func put[K comparable](states map[K]wire.PresenceState, of K, state wire.PresenceState) {
	if state == wire.PresenceOff {
		delete(states, of)
		return
	}
	states[of] = state
}

// Clear forgets everybody: the connection is gone.
func (p *presence) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.states)
	clear(p.nameless)
}

// All lists who is there.
func (p *presence) All() []wire.UserPresence {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]wire.UserPresence, 0, len(p.states))
	for id, state := range p.states {
		out = append(out, wire.UserPresence{UserUUID: id, State: state})
	}
	return out
}

// Mine is what others see: what the user chose, or away while nobody sits there and he chose to be seen.
func (p *presence) Mine() wire.PresenceState {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen()
}

// seen needs mu.
func (p *presence) seen() wire.PresenceState {
	if p.idle && p.mine == wire.PresenceActive {
		return wire.PresenceAway
	}
	return p.mine
}

// SetIdle says whether somebody sits there, and reports whether others see something else now.
func (p *presence) SetIdle(idle bool) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.seen()
	p.idle = idle
	return p.seen() != before
}

// SetMine keeps it; it is told to the server now and after each reconnect.
func (p *presence) SetMine(state wire.PresenceState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mine, p.idle = state, false // he sits there
}
