package core

import (
	"sync"

	"himsg/shared/wire"
)

// presence is who is there, as far as the server says; without a connection nobody is known to be.
type presence struct {
	mu     sync.Mutex
	states map[string]wire.PresenceState
	fresh  bool               // the next full list is the first one of a connection
	mine   wire.PresenceState // what the user chose
	idle   bool               // nobody sits at the PC
}

func newPresence() *presence {
	return &presence{states: map[string]wire.PresenceState{}, mine: wire.PresenceActive}
}

// Expect says that a connection began: a full list follows, perhaps in parts.
func (p *presence) Expect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fresh = true
}

// Apply takes what the server said, and reports whether it replaces all that was known.
func (p *presence) Apply(ev wire.Presence) (replaced bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	replaced = ev.Full && p.fresh
	if replaced {
		clear(p.states)
		p.fresh = false
	}
	for _, u := range ev.Users {
		if u.State == wire.PresenceOff {
			delete(p.states, u.UserUUID)
			continue
		}
		p.states[u.UserUUID] = u.State
	}
	return replaced
}

// Clear forgets everybody: the connection is gone.
func (p *presence) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.states)
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
