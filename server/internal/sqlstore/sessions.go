package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file stores sessions and their refresh tokens: auth.Sessions.

// KnownDevice reports whether the device has signed in to the account before.
func (db *DB) KnownDevice(ctx context.Context, username, deviceUUID string) (known bool, err error) {
	err = db.read(ctx, "known device", func(q querier) error {
		return q.QueryRowContext(ctx, `
			select exists (
				select 1
				from devices d
				join users u on u.id = d.user_id
				where u.username_key = ? and d.device_uuid = ?)`, model.Key(username), deviceUUID).Scan(&known)
	})
	return known, err
}

// StartSession stores a session of an active user with its first refresh token. If the user stopped being active
// since he was read, it is forbidden; if his password was changed since, it is a conflict.
func (db *DB) StartSession(ctx context.Context, s auth.NewSession) error {
	return db.write(ctx, "start session", func(tx *sql.Tx) error {
		var state wire.UserState
		var hash string
		row := tx.QueryRowContext(ctx, "select state, password_hash from users where id = ?"+db.d.forUpdate, s.UserID)
		if err := row.Scan(&state, &hash); err != nil {
			return err
		}
		switch {
		case state != wire.UserActive:
			return errs.E(wire.Forbidden, wire.ReasonDisabled, errs.Text{})
		case hash != s.PasswordHash:
			return errs.E(wire.Conflict, "", errs.Text{})
		}
		deviceID, err := db.storeDevice(ctx, tx, s)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
			insert into sessions (session_uuid, user_id, device_id, remote_addr, created_at, last_seen_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?)`, s.UUID, s.UserID, deviceID, s.RemoteAddr, s.Now, s.Now, s.ExpiresAt)
		if err != nil {
			return err
		}
		sessionID, err := res.LastInsertId()
		if err != nil {
			return err
		}
		_, err = insertRefreshToken(ctx, tx, sessionID, s.TokenHash, s.Now, s.ExpiresAt)
		return err
	})
}

func (db *DB) storeDevice(ctx context.Context, tx *sql.Tx, s auth.NewSession) (id int64, err error) {
	_, err = tx.ExecContext(ctx, `
		insert into devices (device_uuid, user_id, name, platform, app_version, created_at, last_seen_at)
		values (?, ?, ?, ?, ?, ?, ?)`+db.d.upsert("user_id, device_uuid",
		"name = "+db.d.fresh("name"), "platform = "+db.d.fresh("platform"),
		"app_version = "+db.d.fresh("app_version"), "last_seen_at = "+db.d.fresh("last_seen_at")),
		s.Device.UUID, s.UserID, s.Device.Name, s.Device.Platform, s.Device.AppVersion, s.Now, s.Now)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "select id from devices where user_id = ? and device_uuid = ?", s.UserID, s.Device.UUID).
		Scan(&id)
	return id, err
}

func insertRefreshToken(
	ctx context.Context, tx *sql.Tx, sessionID int64, hash string, now, expires int64,
) (int64, error) {
	res, err := tx.ExecContext(ctx, `
		insert into refresh_tokens (session_id, token_hash, created_at, expires_at)
		values (?, ?, ?, ?)`, sessionID, hash, now, expires)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// refreshRow is a refresh token with what hangs on it.
type refreshRow struct {
	id, sessionID, expiresAt, usedAt, successorID int64
	sessionUUID                                   string
	sessionEnds, revokedAt                        int64
	why                                           string // the session ended
	user                                          model.User
}

// Refresh spends a refresh token; see auth.Sessions.
func (db *DB) Refresh(ctx context.Context, r auth.RefreshTry) (done auth.Refreshed, err error) {
	err = db.write(ctx, "refresh", func(tx *sql.Tx) error {
		done = auth.Refreshed{Outcome: auth.RefreshUnknown}
		row, found, err := db.lockRefreshToken(ctx, tx, r.TokenHash)
		if err != nil || !found {
			return err
		}
		done.SessionUUID, done.User, done.Why = row.sessionUUID, row.user, row.why
		switch {
		case row.revokedAt != 0, row.sessionEnds <= r.Now, row.user.State != wire.UserActive:
			done.Outcome = auth.RefreshEnded
			return nil
		case row.usedAt == 0 && row.expiresAt <= r.Now:
			done.Outcome = auth.RefreshEnded
			return nil
		case row.usedAt == 0:
			done.Outcome = auth.RefreshDone
			return db.rotate(ctx, tx, row, r)
		}
		lost, err := replyWasLost(ctx, tx, row, r)
		if err != nil {
			return err
		}
		if lost {
			done.Outcome = auth.RefreshDone
			return nil
		}
		done.Outcome = auth.RefreshReused
		return db.endFamily(ctx, tx, row, r)
	})
	return done, err
}

func (db *DB) lockRefreshToken(ctx context.Context, tx *sql.Tx, hash string) (r refreshRow, found bool, err error) {
	// The session's row is locked first: it orders all that happens to a family of tokens.
	err = tx.QueryRowContext(ctx, `
		select session_id
		from refresh_tokens
		where token_hash = ?`, hash).Scan(&r.sessionID)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	err = tx.QueryRowContext(ctx, `
		select session_uuid, expires_at, coalesce(revoked_at, 0), user_id, revoke_reason
		from sessions
		where id = ?`+db.d.forUpdate, r.sessionID).Scan(&r.sessionUUID, &r.sessionEnds, &r.revokedAt, &r.user.ID, &r.why)
	if err != nil {
		return r, false, err
	}
	err = tx.QueryRowContext(ctx, `
		select id, expires_at, coalesce(used_at, 0), coalesce(successor_id, 0)
		from refresh_tokens
		where token_hash = ?`, hash).Scan(&r.id, &r.expiresAt, &r.usedAt, &r.successorID)
	if err != nil {
		return r, false, err
	}
	r.user, err = scanAccount(tx.QueryRowContext(ctx, "select "+accountColumns+accountTables+"where u.id = ?", r.user.ID))
	return r, true, err
}

func (db *DB) rotate(ctx context.Context, tx *sql.Tx, row refreshRow, r auth.RefreshTry) error {
	next, err := insertRefreshToken(ctx, tx, row.sessionID, r.NextHash, r.Now, r.ExpiresAt)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update refresh_tokens
		set used_at = ?, successor_id = ?
		where id = ?`, r.Now, next, row.id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update sessions
		set last_seen_at = ?, expires_at = ?, remote_addr = ?
		where id = ?`, r.Now, r.ExpiresAt, r.RemoteAddr, row.sessionID)
	if err != nil {
		return err
	}
	if r.AppVersion != "" {
		_, err = tx.ExecContext(ctx, `
			update devices
			set app_version = ?
			where id = (select device_id from sessions where id = ?) and app_version <> ?`, r.AppVersion, row.sessionID, r.AppVersion)
		if err != nil {
			return err
		}
	}
	// What is behind the grace only serves to recognise a replay; the newest few are enough for that.
	_, err = tx.ExecContext(ctx, `
		delete from refresh_tokens
		where session_id = ? and used_at < ?`, row.sessionID, r.Now-r.Remember)
	return err
}

// replyWasLost reports whether a spent token comes back because its holder never got the answer: soon, and the token
// that follows it was not used. That follower is derived from this token, so the same answer can be given again.
func replyWasLost(ctx context.Context, tx *sql.Tx, row refreshRow, r auth.RefreshTry) (bool, error) {
	if r.Now-row.usedAt > r.Grace {
		return false, nil
	}
	var hash string
	var usedAt int64
	err := tx.QueryRowContext(ctx, `
		select token_hash, coalesce(used_at, 0)
		from refresh_tokens
		where id = ?`, row.successorID).Scan(&hash, &usedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return usedAt == 0 && hash == r.NextHash, err
}

func (db *DB) endFamily(ctx context.Context, tx *sql.Tx, row refreshRow, r auth.RefreshTry) error {
	_, err := tx.ExecContext(ctx, `
		update sessions
		set revoked_at = ?, revoke_reason = 'refresh_reused'
		where id = ?`, r.Now, row.sessionID)
	if err != nil {
		return err
	}
	return db.appendAudit(ctx, tx, model.AuditEntry{
		At: r.Now, ActorID: 0, Action: model.AuditRefreshReused, Subject: row.user.UUID,
		Detail: "session " + row.sessionUUID, RemoteAddr: r.RemoteAddr,
	})
}

// EndSession revokes a session. It reports false for one that is unknown or ended before.
func (db *DB) EndSession(ctx context.Context, sessionUUID, reason string, now int64) (ended bool, err error) {
	err = db.write(ctx, "end session", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `
			update sessions
			set revoked_at = ?, revoke_reason = ?
			where session_uuid = ? and revoked_at is null`, now, reason, sessionUUID)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		ended = n > 0
		return err
	})
	return ended, err
}

// endSessions revokes all sessions of a user but keep, and returns which.
func (db *DB) endSessions(
	ctx context.Context, tx *sql.Tx, userID int64, keep string, entry model.AuditEntry,
) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `
		select session_uuid
		from sessions
		where user_id = ? and revoked_at is null and session_uuid <> ?`+db.d.forUpdate, userID, keep)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ended []string
	for rows.Next() {
		var uuid string
		if err := rows.Scan(&uuid); err != nil {
			return nil, err
		}
		ended = append(ended, uuid)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `
		update sessions
		set revoked_at = ?, revoke_reason = ?
		where user_id = ? and revoked_at is null and session_uuid <> ?`, entry.At, entry.Action, userID, keep)
	return ended, err
}

// LiveSession returns who is behind a session; found is false when there is none with this session_uuid.
func (db *DB) LiveSession(ctx context.Context, sessionUUID string) (l auth.Live, found bool, err error) {
	err = db.read(ctx, "live session", func(q querier) error {
		err := q.QueryRowContext(ctx, `
			select u.id, u.user_uuid, u.role, u.state, s.expires_at, s.revoked_at is not null, s.revoke_reason
			from sessions s
			join users u on u.id = s.user_id
			where s.session_uuid = ?`, sessionUUID).
			Scan(&l.UserID, &l.UserUUID, &l.Role, &l.State, &l.ExpiresAt, &l.Revoked, &l.Why)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		found = err == nil
		return err
	})
	return l, found, err
}
