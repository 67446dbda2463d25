package legacy

// Person is a row of the original's users. Columns that are null or missing are empty.
type Person struct {
	ID           int64
	UUID         string
	Name         string
	EmployeeID   string
	BirthDate    string
	Position     string
	Grade        string
	Department   string
	Email        string
	Username     string
	PasswordHash string // hex of SHA-256, without salt
	Approved     bool
	Admin        bool
	Rejected     bool
	CreatedAt    string
}

// Room is a row of chat_room.
type Room struct {
	ID        int64
	UUID      string
	Name      string
	CreatedAt string
}

// Seat is a row of chat_room_member.
type Seat struct {
	ID       int64
	RoomUUID string
	UserUUID string
}

// RoomRead is a row of group_chat_read_status: when somebody last opened a room.
type RoomRead struct {
	ID       int64
	UserUUID string
	RoomUUID string
	At       string
}

// MessageRead is a row of message_reads. The original never wrote one; a changed one may have.
type MessageRead struct {
	MessageID  int64
	ReaderUUID string
}

// Message is a row of messages. It has a RoomUUID, or it is from one person to another.
type Message struct {
	ID           int64
	SenderID     int64
	ReceiverID   int64
	SenderUUID   string
	ReceiverUUID string
	RoomUUID     string
	Text         string // may be no UTF-8
	ImagePath    string
	FilePath     string
	FileName     string
	FileType     string
	// At is "2006-01-02 15:04:05" with or without a fraction, and ends with "Z" if the database knows that it is UTC.
	At string
}

// path is where the original says that the message's file is; empty if it has none.
func (m Message) path() string {
	if m.FilePath != "" {
		return m.FilePath
	}
	return m.ImagePath
}

// The original's tables, as reports name them.
const (
	tableUsers        = "users"
	tableRooms        = "chat_room"
	tableSeats        = "chat_room_member"
	tableMessages     = "messages"
	tableRoomReads    = "group_chat_read_status"
	tableMessageReads = "message_reads"
	tableResets       = "password_reset_requests"
	tableFiles        = "files" // of messages, and of the folder
)

// Tables are the original's tables that matter here; only users and messages must exist.
var Tables = []string{tableUsers, tableRooms, tableSeats, tableMessages, tableRoomReads, tableMessageReads, tableResets}
