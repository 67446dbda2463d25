package core

import (
	"context"
	"sync"
	"time"

	"himsg/shared/wire"
)

// maxPendingMessages is how many changed messages of a room wait for the page. When it is that far behind, it is told to
// load the room again instead.
const maxPendingMessages = 500

// changes says what is new since the last update. Rooms are only named: their newest form is read when the update is
// made, so that a room that changed a hundred times within a moment crosses the bridge once.
type changes struct {
	full         bool
	state        bool
	settings     bool
	departments  bool
	notices      bool
	diagnosis    bool
	presenceFull bool
	unread       bool
	rooms        map[string]bool
	removed      map[string]bool
	reads        map[string]bool
	people       map[string]wire.Profile
	presence     map[string]wire.PresenceState
	messages     map[string]*messageChanges
	typing       map[Typing]bool
	admin        *wire.AdminCounts
	access       *AccessNews
	held         map[string]bool // rooms
	transfers    map[string]Transfer
}

type messageChanges struct {
	changed map[string]Message
	unsent  map[string]bool // client_ids; those that are still in the outbox are read when the update is made
	gone    map[string]bool
	reset   bool
}

func newChanges() changes {
	return changes{
		rooms: map[string]bool{}, removed: map[string]bool{}, reads: map[string]bool{}, people: map[string]wire.Profile{},
		presence: map[string]wire.PresenceState{}, messages: map[string]*messageChanges{}, typing: map[Typing]bool{},
		held: map[string]bool{}, transfers: map[string]Transfer{},
	}
}

// updates gathers changes and hands them to the page as one update every moment.
type updates struct {
	kick chan struct{}

	mu      sync.Mutex
	pending changes
}

func newUpdates() *updates {
	return &updates{kick: make(chan struct{}, 1), pending: newChanges()}
}

// note changes what waits, and wakes the goroutine that sends it.
func (u *updates) note(fn func(p *changes)) {
	u.mu.Lock()
	fn(&u.pending)
	u.mu.Unlock()
	select {
	case u.kick <- struct{}{}:
	default: // it will look anyway
	}
}

// Full says that everything may be different: another person, another store.
func (u *updates) Full() {
	u.note(func(p *changes) {
		*p = newChanges()
		p.full = true
	})
}

// Wanted says that the page is to show something: see Core.takeWanted, which every update asks.
func (u *updates) Wanted() { u.note(func(*changes) {}) }

// State says that Core.state changed.
func (u *updates) State() { u.note(func(p *changes) { p.state = true }) }

// Rooms says that rooms are new or changed; unread numbers with them.
func (u *updates) Rooms(roomUUIDs ...string) {
	u.note(func(p *changes) {
		p.unread = true
		for _, id := range roomUUIDs {
			p.rooms[id] = true
			delete(p.removed, id)
		}
	})
}

// RoomRemoved says that a room is no longer the user's.
func (u *updates) RoomRemoved(roomUUID string) {
	u.note(func(p *changes) {
		p.unread = true
		p.removed[roomUUID] = true
		delete(p.rooms, roomUUID)
		delete(p.messages, roomUUID)
		delete(p.reads, roomUUID)
	})
}

// Messages says that messages of a room are new or changed.
func (u *updates) Messages(roomUUID string, messages ...Message) {
	u.note(func(p *changes) {
		m := p.messagesOf(roomUUID)
		for _, message := range messages {
			m.add(message)
		}
	})
}

// Unsent says that a message of the outbox is new or stands differently. Only its name is kept: what was read before the
// message itself arrived must not be shown after it.
func (u *updates) Unsent(roomUUID, clientID string) {
	u.note(func(p *changes) { p.messagesOf(roomUUID).addUnsent(clientID) })
}

// Gone says that an unsent message was discarded.
func (u *updates) Gone(roomUUID, clientID string) {
	u.note(func(p *changes) {
		m := p.messagesOf(roomUUID)
		delete(m.changed, clientID)
		delete(m.unsent, clientID)
		m.gone[clientID] = true
	})
}

// Reset says that the page has to load a room's messages again.
func (u *updates) Reset(roomUUID string) {
	u.note(func(p *changes) { p.messagesOf(roomUUID).clear() })
}

// Notices says that the notices are others, or stand differently.
func (u *updates) Notices() { u.note(func(p *changes) { p.notices = true }) }

// Held says that other files wait in a room's composer.
func (u *updates) Held(roomUUID string) { u.note(func(p *changes) { p.held[roomUUID] = true }) }

// Transfer says how far a transfer has come.
func (u *updates) Transfer(t Transfer) { u.note(func(p *changes) { p.transfers[t.ID] = t }) }

// Reads says that somebody has read a room further.
func (u *updates) Reads(roomUUID string) {
	u.note(func(p *changes) { p.reads[roomUUID] = true })
}

func (p *changes) messagesOf(roomUUID string) *messageChanges {
	m := p.messages[roomUUID]
	if m == nil {
		m = &messageChanges{changed: map[string]Message{}, unsent: map[string]bool{}, gone: map[string]bool{}}
		p.messages[roomUUID] = m
	}
	return m
}

// add puts a message in place of an older form.
func (m *messageChanges) add(message Message) {
	if held, ok := m.changed[message.ClientID]; m.reset || ok && held.Rev > message.Rev {
		return
	}
	delete(m.gone, message.ClientID)
	m.changed[message.ClientID] = message
	m.limit()
}

func (m *messageChanges) addUnsent(clientID string) {
	if m.reset {
		return
	}
	delete(m.gone, clientID)
	m.unsent[clientID] = true
	m.limit()
}

func (m *messageChanges) limit() {
	if len(m.changed)+len(m.unsent) > maxPendingMessages {
		m.clear()
	}
}

func (m *messageChanges) clear() {
	m.changed, m.unsent, m.gone, m.reset = map[string]Message{}, map[string]bool{}, map[string]bool{}, true
}

// run sends updates until ctx ends: what changed within batch goes out together. render reads the newest form of what
// changed; emit is never called twice at a time.
func (u *updates) run(ctx context.Context, batch time.Duration, emit func(context.Context, changes)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-u.kick:
		}
		if !pause(ctx, batch) {
			return
		}
		u.mu.Lock()
		p := u.pending
		u.pending = newChanges()
		u.mu.Unlock()
		emit(ctx, p)
	}
}

// pause waits, and reports whether it waited to the end.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
