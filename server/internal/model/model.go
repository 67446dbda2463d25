// Package model holds what the company's messenger is about (people, rooms, messages, sessions) and the rules that need
// nothing else: no clock, no database, no network. Services and sqlstore import it; it imports only errs and wire's words.
//
// Times are UTC milliseconds since 1970; 0 means never.
package model

import (
	"strconv"

	"himsg/shared/wire"
)

// User is an account.
type User struct {
	ID           int64
	UUID         string
	Username     string
	EmployeeID   string
	Email        string
	Name         string
	BirthDate    string // YYYY-MM-DD or empty
	Position     string // 직책
	Grade        string // 직급
	Department   string
	DepartmentID int64 // 0: none in the tree
	// DepartmentUUID is read with the user; it is not stored with him.
	DepartmentUUID string
	Phone          string
	StatusText     string
	PictureUUID    string
	Icon           string // an emoji, of a bot
	PasswordHash   string // PHC string; empty: none yet, or not this server's
	Source         string // SourceLDAP, SourceOIDC, or empty: an account of this server's own
	Role           wire.UserRole
	State          wire.UserState
	RejectReason   string
	Rev            int64 // directory_rev of the last change, 0 while not in the directory
	CreatedAt      int64
	UpdatedAt      int64
	DecidedAt      int64
	DecidedBy      int64
	DeletedAt      int64
}

// Actor is who asks: an active user with a live session. Services take it as an argument and trust it.
type Actor struct {
	UserID      int64
	UserUUID    string
	SessionUUID string
	Role        wire.UserRole
	RemoteAddr  string
	// Bot: an integration. It is a member of no room; which rooms it may act in was decided before.
	Bot bool
}

// IsAdmin reports whether the actor may administer people.
func (a Actor) IsAdmin() bool { return a.Role.IsAdmin() }

// Profile is the user as colleagues see him. A deleted one keeps only what old messages need.
func (u User) Profile() wire.Profile {
	if u.State == wire.UserDeleted {
		return wire.Profile{UserUUID: u.UUID, Number: u.ID, Role: wire.RoleUser, State: u.State, Rev: u.Rev}
	}
	if u.State == wire.UserBot {
		return wire.Profile{
			UserUUID: u.UUID, Number: u.ID, Name: u.Name, Role: wire.RoleUser, State: wire.UserDisabled, Bot: true, Icon: u.Icon, Rev: u.Rev,
		}
	}
	return wire.Profile{
		UserUUID: u.UUID, Number: u.ID, Name: u.Name, Username: u.Username, EmployeeID: u.EmployeeID,
		Department: u.Department, DepartmentUUID: u.DepartmentUUID, Position: u.Position, Grade: u.Grade,
		Email: u.Email, Phone: u.Phone, StatusText: u.StatusText, Picture: u.PictureUUID, Role: u.Role, State: u.State,
		Rev: u.Rev,
	}
}

// Department is a node of the organisation's tree.
type Department struct {
	ID         int64
	UUID       string
	ParentID   int64
	ParentUUID string
	Name       string
	HeadUUID   string
	Sort       int
	Rev        int64
	CreatedAt  int64
	DeletedAt  int64
}

// Session is a signed-in device.
type Session struct {
	ID           int64
	UUID         string
	UserID       int64
	DeviceID     int64
	RemoteAddr   string
	CreatedAt    int64
	LastSeenAt   int64
	ExpiresAt    int64
	RevokedAt    int64
	RevokeReason string
}

// DeviceSession is a live session with its device.
type DeviceSession struct {
	Session
	Device Device
}

// PersonSession is a live session, its device and whose it is.
type PersonSession struct {
	DeviceSession
	UserUUID   string
	Name       string
	Username   string
	Department string
}

// Device names where a session runs.
type Device struct {
	UUID       string
	Name       string
	Platform   string
	AppVersion string
}

// RoomRef is a room of a person, as sync compares it.
type RoomRef struct {
	RoomID   int64
	RoomUUID string
	Rev      int64
	MyRev    int64
	Hidden   bool // he has put it away
}

// Room is a conversation.
type Room struct {
	ID            int64
	UUID          string
	Kind          wire.RoomKind
	Name          string
	LastSeq       int64
	Rev           int64
	MetaRev       int64 // rev of the last change that was not a message's
	LastMessageAt int64
	CreatedBy     int64
	CreatedAt     int64
	ClosedAt      int64
	OpenHistory   bool // members see what was written before they joined
	PictureUUID   string
	// DepartmentUUID is set when the room follows a department, with DepartmentWhole also those below it.
	DepartmentUUID  string
	DepartmentWhole bool
	ReadOnly        bool // nobody writes any more
}

// RoomChange is what a change of membership did, rev by rev: Rev changed the members, and the system message (if any)
// took the next one.
type RoomChange struct {
	Room    Room
	Rev     int64
	System  *Message
	Further *Message // a second system line, when one request changed two things
	Joined  []int64
	Left    []int64
	Touched []int64 // members whose own row changed too
	Changed bool    // false: a repeat that changed nothing
	// Unhidden: the actor had hidden this conversation and DirectRoom shows it again (his my_rev changed, no rev did).
	Unhidden bool
}

// CursorMove is a member's read cursor that the server itself moved on.
type CursorMove struct {
	UserID   int64
	UserUUID string
	Seq      int64
}

// VisibleAfter is the seq after which a member sees the room's messages.
func (r Room) VisibleAfter(m Member) int64 {
	if r.OpenHistory {
		return 0
	}
	return m.JoinedSeq
}

// MayCallAll reports whether a message of the member may mention everybody at once.
func (r Room) MayCallAll(role wire.RoomRole, a Actor) bool {
	switch r.Kind {
	case wire.RoomGroup:
		return role == wire.RoomOwner
	case wire.RoomNotice:
		return a.IsAdmin()
	default:
		return true
	}
}

// CallsAll reports whether mentioning everybody says something in a room of this kind; of two it calls nobody.
func (r Room) CallsAll() bool { return r.Kind == wire.RoomGroup || r.Kind == wire.RoomNotice }

// MayPost reports whether the actor, a present member, may write and pin here.
func (r Room) MayPost(a Actor) bool { return !r.ReadOnly && (r.Kind != wire.RoomNotice || a.IsAdmin()) }

// DirectKey names the one room of a pair of users or, with the same id twice, a user's memo to himself.
func DirectKey(a, b int64) string {
	return strconv.FormatInt(min(a, b), 10) + ":" + strconv.FormatInt(max(a, b), 10)
}

// Member is a person's row in a room. LeftSeq is -1 while he is in it.
type Member struct {
	RoomID      int64
	UserID      int64
	UserUUID    string
	Role        wire.RoomRole
	JoinedSeq   int64
	LeftSeq     int64
	LastReadSeq int64
	MyRev       int64
	MutedUntil  int64
	Notify      wire.RoomNotify
	Favourite   bool
	Pinned      bool
	Locked      bool
	HiddenSeq   int64 // the conversation is hidden until a message after this seq; -1: not hidden
	HidesRev    int64 // the MyRev of the last message that he deleted for himself; 0: none
}

// Unread is how many messages the member has not read.
func (m Member) Unread(lastSeq int64) int64 { return max(lastSeq-m.LastReadSeq, 0) }

// Hidden reports whether the member put the conversation away and nothing came since.
func (m Member) Hidden(lastSeq int64) bool { return m.HiddenSeq >= lastSeq }

// Message is a stored message with what hangs on it.
type Message struct {
	ID            int64
	RoomID        int64
	RoomUUID      string
	Seq           int64
	Rev           int64
	Kind          wire.MessageKind
	SenderID      int64
	SenderUUID    string
	ClientID      string
	Text          string
	System        *wire.SystemNotice
	CreatedAt     int64
	EditedAt      int64
	DeletedAt     int64
	ReplyToSeq    int64
	ForwardedFrom int64
	Pinned        bool
	Mentions      []string
	MentionAll    bool
	Files         []wire.File
	Reactions     []wire.Reaction
}

// Wire is the message as members get it; a deleted one is a tombstone.
func (m Message) Wire() wire.Message {
	w := wire.Message{
		MessageID: m.ID, RoomUUID: m.RoomUUID, Seq: m.Seq, Rev: m.Rev, Kind: m.Kind, SenderUUID: m.SenderUUID,
		ClientID: m.ClientID, Timestamp: wire.TimeOfMilli(m.CreatedAt),
		Mentions: []string{}, Files: []wire.File{}, Reactions: []wire.Reaction{},
	}
	if m.DeletedAt != 0 {
		at := wire.TimeOfMilli(m.DeletedAt)
		w.DeletedAt = &at
		return w
	}
	w.Text, w.System, w.ReplyToSeq, w.ForwardedFrom, w.Pinned = m.Text, m.System, m.ReplyToSeq, m.ForwardedFrom, m.Pinned
	w.MentionAll = m.MentionAll
	if m.EditedAt != 0 {
		at := wire.TimeOfMilli(m.EditedAt)
		w.EditedAt = &at
	}
	if len(m.Mentions) > 0 {
		w.Mentions = m.Mentions
	}
	if len(m.Files) > 0 {
		w.Files = m.Files
	}
	if len(m.Reactions) > 0 {
		w.Reactions = m.Reactions
	}
	return w
}
