package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file changes notices.

var (
	textWithdrawn    = errs.Text{KO: "취소된 공지입니다.", EN: "This notice was withdrawn."}
	textNoticeEdited = errs.Text{KO: "다른 관리자가 먼저 수정한 공지입니다.", EN: "Another administrator edited this notice meanwhile."}
	textReminded     = errs.Text{
		KO: "한 시간에 한 번만 다시 알릴 수 있습니다.", EN: "People can be reminded once an hour.",
	}
	textTakenUUID = errs.Text{KO: "이미 사용된 공지 번호입니다.", EN: "This notice_uuid is another notice's."}
)

// lockNotices is the first statement of every transaction that changes a notice, and takes the next revision.
func lockNotices(ctx context.Context, tx *sql.Tx) (rev int64, err error) {
	_, err = tx.ExecContext(ctx, "update counters set value = value + 1 where name = 'notices_rev'")
	if err != nil {
		return 0, err
	}
	return noticesRev(ctx, tx)
}

// errNothingNew rolls a transaction back in which nothing is to be changed.
var errNothingNew = errors.New("nothing new")

// changeNotices runs do with the next revision. It returns 0 when do returns errNothingNew.
func (db *DB) changeNotices(
	ctx context.Context, op string, do func(tx *sql.Tx, rev int64) error,
) (rev int64, err error) {
	err = db.write(ctx, op, func(tx *sql.Tx) error {
		if rev, err = lockNotices(ctx, tx); err != nil {
			return err
		}
		return do(tx, rev)
	})
	switch {
	case errors.Is(err, errNothingNew):
		return 0, nil
	case err != nil:
		return 0, err
	}
	return rev, nil
}

// WriteNotice implements notice.Store.
func (db *DB) WriteNotice(ctx context.Context, n wire.NewNotice, entry model.AuditEntry) (rev int64, err error) {
	return db.changeNotices(ctx, "write notice", func(tx *sql.Tx, rev int64) error {
		var author int64
		err := tx.QueryRowContext(ctx, "select author_id from notices where notice_uuid = ?", n.NoticeUUID).Scan(&author)
		switch {
		case err == nil && author == entry.ActorID:
			return errNothingNew
		case err == nil:
			return errs.E(wire.Conflict, "", textTakenUUID)
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		made, err := tx.ExecContext(ctx, insertInto("notices",
			"notice_uuid, author_id, title, text, everybody, confirm, due_at, rev, created_at, asked_at", 1),
			n.NoticeUUID, entry.ActorID, n.Title, n.Text, bit(len(n.DepartmentUUIDs) == 0), bit(n.Confirm), milliOf(n.DueAt), rev,
			entry.At, entry.At)
		if err != nil {
			return err
		}
		id, err := made.LastInsertId()
		if err != nil {
			return err
		}
		if err := addNoticeDepartments(ctx, tx, id, n.DepartmentUUIDs); err != nil {
			return err
		}
		entry.Detail = n.Title
		return db.appendAudit(ctx, tx, entry)
	})
}

func addNoticeDepartments(ctx context.Context, tx *sql.Tx, noticeID int64, uuids []string) error {
	for _, uuid := range uuids {
		var department int64
		err := tx.QueryRowContext(ctx, "select id from departments where department_uuid = ? and deleted_at is null", uuid).
			Scan(&department)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.NotFound(textNoDepartment)
		}
		if err != nil {
			return err
		}
		var known int
		err = tx.QueryRowContext(ctx, "select count(*) from notice_departments where notice_id = ? and department_id = ?",
			noticeID, department).Scan(&known)
		if err != nil {
			return err
		}
		if known > 0 {
			continue // it was named twice
		}
		_, err = tx.ExecContext(ctx, insertInto("notice_departments", "notice_id, department_id", 1), noticeID, department)
		if err != nil {
			return err
		}
	}
	return nil
}

// EditNotice implements notice.Store.
func (db *DB) EditNotice(
	ctx context.Context, noticeUUID string, in wire.NoticeChange, entry model.AuditEntry,
) (rev int64, err error) {
	return db.changeNotices(ctx, "edit notice", func(tx *sql.Tx, rev int64) error {
		n, err := adminNotice(ctx, tx, noticeUUID)
		switch {
		case err != nil:
			return err
		case n.WithdrawnAt != nil:
			return errs.E(wire.Conflict, "", textWithdrawn)
		case n.Rev != in.BaseRev:
			return errs.E(wire.Conflict, wire.ReasonEditConflict, textNoticeEdited)
		}
		asked := n.asked
		if in.AskAgain {
			asked = entry.At
		}
		_, err = tx.ExecContext(ctx, insertInto("notice_edits", "notice_id, title, text, edited_by, edited_at", 1),
			n.id, n.Title, n.Text, entry.ActorID, entry.At)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			update notices
			set title = ?, text = ?, confirm = ?, due_at = ?, asked_at = ?, edited_at = ?, rev = ?
			where id = ?`, in.Title, in.Text, bit(in.Confirm), milliOf(in.DueAt), asked, entry.At, rev, n.id)
		if err != nil {
			return err
		}
		entry.Detail = in.Title
		return db.appendAudit(ctx, tx, entry)
	})
}

// WithdrawNotice implements notice.Store.
func (db *DB) WithdrawNotice(ctx context.Context, noticeUUID string, entry model.AuditEntry) (rev int64, err error) {
	return db.changeNotices(ctx, "withdraw notice", func(tx *sql.Tx, rev int64) error {
		n, err := adminNotice(ctx, tx, noticeUUID)
		if err != nil {
			return err
		}
		if n.WithdrawnAt != nil {
			return errNothingNew
		}
		_, err = tx.ExecContext(ctx, "update notices set withdrawn_at = ?, rev = ? where id = ?", entry.At, rev, n.id)
		if err != nil {
			return err
		}
		if entry.Detail != "" {
			entry.Detail = ": " + entry.Detail
		}
		entry.Detail = n.Title + entry.Detail
		return db.appendAudit(ctx, tx, entry)
	})
}

// RemindNotice implements notice.Store.
func (db *DB) RemindNotice(
	ctx context.Context, noticeUUID string, notSince int64, entry model.AuditEntry,
) (people int, rev int64, err error) {
	rev, err = db.changeNotices(ctx, "remind of notice", func(tx *sql.Tx, rev int64) error {
		n, err := adminNotice(ctx, tx, noticeUUID)
		switch {
		case err != nil:
			return err
		case n.WithdrawnAt != nil:
			return errs.E(wire.Conflict, "", textWithdrawn)
		case !n.Confirm:
			return errs.E(wire.Conflict, "", textNoConfirm)
		case n.RemindedAt != nil && n.RemindedAt.UnixMilli() > notSince:
			return errs.E(wire.Conflict, wire.ReasonReminded, textReminded)
		}
		counts, err := noticeCounts(ctx, tx, n)
		if err != nil {
			return err
		}
		total := sumOf(counts)
		if people = total.Asked - total.Confirmed; people <= 0 {
			people = 0
			return errNothingNew
		}
		// rev stays: who edits it meanwhile has no conflict with a reminder.
		_, err = tx.ExecContext(ctx, "update notices set reminded_at = ? where id = ?", entry.At, n.id)
		if err != nil {
			return err
		}
		entry.Detail = strconv.Itoa(people)
		return db.appendAudit(ctx, tx, entry)
	})
	return people, rev, err
}

// bit is how both databases hold a yes or no.
func bit(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func milliOf(at *wire.Time) sql.NullInt64 {
	if at == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: at.UnixMilli(), Valid: true}
}
