package hub

import (
	"context"
	"encoding/json"

	"himsg/server/internal/bus"
)

// Membership is the database as the hub needs it: the truth behind the bus.
type Membership interface {
	// RoomsOf returns the rooms of a user with their revs, and his own, at the time of reading.
	RoomsOf(ctx context.Context, userID int64) ([]RoomRev, error)
	// ChangedRooms returns the rooms whose changed_at is at or after since (UTC milliseconds), with their revs, at most
	// limit of them, oldest change first.
	ChangedRooms(ctx context.Context, since int64, limit int) ([]RoomRev, error)
	// MembersOf returns the present members (user ids) of a room and the rev at which that was read.
	MembersOf(ctx context.Context, roomID int64) (users []int64, rev int64, err error)
	// RevokedSince returns sessions revoked at or after a time.
	RevokedSince(ctx context.Context, since int64, limit int) ([]string, error)
	// ReadsSince returns read cursors that moved at or after a time, at most limit of them, the oldest move first.
	ReadsSince(ctx context.Context, since int64, limit int) ([]bus.Read, error)
}

// Repair rebuilds what the bus lost: the events of a room after a rev, in order, as services would have published them.
// A nil slice with resync true means too much was lost: the room's sessions get resync.
type Repair interface {
	EventsSince(ctx context.Context, roomID, afterRev int64) (events []bus.Event, resync bool, err error)
	// ReadEvents tells of read cursors as services would have published them.
	ReadEvents(ctx context.Context, moved []bus.Read) ([]bus.Event, error)
}

// Remote is the part of a bus that brings what other nodes publish.
type Remote interface {
	// Watch asks for the events of a room, Unwatch ends that. Neither waits; what comes in the next moment may be missed.
	Watch(roomID int64)
	Unwatch(roomID int64)
	// State says what may be lost.
	State() bus.State
}

// alone is the Remote of a node that is the only one.
type alone struct{}

func (alone) Watch(int64)      {}
func (alone) Unwatch(int64)    {}
func (alone) State() bus.State { return bus.State{} }

// RoomRev is a room at a revision.
type RoomRev struct {
	RoomID   int64
	RoomUUID string
	Rev      int64
	// MetaRev and ChangedAt are filled by ChangedRooms: the rev of the last change that was not a message's, and when the
	// room last changed (UTC milliseconds).
	MetaRev   int64
	ChangedAt int64
	// MyRev and Hidden are filled by RoomsOf, for the session's first sync: the user's own rev of it, and whether he has put it away.
	MyRev  int64
	Hidden bool
}

// Outgoing is an event as a session's writer sends it: one encoded envelope.
type Outgoing = json.RawMessage

// Metrics is told what happens; all methods must be cheap and safe for use by several goroutines.
type Metrics interface {
	// SessionOpened and SessionClosed bracket each session.
	SessionOpened()
	SessionClosed()
	// Delivered counts events put on sessions' queues.
	Delivered(n int)
	// Overflowed counts sessions whose queue was dropped.
	Overflowed()
	// Repaired counts rooms that were brought up to date from the database.
	Repaired()
}

type noMetrics struct{}

func (noMetrics) SessionOpened() {}
func (noMetrics) SessionClosed() {}
func (noMetrics) Delivered(int)  {}
func (noMetrics) Overflowed()    {}
func (noMetrics) Repaired()      {}
