package wire

// This file holds the bodies of retention: how long what people wrote is kept, what is held back from that, and how it goes.

// RoomClass is a kind of room as retention tells them apart.
type RoomClass string

// The classes. A room that follows a department is of ClassDepartment, whatever its kind.
const (
	ClassDirect     RoomClass = "direct"
	ClassGroup      RoomClass = "group"
	ClassDepartment RoomClass = "department"
	ClassNotice     RoomClass = "notice"
	ClassSelf       RoomClass = "self"
)

// RoomClasses are all of them, in the order in which they are shown.
var RoomClasses = []RoomClass{ClassDirect, ClassGroup, ClassDepartment, ClassNotice, ClassSelf}

// Limits of retention.
const (
	MaxRetentionDays = 36_500
	MaxRetentionRuns = 20  // that are listed
	MaxHolds         = 100 // of a page
)

// RetentionRule says after how many days what is in rooms of a class goes; 0: never.
type RetentionRule struct {
	Class       RoomClass `json:"class"`
	MessageDays int       `json:"message_days"`
	FileDays    int       `json:"file_days"`
}

// RetentionPolicy is PUT /api/admin/retention. A class without a rule is kept for ever. The window is in minutes after midnight by
// the server's clock; From and To that are equal mean at any time. A PUT names the Rev that it saw.
type RetentionPolicy struct {
	Rules      []RetentionRule `json:"rules"`
	Daily      bool            `json:"daily"` // it runs by itself, once a day
	WindowFrom int             `json:"window_from"`
	WindowTo   int             `json:"window_to"`
	Rev        int64           `json:"rev"`
}

// Retention is GET /api/admin/retention.
type Retention struct {
	RetentionPolicy
	FilePolicyDays int            `json:"file_policy_days"` // of the file policy, for every file; 0: never
	ServerTime     Time           `json:"server_time"`
	UTCOffset      int            `json:"utc_offset"` // of the server's clock, in minutes
	Runs           []RetentionRun `json:"runs"`       // the newest first
}

// RetentionPreview is POST /api/admin/retention/preview: what a policy would delete now. Nothing is.
type RetentionPreview struct {
	At      Time             `json:"at"`
	Classes []RetentionCount `json:"classes"` // each, in the order of RoomClasses
}

// RetentionCount is what goes of a class of rooms. A file that hangs in several rooms counts where it was sent first.
type RetentionCount struct {
	Class        RoomClass `json:"class"`
	Rooms        int64     `json:"rooms"`
	Messages     int64     `json:"messages"`
	Files        int64     `json:"files"`
	Bytes        int64     `json:"bytes"`
	Oldest       *Time     `json:"oldest,omitempty"` // message
	HeldRooms    int64     `json:"held_rooms"`       // where something would go, if there were no hold
	HeldMessages int64     `json:"held_messages"`
}

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	RunRunning   RunState = "running"
	RunWaiting   RunState = "waiting" // for the window
	RunDone      RunState = "done"
	RunCancelled RunState = "cancelled"
)

// RunPhase is what a run is at.
type RunPhase string

// The phases, one after the other.
const (
	PhaseCounting RunPhase = "counting"
	PhaseMessages RunPhase = "messages"
	PhaseFiles    RunPhase = "files"
)

// RetentionRun is how a run stands. Due are the figures of its beginning.
type RetentionRun struct {
	RunUUID     string   `json:"run_uuid"`
	State       RunState `json:"state"`
	Phase       RunPhase `json:"phase"`
	InWindow    bool     `json:"in_window"`    // it runs in the window only
	RequestedBy string   `json:"requested_by"` // user_uuid; empty: it began by itself
	StartedAt   Time     `json:"started_at"`
	UpdatedAt   Time     `json:"updated_at"`
	FinishedAt  *Time    `json:"finished_at,omitempty"`
	DueMessages int64    `json:"due_messages"`
	DueFiles    int64    `json:"due_files"`
	Messages    int64    `json:"messages"`
	Files       int64    `json:"files"`
	Bytes       int64    `json:"bytes"`
}

// StartRetention is POST /api/admin/retention/runs. Rev is that of the policy which its caller saw.
type StartRetention struct {
	InWindow bool  `json:"in_window"`
	Rev      int64 `json:"rev"`
}

// HoldList is GET /api/admin/holds: those that hold first, then those that ended, each the newest first. Next is the before of the
// next page, 0: there is none.
type HoldList struct {
	Holds []Hold `json:"holds"`
	Next  int64  `json:"next,omitempty"`
}

// Hold keeps what is of a person or a room from being deleted.
type Hold struct {
	HoldUUID    string     `json:"hold_uuid"`
	SubjectKind AccessKind `json:"subject_kind"`
	SubjectUUID string     `json:"subject_uuid"`
	SubjectName string     `json:"subject_name"`     // of a person, or of a room that has a name
	People      []string   `json:"people,omitempty"` // of a room without a name: user_uuids
	Rooms       int        `json:"rooms"`            // that it covers; 0 when it has ended
	Reason      string     `json:"reason"`
	PlacedBy    string     `json:"placed_by"` // user_uuid
	PlacedAt    Time       `json:"placed_at"`
	EndedBy     string     `json:"ended_by,omitempty"`
	EndedAt     *Time      `json:"ended_at,omitempty"`
	EndReason   string     `json:"end_reason,omitempty"`
}

// NewHold is POST /api/admin/holds.
type NewHold struct {
	SubjectKind AccessKind `json:"subject_kind"`
	SubjectUUID string     `json:"subject_uuid"`
	Reason      string     `json:"reason"`
}
