package notice

import (
	"context"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Mark is that somebody has read a notice or, with Confirm, confirms it.
type Mark struct {
	UserID     int64
	NoticeUUID string
	Confirm    bool
	EditedAt   int64 // when that was edited which he saw, UTC milliseconds, 0: never; AsItIs: he does not say
	At         int64
}

// Query says which notices somebody asks for.
type Query struct {
	UserID     int64
	Before     int64 // a notice's id: those before it; 0: the newest
	AskedSince int64 // UTC milliseconds: nobody waits any more for what was asked before
	Limit      int
	Known      string // the stamp of the first page that he holds
}

// AsItIs takes a notice as it stands.
const AsItIs = -1

// Store keeps notices. Each method is one transaction, its audit entry included; the entry's subject is the notice.
//
// A notice is for everybody, or for departments with those below them. It asks who is active, is one of those, is not its
// author, and was let in before it was written; it may be read by everybody whom it is for, and its author.
type Store interface {
	// Notices is a page of what a person may read, the newest first.
	Notices(ctx context.Context, q Query) (wire.NoticeList, error)
	// MarkNotice notes that a person has read a notice, or confirmed it. The first time counts. changed is false for a repeat.
	// not_found for what he may not read, conflict if nobody is asked to confirm it, or (edit_conflict) if it says something
	// else than what he saw.
	MarkNotice(ctx context.Context, m Mark) (changed bool, err error)
	// NoticesRev is the revision of the last change.
	NoticesRev(ctx context.Context) (int64, error)

	// WriteNotice stores a notice; a repeat by its author changes nothing (rev 0). not_found for an unknown department.
	WriteNotice(ctx context.Context, n wire.NewNotice, entry model.AuditEntry) (rev int64, err error)
	// EditNotice keeps what it said before. conflict if it was withdrawn, or changed after in.BaseRev.
	EditNotice(ctx context.Context, noticeUUID string, in wire.NoticeChange, entry model.AuditEntry) (rev int64, err error)
	// WithdrawNotice takes a notice from its readers; entry.Detail is why, if that was said. A repeat changes nothing (rev 0).
	WithdrawNotice(ctx context.Context, noticeUUID string, entry model.AuditEntry) (rev int64, err error)
	// RemindNotice notes that those who have not confirmed are reminded, and returns how many they are (none: rev 0). conflict
	// if it was withdrawn, asks for nothing, or reminded after notSince.
	RemindNotice(
		ctx context.Context, noticeUUID string, notSince int64, entry model.AuditEntry,
	) (people int, rev int64, err error)

	AdminNotices(ctx context.Context, before int64, limit int) (wire.AdminNoticeList, error)
	NoticeStatus(ctx context.Context, noticeUUID string) (wire.NoticeStatus, error)
	NoticePeople(ctx context.Context, noticeUUID string, q PeopleQuery) (wire.NoticePeople, error)
	AppendAudit(ctx context.Context, e model.AuditEntry) error
}

// PeopleQuery says whom to list; what is nil does not narrow.
type PeopleQuery struct {
	Settled        *bool   // they have done what they are asked to, or not
	DepartmentUUID *string // empty: those without one
	After          int64
	Limit          int
}

// Publisher tells the hubs.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}
