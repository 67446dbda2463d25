package client

import (
	"context"

	"himsg/shared/wire"
)

// Held is what a replica holds of one room.
//
// Rev: all changes up to it of the messages Lo…Hi are held. Messages outside of Lo…Hi are not held at all. Hi 0: none are
// held, and Rev may be just that of a summary which told of the last message. Within Lo…Hi a seq may be missing while a repair is under way: its revision is
// above Rev, so it comes.
//
// HiddenRev: the messages that the reader hid up to that my.rev are known; HiddenDue: up to which he is known to have
// hidden some.
type Held struct {
	Rev       int64
	MyRev     int64
	HiddenRev int64
	HiddenDue int64
	Lo, Hi    int64
	Border    int64 // messages up to it are not the reader's to see: they are from before he joined
	LastSeq   int64 // the room's newest message at Rev
	JoinedSeq int64 // of the reader; another one means that he left and came back
	Activity  int64 // milliseconds since 1970 of the newest message, to repair the busiest rooms first
}

// HasOlder reports whether there may be messages below the held ones.
func (h Held) HasOlder() bool {
	if h.Hi == 0 {
		return h.LastSeq > h.Border
	}
	return h.Lo > h.Border+1
}

// HeldState is all that a replica holds, by room_uuid. Epoch names the server's history that its numbers belong to.
type HeldState struct {
	Rooms        map[string]Held
	DirectoryRev int64
	Epoch        int64
}

// RoomChange is a room that is new or changed. Summary.My and Summary.Other may be nil: keep what is held. Stale: only
// Summary.My is newer than what is held; take nothing else. Reset: drop the room's messages and what the reader hid; Held
// says what remains. Without Reset, drop what is at or below Held.Border.
type RoomChange struct {
	Summary wire.RoomSummary
	Held    Held
	Stale   bool
	Reset   bool
}

// MessageBatch is a run of messages of one room. Store those with Held.Lo ≤ Seq ≤ Held.Hi, each in place of what is held
// if its Rev is higher; any of them may be the room's newest message. Then Held is what is held.
type MessageBatch struct {
	RoomUUID string
	Messages []wire.Message
	Held     Held
	Reset    bool // drop the room's messages first
	Live     bool // an event told of them just now; false: they were caught up with or are a page of history
}

// Replica is where a Syncer keeps what the server said. Each method is one transaction: done whole, or an error and not at
// all. An error other than that ctx ended stops the Syncer. The Syncer calls one method at a time.
//
// Never lower a message's Rev; a tombstone wipes the text. Repeats are harmless.
type Replica interface {
	// Held returns what is held; it is called once, when the Syncer starts.
	Held(ctx context.Context) (HeldState, error)
	// StartAnew drops all that is held, and notes the history that what follows belongs to. The Syncer calls it only while no
	// room and nothing of the directory is held.
	StartAnew(ctx context.Context, epoch int64) error
	// ApplyRooms stores changed rooms and drops removed ones with all that belongs to them.
	ApplyRooms(ctx context.Context, changed []RoomChange, removed []string) error
	// ApplyMessages stores messages and what is held of their rooms then.
	ApplyMessages(ctx context.Context, batches []MessageBatch) error
	// ApplyHidden adds messages, held or not, to what the reader hid for himself in a room; then that is known up to rev of
	// his own row (Held.HiddenRev).
	ApplyHidden(ctx context.Context, roomUUID string, seqs []int64, rev int64) error
	// ApplyReads takes read cursors, the reader's own (from his other devices) among them. Cursors only grow.
	ApplyReads(ctx context.Context, read wire.Read) error
	// ApplyDirectory stores people and departments by their Rev; then the directory is held up to page.Rev.
	ApplyDirectory(ctx context.Context, page wire.DirectoryPage) error
}
