package hub

import (
	"slices"
	"sync"

	"himsg/shared/wire"
)

// revokedFor is how many sweeps a revocation is remembered: longer than an upgrade may take.
const revokedFor = 60

// registry finds sessions by their session_uuid, and remembers for a while which ones were revoked, so that a socket
// whose token was checked just before the revocation can't slip in after it.
type registry struct {
	mu      sync.Mutex
	byUUID  map[string][]*Session
	n       int
	revoked map[string]int // → sweeps to go
	idle    chan struct{}  // closed when the last session ends; nil while nobody waits
}

func (g *registry) init() {
	g.byUUID = make(map[string][]*Session)
	g.revoked = make(map[string]int)
}

// add reports false if the session was revoked.
func (g *registry) add(s *Session) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, bad := g.revoked[s.who.SessionUUID]; bad {
		return false
	}
	g.byUUID[s.who.SessionUUID] = append(g.byUUID[s.who.SessionUUID], s)
	g.n++
	return true
}

// remove reports whether the session was there.
func (g *registry) remove(s *Session) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	uuid := s.who.SessionUUID
	i := slices.Index(g.byUUID[uuid], s)
	if i < 0 {
		return false
	}
	g.byUUID[uuid] = slices.Delete(g.byUUID[uuid], i, i+1)
	if len(g.byUUID[uuid]) == 0 {
		delete(g.byUUID, uuid)
	}
	g.n--
	if g.n == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
	return true
}

// revoke remembers the revocation and returns the sessions that it ends.
func (g *registry) revoke(uuid string) []*Session {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.revoked[uuid] = revokedFor
	return slices.Clone(g.byUUID[uuid])
}

// of returns the sockets of a session.
func (g *registry) of(uuid string) []*Session {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.byUUID[uuid])
}

// age forgets revocations that are long over.
func (g *registry) age() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for uuid, left := range g.revoked {
		if left == 0 {
			delete(g.revoked, uuid)
			continue
		}
		g.revoked[uuid] = left - 1
	}
}

func (g *registry) isRevoked(uuid string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, bad := g.revoked[uuid]
	return bad
}

func (g *registry) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.n
}

func (g *registry) all() []*Session {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make([]*Session, 0, g.n)
	for _, list := range g.byUUID {
		out = append(out, list...)
	}
	return out
}

// whenIdle returns a channel that is closed when no session is left.
func (g *registry) whenIdle() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n == 0 {
		done := make(chan struct{})
		close(done)
		return done
	}
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	return g.idle
}

// reread makes a session connect anew: what its account may do changed.
func (h *Hub) reread(sessionUUID string) {
	for _, s := range h.sessions.of(sessionUUID) {
		s.Close(Closing{Code: wire.CloseRestart, Reason: "account changed"}, true)
		h.Detach(s)
	}
}

// revoke ends a session everywhere on this node; it hears nothing more but why. Its device acts on that.
func (h *Hub) revoke(sessionUUID string, why wire.Reason) {
	for _, s := range h.sessions.revoke(sessionUUID) {
		s.Close(Closing{Code: wire.CloseRevoked, Reason: string(why)}, false)
		h.Detach(s)
	}
}
