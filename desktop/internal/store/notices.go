package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/shared/wire"
)

const noticesKey = "notices"

// noticeHead is what is kept of a list beside its notices.
type noticeHead struct {
	Next      int64  `json:"next"`
	Unread    int    `json:"unread"`
	Unsettled int    `json:"unsettled"`
	Waiting   int    `json:"waiting"`
	Stamp     string `json:"stamp"`
}

// Notices is what is held of the notices; Stamp is empty when nothing is.
func (s *Store) Notices(ctx context.Context) (wire.NoticeList, error) {
	list := wire.NoticeList{Notices: []wire.Notice{}}
	err := s.view(ctx, func(tx *sql.Tx) error {
		var head string
		err := tx.QueryRowContext(ctx, "select value from meta where key = ?", noticesKey).Scan(&head)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		var h noticeHead
		if err := json.Unmarshal([]byte(head), &h); err != nil {
			return fmt.Errorf("%w: the head of the notices", ErrDamaged)
		}
		list.Next, list.Unread, list.Unsettled, list.Waiting, list.Stamp = h.Next, h.Unread, h.Unsettled, h.Waiting, h.Stamp
		rows, err := tx.QueryContext(ctx, "select notice from notices order by place")
		list.Notices, err = collect(rows, err, scanNotice)
		return err
	})
	if err != nil {
		return wire.NoticeList{}, fmt.Errorf("read notices: %w", err)
	}
	return list, nil
}

func scanNotice(rows *sql.Rows) (n wire.Notice, err error) {
	text, err := scanText(rows)
	if err != nil {
		return n, err
	}
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		return n, fmt.Errorf("%w: a notice", ErrDamaged)
	}
	return n, nil
}

// SaveNotices puts a list in the place of what is held.
func (s *Store) SaveNotices(ctx context.Context, list wire.NoticeList) error {
	head, err := json.Marshal(noticeHead{
		Next: list.Next, Unread: list.Unread, Unsettled: list.Unsettled, Waiting: list.Waiting, Stamp: list.Stamp,
	})
	if err != nil {
		return err
	}
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "delete from notices"); err != nil {
			return fmt.Errorf("drop notices: %w", err)
		}
		for i, n := range list.Notices {
			text, err := json.Marshal(n)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `
insert into notices (notice_uuid, place, notice)
values (?, ?, ?)
on conflict (notice_uuid) do nothing`, n.NoticeUUID, i, string(text))
			if err != nil {
				return fmt.Errorf("store notice: %w", err)
			}
		}
		_, err := tx.ExecContext(ctx, `
insert into meta (key, value)
values (?, ?)
on conflict (key) do update set value = excluded.value`, noticesKey, string(head))
		if err != nil {
			return fmt.Errorf("store the head of the notices: %w", err)
		}
		return nil
	})
}

// NoticeRead is a notice that was read, in the form that was edited at EditedAt (milliseconds, 0: never).
type NoticeRead struct {
	NoticeUUID string
	EditedAt   int64
}

// NoteNoticeRead keeps, durably, that a notice was read, until the server knows.
func (s *Store) NoteNoticeRead(ctx context.Context, r NoticeRead) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
insert into notice_reads (notice_uuid, edited_at)
values (?, ?)
on conflict (notice_uuid) do update set edited_at = excluded.edited_at`, r.NoticeUUID, r.EditedAt)
		if err != nil {
			return fmt.Errorf("note a read notice: %w", err)
		}
		return nil
	})
}

// NoticeReads lists what was read and the server does not know yet.
func (s *Store) NoticeReads(ctx context.Context) ([]NoticeRead, error) {
	var out []NoticeRead
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "select notice_uuid, edited_at from notice_reads order by notice_uuid")
		out, err = collect(rows, err, func(rows *sql.Rows) (r NoticeRead, err error) {
			err = rows.Scan(&r.NoticeUUID, &r.EditedAt)
			return r, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list read notices: %w", err)
	}
	return out, nil
}

// NoticeReadTold forgets a NoticeRead: the server knows of it, or it is about a form that is no more.
func (s *Store) NoticeReadTold(ctx context.Context, r NoticeRead) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "delete from notice_reads where notice_uuid = ? and edited_at = ?", r.NoticeUUID, r.EditedAt)
		if err != nil {
			return fmt.Errorf("forget a read notice: %w", err)
		}
		return nil
	})
}
