package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// Admit reports whether a session would be taken: unauthenticated if it was revoked, rate_limited if the person has too
// many, unavailable while the node drains. It is for refusing before the upgrade; Attach checks again.
func (h *Hub) Admit(who Who) error {
	if h.draining.Load() {
		return errs.Unavailable(time.Second, nil)
	}
	if h.sessions.isRevoked(who.SessionUUID) {
		return errs.E(wire.Unauthenticated, wire.ReasonSessionRevoked, errs.Text{})
	}
	if p, ok := h.people.get(who.UserID); ok && len(p.snapshot()) >= MaxSockets {
		return &errs.Error{Code: wire.RateLimited, RetryAfter: time.Minute}
	}
	return nil
}

// Attach takes a session in: when it returns, every change after what the database held at some moment during the call
// reaches the session. So the client's own sync, begun after that, leaves no gap; nor does one that goes by Session.Rooms. On an
// error, which is one of Admit's or the database's, the session is not attached.
//
// The order matters. The session is registered first and the rooms are loaded then, so a change of membership in between
// is either in what was loaded, or noted by the event and looked up again.
func (h *Hub) Attach(ctx context.Context, s *Session) error {
	if err := h.Admit(s.who); err != nil {
		return err
	}
	s.metrics = h.metrics
	p, loaded := h.register(s)
	if !h.sessions.add(s) {
		h.unregister(s)
		p.loaded(!loaded, false)
		return errs.E(wire.Unauthenticated, wire.ReasonSessionRevoked, errs.Text{})
	}
	h.metrics.SessionOpened()
	var err error
	if !loaded {
		err = h.enterAll(ctx, p, s)
	}
	if err == nil && h.draining.Load() { // Drain may have looked before this session was there
		err = errs.Unavailable(time.Second, nil)
	}
	if err != nil {
		h.Detach(s)
	}
	return err
}

// Detach ends a session's part in the hub. A repeat is harmless.
func (h *Hub) Detach(s *Session) {
	if !h.sessions.remove(s) {
		return
	}
	h.unregister(s)
	h.metrics.SessionClosed()
}

// register adds the session to its person, and reports whether his rooms are loaded already.
func (h *Hub) register(s *Session) (p *person, loaded bool) {
	h.people.change(s.who.UserID, func(m map[int64]*person) {
		if p = m[s.who.UserID]; p == nil {
			p = &person{id: s.who.UserID}
			m[s.who.UserID] = p
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sessions = append(p.sessions, s)
		loaded = p.ready
		if !loaded {
			p.attaching++
		}
	})
	s.mu.Lock()
	s.person = p
	s.mu.Unlock()
	return p, loaded
}

// unregister takes the session from its person; with the last one the person leaves all rooms.
func (h *Hub) unregister(s *Session) {
	s.mu.Lock()
	p := s.person
	s.mu.Unlock()
	var rooms []*room
	h.people.change(p.id, func(m map[int64]*person) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sessions = slices.DeleteFunc(p.sessions, func(x *Session) bool { return x == s })
		if len(p.sessions) > 0 {
			return
		}
		p.gone = true
		if m[p.id] == p {
			delete(m, p.id)
		}
		rooms, p.rooms = p.rooms, nil
	})
	for _, r := range rooms {
		r.mu.Lock()
		if m, ok := r.members[p.id]; ok && m.person == p {
			delete(r.members, p.id)
		}
		empty := len(r.members) == 0
		r.mu.Unlock()
		if empty {
			h.forgetIfEmpty(r)
		}
	}
}

// enterAll loads the person's rooms, for a session of his, and makes him a member of each.
func (h *Hub) enterAll(ctx context.Context, p *person, s *Session) error {
	rooms, err := h.members.RoomsOf(ctx, p.id)
	p.expect(len(rooms))
	s.list(rooms)
	for i := 0; err == nil && i < len(rooms); i++ {
		err = h.enter(ctx, p, rooms[i])
	}
	if p.moves() {
		s.list(nil)
	}
	p.loaded(true, err == nil)
	if err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	return nil
}

// enter makes the person a member of a room that he was in at rr.Rev.
func (h *Hub) enter(ctx context.Context, p *person, rr RoomRev) error {
	for {
		if p.movedAfter(rr.RoomID, rr.Rev) { // what was loaded may be over
			users, rev, err := h.members.MembersOf(ctx, rr.RoomID)
			if err != nil {
				return err
			}
			if !slices.Contains(users, p.id) {
				return nil
			}
			rr.Rev = max(rev, rr.Rev)
		}
		r := h.roomAt(rr)
		r.mu.Lock()
		ok := !r.gone && !p.movedAfter(rr.RoomID, rr.Rev)
		if ok {
			r.add(p, rr.Rev)
		}
		empty := len(r.members) == 0
		r.mu.Unlock()
		if empty { // his session ended meanwhile
			h.forgetIfEmpty(r)
		}
		if ok {
			return nil
		}
	}
}
