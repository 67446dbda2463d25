package retention

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Store keeps rules, holds and runs, and deletes. Each method is one transaction, its audit entry included. now is the caller's
// clock, UTC milliseconds.
type Store interface {
	Policies
	Holds
	Runs
	Slices
}

// Policies keeps the rules.
type Policies interface {
	// RetentionPolicy returns the rules, the usual ones (nothing goes) if none were set.
	RetentionPolicy(ctx context.Context) (wire.RetentionPolicy, error)
	// SetRetentionPolicy replaces the rules; conflict (edit_conflict) if they were changed since p.Rev. The entry tells what
	// they were and are.
	SetRetentionPolicy(ctx context.Context, p wire.RetentionPolicy, entry model.AuditEntry) (wire.RetentionPolicy, error)
	FilePolicy(ctx context.Context) (wire.FilePolicy, error)
	// CountOldMessages counts, in the rooms behind one of them, what rules would delete, and returns the last that it looked at;
	// 0: there are no more. CountOldFiles does so for files.
	CountOldMessages(ctx context.Context, rules Rules, afterRoom int64) (Counts, int64, error)
	CountOldFiles(ctx context.Context, rules Rules, afterFile int64) (Counts, int64, error)
}

// Holds keeps holds.
type Holds interface {
	// HoldList returns a page: those that hold first, then those that ended, each the newest first.
	HoldList(ctx context.Context, before int64, limit int) (wire.HoldList, error)
	// AddHold places a hold; not_found for an unknown subject. The entry's subject is set.
	AddHold(ctx context.Context, holdUUID string, in wire.NewHold, entry model.AuditEntry) (wire.Hold, error)
	// EndHold ends one; not_found for an unknown one, forbidden (oneself) on the person who ends it, conflict (decided) for one
	// that has ended.
	EndHold(ctx context.Context, holdUUID, reason string, entry model.AuditEntry) (wire.Hold, error)
}

// Runs keeps runs.
type Runs interface {
	// AddRun begins a run; conflict (decided) if another one runs, or (edit_conflict) if the rules were changed since rev.
	AddRun(ctx context.Context, r Run, rev int64, entry model.AuditEntry) error
	// RunList returns the last runs, the newest first.
	RunList(ctx context.Context, limit int) ([]Run, error)
	// ClaimRun gives the run that is not over to a worker: to the one that has it, or to another if that one gave no sign since
	// stale. false: there is none, or it is somebody else's.
	ClaimRun(ctx context.Context, worker string, stale, now int64) (Run, bool, error)
	// MoveRun notes how far a run is, when nothing was deleted. It is ErrLost when the run is over or somebody else's; so are the
	// next ones and those of Slices.
	MoveRun(ctx context.Context, r Run, now int64) error
	// EndRun ends a run, by its worker.
	EndRun(ctx context.Context, r Run, state wire.RunState, entry model.AuditEntry) (Run, error)
	// CancelRun ends a run, whoever does it; not_found for an unknown one. A repeat changes nothing.
	CancelRun(ctx context.Context, runUUID string, entry model.AuditEntry) error
}

// Slices deletes. Each looks at the rules, the holds and the run itself in its own transaction.
type Slices interface {
	// DueRooms returns rooms behind one in which something is to be deleted, by id.
	DueRooms(ctx context.Context, after int64, now int64, limit int) ([]int64, error)
	// RetireMessages deletes up to limit messages of a room, from where the last time ended, and moves the cursors of members who
	// have not read so far.
	RetireMessages(ctx context.Context, r Run, roomID, now int64, limit int) (Retired, error)
	// PassedBy returns the members whose cursors stand at a seq to which RetireMessages moved some.
	PassedBy(ctx context.Context, roomID, seq int64) ([]model.CursorMove, error)
	// DueFiles returns files among those behind one that no place needs any more, and up to which it looked; 0: to the last.
	DueFiles(ctx context.Context, after, now int64) (files []int64, looked int64, err error)
	// RetireFile marks a file as gone if no place needs it. Its bytes must go then.
	RetireFile(ctx context.Context, r Run, fileID, now int64) (RetiredFile, error)
}

// Conversations tells the members of a room of cursors that moved to the end of what is gone.
type Conversations interface {
	CursorsMoved(ctx context.Context, roomID int64, roomUUID string, moved []model.CursorMove)
}

// Bytes removes the bytes of files that are gone, and of those that hang nowhere any more.
type Bytes interface {
	RemoveBytes(ctx context.Context, f model.File)
	Wake()
}
