package core

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// Links lead into the app from outside: himsg://room/<uuid>[/<seq>], himsg://person/<uuid>, himsg://notice/<uuid>. Anybody
// can write one, into a mail or a page of the web, so a link only shows something that the user could reach by hand.

const (
	linkScheme = "himsg://"
	// maxPlaceBytes is more than any link needs.
	maxPlaceBytes = 128
	// maxSeqDigits keeps a seq within what the page can count.
	maxSeqDigits = 15
)

// What can be wrong with a link, in Target.Problem.
const (
	ProblemBadLink       = "bad_link"       // it is none, or says more than a link may
	ProblemUnknownRoom   = "unknown_room"   // there is no such room, or the user is not in it
	ProblemUnknownPerson = "unknown_person" // nobody here
)

// ParseLink reads a link. Nothing is decoded and nothing is left over: what is not exactly a link is refused.
func ParseLink(text string) (Target, error) {
	refused := refuse(wire.BadRequest, "", "not a link of this app")
	if len(text) > maxPlaceBytes || len(text) < len(linkScheme) || !strings.EqualFold(text[:len(linkScheme)], linkScheme) {
		return Target{}, refused
	}
	rest := strings.TrimSuffix(text[len(linkScheme):], "/") // Windows adds one
	parts := strings.Split(rest, "/")
	if len(parts) < 2 || checkID(parts[1]) != nil {
		return Target{}, refused
	}
	kind, id := parts[0], strings.ToLower(parts[1])
	switch {
	case kind == "room" && len(parts) == 2:
		return Target{RoomUUID: id}, nil
	case kind == "room" && len(parts) == 3:
		seq, ok := parseSeq(parts[2])
		if !ok {
			return Target{}, refused
		}
		return Target{RoomUUID: id, Seq: seq}, nil
	case kind == "person" && len(parts) == 2:
		return Target{UserUUID: id}, nil
	case kind == "notice" && len(parts) == 2:
		return Target{NoticeUUID: id}, nil
	}
	return Target{}, refused
}

func parseSeq(text string) (seq int64, ok bool) {
	if len(text) > maxSeqDigits || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	return seq, err == nil && seq > 0
}

// Follow opens a link that came from outside. The page shows where it leads as soon as it can: after the start, the sign-in
// or the unlocking. It also says what is wrong with a link.
func (c *Core) Follow(link string) {
	t, err := ParseLink(link)
	if err != nil {
		c.o.Logger.Warn("link refused", slog.Int("bytes", len(link)))
		t = Target{Problem: ProblemBadLink}
	}
	c.want(t)
}

// ShowSettings has the page show them: somebody chose that in the tray.
func (c *Core) ShowSettings() { c.want(Target{Settings: true}) }

// want keeps what the page is to show until it can. The latest wins.
func (c *Core) want(t Target) {
	c.mu.Lock()
	c.wanted = &t
	c.mu.Unlock()
	c.updates.Wanted()
}

// takeWanted returns what the page is to show, once: nil while there is nothing, no page, or no answer yet.
func (c *Core) takeWanted(ctx context.Context, s *session) (*Target, error) {
	c.mu.Lock()
	t, paged := c.wanted, c.paged
	c.mu.Unlock()
	if t == nil || !paged {
		return nil, nil
	}
	out := *t
	known, err := s.knows(ctx, out)
	if err != nil {
		return nil, err
	}
	if !known {
		if !s.saidAll() {
			return nil, nil // it may be new: the server knows
		}
		out = Target{Problem: ProblemUnknownRoom}
		if t.UserUUID != "" {
			out.Problem = ProblemUnknownPerson
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wanted != t {
		return nil, nil // another was asked for meanwhile, and an update for it follows
	}
	c.wanted = nil
	return &out, nil
}

// knows reports whether this device holds what a target names. Of notices it holds the latest; the page says itself when
// one is not there.
func (s *session) knows(ctx context.Context, t Target) (bool, error) {
	switch {
	case t.RoomUUID != "":
		rooms, err := s.store.RoomsByID(ctx, []string{t.RoomUUID})
		return len(rooms) > 0, err
	case t.UserUUID != "":
		_, err := s.store.Person(ctx, t.UserUUID)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
	return true, nil
}

// saidAll reports whether the server has told all that it knows, or can't be asked now.
func (s *session) saidAll() bool {
	link := s.linkNow()
	return link.State == client.LinkOnline && link.Synced || link.State == client.LinkOffline
}
