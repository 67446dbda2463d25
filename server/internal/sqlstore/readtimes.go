package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// insertReadTimes writes down when cursors came to where they are now. A cursor comes to a seq once, also of who left and
// came back: he starts behind all that he could have read before.
func insertReadTimes(ctx context.Context, tx *sql.Tx, moves []cursorMove) error {
	if len(moves) == 0 {
		return nil
	}
	args := make([]any, 0, 4*len(moves))
	for _, m := range moves {
		args = append(args, m.room, m.user, m.seq, m.at)
	}
	if _, err := tx.ExecContext(ctx, insertInto("read_times", "room_id, user_id, seq, at", len(moves)), args...); err != nil {
		return fmt.Errorf("insert times of reading: %w", err)
	}
	return nil
}

// timeJump writes down the time of a move that is about to be made, if it goes over messages of others.
func timeJump(ctx context.Context, tx *sql.Tx, move cursorMove) error {
	var read int64
	err := tx.QueryRowContext(ctx, "select last_read_seq from room_members where room_id = ? and user_id = ?",
		move.room, move.user).Scan(&read)
	if err != nil {
		return fmt.Errorf("read the actor's cursor: %w", err)
	}
	if move.seq-read <= 1 {
		return nil
	}
	return insertReadTimes(ctx, tx, []cursorMove{move})
}

// Readers implements chat.Receipts.
func (db *DB) Readers(
	ctx context.Context, room model.Room, member model.Member, query chat.ReadersQuery,
) (page chat.ReadersPage, err error) {
	err = db.snapshot(ctx, "readers", func(q querier) error {
		page = chat.ReadersPage{}
		var sender, createdAt, timedFrom int64
		err := q.QueryRowContext(ctx, `select m.sender_id, m.created_at, r.timed_from
  from messages m
  join rooms r on r.id = m.room_id
 where m.room_id = ?
   and m.seq = ?`, room.ID, query.Seq).Scan(&sender, &createdAt, &timedFrom)
		if err != nil {
			return noRows(err, textNoMessage)
		}
		if query.Seq <= visibleAfter(room, member) {
			return errs.NotFound(textNoMessage)
		}
		if err := countReaders(ctx, q, room.ID, query.Seq, sender, &page); err != nil {
			return err
		}
		timed := query.Read && query.Seq > timedFrom && createdAt >= query.TimesFrom
		page.Users, err = listReaders(ctx, q, room.ID, sender, query, timed)
		return err
	})
	return page, err
}

func countReaders(ctx context.Context, q querier, roomID, seq, sender int64, page *chat.ReadersPage) error {
	err := q.QueryRowContext(ctx, `select coalesce(sum(case when m.last_read_seq >= ? then 1 else 0 end), 0),
       coalesce(sum(case when m.last_read_seq < ? then 1 else 0 end), 0)
  from room_members m
 where m.room_id = ?
   and m.left_seq is null
   and m.joined_seq < ?
   and m.user_id <> ?`, seq, seq, roomID, seq, sender).Scan(&page.Read, &page.Unread)
	if err != nil {
		return fmt.Errorf("count readers: %w", err)
	}
	return nil
}

// listReaders reads a page with one more than its limit. timed: the times at which they first read are known.
func listReaders(
	ctx context.Context, q querier, roomID, sender int64, query chat.ReadersQuery, timed bool,
) ([]wire.Reader, error) {
	side := "m.last_read_seq < ?"
	if query.Read {
		side = "m.last_read_seq >= ?"
	}
	users, err := collect(ctx, q, func(row scanner) (r wire.Reader, err error) {
		var at sql.NullInt64
		err = row.Scan(&r.UserUUID, &at)
		if timed && at.Valid {
			readAt := wire.TimeOfMilli(at.Int64)
			r.ReadAt = &readAt
		}
		return r, err
	}, `select u.user_uuid,
       (select x.at from read_times x
         where x.room_id = m.room_id and x.user_id = m.user_id and x.seq >= ?
         order by x.seq limit 1)
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.left_seq is null
   and m.joined_seq < ?
   and m.user_id <> ?
   and `+side+`
   and u.user_uuid > ?
 order by u.user_uuid
 limit ?`, query.Seq, roomID, query.Seq, sender, query.Seq, query.AfterUUID, query.Limit+1)
	if err != nil {
		return nil, fmt.Errorf("list readers: %w", err)
	}
	return users, nil
}

// PurgeReadTimes implements chat.Receipts. Times of the same millisecond go together, so it may be a few more than limit.
func (db *DB) PurgeReadTimes(ctx context.Context, before int64, limit int) (n int, err error) {
	err = db.write(ctx, "purge times of reading", func(tx *sql.Tx) error {
		last := before - 1
		err := tx.QueryRowContext(ctx, "select at from read_times where at < ? order by at limit 1 offset ?",
			before, limit-1).Scan(&last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		res, err := tx.ExecContext(ctx, "delete from read_times where at <= ?", last)
		if err != nil {
			return err
		}
		rows, err := res.RowsAffected()
		n = int(rows)
		return err
	})
	return n, err
}
