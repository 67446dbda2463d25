package model

// AuditAction names what an audit entry is about: at most 32 ASCII characters.
type AuditAction string

// The actions that leave an audit entry.
const (
	AuditOwnerCreated    AuditAction = "owner_created"
	AuditUserRegistered  AuditAction = "user_registered"
	AuditUserApproved    AuditAction = "user_approved"
	AuditUserRejected    AuditAction = "user_rejected"
	AuditPasswordChanged AuditAction = "password_changed"
	AuditRefreshReused   AuditAction = "refresh_reused" // a spent refresh token came back: its session was ended
	AuditRoomClosed      AuditAction = "room_closed"
	AuditFilePolicy      AuditAction = "file_policy"
	AuditFileUnscanned   AuditAction = "file_unscanned" // nobody looked for malware, and the policy lets that pass
	AuditFileRetired     AuditAction = "file_retired"   // retention removed its bytes
)

// AuditEntry says who did what on whom, from where and when. It never holds contents, tokens or passwords.
type AuditEntry struct {
	ID         int64
	At         int64
	ActorID    int64 // 0: nobody who is signed in
	Action     AuditAction
	Subject    string // the uuid of the person, room or file it was done to
	Detail     string
	RemoteAddr string
}
