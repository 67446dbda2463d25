package core

import "himsg/shared/wire"

// This file holds what crosses the bridge about rooms and messages.

// Room is a line of the room list and the head of a conversation.
type Room struct {
	RoomUUID       string             `json:"room_uuid"`
	Kind           wire.RoomKind      `json:"kind"`
	Name           string             `json:"name"`    // as set; empty: name it by its members
	Members        []string           `json:"members"` // user_uuids, at most 100
	MemberCount    int                `json:"member_count"`
	OtherUUID      string             `json:"other_uuid"` // direct rooms
	LastSeq        int64              `json:"last_seq"`
	LastReadSeq    int64              `json:"last_read_seq"`
	UnreadCount    int64              `json:"unread_count"`
	LastText       string             `json:"last_text"` // its words in one line, without marks such as **; at most 200 characters
	LastKind       wire.MessageKind   `json:"last_kind"`
	LastSender     string             `json:"last_sender"`
	LastAt         int64              `json:"last_at"`
	LastDeleted    bool               `json:"last_deleted"`
	LastFiles      []string           `json:"last_files"` // names of the last message's files, at most 3, for a preview without text
	LastFileCount  int                `json:"last_file_count"`
	LastPhotos     int                `json:"last_photos"` // how many of these files are photos
	LastSystem     *wire.SystemNotice `json:"last_system,omitempty"`
	UnsentCount    int                `json:"unsent_count"` // in the outbox, failed ones included
	Draft          Draft              `json:"draft"`
	Role           wire.RoomRole      `json:"role"`
	Owners         []string           `json:"owners"`          // user_uuids, at most 100; groups only
	History        wire.RoomHistory   `json:"history"`         // what newcomers see
	Picture        string             `json:"picture"`         // picture_uuid, for the address /picture/<picture_uuid>; empty: none
	DepartmentUUID string             `json:"department_uuid"` // who is in it follows this department: nobody is invited, removed or leaves by hand
	ReadOnly       bool               `json:"read_only"`       // nobody writes here any more
	Pins           []int64            `json:"pins"`            // seqs of pinned messages, the latest pin last
	MutedUntil     int64              `json:"muted_until"`     // MutedForever: until turned on again
	Notify         wire.RoomNotify    `json:"notify"`          // which messages notify while it is not muted
	Favourite      bool               `json:"favourite"`
	Pinned         bool               `json:"pinned"`         // at the top of the list
	Locked         bool               `json:"locked"`         // writing asks first
	MentionedSeqs  []int64            `json:"mentioned_seqs"` // unread messages that mention me, ascending
}

// MutedForever is the MutedUntil of a room that is muted until it is turned on again.
const MutedForever = 253_402_300_799_000

// Draft is what stands in a room's composer: the text, whom it mentions and what it answers.
type Draft struct {
	Text       string   `json:"text"`
	ReplyToSeq int64    `json:"reply_to_seq"`
	Mentions   []string `json:"mentions"` // user_uuids of people whose @name stands in the text
	MentionAll bool     `json:"mention_all"`
	// Files are handles of held files that Send sends along, in this order, at most wire.MaxMessageFiles; Text may be empty
	// then. Nothing else looks at them: what waits in a composer comes as Update.Held, all of it after a start.
	Files []string `json:"files"`
}

// MyChange changes my own settings of a room; what is absent stays. MuteMinutes: 0 turns notifications on, -1 off until
// turned on, 1…wire.MaxMuteMinutes off for that long.
type MyChange struct {
	Favourite   *bool            `json:"favourite,omitempty"`
	Pinned      *bool            `json:"pinned,omitempty"`
	Locked      *bool            `json:"locked,omitempty"`
	MuteMinutes *int             `json:"mute_minutes,omitempty"`
	Notify      *wire.RoomNotify `json:"notify,omitempty"`
}

// SendState is how far an own message has come.
type SendState string

// The send states.
const (
	SendSent    SendState = "sent"    // the server has it, durably
	SendSending SendState = "sending" // on its way
	SendWaiting SendState = "waiting" // queued until the network is back
	SendFailed  SendState = "failed"  // refused: retry or discard; see Failure
)

// Message is one row of a conversation. ClientID identifies it from the first keystroke on: a pending message keeps its
// ClientID when it gets Seq.
type Message struct {
	RoomUUID   string             `json:"room_uuid"`
	ClientID   string             `json:"client_id"`
	MessageID  int64              `json:"message_id"` // 0 until sent
	Seq        int64              `json:"seq"`        // 0 until sent
	Rev        int64              `json:"rev"`
	Kind       wire.MessageKind   `json:"kind"`
	SenderUUID string             `json:"sender_uuid"`
	Mine       bool               `json:"mine"`
	Text       string             `json:"text"`
	At         int64              `json:"at"`
	EditedAt   int64              `json:"edited_at"`
	DeletedAt  int64              `json:"deleted_at"`
	ReplyToSeq int64              `json:"reply_to_seq"`
	Mentions   []string           `json:"mentions"`
	MentionAll bool               `json:"mention_all"`
	Forwarded  bool               `json:"forwarded"`
	Pinned     bool               `json:"pinned"`
	Reactions  []Reaction         `json:"reactions"`
	Files      []File             `json:"files"`
	System     *wire.SystemNotice `json:"system,omitempty"`
	State      SendState          `json:"state"`
	Failure    *Failure           `json:"failure,omitempty"`
}

// Reaction is one emoji under a message: who chose it, the first one first, and whether I did.
type Reaction struct {
	Emoji     string   `json:"emoji"`
	UserUUIDs []string `json:"user_uuids"`
	Mine      bool     `json:"mine"`
}

// Conversation is what opening a room gives: a stretch of it without holes, unsent messages last. HasMore: there are older
// ones; HasNewer: there are newer ones, so what is unsent is not in it. Target is the seq to show, 0 for the end; Place is
// where the reader left the room last.
//
// What the reader deleted for himself is not among Messages, so their seqs may have holes; FirstSeq and LastSeq say which
// stretch was looked at (0, 0: nothing).
type Conversation struct {
	Room     Room      `json:"room"`
	Messages []Message `json:"messages"`
	HasMore  bool      `json:"has_more"`
	HasNewer bool      `json:"has_newer"`
	FirstSeq int64     `json:"first_seq"`
	LastSeq  int64     `json:"last_seq"`
	Target   int64     `json:"target"`
	Place    Place     `json:"place"`
	Reads    Reads     `json:"reads"`
}

// Place is where a reader was in a room: the message at the top edge of the view and how many pixels of it were above
// that edge. Seq 0: at the end.
type Place struct {
	Seq    int64 `json:"seq"`
	Offset int   `json:"offset"`
}

// MemberPage is a page of a room's members, owners first, then by joining. Next is the after of the next page, empty when
// there is none.
type MemberPage struct {
	Members []Member `json:"members"`
	Next    string   `json:"next"`
}

// Member is one member of a room.
type Member struct {
	UserUUID string        `json:"user_uuid"`
	Role     wire.RoomRole `json:"role"`
	JoinedAt int64         `json:"joined_at"`
}

// ReaderPage is a page of those who have read a message, or have not, by user_uuid. Next is the after of the next page.
type ReaderPage struct {
	Users       []Reader `json:"users"`
	Next        string   `json:"next"`
	ReadCount   int      `json:"read_count"`
	UnreadCount int      `json:"unread_count"`
}

// Reader is somebody who has read a message or not. ReadAt 0: not, or too long ago to be known.
type Reader struct {
	UserUUID string `json:"user_uuid"`
	ReadAt   int64  `json:"read_at"`
}

// SearchQuery asks for messages. Empty fields and 0 don't narrow it. Before is the Next of the page before.
type SearchQuery struct {
	Text       string `json:"text"`
	RoomUUID   string `json:"room_uuid"`
	SenderUUID string `json:"sender_uuid"`
	From       int64  `json:"from"` // written at or after, milliseconds
	To         int64  `json:"to"`   // and before
	HasFile    bool   `json:"has_file"`
	Before     int64  `json:"before"`
}

// SearchPage is found messages, the newest first. Local: the network is away, and only what this device holds was searched.
type SearchPage struct {
	Hits  []SearchHit `json:"hits"`
	Next  int64       `json:"next"` // 0: no more
	Local bool        `json:"local"`
}

// SearchHit is a found message: a piece of its text around what was found, cut into plain and found parts.
type SearchHit struct {
	Message Message `json:"message"`
	Snippet []Piece `json:"snippet"`
}

// Piece is a part of a snippet.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// Page is a stretch of a conversation, oldest first, before or after what the page holds; HasMore: there is more in that
// direction. Partial: the network is away and the store holds no more. FirstSeq and LastSeq as in Conversation.
type Page struct {
	Messages []Message `json:"messages"`
	HasMore  bool      `json:"has_more"`
	Partial  bool      `json:"partial"`
	FirstSeq int64     `json:"first_seq"`
	LastSeq  int64     `json:"last_seq"`
}

// Reads is who has read how far in a room. Histogram (pairs of seq and number of members) stands in for Members in a
// room of more than 100. Known is false until the server was asked.
type Reads struct {
	RoomUUID  string            `json:"room_uuid"`
	Members   []wire.MemberRead `json:"members"`
	Histogram [][2]int64        `json:"histogram"`
	Known     bool              `json:"known"`
}

// Typing says that a member is typing now; it holds for five seconds.
type Typing struct {
	RoomUUID string `json:"room_uuid"`
	UserUUID string `json:"user_uuid"`
}

// MessageChange carries rows that are new or changed (by ClientID) and those that are gone (discarded, or deleted for
// me). Changed ones may lie outside of what the page holds of the room: then only quotes of them change. Reset: drop all
// that you hold of the room and call OpenRoom again.
type MessageChange struct {
	RoomUUID string    `json:"room_uuid"`
	Changed  []Message `json:"changed"`
	Removed  []string  `json:"removed"`
	Reset    bool      `json:"reset"`
}
