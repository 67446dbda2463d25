package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"himsg/server/internal/hook"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file is what calls of integrations, and those who hand messages over, need: hook.Calling and hook.Handing.

// IntegrationBySecret implements hook.Calling.
func (db *DB) IntegrationBySecret(ctx context.Context, hash string) (i model.Integration, err error) {
	err = db.read(ctx, "integration by secret", func(q querier) error {
		i, err = oneIntegration(ctx, q, "where i.secret_hash = ?", hash)
		return err
	})
	return i, err
}

// NoteCall implements hook.Calling.
func (db *DB) NoteCall(ctx context.Context, id int64, failure wire.HookFailure, now int64) error {
	return db.write(ctx, "note call", func(tx *sql.Tx) error {
		query, args := "update integrations set last_used_at = ? where id = ?", []any{now, id}
		if failure != "" {
			query, args = "update integrations set last_failure = ?, last_status = 0, last_failed_at = ? where id = ?", []any{failure, now, id}
		}
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// ReadRoom implements hook.Calling.
func (db *DB) ReadRoom(
	ctx context.Context, roomID, after int64, limit int,
) (list []hook.Written, upTo int64, more bool, err error) {
	err = db.snapshot(ctx, "read room", func(q querier) error {
		list = nil
		page, err := db.messages(ctx, q, "where m.room_id = ? and m.seq > ? order by m.seq limit ?", roomID, after, limit+1)
		if err != nil {
			return err
		}
		more, upTo = len(page) > limit, after
		if more {
			page = page[:limit]
		}
		var ids []int64
		for _, m := range page {
			upTo = m.Seq
			if m.Kind == wire.MessageUser && m.DeletedAt == 0 {
				list, ids = append(list, hook.Written{Message: m}), append(ids, m.SenderID)
			}
		}
		if len(ids) == 0 {
			return nil
		}
		return nameSenders(ctx, q, list, ids)
	})
	return list, upTo, more, err
}

func nameSenders(ctx context.Context, q querier, list []hook.Written, ids []int64) error {
	type sender struct {
		name string
		bot  bool
	}
	senders := map[int64]sender{}
	err := each(ctx, q, func(row scanner) error {
		var id int64
		var s sender
		if err := row.Scan(&id, &s.name, &s.bot); err != nil {
			return err
		}
		senders[id] = s
		return nil
	}, "select id, name, case when state = 'bot' then 1 else 0 end from users where id in ("+holes(len(ids))+")", anys(ids)...)
	for i := range list {
		s := senders[list[i].SenderID]
		list[i].SenderName, list[i].Bot = s.name, s.bot
	}
	return err
}

// PeopleAfter implements hook.Calling.
func (db *DB) PeopleAfter(ctx context.Context, after int64, limit int) (users []model.User, err error) {
	err = db.read(ctx, "people after", func(q querier) error {
		users, err = scanAccounts(ctx, q, "select "+accountColumns+accountTables+`
			where u.id > ? and u.state = 'active'
			order by u.id
			limit ?`, after, limit)
		return err
	})
	return users, err
}

// Watched implements hook.Handing.
func (db *DB) Watched(ctx context.Context) (rooms []int64, err error) {
	err = db.read(ctx, "watched rooms", func(q querier) error {
		rooms, err = collect(ctx, q, scanID, `
			select distinct x.room_id
			from integrations i
			join integration_rooms x on x.integration_id = i.id
			where i.state = 'active' and i.kind = 'outgoing'`)
		return err
	})
	return rooms, err
}

// ClaimDue implements hook.Handing.
func (db *DB) ClaimDue(
	ctx context.Context, worker string, now, until int64,
) (i model.Integration, ok bool, err error) {
	// Looked for outside of a transaction that locks: usually there is none.
	var id int64
	err = db.read(ctx, "due hook", func(q querier) error {
		err := q.QueryRowContext(ctx, `
			select i.id
			from integrations i
			where i.state = 'active'
			and i.kind = 'outgoing'
			and i.next_try_at <= ?
			and (i.worker_until < ? or i.worker = '')
			and exists (
				select 1
				from integration_rooms x
				join rooms r on r.id = x.room_id
				where x.integration_id = i.id and r.last_seq > x.after_seq and r.closed_at is null)
			order by i.next_try_at, i.id
			limit 1`, now, now).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil || id == 0 {
		return i, false, err
	}
	err = db.write(ctx, "claim hook", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `
			update integrations
			set worker = ?, worker_until = ?
			where id = ? and state = 'active' and next_try_at <= ? and (worker_until < ? or worker = '')`, worker, until, id, now, now)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if ok = n > 0; err != nil || !ok {
			return err
		}
		if i, err = oneIntegration(ctx, tx, "where i.id = ?", id); err != nil {
			return err
		}
		return passOver(ctx, tx, &i)
	})
	return i, ok, err
}

// passOver leaves out what is too old of what waits in a room.
func passOver(ctx context.Context, tx *sql.Tx, i *model.Integration) error {
	for n := range i.Rooms {
		r := &i.Rooms[n]
		from := r.LastSeq - wire.MaxHookBacklog
		if r.Closed || r.AfterSeq >= from {
			continue
		}
		err := execAll(ctx, tx, []statement{
			{"update integration_rooms set after_seq = ? where integration_id = ? and room_id = ?", []any{from, i.ID, r.ID}},
			{"update integrations set skipped = skipped + ? where id = ?", []any{from - r.AfterSeq, i.ID}},
		})
		if err != nil {
			return err
		}
		i.Skipped += from - r.AfterSeq
		r.AfterSeq = from
	}
	return nil
}

// claimed changes a hook that is still the worker's.
func claimed(ctx context.Context, tx *sql.Tx, c hook.Claim, set string, args ...any) error {
	res, err := tx.ExecContext(ctx, "update integrations set "+set+" where id = ? and state = 'active' and worker = ?",
		append(args, c.ID, c.Worker)...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = hook.ErrLost
	}
	return err
}

// HandedOver implements hook.Handing.
func (db *DB) HandedOver(ctx context.Context, c hook.Claim, roomID, upTo int64) error {
	return db.write(ctx, "handed over", func(tx *sql.Tx) error {
		err := claimed(ctx, tx, c, "worker_until = ?, last_used_at = ?, failures = 0, failing_since = 0, next_try_at = 0", c.Until, c.Now)
		if err != nil {
			return err
		}
		return moveMark(ctx, tx, c.ID, roomID, upTo)
	})
}

// SkippedTo implements hook.Handing.
func (db *DB) SkippedTo(ctx context.Context, c hook.Claim, roomID, upTo int64) error {
	return db.write(ctx, "passed by", func(tx *sql.Tx) error {
		if err := claimed(ctx, tx, c, "worker_until = ?", c.Until); err != nil {
			return err
		}
		return moveMark(ctx, tx, c.ID, roomID, upTo)
	})
}

func moveMark(ctx context.Context, tx *sql.Tx, id, roomID, upTo int64) error {
	_, err := tx.ExecContext(ctx, "update integration_rooms set after_seq = ? where integration_id = ? and room_id = ? and after_seq < ?",
		upTo, id, roomID, upTo)
	return err
}

// HandingFailed implements hook.Handing.
func (db *DB) HandingFailed(ctx context.Context, c hook.Claim, f hook.Failure) error {
	return db.write(ctx, "handing failed", func(tx *sql.Tx) error {
		state := wire.IntegrationActive
		if f.GiveUp != nil {
			state = wire.IntegrationFailed
		}
		err := claimed(ctx, tx, c, `state = ?, worker = '', worker_until = 0, last_failure = ?, last_status = ?, last_failed_at = ?,
			failures = failures + 1, failing_since = case failing_since when 0 then ? else failing_since end, next_try_at = ?`,
			state, f.Cause, f.Status, c.Now, c.Now, f.NextTryAt)
		if err != nil || f.GiveUp == nil {
			return err
		}
		return db.appendAudit(ctx, tx, *f.GiveUp)
	})
}

// Release implements hook.Handing.
func (db *DB) Release(ctx context.Context, c hook.Claim) error {
	return db.write(ctx, "release hook", func(tx *sql.Tx) error {
		err := claimed(ctx, tx, c, "worker = '', worker_until = 0")
		if errors.Is(err, hook.ErrLost) {
			err = nil
		}
		return err
	})
}
