// Package bus carries events from the services to every node's hub. It is a hint, never a promise: what is lost on it,
// doubled or out of order, the hub repairs from the database by revision.
//
// Services publish, hub subscribes. Local is the bus of one node; natsbus beneath carries events between several.
package bus

import (
	"context"
	"encoding/json"

	"himsg/shared/wire"
)

// Event is one thing that sessions should hear of.
//
// A revisioned event (Rev > 0) is one change of a room: the hub delivers a room's changes in rev order, to those who are
// members at that rev, and Join and Leave change who that is. Its Data goes to all members as one encoding, except that
// Personal, where it has an entry for a user, replaces it. An event without Rev goes out at once: to the room's present
// members (RoomID), to the named users (Users), or, with neither, to every session.
type Event struct {
	Ev         wire.Ev
	Data       json.RawMessage // the event's d
	RoomID     int64
	RoomUUID   string
	Rev        int64
	Join       []int64 // users who are members from this rev on
	Leave      []int64 // users who are not, from this rev on: they get room_removed instead of the event
	Users      []int64
	Except     int64                     // a user who need not hear of it (who is typing)
	Personal   map[int64]json.RawMessage // by user; an empty entry: he is told nothing
	AdminsOnly bool                      // only to sessions of administrators
	Numbered   *bool                     // only to sessions that take presence by number, or only to those that don't; nil: to both
	Revoked    []string                  // sessions (session_uuid) that ended: close them with wire.CloseRevoked
	RevokedFor wire.Reason               // why, for who asks with their tokens
	Reread     []string                  // sessions whose account may do something else now: they connect anew
}

// Bus publishes and subscribes. Publish never blocks for longer than it takes to hand the event over, and never fails: a
// lost event is repaired. Events of one publisher about one room arrive in order on a bus that loses none.
type Bus interface {
	Publish(ctx context.Context, e Event)
	// Subscribe calls fn for each event, from one goroutine, until the returned function is called; that waits for fn.
	Subscribe(fn func(Event)) (cancel func())
}

// State is what a hub must know of a bus between nodes. The zero value is that of one node, which loses nothing.
type State struct {
	// Deaf: what other nodes publish does not come, or not all of it: there is no connection, or a node is silent.
	Deaf bool
	// Outages grows when that is over; what was published meanwhile was lost.
	Outages uint64
	// Missed grows when single events were lost.
	Missed uint64
}

// Read is a read cursor that moved.
type Read struct {
	RoomID   int64
	RoomUUID string
	UserID   int64
	UserUUID string
	Seq      int64
	At       int64 // UTC milliseconds
}
