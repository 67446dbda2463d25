package chat

import (
	"context"

	"himsg/server/internal/model"
)

// Edit is a new text for a message.
type Edit struct {
	MessageID  int64
	Text       string   // may be empty if the message has files
	Mentions   []string // user_uuids; who is no present member is left out
	MentionAll bool
	BaseRev    int64 // the rev that the editor saw, 0: whatever it is
	Now        int64
}

// Reaction sets or clears one emoji of the actor under a message.
type Reaction struct {
	MessageID int64
	Emoji     string
	On        bool
	Now       int64
}

// Pin pins a message or takes the pin off.
type Pin struct {
	MessageID int64
	On        bool
	Now       int64
}

// PinChange is what a Pin did: Message took a rev, which is the room's MetaRev too, and System (of a new pin) the next one.
type PinChange struct {
	Message model.Message
	System  *model.Message
	Changed bool // false: a repeat that changed nothing
}

// Altering changes stored messages. Each change takes one rev of the room and returns the message as it is now; a repeat
// changes nothing and returns it too. Refusals: not_found if the actor can't see the message, conflict (message_deleted)
// for a deleted one, forbidden where he may not, bad_request beyond a limit.
type Altering interface {
	// Delete makes a tombstone of the sender's own message, for everyone. A repeat returns the tombstone. A pinned one loses
	// its pin: then the rev is the room's MetaRev too.
	Delete(ctx context.Context, actor model.Actor, messageID, now int64) (m model.Message, changed bool, err error)
	// Edit replaces text and mentions of the actor's own message and keeps the version before. conflict (edit_conflict) if
	// its text was changed after BaseRev.
	Edit(ctx context.Context, actor model.Actor, e Edit) (m model.Message, changed bool, err error)
	// React sets or clears a reaction.
	React(ctx context.Context, actor model.Actor, r Reaction) (m model.Message, changed bool, err error)
	// Pin pins or unpins; a new pin leaves a system line.
	Pin(ctx context.Context, actor model.Actor, p Pin) (PinChange, error)
	// Pins returns the seqs of a room's pinned messages, the latest pin last.
	Pins(ctx context.Context, roomID int64) ([]int64, error)
}

// Paging reads messages that a member may see.
type Paging interface {
	// History returns up to limit messages before a seq (0: the newest), oldest first; more: there are older ones.
	History(ctx context.Context, room model.Room, member model.Member, before int64, limit int) (page []model.Message, more bool, err error)
	// HistoryFrom returns up to limit messages at and after a seq, oldest first; more: there are newer ones.
	HistoryFrom(ctx context.Context, room model.Room, member model.Member, from int64, limit int) (page []model.Message, more bool, err error)
	// FirstAt returns the seq of the first message that was written at or after an instant, 0 if there is none.
	FirstAt(ctx context.Context, room model.Room, member model.Member, at int64) (seq int64, err error)
	// MessagesAt returns messages by their seqs, in order; those that are not there are left out.
	MessagesAt(ctx context.Context, room model.Room, member model.Member, seqs []int64) ([]model.Message, error)
	// Changes returns up to limit messages with a rev above after, by rev.
	Changes(ctx context.Context, room model.Room, member model.Member, after int64, limit int) ([]model.Message, error)
}

// Spot is a message's place.
type Spot struct{ RoomID, Seq int64 }

// Hides keeps what people deleted for themselves alone.
type Hides interface {
	// Hide hides messages for the actor, all or none: not_found if he can't see one of them. It returns the rooms in which
	// something changed; his MyRev grew by one in each.
	Hide(ctx context.Context, actor model.Actor, messageIDs []int64) (changed []model.Room, err error)
	// Hidden returns about limit seqs that the member hid after a MyRev, by it: those of one MyRev come together. rev is how
	// far that reaches.
	Hidden(ctx context.Context, member model.Member, after int64, limit int) (seqs []int64, rev int64, more bool, err error)
	// HiddenAmong returns those of some messages that a person has hidden.
	HiddenAmong(ctx context.Context, userID int64, spots []Spot) (map[Spot]bool, error)
}
