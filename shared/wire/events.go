package wire

// Welcome is the first event after the upgrade.
//
// Epoch names the history that all of the server's numbers (seq, rev, message_id, cursors) belong to. Another one than before
// says that a backup was restored: numbers that were given since are given again, for something else, so what a client holds
// is void. 0: none was ever restored.
type Welcome struct {
	SessionUUID string  `json:"session_uuid"`
	User        Profile `json:"user"`
	ServerTime  Time    `json:"server_time"`
	Limits      Limits  `json:"limits"`
	Version     string  `json:"version"`
	Epoch       int64   `json:"epoch"`
}

// Limits are the server's settings that a client must know.
type Limits struct {
	MaxText      int      `json:"max_text"`
	MaxFileBytes int64    `json:"max_file_bytes"`
	FileTypes    []string `json:"file_types"`
}

// RoomRemoved says that the receiver is no longer a member.
type RoomRemoved struct {
	RoomUUID string `json:"room_uuid"`
}

// Read tells how far members have read: Reads, or Histogram in a room of more than MaxSummaryMembers. The reader's own
// devices always get a Reads entry for him. A member who sent the message with seq s has read up to s: no event says so.
type Read struct {
	RoomUUID  string     `json:"room_uuid"`
	Reads     []UserRead `json:"reads,omitempty"`
	Histogram [][2]int64 `json:"histogram,omitempty"`
}

// UserRead is one member's cursor.
type UserRead struct {
	UserUUID string `json:"user_uuid"`
	Seq      int64  `json:"seq"`
}

// Typing tells that a member is typing; it holds for five seconds.
type Typing struct {
	RoomUUID string `json:"room_uuid"`
	UserUUID string `json:"user_uuid"`
}

// Presence carries changed states. Full: the first one after the welcome; who is not in it (or in the further full ones
// right behind it) is off. A client that connected with PresenceHeader gets people by their numbers; in Users are those
// only whose number the server does not know. Others get all of them in Users.
type Presence struct {
	Users  []UserPresence `json:"users"`
	Active Numbers        `json:"active,omitempty"`
	Away   Numbers        `json:"away,omitempty"`
	DND    Numbers        `json:"dnd,omitempty"`
	Off    Numbers        `json:"off,omitempty"`
	Full   bool           `json:"full,omitempty"`
}

// A client that takes presence by number connects with this header.
const (
	PresenceHeader  = "X-HiMsg-Presence"
	PresenceNumbers = "numbers"
)

// Of returns the list of those in a state; nil for a state that there is not.
func (p *Presence) Of(state PresenceState) *Numbers {
	switch state {
	case PresenceActive:
		return &p.Active
	case PresenceAway:
		return &p.Away
	case PresenceDND:
		return &p.DND
	case PresenceOff:
		return &p.Off
	}
	return nil
}

// UserPresence is one person's state.
type UserPresence struct {
	UserUUID string        `json:"user_uuid"`
	State    PresenceState `json:"state"`
}

// UserChanged carries a changed profile.
type UserChanged struct {
	DirectoryRev int64   `json:"directory_rev"`
	User         Profile `json:"user"`
}

// DepartmentChanged carries a changed department.
type DepartmentChanged struct {
	DirectoryRev int64      `json:"directory_rev"`
	Department   Department `json:"department"`
}

// AccessChanged says that a request to read conversations was made, decided or ended. It goes to all who may see the list.
type AccessChanged struct {
	AccessUUID string      `json:"access_uuid"`
	State      AccessState `json:"state"`
}

// AdminCounts is what waits for an administrator.
type AdminCounts struct {
	PendingUsers  int `json:"pending_users"`
	PendingResets int `json:"pending_resets"`
	FailedHooks   int `json:"failed_hooks"` // outgoing hooks that the server gave up
}

// GoingAway announces a planned restart, just before the close with CloseRestart. Each client gets its own delay.
type GoingAway struct {
	ReconnectAfterMS int64 `json:"reconnect_after_ms"`
}
