package hub_test

import (
	"context"
	"encoding/json"
	"fmt"

	"himsg/server/internal/hub"
	"himsg/shared/wire"
)

// client is a session with what its owner holds, and the first rule that the hub broke.
type client struct {
	w       *world
	user    int64
	session *hub.Session
	held    map[int64]int64 // room → rev up to which it is known
	last    map[int64]int64 // room → last rev delivered
	closed  int             // close code
	resyncs int
	events  int
	listed  int // syncs by the hub's list
	broken  string
}

func connect(w *world, h *hub.Hub, user int64) (*client, error) {
	c := &client{w: w, user: user, held: map[int64]int64{}, last: map[int64]int64{}}
	c.session = hub.NewSession(hub.Who{
		UserID: user, UserUUID: fmt.Sprint(user), SessionUUID: fmt.Sprintf("session-%p", c),
	}, func(bool) {})
	if err := h.Attach(context.Background(), c.session); err != nil {
		return nil, err
	}
	c.sync()
	return c, nil
}

// sync compares with what the hub read when it attached the session, if that is still good, or reads the database, as the sync
// operation does.
func (c *client) sync() {
	if rooms := c.session.Rooms(); rooms != nil {
		c.listed++
		for _, r := range rooms {
			c.held[r.RoomID] = r.Rev
		}
		return
	}
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	for id, t := range c.w.rooms {
		if t.in(c.user) {
			c.held[id] = t.rev
		} else {
			delete(c.held, id)
		}
	}
}

// take reads everything that stands in the queue.
func (c *client) take() {
	var b hub.Batch
	for {
		c.session.Take(&b, 64, 16<<10)
		for _, out := range b.Out {
			c.hear(out)
		}
		if b.Closing != nil {
			c.closed = b.Closing.Code
		}
		if len(b.Out) == 0 {
			return
		}
	}
}

func (c *client) hear(out []byte) {
	var e wire.Envelope
	var n note
	if err := json.Unmarshal(out, &e); err != nil {
		c.fault("envelope %s: %v", out, err)
		return
	}
	if err := json.Unmarshal(e.D, &n); err != nil {
		c.fault("data %s: %v", out, err)
		return
	}
	c.events++
	var room int64
	if n.RoomUUID != "" {
		if _, err := fmt.Sscanf(n.RoomUUID, "room-%d", &room); err != nil {
			c.fault("room %q", n.RoomUUID)
		}
	}
	switch e.Ev {
	case wire.EvResync:
		c.resyncs++
		c.sync()
	case wire.EvRoomRemoved:
		delete(c.held, room)
	case wire.EvMessage, wire.EvRoom:
		c.change(room, n.Rev)
	}
}

// change checks the hub's promises about one revisioned event.
func (c *client) change(room, rev int64) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	t := c.w.rooms[room]
	if rev <= c.last[room] {
		c.fault("room %d: rev %d delivered after %d", room, rev, c.last[room])
	}
	c.last[room] = rev
	if !t.memberAt(c.user, rev) {
		c.fault("room %d: user %d heard of rev %d, but was no member: %v", room, c.user, rev, t.stays[c.user])
	}
	held, known := c.held[room]
	if !known || t.joinedAt(c.user, rev) { // a new room to him, or one that begins anew
		c.held[room] = max(held, rev)
		return
	}
	for missing := held + 1; missing < rev; missing++ {
		if _, exists := t.survivors[missing]; exists && t.memberAt(c.user, missing) {
			c.fault("room %d: rev %d came after %d, but %d is there", room, rev, held, missing)
		}
	}
	c.held[room] = max(held, rev)
}

func (c *client) fault(format string, args ...any) {
	if c.broken == "" {
		c.broken = fmt.Sprintf(format, args...)
	}
}

// behind says what the client doesn't know, though nothing happens any more.
func (c *client) behind() string {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	for id, t := range c.w.rooms {
		held, known := c.held[id]
		switch {
		case t.in(c.user) && (!known || held != t.rev):
			return fmt.Sprintf("user %d holds rev %d (%v) of room %d, which is at %d", c.user, held, known, id, t.rev)
		case known && !t.in(c.user) && !t.stays[c.user][len(t.stays[c.user])-1].short:
			// A stay of a moment whose events are both lost leaves no trace; a sync of the client's own may have seen it.
			return fmt.Sprintf("user %d still holds room %d", c.user, id)
		}
	}
	return ""
}
