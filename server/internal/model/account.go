package model

import "himsg/shared/wire"

// MayAdminister reports whether the actor may decide about an account: disable it, end its sessions, help it to a new
// password, delete it. Owners may about everybody; administrators about users, but not about auditors, other administrators
// or owners: whoever may reset a password may become that person.
func (a Actor) MayAdminister(u User) bool {
	switch a.Role {
	case wire.RoleOwner:
		return true
	case wire.RoleAdmin:
		return u.Role == wire.RoleUser
	default:
		return false
	}
}

// IsAuditor reports whether the actor may read the audit and decide about access to conversations.
func (a Actor) IsAuditor() bool { return a.Role == wire.RoleAuditor || a.Role == wire.RoleOwner }

// CodePurpose is what a one-time code is for.
type CodePurpose string

// The purposes. A person has at most one code of each.
const (
	CodeReset   CodePurpose = "reset"   // made by an administrator for who lost his device
	CodeInitial CodePurpose = "initial" // for an account that nobody has signed in to yet
)

// OneTimeCode is a code that its holder exchanges for a password of his own. The code itself is not stored.
type OneTimeCode struct {
	UserID    int64
	Purpose   CodePurpose
	Hash      string
	CreatedAt int64
	CreatedBy int64 // 0: nobody who is signed in
	ExpiresAt int64
}

// ResetState is where a request for a new password stands.
type ResetState string

// The states of a reset. Expired is never stored: it is a pending or approved one whose time is over.
const (
	ResetPending   ResetState = "pending"
	ResetApproved  ResetState = "approved"
	ResetRejected  ResetState = "rejected"
	ResetCompleted ResetState = "completed"
	ResetReplaced  ResetState = "replaced" // the password was set in another way
	ResetExpired   ResetState = "expired"
)

// Reset is a request for a new password.
type Reset struct {
	ID          int64
	User        User   // ID 0: nobody matches what was typed
	Username    string // as typed, like the next two
	EmployeeID  string
	Department  string
	CompareCode string
	State       ResetState
	Reason      string // of a rejection
	RemoteAddr  string
	RequestedAt int64
	ExpiresAt   int64
	ProcessedAt int64
	ProcessedBy string // user_uuid
}

// At is the request as it stands at a time.
func (r Reset) At(now int64) Reset {
	if (r.State == ResetPending || r.State == ResetApproved) && r.ExpiresAt <= now {
		r.State = ResetExpired
	}
	return r
}

// Backup is the deletion of a person, and the archive that it left.
type Backup struct {
	ID          int64
	UUID        string
	UserID      int64
	UserUUID    string
	Name        string
	Reason      string
	State       wire.BackupState
	Failure     string
	Protected   bool // it needs a passphrase too
	Rooms       int
	RoomsDone   int
	Messages    int
	Files       int
	Size        int64
	SHA256      string
	RequestedBy string // user_uuid
	RequestedAt int64
	UpdatedAt   int64
	FinishedAt  int64
	ExpiresAt   int64
}

// BackupRoom is a room of somebody, and which of its messages he could see: those after a seq, up to another.
type BackupRoom struct {
	ID      int64
	UUID    string
	Kind    wire.RoomKind
	Name    string
	After   int64
	UpTo    int64
	Members []string // user_uuids
}

// Access is a request to read the conversations of a person, or of a room, in a period.
type Access struct {
	ID            int64
	UUID          string
	Kind          wire.AccessKind
	SubjectID     int64
	SubjectUUID   string
	SubjectName   string   // of a person, or of a room that has a name
	People        []string // user_uuids, of a room without a name, where it is listed
	Reason        string
	From, To      int64 // To exclusive
	State         wire.AccessState
	RequestedBy   string // user_uuid
	RequestedByID int64
	RequestedAt   int64
	DecidedBy     string // user_uuid
	DecidedAt     int64
	ExpiresAt     int64
	Hours         int // for how long its asker may read
}

// At is the request as it stands at a time.
func (a Access) At(now int64) Access {
	if (a.State == wire.AccessPending || a.State == wire.AccessApproved) && a.ExpiresAt <= now {
		a.State = wire.AccessExpired
	}
	return a
}

// MayDecide reports whether an actor may approve or reject the request: a second person, owner or auditor, who is not the one
// that it is about.
func (a Access) MayDecide(actor Actor) bool {
	return actor.IsAuditor() && a.RequestedByID != actor.UserID && (a.Kind != wire.AccessPerson || a.SubjectID != actor.UserID)
}

// MayEnd reports whether an actor may end the request before its time: its asker, and owners and auditors.
func (a Access) MayEnd(actor Actor) bool { return a.RequestedByID == actor.UserID || actor.IsAuditor() }
