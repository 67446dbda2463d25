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

// HistoryRequest asks for messages before a seq, or the newest for 0. Limit is 1…MaxHistoryLimit; 0 means 50.
type HistoryRequest struct {
	RoomUUID  string `json:"room_uuid"`
	BeforeSeq int64  `json:"before_seq,omitempty"`
	Limit     int    `json:"limit"`
}

// HistoryReply carries a page, oldest first. Rev is the room's revision when the page was read.
type HistoryReply struct {
	Messages []Message `json:"messages"`
	HasMore  bool      `json:"has_more"`
	Rev      int64     `json:"rev"`
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
