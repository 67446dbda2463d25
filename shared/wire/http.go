package wire

// This file holds the HTTP bodies. Paths and fields of the original stay as they were; new fields are added beside them.
// A field without omitempty must be in a request, unless its tag says required:"false".

// RegisterRequest is POST /api/register.
type RegisterRequest struct {
	Name       string `json:"name"`
	EmployeeID string `json:"employee_id"`
	BirthDate  string `json:"birth_date,omitempty"` // YYYY-MM-DD or empty
	Position   string `json:"position"`
	Grade      string `json:"grade"`
	Department string `json:"department"`
	Email      string `json:"email"`
	Username   string `json:"username"`
	Password   string `json:"password"`
}

// RegisterReply carries a secret with which the asking device, and no one else, can watch the decision.
type RegisterReply struct {
	Message       string `json:"message"`
	RegisterToken string `json:"register_token"`
}

// RegisterStatusRequest is POST /api/register/status.
type RegisterStatusRequest struct {
	RegisterToken string `json:"register_token"`
}

// RegisterStatusReply says where the sign-up stands: pending, active or rejected (with Reason).
type RegisterStatusReply struct {
	State  UserState `json:"state"`
	Reason string    `json:"reason,omitempty"`
}

// LoginRequest is POST /api/login. Device fields are optional; they name the device in the list of sessions.
type LoginRequest struct {
	Username   string `json:"username"`
	Password   string `json:"password"`
	DeviceUUID string `json:"device_uuid,omitempty"`
	DeviceName string `json:"device_name,omitempty"`
	Platform   string `json:"platform,omitempty"`
	AppVersion string `json:"app_version,omitempty"`
}

// LoginReply carries both tokens. Token is the access token (the original's name); it lives ExpiresIn seconds.
type LoginReply struct {
	Message      string `json:"message"`
	Token        string `json:"token"`
	IsAdmin      bool   `json:"is_admin"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
	User         Me     `json:"user"`
}

// RefreshRequest is POST /api/token/refresh.
type RefreshRequest struct {
	RefreshToken string `json:"refresh_token"`
}

// RefreshReply carries the next pair. The old refresh token is spent; a short grace covers a lost reply.
type RefreshReply struct {
	Token        string `json:"token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
}

// Me is GET /api/users/me: the original's fields, and the profile's others.
type Me struct {
	UUID       string   `json:"uuid"`
	Name       string   `json:"name"`
	EmployeeID string   `json:"employee_id"`
	Department string   `json:"department"`
	Position   string   `json:"position"`
	Grade      string   `json:"grade"`
	Email      string   `json:"email"`
	Username   string   `json:"username"`
	IsAdmin    bool     `json:"is_admin"`
	Role       UserRole `json:"role"`
	BirthDate  string   `json:"birth_date,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	StatusText string   `json:"status_text,omitempty"`
	Picture    string   `json:"picture,omitempty"` // picture_uuid
}

// LegacyUser is an entry of GET /api/users.
type LegacyUser struct {
	ID         int64  `json:"id"`
	UUID       string `json:"uuid"`
	Name       string `json:"name"`
	Username   string `json:"username"`
	Position   string `json:"position"`
	Department string `json:"department"`
	IsAdmin    bool   `json:"is_admin"`
}

// PasswordRequest is PUT /api/users/me/password.
type PasswordRequest struct {
	CurrentPassword string `json:"current_password" required:"false"`
	NewPassword     string `json:"new_password" required:"false"`
}

// MessageReply is the original's answer to a change: a text for people.
type MessageReply struct {
	Message string `json:"message"`
}

// LegacyMessage is an entry of GET /api/messages/{other_uuid} and of a room's messages. In a room Sender, Receiver and
// ReceiverUUID are empty and left out.
type LegacyMessage struct {
	Sender       string  `json:"sender,omitempty"`
	Receiver     string  `json:"receiver,omitempty"`
	SenderUUID   string  `json:"sender_uuid"`
	ReceiverUUID string  `json:"receiver_uuid,omitempty"`
	Text         string  `json:"text"`
	Timestamp    Time    `json:"timestamp"`
	FileName     *string `json:"file_name"`
	FileType     *string `json:"file_type"`
	MessageID    int64   `json:"message_id"`
	Seq          int64   `json:"seq"`
	Deleted      bool    `json:"deleted,omitempty"`
}

// PostMessageRequest is POST /api/messages. RoomUUID wins. ClientID is made by the server when it is missing: then a
// repeat stores again, as in the original.
type PostMessageRequest struct {
	Text         string `json:"text" required:"false"`
	RoomUUID     string `json:"room_uuid,omitempty"`
	ReceiverUUID string `json:"receiver_uuid,omitempty"`
	ClientID     string `json:"client_id,omitempty"`
}

// PostMessageReply is its answer, 201.
type PostMessageReply struct {
	Message   string `json:"message"`
	MessageID int64  `json:"message_id"`
	Timestamp Time   `json:"timestamp"`
	RoomUUID  string `json:"room_uuid"`
	Seq       int64  `json:"seq"`
	Duplicate bool   `json:"duplicate"`
}

// LegacyRoom is an entry of GET /api/chat-rooms. UUID is the other person's for a 1:1 conversation, the room's otherwise;
// RoomUUID is always the room's.
type LegacyRoom struct {
	UUID        string `json:"uuid"`
	RoomUUID    string `json:"room_uuid"`
	Name        string `json:"name"`
	Department  string `json:"department"`
	LastMessage string `json:"last_message"`
	Timestamp   Time   `json:"timestamp"`
	IsGroup     bool   `json:"is_group"`
	UnreadCount int64  `json:"unread_count"`
}

// CreateRoomRequest is POST /api/create-chat-room. The caller becomes a member and the room's owner.
type CreateRoomRequest struct {
	Members  []string `json:"members" required:"false"`
	Name     string   `json:"name,omitempty"`
	ClientID string   `json:"client_id,omitempty"` // a UUID; with it a repeat returns the first room
}

// CreateRoomReply is its answer, 201.
type CreateRoomReply struct {
	RoomUUID string `json:"room_uuid"`
}

// UpdateRoomRequest is PUT /api/chat-rooms/{room_uuid}: an owner changes a group; what is absent stays.
type UpdateRoomRequest struct {
	Name    *string      `json:"name,omitempty"`
	History *RoomHistory `json:"history,omitempty"`
}

// InviteRequest is POST /api/chat-rooms/{room_uuid}/members. Who is in the room already is no error.
type InviteRequest struct {
	Members []string `json:"members"`
}

// MemberRoleRequest is PUT /api/chat-rooms/{room_uuid}/members/{user_uuid}.
type MemberRoleRequest struct {
	Role RoomRole `json:"role"`
}

// RoomMembers is GET /api/chat-rooms/{room_uuid}/members?after=&limit=: present members, owners first, then by joining.
// Next is the after of the next page, empty when there is none.
type RoomMembers struct {
	Members []RoomMemberEntry `json:"members"`
	Next    string            `json:"next,omitempty"`
}

// RoomMemberEntry is one member of a room.
type RoomMemberEntry struct {
	UserUUID string   `json:"user_uuid"`
	Role     RoomRole `json:"role"`
	JoinedAt Time     `json:"joined_at"`
}

// PictureReply is PUT /api/chat-rooms/{room_uuid}/picture: the picture's new name.
type PictureReply struct {
	PictureUUID string `json:"picture_uuid"`
}

// OpenDirectRequest is POST /api/direct-rooms: the conversation with a person, made if there is none. ReceiverUUID may be
// the caller: that is the memo to oneself.
type OpenDirectRequest struct {
	ReceiverUUID string `json:"receiver_uuid"`
}

// RoomDetail is GET /api/chat-rooms/{room_uuid}.
type RoomDetail struct {
	Members  []RoomDetailMember `json:"members"`
	Messages []LegacyMessage    `json:"messages"`
}

// RoomDetailMember is a member in RoomDetail.
type RoomDetailMember struct {
	Name string `json:"name"`
	UUID string `json:"uuid"`
}

// PendingUser is an entry of GET /api/pending-users.
type PendingUser struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Username   string `json:"username"`
	Email      string `json:"email"`
	UUID       string `json:"uuid"`
	EmployeeID string `json:"employee_id"`
	Department string `json:"department"`
	Position   string `json:"position"`
	Grade      string `json:"grade"`
	CreatedAt  Time   `json:"created_at"`
}

// RejectRequest is the optional body of PUT /api/reject-user/{id}.
type RejectRequest struct {
	Reason string `json:"reason,omitempty"`
}

// DirectoryPage is GET /api/directory?after_rev=&limit=: people and departments that changed after a revision, by rev.
// Rev is how far the page reaches.
type DirectoryPage struct {
	Users       []Profile    `json:"users"`
	Departments []Department `json:"departments"`
	Rev         int64        `json:"rev"`
	More        bool         `json:"more"`
}

// ServerInfo is GET /api/server: what a client may know before signing in.
type ServerInfo struct {
	Name       string     `json:"name"` // the company's
	Version    string     `json:"version"`
	ServerTime Time       `json:"server_time"`
	Protocol   string     `json:"protocol"` // Subprotocol
	Languages  []string   `json:"languages"`
	SignIn     SignInWays `json:"sign_in"`
}
