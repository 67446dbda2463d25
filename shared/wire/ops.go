package wire

// SyncRequest says what the client holds: room_uuid → [rev, my_rev]. Empty at first.
type SyncRequest struct {
	Rooms        map[string][2]int64 `json:"rooms"`
	DirectoryRev int64               `json:"directory_rev"`
}

// SyncReply carries every room in which either revision changed or that is new, and the rooms that are no longer the
// caller's. A client with more than MaxSyncRooms names the most recent ones and gets the others as new.
type SyncReply struct {
	Rooms        []RoomSummary `json:"rooms"`
	Removed      []string      `json:"removed"`
	DirectoryRev int64         `json:"directory_rev"`
}

// ChangesRequest asks for what changed in a room after a revision. Limit is 1…MaxChangesLimit; 0 means the most.
type ChangesRequest struct {
	RoomUUID string `json:"room_uuid"`
	AfterRev int64  `json:"after_rev"`
	Limit    int    `json:"limit"`
}

// ChangesReply carries changed messages by rev, each once in its newest form. Rev is how far the reply reaches; More says
// that another request after Rev finds more. Reset: too far behind; drop what you hold and take the latest page. Room is
// the caller's summary, when something but messages changed too, and always with Reset.
type ChangesReply struct {
	Messages []Message    `json:"messages"`
	Rev      int64        `json:"rev"`
	More     bool         `json:"more"`
	Reset    bool         `json:"reset"`
	Room     *RoomSummary `json:"room,omitempty"`
}

// HistoryRequest asks for a page of messages: before a seq, after a seq, around a seq (half of the page on each side, that
// message included), or around the first message that was written at or after an instant. At most one of them is set;
// none: the newest. Limit is 1…MaxHistoryLimit; 0 means 50.
type HistoryRequest struct {
	RoomUUID  string `json:"room_uuid"`
	BeforeSeq int64  `json:"before_seq,omitempty"`
	AfterSeq  int64  `json:"after_seq,omitempty"`
	AroundSeq int64  `json:"around_seq,omitempty"`
	At        *Time  `json:"at,omitempty"`
	Limit     int    `json:"limit"`
}

// HistoryReply carries a page, oldest first. Rev is the room's revision when the page was read. HasMore: there are older
// ones; HasNewer: there are newer ones. TargetSeq answers At: the message that the page is around, 0 if there is none.
type HistoryReply struct {
	Messages  []Message `json:"messages"`
	HasMore   bool      `json:"has_more"`
	HasNewer  bool      `json:"has_newer"`
	Rev       int64     `json:"rev"`
	TargetSeq int64     `json:"target_seq,omitempty"`
}

// MessagesRequest asks for single messages by seq, at most MaxMessagesSeqs: what a reply quotes, what is pinned.
type MessagesRequest struct {
	RoomUUID string  `json:"room_uuid"`
	Seqs     []int64 `json:"seqs"`
}

// MessagesReply carries those that the caller may see, by seq. Rev is the room's revision when they were read.
type MessagesReply struct {
	Messages []Message `json:"messages"`
	Rev      int64     `json:"rev"`
}

// SearchRequest looks for messages in the caller's rooms, the newest first. Query is MinQueryRunes…MaxQueryRunes after
// trimming, with one word of MinQueryRunes letters at least; all its words must be in the message: Korean also inside
// longer words, Latin letters and digits from the beginning of a word (package search has the rules). With HasFile it may be empty: all messages
// with files. Before is the
// message_id to go on before, 0 at first. Limit is 1…MaxSearchLimit; 0 means 20.
type SearchRequest struct {
	Query      string `json:"query"`
	RoomUUID   string `json:"room_uuid,omitempty"`
	SenderUUID string `json:"sender_uuid,omitempty"`
	From       *Time  `json:"from,omitempty"` // written at or after
	To         *Time  `json:"to,omitempty"`   // and before
	HasFile    bool   `json:"has_file,omitempty"`
	Before     int64  `json:"before,omitempty"`
	Limit      int    `json:"limit,omitempty"`
}

// SearchReply carries found messages. Next is the Before of the next page, 0 when there is none.
type SearchReply struct {
	Messages []Message `json:"messages"`
	Next     int64     `json:"next,omitempty"`
}

// SendRequest stores one message. Either RoomUUID or ReceiverUUID names where it goes; the first message to a person
// makes the direct room. ClientID is a UUID that the sender's device made before its first try.
type SendRequest struct {
	RoomUUID     string   `json:"room_uuid,omitempty"`
	ReceiverUUID string   `json:"receiver_uuid,omitempty"`
	ClientID     string   `json:"client_id"`
	Text         string   `json:"text"`
	ReplyToSeq   int64    `json:"reply_to_seq,omitempty"`
	FileIDs      []string `json:"file_ids,omitempty"`
	Mentions     []string `json:"mentions,omitempty"`
	// MentionAll calls every member; only a group's owners may, and administrators in a notice room.
	MentionAll bool `json:"mention_all,omitempty"`
	// ForwardedFrom is the message_id of a message to pass on: the server takes its text, and Text is ignored. The caller
	// must be able to see it at the moment of sending.
	ForwardedFrom int64 `json:"forwarded_from,omitempty"`
}

// SendReply is sent only after the commit. Duplicate: this client_id was stored before; the numbers are the first ones.
type SendReply struct {
	MessageID int64  `json:"message_id"`
	RoomUUID  string `json:"room_uuid"`
	Seq       int64  `json:"seq"`
	Rev       int64  `json:"rev"`
	Timestamp Time   `json:"timestamp"`
	Duplicate bool   `json:"duplicate"`
}

// EditRequest replaces the text and mentions of one of the caller's messages; the version before is kept for the audit.
// BaseRev is the message's rev that the editor saw: if its text was changed after that, the edit is refused with
// ReasonEditConflict; 0 asks for no such check. A repeat with the same text is harmless.
type EditRequest struct {
	MessageID  int64    `json:"message_id"`
	Text       string   `json:"text"`
	Mentions   []string `json:"mentions,omitempty"`
	MentionAll bool     `json:"mention_all,omitempty"`
	BaseRev    int64    `json:"base_rev,omitempty"`
}

// ReactRequest sets or clears one of the caller's reactions. A repeat is harmless.
type ReactRequest struct {
	MessageID int64  `json:"message_id"`
	Emoji     string `json:"emoji"`
	On        bool   `json:"on"`
}

// PinRequest pins a message as the room's notice, or takes the pin off. Any member may, in a notice room administrators.
// A repeat is harmless.
type PinRequest struct {
	MessageID int64 `json:"message_id"`
	On        bool  `json:"on"`
}

// HideRequest deletes messages for the caller alone, at most MaxHideIDs of rooms that he is in. A repeat is harmless.
type HideRequest struct {
	MessageIDs []int64 `json:"message_ids"`
}

// HiddenRequest asks which messages of a room the caller has hidden after a my.rev. Limit is 1…MaxHiddenLimit; 0 means
// the most.
type HiddenRequest struct {
	RoomUUID string `json:"room_uuid"`
	AfterRev int64  `json:"after_rev"`
	Limit    int    `json:"limit,omitempty"`
}

// HiddenReply carries the seqs of hidden messages by my.rev. Rev is the my.rev that the reply reaches; More says that
// another request after Rev finds more. All that were hidden at one my.rev come together.
type HiddenReply struct {
	Seqs []int64 `json:"seqs"`
	Rev  int64   `json:"rev"`
	More bool    `json:"more"`
}

// MyRequest changes the caller's own row in a room; what is absent stays. MuteMinutes: 0 turns notifications on, -1 off
// until turned on, 1…MaxMuteMinutes off for that long; Notify says which messages notify else. All his devices hear of it by a room event.
type MyRequest struct {
	RoomUUID    string      `json:"room_uuid"`
	Favourite   *bool       `json:"favourite,omitempty"`
	Pinned      *bool       `json:"pinned,omitempty"`
	Locked      *bool       `json:"locked,omitempty"`
	MuteMinutes *int        `json:"mute_minutes,omitempty"`
	Notify      *RoomNotify `json:"notify,omitempty"`
}

// MaxMuteMinutes is a week.
const MaxMuteMinutes = 7 * 24 * 60

// MyReply is the row as it is now.
type MyReply struct {
	My My `json:"my"`
}

// ReadersRequest asks who has read a message (Read) or has not, among the present members who joined before it and did not
// write it. AfterUUID is the last user_uuid of the page before. Limit is 1…MaxReadersLimit; 0 means the most.
type ReadersRequest struct {
	RoomUUID  string `json:"room_uuid"`
	Seq       int64  `json:"seq"`
	Read      bool   `json:"read"`
	AfterUUID string `json:"after_uuid,omitempty"`
	Limit     int    `json:"limit,omitempty"`
}

// ReadersReply is a page by user_uuid, with how many there are in all.
type ReadersReply struct {
	Users       []Reader `json:"users"`
	More        bool     `json:"more"`
	ReadCount   int      `json:"read_count"`
	UnreadCount int      `json:"unread_count"`
}

// Reader is a member who has read a message or not. ReadAt is when he first read it or a later one; absent when that was
// too long ago to be kept.
type Reader struct {
	UserUUID string `json:"user_uuid"`
	ReadAt   *Time  `json:"read_at,omitempty"`
}

// DeleteRequest deletes one of the caller's messages for everyone. A repeat is harmless.
type DeleteRequest struct {
	MessageID int64 `json:"message_id"`
}

// RevReply says which revision a change took.
type RevReply struct {
	Rev int64 `json:"rev"`
}

// ReadRequest moves the caller's read cursor. It never moves back, nor beyond the room's last seq.
type ReadRequest struct {
	RoomUUID string `json:"room_uuid"`
	Seq      int64  `json:"seq"`
}

// ReadReply says where the cursor stands.
type ReadReply struct {
	LastReadSeq int64 `json:"last_read_seq"`
}

// ReadsRequest asks who has read how far.
type ReadsRequest struct {
	RoomUUID string `json:"room_uuid"`
}

// ReadsReply lists the present members' cursors, or their histogram in a room of more than MaxSummaryMembers. In a
// histogram each pair is [seq, number of members whose cursor is at seq]; "not read by n" of a message with seq s is the
// number of members at cursors below s who joined before s.
type ReadsReply struct {
	Reads     []MemberRead `json:"reads,omitempty"`
	Histogram [][2]int64   `json:"histogram,omitempty"`
}

// MemberRead is one present member's cursor.
type MemberRead struct {
	UserUUID    string `json:"user_uuid"`
	JoinedSeq   int64  `json:"joined_seq"`
	LastReadSeq int64  `json:"last_read_seq"`
}

// TypingRequest tells the room's other members that the caller is typing.
type TypingRequest struct {
	RoomUUID string `json:"room_uuid"`
}

// PresenceRequest sets how reachable the caller is: active, away or dnd.
type PresenceRequest struct {
	State PresenceState `json:"state"`
}

// Empty is a reply that says nothing but "done".
type Empty struct{}
