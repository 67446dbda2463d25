package sqlstore

import (
	"context"
	"database/sql"
)

// This file ends and removes what sign-ins leave behind: the purging half of auth.Sessions. Each call is one short
// transaction of at most limit rows, so that nobody waits for it for long.

// EndExpired revokes sessions that were not refreshed in their time, and returns which.
func (db *DB) EndExpired(ctx context.Context, now int64, limit int) (ended []string, err error) {
	err = db.write(ctx, "end expired sessions", func(tx *sql.Tx) error {
		ended = nil
		ids, err := collect(ctx, tx, scanID, `
			select id
			from sessions
			where revoked_at is null and expires_at <= ?
			order by id
			limit ?`, now, limit)
		if err != nil || len(ids) == 0 {
			return err
		}
		// Looked at again under the lock: one of them may have been refreshed since.
		var locked []int64
		err = each(ctx, tx, func(row scanner) error {
			var id int64
			var uuid string
			if err := row.Scan(&id, &uuid); err != nil {
				return err
			}
			locked, ended = append(locked, id), append(ended, uuid)
			return nil
		}, `
			select id, session_uuid
			from sessions
			where id in (`+holes(len(ids))+`) and revoked_at is null and expires_at <= ?
			order by id`+db.d.forUpdate, append(anys(ids), now)...)
		if err != nil || len(locked) == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, "update sessions set revoked_at = ?, revoke_reason = 'expired' where id in ("+
			holes(len(locked))+")", append([]any{now}, anys(locked)...)...)
		return err
	})
	return ended, err
}

// PurgeSessions removes sessions that ended before a time, with their refresh tokens, and returns how many.
func (db *DB) PurgeSessions(ctx context.Context, before int64, limit int) (n int, err error) {
	err = db.write(ctx, "purge sessions", func(tx *sql.Tx) error {
		n = 0
		ids, err := collect(ctx, tx, scanID, `
			select id
			from sessions
			where revoked_at < ?
			order by revoked_at
			limit ?`, before, limit)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, from := range []string{"refresh_tokens where session_id", "sessions where id"} {
			if _, err := tx.ExecContext(ctx, "delete from "+from+" in ("+holes(len(ids))+")", anys(ids)...); err != nil {
				return err
			}
		}
		n = len(ids)
		return nil
	})
	return n, err
}

// PurgeDevices removes devices without a session that signed in before a time and not since, and returns how many.
func (db *DB) PurgeDevices(ctx context.Context, before int64, limit int) (n int, err error) {
	const unused = "last_seen_at < ? and not exists (select 1 from sessions s where s.device_id = devices.id)"
	err = db.write(ctx, "purge devices", func(tx *sql.Tx) error {
		n = 0
		ids, err := collect(ctx, tx, scanID, "select id from devices where "+unused+" order by id limit ?", before, limit)
		if err != nil || len(ids) == 0 {
			return err
		}
		// The condition again: somebody may be signing in with one of them.
		_, err = tx.ExecContext(ctx, "delete from devices where id in ("+holes(len(ids))+") and "+unused,
			append(anys(ids), before)...)
		n = len(ids)
		return err
	})
	return n, err
}
