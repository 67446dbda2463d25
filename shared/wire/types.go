package wire

import (
	"encoding/json"
	"fmt"
	"time"
)

// Time is an instant on the wire: RFC 3339, UTC, milliseconds ("2026-11-22T05:41:07.123Z").
type Time struct{ time.Time }

// TimeOf cuts t to what the wire carries.
func TimeOf(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// TimeOfMilli makes a Time of milliseconds since 1970, as the databases hold it.
func TimeOfMilli(ms int64) Time { return Time{time.UnixMilli(ms).UTC()} }

const timeLayout = "2006-01-02T15:04:05.000Z"

// String is the wire form.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	u := t.UTC()
	year, month, day := u.Date()
	if year < 0 || year > 9999 {
		return []byte(`"` + u.Format(timeLayout) + `"`), nil
	}
	hour, minute, second := u.Clock()
	// Each message has one, and a layout takes longer to follow than the rest of a message to encode.
	b := []byte(`"0000-00-00T00:00:00.000Z"`)
	for _, part := range [...]struct{ end, value int }{
		{5, year}, {8, int(month)}, {11, day}, {14, hour}, {17, minute}, {20, second}, {24, u.Nanosecond() / 1_000_000},
	} {
		for at := part.end - 1; part.value > 0; at, part.value = at-1, part.value/10 {
			b[at] = byte('0' + part.value%10)
		}
	}
	return b, nil
}

// UnmarshalJSON implements json.Unmarshaler. It takes any RFC 3339 time.
func (t *Time) UnmarshalJSON(b []byte) error {
	s, plain := plainString(b)
	if !plain {
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("time: %w", err)
		}
	}
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return fmt.Errorf("time: %w", err)
	}
	t.Time = v.UTC().Truncate(time.Millisecond)
	return nil
}

// plainString is what stands between quotation marks, as long as nothing in it is written in another way.
func plainString(b []byte) (s string, plain bool) {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return "", false
	}
	for _, c := range b[1 : len(b)-1] {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return "", false
		}
	}
	return string(b[1 : len(b)-1]), true
}

// RoomKind tells rooms apart.
type RoomKind string

// The kinds of room.
const (
	RoomDirect RoomKind = "direct" // two people; one room per pair
	RoomGroup  RoomKind = "group"
	RoomSelf   RoomKind = "self"   // a memo to oneself
	RoomNotice RoomKind = "notice" // company-wide: admins write, all read
)

// RoomNotify says which messages of a room its reader wants to be notified of.
type RoomNotify string

// The choices. Empty, as a server before this choice sends it, is NotifyAll.
const (
	NotifyAll      RoomNotify = "all"
	NotifyMentions RoomNotify = "mentions" // that mention him, or everybody, or hold one of his keywords
	NotifyNone     RoomNotify = "none"     // not even those
)

// Known reports whether it is one of the choices.
func (n RoomNotify) Known() bool { return n == NotifyAll || n == NotifyMentions || n == NotifyNone }

// RoomHistory says what a newcomer sees of a group.
type RoomHistory string

// The history settings.
const (
	HistoryJoined RoomHistory = "joined" // what was written after he joined
	HistoryAll    RoomHistory = "all"
)

// RoomRole is what a member may do in a room.
type RoomRole string

// The room roles.
const (
	RoomOwner  RoomRole = "owner"
	RoomMember RoomRole = "member"
)

// UserRole is what a person may do in the company's messenger.
type UserRole string

// The user roles, from least to most.
const (
	RoleUser    UserRole = "user"
	RoleAuditor UserRole = "auditor"
	RoleAdmin   UserRole = "admin"
	RoleOwner   UserRole = "owner"
)

// IsAdmin reports whether the role may administer people.
func (r UserRole) IsAdmin() bool { return r == RoleAdmin || r == RoleOwner }

// UserState is where an account stands.
type UserState string

// The account states.
const (
	UserPending  UserState = "pending"
	UserActive   UserState = "active"
	UserRejected UserState = "rejected"
	UserDisabled UserState = "disabled"
	UserDeleted  UserState = "deleted"
	UserBot      UserState = "bot" // stored, never said: see Profile.Bot
)

// MessageKind tells people's messages from the server's own lines.
type MessageKind string

// The message kinds.
const (
	MessageUser   MessageKind = "user"
	MessageSystem MessageKind = "system" // text empty; System says what happened
)

// PresenceState is how reachable a person is.
type PresenceState string

// The presence states. Off is never sent by a client: it is the absence of sessions.
const (
	PresenceActive PresenceState = "active"
	PresenceAway   PresenceState = "away"
	PresenceDND    PresenceState = "dnd"
	PresenceOff    PresenceState = "off"
)

// Message is one message of a room as every member sees it. A deleted one is a tombstone: DeletedAt is set, and Text,
// Mentions, MentionAll, Files, Reactions, ReplyToSeq, ForwardedFrom and Pinned are empty.
//
// ForwardedFrom is not 0 in a message that was forwarded; it names the original, which the reader may be unable to see.
type Message struct {
	MessageID     int64         `json:"message_id"`
	RoomUUID      string        `json:"room_uuid"`
	Seq           int64         `json:"seq"`
	Rev           int64         `json:"rev"`
	Kind          MessageKind   `json:"kind"`
	SenderUUID    string        `json:"sender_uuid"`
	ClientID      string        `json:"client_id"`
	Text          string        `json:"text"`
	Timestamp     Time          `json:"timestamp"`
	EditedAt      *Time         `json:"edited_at,omitempty"`
	DeletedAt     *Time         `json:"deleted_at,omitempty"`
	ReplyToSeq    int64         `json:"reply_to_seq,omitempty"`
	ForwardedFrom int64         `json:"forwarded_from,omitempty"`
	Mentions      []string      `json:"mentions"`
	MentionAll    bool          `json:"mention_all,omitempty"`
	Pinned        bool          `json:"pinned"`
	Files         []File        `json:"files"`
	Reactions     []Reaction    `json:"reactions"`
	System        *SystemNotice `json:"system,omitempty"`
}

// SystemNotice says what a system message is about; each client words it in its user's language.
type SystemNotice struct {
	Action    SystemAction `json:"action"`
	ActorUUID string       `json:"actor_uuid,omitempty"`
	UserUUIDs []string     `json:"user_uuids,omitempty"` // the first MaxSummaryMembers
	Count     int          `json:"count,omitempty"`      // how many people, when there are more than are named
	Name      string       `json:"name,omitempty"`       // the new name, history setting or role
	Seq       int64        `json:"seq,omitempty"`        // the pinned message
}

// SystemAction is what happened to a room.
type SystemAction string

// The actions that leave a line in a room.
const (
	SystemCreated SystemAction = "created"
	SystemJoined  SystemAction = "joined"
	SystemLeft    SystemAction = "left"
	SystemRemoved SystemAction = "removed"
	SystemRenamed SystemAction = "renamed"
	SystemPicture SystemAction = "picture" // a new picture, or none
	SystemHistory SystemAction = "history"
	SystemRole    SystemAction = "role"
	SystemPinned  SystemAction = "pinned"
	SystemFrozen  SystemAction = "frozen" // nobody writes here any more: the department is gone, or its room was ended

	// An integration was let in, which may write here, read here or both; or it was let out. Name is its bot's.
	SystemBotWrites SystemAction = "bot_writes"
	SystemBotReads  SystemAction = "bot_reads"
	SystemBotBoth   SystemAction = "bot_both"
	SystemBotGone   SystemAction = "bot_gone"
)

// File is an attachment of a message, as GET /api/download-file/{file_id} hands it out. Name is NFC and free of path
// separators, control characters and marks of direction; it is still what somebody chose, and shown as text only.
type File struct {
	FileID    string `json:"file_id"` // UUID
	Name      string `json:"name"`    // at most MaxFileNameBytes
	Size      int64  `json:"size"`
	Type      string `json:"type"`             // MIME type by the checked content
	SHA256    string `json:"sha256,omitempty"` // hex, of all bytes; empty until it is ready
	Width     int    `json:"width,omitempty"`  // pixels as shown, after turning; images only
	Height    int    `json:"height,omitempty"`
	Thumbnail bool   `json:"thumbnail"`      // GET /api/files/{file_id}/thumbnail?size=SmallThumbnail|LargeThumbnail
	Gone      bool   `json:"gone,omitempty"` // its bytes were removed by retention
}

// Reaction is one emoji under a message and who chose it.
type Reaction struct {
	Emoji     string   `json:"emoji"`
	UserUUIDs []string `json:"user_uuids"`
}

// RoomSummary is a room as one member sees it in a list.
//
// My and Other belong to one reader, and LastMessage depends on when he joined. They are present in the reply to sync and in
// a room event that was made for one person, and absent in a room event that goes to all members: keep what you hold.
type RoomSummary struct {
	RoomUUID    string   `json:"room_uuid"`
	Kind        RoomKind `json:"kind"`
	Name        string   `json:"name"`
	MemberCount int      `json:"member_count"`
	Members     []string `json:"members"` // user_uuids, the first MaxSummaryMembers
	// Owners are user_uuids, the first MaxSummaryMembers; none in rooms that are not groups.
	Owners  []string    `json:"owners"`
	History RoomHistory `json:"history"`
	Picture string      `json:"picture,omitempty"` // picture_uuid; see GET /api/pictures/{picture_uuid}
	// DepartmentUUID is set in a room that follows a department: nobody is invited, leaves, or is removed by hand, and its
	// name is the department's.
	DepartmentUUID string `json:"department_uuid,omitempty"`
	// ReadOnly: nobody writes here any more, as when its department is gone.
	ReadOnly bool `json:"read_only,omitempty"`
	// Pins are the seqs of pinned messages, the latest pin last. One that the reader may not see can be among them.
	Pins    []int64  `json:"pins"`
	Other   *Profile `json:"other,omitempty"`
	LastSeq int64    `json:"last_seq"`
	Rev     int64    `json:"rev"`
	// LastMessage is whole. A list that names or counts its files ("사진 5장") finds all of them in it: pictures have a Width.
	LastMessage *Message `json:"last_message,omitempty"`
	My          *My      `json:"my,omitempty"`
}

// My is the reader's own row in a room.
type My struct {
	Rev         int64    `json:"rev"`
	LastReadSeq int64    `json:"last_read_seq"`
	UnreadCount int64    `json:"unread_count"`
	Role        RoomRole `json:"role"`
	JoinedSeq   int64    `json:"joined_seq"`
	MutedUntil  *Time    `json:"muted_until,omitempty"` // MutedForever: until turned on again
	// Notify holds whenever the room is not muted.
	Notify    RoomNotify `json:"notify,omitempty"`
	Favourite bool       `json:"favourite"`
	Pinned    bool       `json:"pinned"` // at the top of my list
	Locked    bool       `json:"locked"` // against messages to the wrong room: writing asks first
	// HiddenRev is the my.rev of the last message that the reader hid for himself (0: none): who holds less asks `hidden`.
	HiddenRev int64 `json:"hidden_rev"`
	// MentionSeqs are unread messages that mention the reader, ascending, the newest MaxMentionSeqs.
	MentionSeqs []int64 `json:"mention_seqs"`
}

// MutedForever is the MutedUntil of a room that is muted until its reader turns it on again.
var MutedForever = TimeOfMilli(253_402_300_799_000) // 9999-12-31T23:59:59Z

// Profile is a person as colleagues see one another.
type Profile struct {
	UserUUID       string    `json:"user_uuid"`
	Number         int64     `json:"number,omitempty"` // names the person in Numbers; older servers say none
	Name           string    `json:"name"`
	Username       string    `json:"username"`
	EmployeeID     string    `json:"employee_id"`
	Department     string    `json:"department"`
	DepartmentUUID string    `json:"department_uuid,omitempty"`
	Position       string    `json:"position"` // 직책
	Grade          string    `json:"grade"`    // 직급
	Email          string    `json:"email"`
	Phone          string    `json:"phone,omitempty"`
	StatusText     string    `json:"status_text,omitempty"`
	Picture        string    `json:"picture,omitempty"` // picture_uuid; see GET /api/pictures/{picture_uuid}
	Role           UserRole  `json:"role"`
	State          UserState `json:"state"` // active, disabled or deleted; others are not in the directory
	Rev            int64     `json:"rev"`   // directory_rev of the last change
	// Bot: no person but an integration. Its State is disabled, so that older apps don't offer it where people are chosen.
	Bot  bool   `json:"bot,omitempty"`
	Icon string `json:"icon,omitempty"` // an emoji; bots only
}

// Department is a node of the organisation's tree.
type Department struct {
	DepartmentUUID string `json:"department_uuid"`
	ParentUUID     string `json:"parent_uuid,omitempty"`
	Name           string `json:"name"`
	HeadUUID       string `json:"head_uuid,omitempty"`
	Sort           int    `json:"sort"`
	Deleted        bool   `json:"deleted,omitempty"`
	Rev            int64  `json:"rev"`
}
