package chat

import (
	"context"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Every method of these ports is one transaction. Refusals come back as *errs.Error; a database that is away as
// wire.Unavailable. now is always the caller's clock, UTC milliseconds.

// Draft is a message on its way into the database.
type Draft struct {
	RoomID     int64
	Sender     model.Actor
	ClientID   string
	Text       string
	ReplyToSeq int64 // 0: none; must be a seq of the room
	Mentions   []int64
	// MentionAll calls every member; forbidden unless the sender may. In rooms of one or two it says nothing.
	MentionAll bool
	// ForwardedFrom is the message_id of the one that Text was taken from, 0: none. If it was deleted meanwhile: not_found.
	ForwardedFrom int64
	// FileIDs are files (file_uuids, each once) that the sender uploaded and that are ready: not_found for others' and
	// unknown ones, conflict (file_not_ready, file_used), or why the file was refused.
	FileIDs []string
	// ForwardedFiles is how many files the original has: they hang on this message too. If it was deleted meanwhile: not_found.
	ForwardedFiles int
	Now            int64
}

// Appended is a stored message. Duplicate: this (sender, client_id) was stored before; Message is the first one, also if
// it is in another room or was deleted since.
type Appended struct {
	Message   model.Message
	Duplicate bool
}

// Messages stores, changes and reads messages; ports_message.go has its parts.
type Messages interface {
	// Append stores a draft by group commit and returns after the commit. It checks, within the transaction, that the
	// sender is a present member and may write (not_found if not), allots seq and rev, moves the sender's cursor.
	Append(ctx context.Context, d Draft) (Appended, error)
	// Submit is Append that doesn't wait: it hands the draft over and returns. Drafts to one room are stored in the order
	// of their Submit calls. done is called exactly once, after the commit or with the refusal, from a goroutine of the
	// store and in seq order within a room, so that events leave in order; it doesn't block.
	Submit(ctx context.Context, d Draft, done func(Appended, error))
	// Mentioned returns the ids of those of the named people (user_uuids) who are present members of a room.
	Mentioned(ctx context.Context, roomID int64, uuids []string) ([]int64, error)
	// Source returns a person's message that the user may pass on; not_found (source_gone) if he can't see it or it was
	// deleted.
	Source(ctx context.Context, userID, messageID int64) (model.Message, error)

	Altering
	Paging
	Hides
}

// RoomView is a room with what a summary needs.
type RoomView struct {
	Room        model.Room
	My          model.Member
	MemberCount int
	Members     []string // user_uuids, the first wire.MaxSummaryMembers by joining
	Owners      []string // user_uuids of a group's owners, the first wire.MaxSummaryMembers by joining
	Other       *model.User
	Last        *model.Message // nil: none that this member may see
	Pins        []int64        // seqs, the latest pin last
	MentionSeqs []int64        // unread messages that mention this member, ascending, the newest wire.MaxMentionSeqs
}

// Rooms reads rooms as one member sees them.
type Rooms interface {
	// RoomFor returns a room and the actor's row in it; not_found unless he is a present member.
	RoomFor(ctx context.Context, userID int64, roomUUID string) (model.Room, model.Member, error)
	// RoomByID returns a room for the server's own use (repair of lost events); not_found if there is none.
	RoomByID(ctx context.Context, roomID int64) (model.Room, error)
	// DirectWith returns the existing room of a pair (or, with one's own UUID, the memo) without making one, and the other
	// person in whatever state his account is; not_found if there is none.
	DirectWith(ctx context.Context, userID int64, otherUUID string) (roomUUID string, other model.User, err error)
	// RoomList returns every room of a user with its revisions: what sync compares. One query.
	RoomList(ctx context.Context, userID int64) ([]model.RoomRef, error)
	// RoomViews returns summaries of some of the user's rooms in a fixed number of queries.
	RoomViews(ctx context.Context, userID int64, roomIDs []int64) ([]RoomView, error)
	// Members returns the present members of a room by joining, all of them.
	Members(ctx context.Context, roomID int64) ([]model.Member, error)
}

// NewRoom describes a room to make. Creator becomes its owner and is among Members (user ids).
type NewRoom struct {
	UUID      string
	Kind      wire.RoomKind
	Name      string
	Creator   model.Actor
	Members   []int64
	CreateKey string // not empty: a repeat by the same creator returns the first room
	Now       int64
}

// RoomChange is what a change of membership did.
type RoomChange = model.RoomChange

// Membership makes rooms and changes who is in them.
type Membership interface {
	// CreateRoom stores a group with its members and its first system line.
	CreateRoom(ctx context.Context, r NewRoom) (RoomChange, error)
	// DirectRoom returns the room of a pair (or, with other == actor, the memo to oneself), made if there is none.
	DirectRoom(ctx context.Context, actor model.Actor, otherID int64, newUUID string, now int64) (RoomChange, error)
	// LeaveRoom ends the actor's membership of a group, with a system line.
	LeaveRoom(ctx context.Context, actor model.Actor, roomUUID string, now int64) (RoomChange, error)
	// HideRoom hides a direct or self room for the actor until something new comes.
	HideRoom(ctx context.Context, actor model.Actor, roomUUID string, now int64) (model.Room, error)
	// CloseRoom ends a group for all members (its owner only), and writes that into the audit.
	CloseRoom(ctx context.Context, actor model.Actor, roomUUID string, now int64) (RoomChange, error)
}

// Mark is one member's wish to have read up to a seq.
type Mark struct {
	RoomID int64
	UserID int64
	Seq    int64
	Now    int64
}

// Cursors stores read cursors.
type Cursors interface {
	// MarkRead moves cursors, never back and never beyond the room's last seq; marks that arrive while a commit is under
	// way go together into the next one. It returns after the commit where this cursor stands and whether it moved.
	MarkRead(ctx context.Context, m Mark) (lastRead int64, moved bool, err error)
	// Cursors returns the present members' cursors of a room.
	Cursors(ctx context.Context, roomID int64) ([]wire.MemberRead, error)
}

// People looks persons up.
type People interface {
	// ActiveUsers returns the active users with these UUIDs, in any order; unknown and inactive ones are left out.
	ActiveUsers(ctx context.Context, uuids []string) ([]model.User, error)
}

// Directory tells how far the directory has come.
type Directory interface {
	DirectoryRev(ctx context.Context) (int64, error)
}

// Publisher tells the hubs.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}
