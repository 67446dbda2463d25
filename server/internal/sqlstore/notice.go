package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"himsg/server/internal/errs"
	"himsg/server/internal/notice"
	"himsg/shared/wire"
)

// This file is notices as their readers see them: notice.Store.

var _ notice.Store = (*DB)(nil)

var (
	textNoNotice  = errs.Text{KO: "공지를 찾을 수 없습니다.", EN: "There is no such notice."}
	textNoConfirm = errs.Text{KO: "확인을 요청하지 않은 공지입니다.", EN: "Nobody is asked to confirm this notice."}
)

// noticeReader is somebody, and where he stands: his department and those that it is in.
type noticeReader struct {
	id    int64
	since int64 // when he was let in
	// askedSince: what was asked before waits for nobody. It is 0 where that does not matter.
	askedSince int64
	places     []any
}

func readNoticeReader(ctx context.Context, q querier, userID int64) (r noticeReader, err error) {
	r.id = userID
	err = q.QueryRowContext(ctx, "select coalesce(decided_at, created_at) from users where id = ?", userID).Scan(&r.since)
	if err != nil {
		return r, err
	}
	places, err := collect(ctx, q, func(row scanner) (id int64, err error) {
		err = row.Scan(&id)
		return id, err
	}, `
		with recursive above (id, parent_id) as (
			select d.id, d.parent_id from departments d where d.id = (select department_id from users where id = ?)
			union
			select d.id, d.parent_id from departments d join above a on d.id = a.parent_id
		)
		select id from above order by id`, userID)
	r.places = anys(places)
	return r, err
}

// forHim is what a notice n must be for a reader to see it.
func (r noticeReader) forHim() (where string, args []any) {
	where, args = "n.withdrawn_at is null and (n.everybody = 1 or n.author_id = ?", []any{r.id}
	if len(r.places) > 0 {
		where += ` or exists (
			select 1 from notice_departments d where d.notice_id = n.id and d.department_id in (` + holes(len(r.places)) + "))"
		args = append(args, r.places...)
	}
	return where + ")", args
}

// Notices implements notice.Store.
func (db *DB) Notices(
	ctx context.Context, ask notice.Query,
) (list wire.NoticeList, err error) {
	err = db.snapshot(ctx, "notices", func(q querier) error {
		list = wire.NoticeList{Notices: []wire.Notice{}}
		r, err := readNoticeReader(ctx, q, ask.UserID)
		if err != nil {
			return err
		}
		r.askedSince = ask.AskedSince
		if list.Stamp, err = r.stamp(ctx, q); err != nil {
			return err
		}
		if list.Stamp == ask.Known {
			list.Unchanged = true
			return nil
		}
		if err := r.count(ctx, q, &list); err != nil {
			return err
		}
		return r.page(ctx, q, ask.Before, ask.Limit, &list)
	})
	return list, err
}

// stamp stands for all that the reader's list depends on.
func (r noticeReader) stamp(ctx context.Context, q querier) (string, error) {
	rev, err := noticesRev(ctx, q)
	if err != nil {
		return "", err
	}
	var marks, oldest int64
	err = q.QueryRowContext(ctx, `
		select
			coalesce((select marks from notice_readers where user_id = ?), 0),
			coalesce((select min(asked_at) from notices where asked_at >= ?), 0)`, r.id, r.askedSince).Scan(&marks, &oldest)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Append(nil, rev, r.places, marks, oldest, r.since))
	return hex.EncodeToString(sum[:16]), nil
}

func (r noticeReader) count(ctx context.Context, q querier, list *wire.NoticeList) error {
	where, args := r.forHim()
	return q.QueryRowContext(ctx, `
		select coalesce(sum(case when k.read_at >= n.asked_at then 0 else 1 end), 0),
			coalesce(sum(case when n.confirm = 0 or k.confirmed_at >= n.asked_at then 0 else 1 end), 0),
			coalesce(sum(case when k.read_at >= n.asked_at and (n.confirm = 0 or k.confirmed_at >= n.asked_at) then 0 else 1 end), 0)
		from notices n
		left join notice_marks k on k.notice_id = n.id and k.user_id = ?
		where n.asked_at >= ? and `+where+" and n.author_id <> ? and n.created_at >= ?",
		append(append([]any{r.id, r.askedSince}, args...), r.id, r.since)...).Scan(&list.Unread, &list.Unsettled, &list.Waiting)
}

func (r noticeReader) page(ctx context.Context, q querier, before int64, limit int, list *wire.NoticeList) error {
	where, args := r.forHim()
	args = append([]any{r.id}, args...)
	if before > 0 {
		where += " and n.id < ?"
		args = append(args, before)
	}
	var last int64
	found, err := collect(ctx, q, func(row scanner) (n wire.Notice, err error) {
		var due, edited, reminded, read, confirmed sql.NullInt64
		var created, asked, author int64
		err = row.Scan(&last, &n.NoticeUUID, &author, &n.AuthorUUID, &n.Title, &n.Text, &n.Confirm, &due, &created, &asked, &edited,
			&reminded, &read, &confirmed)
		n.CreatedAt = wire.TimeOfMilli(created)
		n.DueAt, n.EditedAt, n.RemindedAt = timeOf(due), timeOf(edited), timeOf(reminded)
		n.Asked = author != r.id && created >= r.since && asked >= r.askedSince
		n.Read = author == r.id || read.Int64 >= asked
		if confirmed.Int64 >= asked {
			n.ConfirmedAt = timeOf(confirmed)
		}
		return n, err
	}, `
		select n.id, n.notice_uuid, n.author_id, (select u.user_uuid from users u where u.id = n.author_id), n.title, n.text, n.confirm,
			n.due_at, n.created_at, n.asked_at, n.edited_at, n.reminded_at, k.read_at, k.confirmed_at
		from notices n
		left join notice_marks k on k.notice_id = n.id and k.user_id = ?
		where `+where+`
		order by n.id desc
		limit ?`, append(args, limit)...)
	if len(found) > 0 {
		list.Notices = found
	}
	if len(found) == limit {
		list.Next = last
	}
	return err
}

// timeOf is a time that may be none.
func timeOf(ms sql.NullInt64) *wire.Time {
	if !ms.Valid {
		return nil
	}
	at := wire.TimeOfMilli(ms.Int64)
	return &at
}

// MarkNotice implements notice.Store.
func (db *DB) MarkNotice(ctx context.Context, m notice.Mark) (changed bool, err error) {
	err = db.write(ctx, "mark notice", func(tx *sql.Tx) error {
		changed = false
		r, err := readNoticeReader(ctx, tx, m.UserID)
		if err != nil {
			return err
		}
		var id, asked, edited int64
		var asks bool
		var read, confirmed sql.NullInt64
		where, args := r.forHim()
		err = tx.QueryRowContext(ctx, `
			select n.id, n.asked_at, n.confirm, coalesce(n.edited_at, 0), k.read_at, k.confirmed_at
			from notices n
			left join notice_marks k on k.notice_id = n.id and k.user_id = ?
			where n.notice_uuid = ? and `+where+db.d.forShare, append([]any{m.UserID, m.NoticeUUID}, args...)...).
			Scan(&id, &asked, &asks, &edited, &read, &confirmed)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return errs.NotFound(textNoNotice)
		case err != nil:
			return err
		case m.EditedAt != notice.AsItIs && m.EditedAt != edited:
			return errs.E(wire.Conflict, wire.ReasonEditConflict, textNoticeEdited)
		case m.Confirm && !asks:
			return errs.E(wire.Conflict, "", textNoConfirm)
		}
		reads, confirms := read.Int64 < asked, m.Confirm && confirmed.Int64 < asked
		if !reads && !confirms {
			return nil
		}
		changed = true
		if reads {
			read.Int64 = m.At
		}
		if confirms {
			confirmed.Int64 = m.At
		}
		_, err = tx.ExecContext(ctx, insertInto("notice_marks", "notice_id, user_id, read_at, confirmed_at", 1)+
			db.d.upsert("notice_id, user_id", "read_at = "+db.d.fresh("read_at"), "confirmed_at = "+db.d.fresh("confirmed_at")),
			id, m.UserID, read.Int64, null(confirmed.Int64))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, insertInto("notice_readers", "user_id, marks", 1)+
			db.d.upsert("user_id", "marks = notice_readers.marks + 1"), m.UserID, 1)
		return err
	})
	return changed, err
}

// NoticesRev implements notice.Store.
func (db *DB) NoticesRev(ctx context.Context) (rev int64, err error) {
	err = db.read(ctx, "notices rev", func(q querier) error {
		rev, err = noticesRev(ctx, q)
		return err
	})
	return rev, err
}

func noticesRev(ctx context.Context, q querier) (rev int64, err error) {
	err = q.QueryRowContext(ctx, "select value from counters where name = 'notices_rev'").Scan(&rev)
	return rev, err
}
