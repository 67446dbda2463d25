package wire

// This file holds the bodies of what administrators do about accounts, and of one's own devices.

// SessionList is GET /api/sessions (mine) and GET /api/admin/users/{user_uuid}/sessions, the last seen first.
type SessionList struct {
	Sessions []DeviceSession `json:"sessions"`
}

// DeviceSession is a device that is signed in.
type DeviceSession struct {
	SessionUUID string `json:"session_uuid"`
	DeviceUUID  string `json:"device_uuid"`
	DeviceName  string `json:"device_name"`
	Platform    string `json:"platform"`
	AppVersion  string `json:"app_version"`
	RemoteAddr  string `json:"remote_addr"`
	SignedInAt  Time   `json:"signed_in_at"`
	LastSeenAt  Time   `json:"last_seen_at"` // when it last renewed its token
	Current     bool   `json:"current"`      // it is the one that asks
}

// MaxPeopleSessions is the most of a page of PeopleSessions.
const MaxPeopleSessions = 200

// PeopleSessions is GET /api/admin/sessions?q=&platform=&before=&limit=: everybody's signed-in devices, the latest sign-in
// first. q is looked for in the person's name, user name and number, in the device's name and its address. Next is the
// before of the next page, 0 when there is none.
type PeopleSessions struct {
	Sessions []PersonSession `json:"sessions"`
	Next     int64           `json:"next,omitempty"`
}

// PersonSession is a device that is signed in, and whose it is.
type PersonSession struct {
	DeviceSession
	UserUUID   string `json:"user_uuid"`
	Name       string `json:"name"`
	Username   string `json:"username"`
	Department string `json:"department"`
}

// EndedSessions is the answer of requests that end sessions.
type EndedSessions struct {
	Message string `json:"message"`
	Ended   int    `json:"ended"`
}

// ReasonRequest is the body of what an administrator gives a reason for.
type ReasonRequest struct {
	Reason string `json:"reason,omitempty"`
}

// RoleRequest is PUT /api/admin/users/{user_uuid}/role.
type RoleRequest struct {
	Role   UserRole `json:"role"`
	Reason string   `json:"reason,omitempty"`
}

// BulkAction is what is done to many people.
type BulkAction string

// The actions.
const (
	BulkDisable BulkAction = "disable"
	BulkEnable  BulkAction = "enable"
	BulkRole    BulkAction = "role"
	BulkSignOut BulkAction = "sign_out" // all devices; they wipe what they hold
)

// MaxBulk is how many people one bulk request may name.
const MaxBulk = 1000

// BulkRequest is POST /api/admin/users/bulk. Role goes with BulkRole.
type BulkRequest struct {
	Action    BulkAction `json:"action"`
	Role      UserRole   `json:"role,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	UserUUIDs []string   `json:"user_uuids"`
}

// BulkReply tells each one's fate, in the order of the request.
type BulkReply struct {
	Changed int        `json:"changed"`
	Results []BulkFate `json:"results"`
}

// BulkFate is what became of one person: changed, as he was (both empty), or refused.
type BulkFate struct {
	UserUUID string `json:"user_uuid"`
	Changed  bool   `json:"changed"`
	Refused  *Error `json:"refused,omitempty"`
}

// AuditPage is GET /api/admin/audit?actor=&subject=&action=&from=&to=&before=&limit=, the newest first. Next is the before of the
// next page, 0 when there is none.
type AuditPage struct {
	Entries []AuditEntry `json:"entries"`
	Next    int64        `json:"next,omitempty"`
}

// AuditEntry is one administrative act.
type AuditEntry struct {
	ID         int64  `json:"id"`
	At         Time   `json:"at"`
	ActorUUID  string `json:"actor_uuid"` // empty: nobody who was signed in
	ActorName  string `json:"actor_name"`
	Action     string `json:"action"`
	Subject    string `json:"subject"` // the uuid of the person, room, file, backup or request
	Detail     string `json:"detail"`
	RemoteAddr string `json:"remote_addr"`

	// Who the subject is, if it is a person: as he is called now, also while he waits for an approval or was rejected.
	SubjectName     string `json:"subject_name,omitempty"`
	SubjectUsername string `json:"subject_username,omitempty"`
}

// DeleteUserRequest is POST /api/admin/users/{user_uuid}/delete. ExpiresAt is when the archive goes (in 90 days if it is left
// out). Passphrase is then needed to open it, besides the server's archive key; Recipient is an age public key that can open it too.
type DeleteUserRequest struct {
	Reason     string `json:"reason"`
	ExpiresAt  *Time  `json:"expires_at,omitempty"`
	Passphrase string `json:"passphrase,omitempty"`
	Recipient  string `json:"recipient,omitempty"`
}

// BackupState is how far the deletion of a person is.
type BackupState string

// The states. Nobody is deleted but with done.
const (
	BackupRunning   BackupState = "running"
	BackupVerifying BackupState = "verifying"
	BackupDone      BackupState = "done"
	BackupFailed    BackupState = "failed"
	BackupCancelled BackupState = "cancelled"
	BackupExpired   BackupState = "expired"
)

// MaxBackups is how many deletions a page has.
const MaxBackups = 100

// BackupList is GET /api/admin/backups, the newest first. Next is the before of the next page, 0: there is none.
type BackupList struct {
	Backups []Backup `json:"backups"`
	Next    int64    `json:"next,omitempty"`
}

// Backup is GET /api/admin/backups/{backup_uuid}: a deletion and its archive. Failure is disk_full, file_missing, differs,
// stopped or failed.
type Backup struct {
	BackupUUID  string      `json:"backup_uuid"`
	UserUUID    string      `json:"user_uuid"`
	Name        string      `json:"name"`
	Reason      string      `json:"reason"`
	State       BackupState `json:"state"`
	Failure     string      `json:"failure,omitempty"`
	Protected   bool        `json:"protected"` // it needs a passphrase too
	Rooms       int         `json:"rooms"`
	RoomsDone   int         `json:"rooms_done"`
	Messages    int         `json:"messages"`
	Files       int         `json:"files"`
	Size        int64       `json:"size"`
	SHA256      string      `json:"sha256"`
	RequestedBy string      `json:"requested_by"`
	RequestedAt Time        `json:"requested_at"`
	FinishedAt  *Time       `json:"finished_at,omitempty"`
	ExpiresAt   Time        `json:"expires_at"`
}

// BackupReply is DELETE /api/delete-user/{id}: the original's answer, or, when it takes longer, that it is under way.
type BackupReply struct {
	Message string `json:"message"`
	Backup  Backup `json:"backup"`
}

// AccessKind is what a request for access is about.
type AccessKind string

// The kinds.
const (
	AccessPerson AccessKind = "person" // what he could see of his rooms
	AccessRoom   AccessKind = "room"
)

// AccessState is where a request for access stands.
type AccessState string

// The states. A request waits for a day, and is good for its hours once it was approved.
const (
	AccessPending  AccessState = "pending"
	AccessApproved AccessState = "approved"
	AccessRejected AccessState = "rejected"
	AccessEnded    AccessState = "ended"
	AccessExpired  AccessState = "expired"
)

// How long an approved request lets its asker read.
const (
	UsualAccessHours = 24
	MaxAccessHours   = 72
)

// AccessRequest is POST /api/admin/access-requests: to read the conversations of a subject in a period, To exclusive. Hours is
// for how long, counted from the approval; 0 means UsualAccessHours.
type AccessRequest struct {
	SubjectKind AccessKind `json:"subject_kind"`
	SubjectUUID string     `json:"subject_uuid"`
	Reason      string     `json:"reason"`
	From        Time       `json:"from"`
	To          Time       `json:"to"`
	Hours       int        `json:"hours,omitempty"`
}

// AccessList is GET /api/admin/access-requests?before=, the newest first. Next is the before of the next page, 0 when there is
// none. Pending says how many of all requests wait for a decision that who asks may make.
type AccessList struct {
	Requests []Access `json:"requests"`
	Next     int64    `json:"next,omitempty"`
	Pending  int      `json:"pending"`
}

// Access is a request for access. ExpiresAt is until when it waits, and after the approval until when its asker may read. The
// three Mays are about who asks, and hold now.
type Access struct {
	AccessUUID  string      `json:"access_uuid"`
	SubjectKind AccessKind  `json:"subject_kind"`
	SubjectUUID string      `json:"subject_uuid"`
	SubjectName string      `json:"subject_name"`     // of a person, or of a room that has a name
	People      []string    `json:"people,omitempty"` // of a room without a name: user_uuids
	Reason      string      `json:"reason"`
	From        Time        `json:"from"`
	To          Time        `json:"to"`
	State       AccessState `json:"state"`
	RequestedBy string      `json:"requested_by"`
	RequestedAt Time        `json:"requested_at"`
	DecidedBy   string      `json:"decided_by,omitempty"`
	DecidedAt   *Time       `json:"decided_at,omitempty"`
	ExpiresAt   Time        `json:"expires_at"`
	Hours       int         `json:"hours"`
	MayDecide   bool        `json:"may_decide"`
	MayRead     bool        `json:"may_read"`
	MayEnd      bool        `json:"may_end"`
}

// AccessRooms is GET /api/admin/access-requests/{access_uuid}/rooms, for who asked, after the approval: those in which
// something was written in the period.
type AccessRooms struct {
	Rooms []AccessedRoom `json:"rooms"`
}

// AccessedRoom is a room of the subject.
type AccessedRoom struct {
	RoomUUID string   `json:"room_uuid"`
	Kind     RoomKind `json:"kind"`
	Name     string   `json:"name"`
	Members  []string `json:"members"`  // user_uuids, the first MaxSummaryMembers
	Messages int64    `json:"messages"` // of the period, with the system's lines
}

// How FindRooms asks, and answers.
const (
	MaxFindMembers = 5
	MaxFoundRooms  = 50 // of a page
)

// FoundRooms is GET /api/admin/rooms?member=&member=&before=, the newest first: the rooms in which all of those people are or were,
// for who wants to ask for one or hold it. It is audited, and says nothing of what is in them. Next is the before of the next page, 0
// when there is none.
type FoundRooms struct {
	Rooms []FoundRoom `json:"rooms"`
	Next  int64       `json:"next,omitempty"`
}

// FoundRoom is a room of somebody.
type FoundRoom struct {
	RoomUUID string   `json:"room_uuid"`
	Kind     RoomKind `json:"kind"`
	Name     string   `json:"name"`
	Members  []string `json:"members"` // user_uuids, the first MaxSummaryMembers
}

// AccessedMessages is GET /api/admin/access-requests/{access_uuid}/messages?room_uuid=&after_seq=, the oldest first. A deleted
// message is a tombstone here too. Next is the after_seq of the next page, 0 when there is none.
//
// It is GET /api/admin/access-requests/{access_uuid}/search?q=&room_uuid=&before= too, the newest first, which looks into all of
// the request's rooms when none is named; Next is then the before of the next page.
type AccessedMessages struct {
	Messages []Message `json:"messages"`
	Next     int64     `json:"next,omitempty"`
}
