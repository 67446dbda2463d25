package core

import "himsg/shared/wire"

// This file holds what crosses the bridge to the administrators' pages about what the server keeps, and how it is; see view.go.

// Retention is how long what people wrote is kept, and the last runs, the newest first.
type Retention struct {
	wire.RetentionPolicy
	FilePolicyDays int            `json:"file_policy_days"` // for every file; 0: never
	UTCOffset      int            `json:"utc_offset"`       // of the server's clock, in minutes
	Runs           []RetentionRun `json:"runs"`
}

// RetentionRun is how a run stands. FinishedAt is 0 as long as it is not over.
type RetentionRun struct {
	RunUUID     string        `json:"run_uuid"`
	State       wire.RunState `json:"state"`
	Phase       wire.RunPhase `json:"phase"`
	InWindow    bool          `json:"in_window"`
	RequestedBy string        `json:"requested_by"` // empty: it began by itself
	StartedAt   int64         `json:"started_at"`
	UpdatedAt   int64         `json:"updated_at"`
	FinishedAt  int64         `json:"finished_at"`
	DueMessages int64         `json:"due_messages"`
	DueFiles    int64         `json:"due_files"`
	Messages    int64         `json:"messages"`
	Files       int64         `json:"files"`
	Bytes       int64         `json:"bytes"`
}

// RetentionCount is what rules would delete of a class of rooms. Oldest is 0 when there are no messages.
type RetentionCount struct {
	Class        wire.RoomClass `json:"class"`
	Rooms        int64          `json:"rooms"`
	Messages     int64          `json:"messages"`
	Files        int64          `json:"files"`
	Bytes        int64          `json:"bytes"`
	Oldest       int64          `json:"oldest"`
	HeldRooms    int64          `json:"held_rooms"`
	HeldMessages int64          `json:"held_messages"`
}

// Hold keeps what is of a person or a room from being deleted. EndedAt is 0 as long as it holds.
type Hold struct {
	HoldUUID    string          `json:"hold_uuid"`
	SubjectKind wire.AccessKind `json:"subject_kind"`
	SubjectUUID string          `json:"subject_uuid"`
	SubjectName string          `json:"subject_name"`
	People      []string        `json:"people"` // of a room without a name: user_uuids
	Rooms       int             `json:"rooms"`
	Reason      string          `json:"reason"`
	PlacedBy    string          `json:"placed_by"`
	PlacedAt    int64           `json:"placed_at"`
	EndedBy     string          `json:"ended_by"`
	EndedAt     int64           `json:"ended_at"`
	EndReason   string          `json:"end_reason"`
}

// HoldPage is a page of the holds: those that hold first, each the newest first.
type HoldPage struct {
	Holds []Hold `json:"holds"`
	Next  int64  `json:"next"` // 0: no more
}

// Health is how the server is.
type Health struct {
	At          int64             `json:"at"` // by the server's clock
	StartedAt   int64             `json:"started_at"`
	Version     string            `json:"version"`
	CompanyName string            `json:"company_name"`
	Lines       []wire.HealthLine `json:"lines"`
}
