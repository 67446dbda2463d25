package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file stores requests for new passwords: a part of auth.Resets.

var _ auth.Resets = (*DB)(nil)

var (
	resetGone    = errs.Text{KO: "요청을 찾을 수 없습니다.", EN: "There is no such request."}
	resetDecided = errs.Text{KO: "이미 처리된 요청입니다.", EN: "This request was decided before."}
)

// AddReset implements auth.Resets. All steps are taken for whoever asks.
func (db *DB) AddReset(ctx context.Context, r auth.NewReset) (id int64, err error) {
	err = db.write(ctx, "add reset", func(tx *sql.Tx) error {
		var userID int64
		var userUUID, department, employee string
		err := tx.QueryRowContext(ctx, `
			select id, user_uuid, department, coalesce(employee_id_key, '')
			from users
			where username_key = ? and state = 'active'`, model.Key(r.Username)).
			Scan(&userID, &userUUID, &department, &employee)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if employee != model.Key(r.EmployeeID) || model.Key(department) != model.Key(r.Department) {
			userID, userUUID = 0, ""
		}
		var waiting int
		err = tx.QueryRowContext(ctx, `
			select count(*)
			from password_resets
			where user_id = ? and state = 'pending' and expires_at > ?`, userID, r.Now).Scan(&waiting)
		if err != nil {
			return err
		}
		if waiting >= r.MaxPending {
			userID, userUUID = 0, ""
		}
		res, err := tx.ExecContext(ctx, `
			insert into password_resets (user_id, username, employee_id, department, secret_hash, compare_code, state,
				remote_addr, requested_at, expires_at)
			values (?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)`, nullInt(userID), r.Username, r.EmployeeID, r.Department,
			r.SecretHash, r.CompareCode, r.RemoteAddr, r.Now, r.ExpiresAt)
		if err != nil {
			return err
		}
		if id, err = res.LastInsertId(); err != nil {
			return err
		}
		return db.appendAudit(ctx, tx, model.AuditEntry{
			At: r.Now, Action: model.AuditResetRequested, Subject: userUUID, RemoteAddr: r.RemoteAddr,
		})
	})
	return id, err
}

const resetColumns = `r.id, coalesce(r.user_id, 0), r.username, r.employee_id, r.department, r.compare_code, r.state, r.reason,
	r.remote_addr, r.requested_at, r.expires_at, coalesce(r.processed_at, 0), coalesce(p.user_uuid, ''),
	coalesce(u.user_uuid, ''), coalesce(u.name, ''), coalesce(u.username, ''), coalesce(u.email, ''), coalesce(u.role, '')`

const resetTables = ` from password_resets r left join users u on u.id = r.user_id left join users p on p.id = r.processed_by `

func scanReset(row scanner) (r model.Reset, err error) {
	err = row.Scan(&r.ID, &r.User.ID, &r.Username, &r.EmployeeID, &r.Department, &r.CompareCode, &r.State, &r.Reason,
		&r.RemoteAddr, &r.RequestedAt, &r.ExpiresAt, &r.ProcessedAt, &r.ProcessedBy,
		&r.User.UUID, &r.User.Name, &r.User.Username, &r.User.Email, &r.User.Role)
	return r, noRows(err, resetGone)
}

// ResetBySecret implements auth.Resets.
func (db *DB) ResetBySecret(ctx context.Context, secretHash string) (r model.Reset, err error) {
	err = db.read(ctx, "reset by secret", func(q querier) error {
		r, err = scanReset(q.QueryRowContext(ctx, "select "+resetColumns+resetTables+"where r.secret_hash = ?", secretHash))
		return err
	})
	return r, err
}

// PendingResets implements auth.Resets.
func (db *DB) PendingResets(ctx context.Context, now int64) (list []model.Reset, err error) {
	err = db.read(ctx, "pending resets", func(q querier) error {
		list, err = collect(ctx, q, scanReset, "select "+resetColumns+resetTables+`
			where r.state = 'pending' and r.expires_at > ? and r.user_id is not null and u.state = 'active'
			order by r.id desc
			limit ?`, now, maxPending)
		return err
	})
	return list, err
}

// CountPendingResets returns how many requests of somebody wait.
func (db *DB) CountPendingResets(ctx context.Context, now int64) (n int, err error) {
	err = db.read(ctx, "count pending resets", func(q querier) error {
		return q.QueryRowContext(ctx, `
			select count(*)
			from password_resets r
			join users u on u.id = r.user_id
			where r.state = 'pending' and r.expires_at > ? and u.state = 'active'`, now).Scan(&n)
	})
	return n, err
}

var passwordOutside = errs.Text{
	KO: "회사 계정으로 로그인하는 사람입니다. 비밀번호는 회사 계정에서 변경합니다.",
	EN: "This person signs in with the company account; the password is changed there.",
}

// DecideReset implements auth.Resets.
func (db *DB) DecideReset(ctx context.Context, d auth.ResetDecision) error {
	return db.write(ctx, "decide reset", func(tx *sql.Tx) error {
		var userID int64
		err := tx.QueryRowContext(ctx,
			"select user_id from password_resets where id = ? and user_id is not null", d.ID).Scan(&userID)
		if err != nil {
			return noRows(err, resetGone)
		}
		u, err := db.lockAccount(ctx, tx, userID) // orders all that happens to a person's resets
		if err != nil {
			return err
		}
		if err := mayAct(d.Actor, u); err != nil {
			return err
		}
		r, err := scanReset(tx.QueryRowContext(ctx, "select "+resetColumns+resetTables+"where r.id = ?", d.ID))
		if err != nil {
			return err
		}
		if r.At(d.Entry.At).State != model.ResetPending || u.State != wire.UserActive {
			return resetDecidedBy(ctx, tx, d.ID)
		}
		if d.State == model.ResetApproved && u.Source != "" {
			return errs.E(wire.Conflict, wire.ReasonPasswordOutside, passwordOutside)
		}
		until := r.ExpiresAt
		if d.Until != 0 {
			until = d.Until
		}
		_, err = tx.ExecContext(ctx, `
			update password_resets
			set state = ?, reason = ?, processed_at = ?, processed_by = ?, expires_at = ?
			where id = ?`, d.State, d.Reason, d.Entry.At, d.Actor.UserID, until, d.ID)
		if err != nil {
			return err
		}
		entry := d.Entry
		entry.Subject, entry.Detail = u.UUID, "request "+strconv.FormatInt(d.ID, 10)
		return db.appendAudit(ctx, tx, entry)
	})
}

// resetDecidedBy says who was first, if it was somebody.
func resetDecidedBy(ctx context.Context, tx *sql.Tx, id int64) error {
	var name string
	err := tx.QueryRowContext(ctx, `
		select coalesce(max(u.name), '')
		from password_resets r join users u on u.id = r.processed_by
		where r.id = ?`, id).Scan(&name)
	if err != nil {
		return err
	}
	text := resetDecided
	if name != "" {
		text = errs.Text{KO: resetDecided.KO + " 처리한 사람: " + name, EN: resetDecided.EN + " By: " + name}
	}
	return errs.E(wire.BadRequest, wire.ReasonDecided, text)
}

// CompleteReset implements auth.Resets.
func (db *DB) CompleteReset(
	ctx context.Context, secretHash, passwordHash string, entry model.AuditEntry,
) (ended []string, err error) {
	err = db.write(ctx, "complete reset", func(tx *sql.Tx) error {
		ended = nil
		void := errs.E(wire.Conflict, "", errs.Text{})
		var id, userID int64
		err := tx.QueryRowContext(ctx,
			"select id, coalesce(user_id, 0) from password_resets where secret_hash = ?", secretHash).Scan(&id, &userID)
		if errors.Is(err, sql.ErrNoRows) {
			return void
		}
		if err != nil {
			return err
		}
		u, err := db.lockAccount(ctx, tx, userID)
		if errs.Is(err, wire.NotFound) || err == nil && u.State != wire.UserActive {
			return void
		}
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
			update password_resets
			set state = 'completed'
			where id = ? and state = 'approved' and expires_at > ?`, id, entry.At)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, void)
		}
		ended, err = db.resetPassword(ctx, tx, userID, passwordHash, entry)
		return err
	})
	return ended, err
}

// resetPassword gives a locked account a new password that nobody typed the old one for: whatever else could set one is void,
// all sessions end.
func (db *DB) resetPassword(
	ctx context.Context, tx *sql.Tx, userID int64, hash string, entry model.AuditEntry,
) (ended []string, err error) {
	_, err = tx.ExecContext(ctx, "update users set password_hash = ?, updated_at = ? where id = ?", hash, entry.At, userID)
	if err != nil {
		return nil, err
	}
	if err := voidResets(ctx, tx, userID); err != nil {
		return nil, err
	}
	if ended, err = db.endSessions(ctx, tx, userID, "", entry); err != nil {
		return nil, err
	}
	return ended, db.appendAudit(ctx, tx, entry)
}

// voidResets ends all that could set a password without the old one: codes, and requests of devices.
func voidResets(ctx context.Context, tx *sql.Tx, userID int64) error {
	return execAll(ctx, tx, []statement{
		{"delete from one_time_codes where user_id = ?", []any{userID}},
		{`update password_resets
		  set state = 'replaced'
		  where user_id = ? and state in ('pending', 'approved')`, []any{userID}},
	})
}

// PurgeResets implements auth.Resets.
func (db *DB) PurgeResets(ctx context.Context, before, now int64, limit int) (n int, err error) {
	err = db.write(ctx, "purge resets", func(tx *sql.Tx) error {
		n = 0
		for _, old := range []struct {
			table, column string
			before        int64
		}{{"password_resets", "requested_at", before}, {"one_time_codes", "expires_at", now}} {
			ids, err := collect(ctx, tx, scanID, "select id from "+old.table+" where "+old.column+" < ? order by id limit ?",
				old.before, limit)
			if err != nil || len(ids) == 0 {
				if err != nil {
					return err
				}
				continue
			}
			if _, err := tx.ExecContext(ctx, "delete from "+old.table+" where id in ("+holes(len(ids))+")", anys(ids)...); err != nil {
				return err
			}
			n = max(n, len(ids))
		}
		return nil
	})
	return n, err
}
