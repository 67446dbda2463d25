package client

import (
	"context"
	"maps"
	"sync"

	"himsg/shared/wire"
)

// Memory is a Replica in memory, for tests, benches and bots. The zero value is not usable; see NewMemory. Its methods are
// safe for concurrent use.
type Memory struct {
	me        string // whose mentions are counted; empty: nobody's
	mu        sync.Mutex
	changed   chan struct{} // closed and replaced at each change
	rooms     map[string]*MemoryRoom
	people    map[string]wire.Profile
	branches  map[string]wire.Department
	directory int64
	epoch     int64
}

// NewMemory returns an empty replica.
func NewMemory() *Memory {
	return &Memory{
		changed:  make(chan struct{}),
		rooms:    map[string]*MemoryRoom{},
		people:   map[string]wire.Profile{},
		branches: map[string]wire.Department{},
	}
}

// NewMemoryOf returns an empty replica that knows which messages outside of what it holds mention a user.
func NewMemoryOf(userUUID string) *Memory {
	m := NewMemory()
	m.me = userUUID
	return m
}

// Held implements Replica.
func (m *Memory) Held(context.Context) (HeldState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	state := HeldState{Rooms: make(map[string]Held, len(m.rooms)), DirectoryRev: m.directory, Epoch: m.epoch}
	for uuid, room := range m.rooms {
		state.Rooms[uuid] = room.Held
	}
	return state, nil
}

// StartAnew implements Replica.
func (m *Memory) StartAnew(_ context.Context, epoch int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.wake()
	clear(m.rooms)
	clear(m.people)
	clear(m.branches)
	m.directory, m.epoch = 0, epoch
	return nil
}

// ApplyRooms implements Replica.
func (m *Memory) ApplyRooms(_ context.Context, changed []RoomChange, removed []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.wake()
	for _, change := range changed {
		m.applyRoom(change)
	}
	for _, uuid := range removed {
		delete(m.rooms, uuid)
	}
	return nil
}

// ApplyMessages implements Replica.
func (m *Memory) ApplyMessages(_ context.Context, batches []MessageBatch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.wake()
	for _, batch := range batches {
		if room := m.rooms[batch.RoomUUID]; room != nil {
			room.apply(batch, m.me)
		}
	}
	return nil
}

// ApplyHidden implements Replica.
func (m *Memory) ApplyHidden(_ context.Context, roomUUID string, seqs []int64, rev int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.wake()
	room := m.rooms[roomUUID]
	if room == nil {
		return nil
	}
	for _, seq := range seqs {
		room.Hidden[seq] = true
	}
	room.Held.HiddenRev = max(room.Held.HiddenRev, rev)
	return nil
}

// ApplyReads implements Replica. A histogram is not kept.
func (m *Memory) ApplyReads(_ context.Context, read wire.Read) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.wake()
	room := m.rooms[read.RoomUUID]
	if room == nil {
		return nil
	}
	for _, cursor := range read.Reads {
		room.Reads[cursor.UserUUID] = max(room.Reads[cursor.UserUUID], cursor.Seq)
	}
	return nil
}

// ApplyDirectory implements Replica.
func (m *Memory) ApplyDirectory(_ context.Context, page wire.DirectoryPage) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.wake()
	for _, person := range page.Users {
		if held, ok := m.people[person.UserUUID]; !ok || held.Rev < person.Rev {
			m.people[person.UserUUID] = person
		}
	}
	for _, branch := range page.Departments {
		if held, ok := m.branches[branch.DepartmentUUID]; !ok || held.Rev < branch.Rev {
			m.branches[branch.DepartmentUUID] = branch
		}
	}
	m.directory = max(m.directory, page.Rev)
	return nil
}

// wake lets Wait look again; mu is held.
func (m *Memory) wake() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// Wait returns nil as soon as what is held satisfies done, or the context's error. done is called again after each change.
func (m *Memory) Wait(ctx context.Context, done func(*Memory) bool) error {
	for {
		m.mu.Lock()
		changed := m.changed
		m.mu.Unlock()
		if done(m) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Room returns a copy of a room.
func (m *Memory) Room(uuid string) (MemoryRoom, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	room, ok := m.rooms[uuid]
	if !ok {
		return MemoryRoom{}, false
	}
	out := *room
	out.Messages, out.Hidden, out.Reads = maps.Clone(room.Messages), maps.Clone(room.Hidden), maps.Clone(room.Reads)
	return out, true
}

// HeldOf returns what is held of a room; it is cheaper than Room.
func (m *Memory) HeldOf(uuid string) (Held, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	room, ok := m.rooms[uuid]
	if !ok {
		return Held{}, false
	}
	return room.Held, true
}

// Rooms returns the summaries of all rooms by room_uuid.
func (m *Memory) Rooms() map[string]wire.RoomSummary {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make(map[string]wire.RoomSummary, len(m.rooms))
	for uuid, room := range m.rooms {
		out[uuid] = room.Summary
	}
	return out
}

// People returns the directory's people by user_uuid.
func (m *Memory) People() map[string]wire.Profile {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.people)
}

// Departments returns the directory's departments by department_uuid.
func (m *Memory) Departments() map[string]wire.Department {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.branches)
}
