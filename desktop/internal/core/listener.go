package core

import (
	"context"
	"log/slog"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// listener hears of the connection and of what is not kept in the store. Its methods hold up the events behind them, so
// they only take notes and wake others.
type listener struct{ s *session }

// Link implements client.Listener.
func (l listener) Link(_ context.Context, link client.Link) {
	s := l.s
	before := s.setLink(link)
	online, was := link.State == client.LinkOnline, before.State == client.LinkOnline
	if online != was {
		s.keeper.ShowUnsent() // waiting ones become sending ones, or the other way round
	}
	switch {
	case online && !was:
		s.keeper.Introduce()
		s.outbox.KickAll()
		s.reads.Wake()
	case !online && was:
		s.keeper.Left()
		s.readers.Unknown()
		s.changePresence(func() ([]wire.UserPresence, bool) {
			s.presence.Clear()
			return nil, true
		})
	}
	if online && link.Synced && !before.Synced {
		s.keeper.Synced()
		s.board.Ask()
	}
}

// Events implements client.Listener.
func (l listener) Events(_ context.Context, events []client.Event) {
	for _, e := range events {
		l.event(e)
	}
}

func (l listener) event(e client.Event) {
	s := l.s
	switch data := e.Data.(type) {
	case *wire.Welcome:
		s.welcome(*data)
	case *wire.Presence:
		s.changePresence(func() ([]wire.UserPresence, bool) { return s.presence.Apply(*data) })
	case *wire.Typing:
		if data.UserUUID != s.me && s.opened.Has(data.RoomUUID) {
			s.updates.note(func(p *changes) { p.typing[Typing{RoomUUID: data.RoomUUID, UserUUID: data.UserUUID}] = true })
		}
	case *wire.AdminCounts:
		s.setAdminCounts(data)
	case *wire.NoticesChanged:
		s.board.Hint(data.Rev)
	case *wire.AccessChanged:
		s.keeper.AccessChanged()
	}
	if e.Ev == wire.EvResync { // events were dropped; this may have been among them
		s.board.Ask()
	}
}

// changePresence makes a change and tells the page of it; full: nobody else is there. Events and the directory come by different goroutines;
// the page hears of changes in the order in which they were made.
func (s *session) changePresence(change func() (users []wire.UserPresence, full bool)) {
	s.presenceTold.Lock()
	defer s.presenceTold.Unlock()
	users, full := change()
	if len(users) == 0 && !full {
		return
	}
	s.updates.note(func(p *changes) {
		if full {
			p.presence, p.presenceFull = map[string]wire.PresenceState{}, true
		}
		for _, u := range users {
			p.presence[u.UserUUID] = u.State
		}
	})
}

func (s *session) welcome(w wire.Welcome) {
	s.log.Info("connected", slog.String("session_uuid", w.SessionUUID), slog.String("server_version", w.Version))
	s.mu.Lock()
	s.version, s.limits = w.Version, w.Limits
	s.clockOffset = w.ServerTime.Sub(s.o.Clock.Now())
	s.mu.Unlock()
	s.presence.Expect()
	if w.User.UserUUID == s.me {
		s.account.profileChanged(w.User)
	}
}

func (s *session) serverVersion() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

// serverNow is the time by the server's clock, by which messages are stamped.
func (s *session) serverNow() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o.Clock.Now().Add(s.clockOffset)
}

func (s *session) setAdminCounts(counts *wire.AdminCounts) {
	s.mu.Lock()
	s.admin = counts
	s.mu.Unlock()
	s.updates.note(func(p *changes) { p.admin = counts })
}

func (s *session) adminCounts() *wire.AdminCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.admin
}
