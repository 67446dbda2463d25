package core

import "himsg/shared/wire"

// This file holds what crosses the bridge to the administrators' pages; see view.go.

// PendingReset is a request for a new password that waits.
type PendingReset struct {
	ID          int64  `json:"id"`
	UserUUID    string `json:"user_uuid"`
	Name        string `json:"name"`
	Username    string `json:"username"`
	EmployeeID  string `json:"employee_id"`
	Department  string `json:"department"`
	Email       string `json:"email"`
	CompareCode string `json:"compare_code"` // what the person must be able to say
	RemoteAddr  string `json:"remote_addr"`
	RequestedAt int64  `json:"requested_at"`
	ExpiresAt   int64  `json:"expires_at"`
}

// OneTimeCode is shown once; the person exchanges it for a new password.
type OneTimeCode struct {
	Code      string `json:"code"`
	ExpiresAt int64  `json:"expires_at"`
}

// Person is what administrators see of a person.
type Person struct {
	wire.Profile
	BirthDate   string `json:"birth_date"`
	CreatedAt   int64  `json:"created_at"`
	HasPassword bool   `json:"has_password"` // false: imported, and a one-time code was not used yet
}

// AccountChange is what is done to many accounts: "disable", "enable", "sign_out" (all devices), or "role" with Role.
type AccountChange struct {
	Action string `json:"action"`
	Role   string `json:"role"`
	Reason string `json:"reason"`
}

// AccountFate is what became of one person: changed, as he was, or refused.
type AccountFate struct {
	UserUUID string   `json:"user_uuid"`
	Changed  bool     `json:"changed"`
	Refused  *Failure `json:"refused,omitempty"`
}

// Assignment is what many people are given; what is absent stays. An empty DepartmentUUID takes them out of the tree.
type Assignment struct {
	DepartmentUUID *string `json:"department_uuid,omitempty"`
	Position       *string `json:"position,omitempty"`
	Grade          *string `json:"grade,omitempty"`
}

// DeleteOrder is how a person is deleted. ExpiresAt is when the archive goes, 0: in 90 days. Passphrase is then needed to open
// it; Recipient is an age public key that can open it too.
type DeleteOrder struct {
	Reason     string `json:"reason"`
	ExpiresAt  int64  `json:"expires_at"`
	Passphrase string `json:"passphrase"`
	Recipient  string `json:"recipient"`
}

// Backup is a deletion and its archive.
type Backup struct {
	BackupUUID  string           `json:"backup_uuid"`
	UserUUID    string           `json:"user_uuid"`
	Name        string           `json:"name"`
	Reason      string           `json:"reason"`
	State       wire.BackupState `json:"state"`
	Failure     string           `json:"failure"` // disk_full, file_missing, differs, stopped or failed
	Protected   bool             `json:"protected"`
	Rooms       int              `json:"rooms"`
	RoomsDone   int              `json:"rooms_done"`
	Messages    int              `json:"messages"`
	Files       int              `json:"files"`
	Size        int64            `json:"size"`
	SHA256      string           `json:"sha256"`
	RequestedBy string           `json:"requested_by"`
	RequestedAt int64            `json:"requested_at"`
	FinishedAt  int64            `json:"finished_at"`
	ExpiresAt   int64            `json:"expires_at"`
}

// BackupPage is a page of the deletions, the newest first.
type BackupPage struct {
	Backups []Backup `json:"backups"`
	Next    int64    `json:"next"` // 0: no more
}

// PeopleImport is how the last import of people stands, whoever began it; State is empty when there is none.
type PeopleImport struct {
	State          wire.ImportState `json:"state"`
	Total          int              `json:"total"`
	Done           int              `json:"done"`
	Counts         map[string]int   `json:"counts"` // rows by fate
	Columns        []wire.Field     `json:"columns"`
	IgnoredColumns []string         `json:"ignored_columns"`
	NewDepartments []string         `json:"new_departments"` // the first 100
	Failure        wire.Reason      `json:"failure"`         // of ImportFailed; empty: the server itself failed
	CreatedAt      int64            `json:"created_at"`
}

// ImportRow is one row of the file; the header is row 1.
type ImportRow struct {
	Row      int                `json:"row"`
	Fate     wire.RowFate       `json:"fate"`
	UserUUID string             `json:"user_uuid"`
	Values   map[string]string  `json:"values"` // by wire.Field
	Changes  []wire.FieldChange `json:"changes"`
	Problems []wire.RowProblem  `json:"problems"`
}

// ImportRows is a page of an import's rows. Next is the after of the next page, 0 when there is none.
type ImportRows struct {
	Rows []ImportRow `json:"rows"`
	Next int         `json:"next"`
}
