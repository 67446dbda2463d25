package sqlstore

import (
	"context"
	"database/sql"

	"himsg/server/internal/admin"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file changes what accounts may do: admin.People.

var (
	_ admin.Store  = (*DB)(nil)
	_ admin.People = (*DB)(nil)
)

var (
	companyOwner = errs.Text{KO: "소유자가 한 명은 있어야 합니다.", EN: "There must be at least one owner."}
	neverLetIn   = errs.Text{KO: "승인된 계정이 아닙니다.", EN: "This account was never let in."}
)

// ChangeAccount implements admin.People.
func (db *DB) ChangeAccount(ctx context.Context, c admin.AccountChange) (done admin.AccountChanged, err error) {
	err = db.write(ctx, "change account", func(tx *sql.Tx) error {
		done = admin.AccountChanged{}
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		before, err := db.lockChanged(ctx, tx, c)
		if err != nil {
			return err
		}
		u := before
		if c.Role != "" {
			u.Role = c.Role
		} else {
			u.State, u.RejectReason = c.State, c.Reason
		}
		done.User = before
		if u.Role == before.Role && u.State == before.State {
			return db.keepOut(ctx, tx, c, &done)
		}
		// Its lock orders all changes of accounts, so that two owners can't demote each other at once.
		if u.Rev, err = nextDirectoryRev(ctx, tx); err != nil {
			return err
		}
		if err := keepsCompanyOwner(ctx, tx, before, u); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			update users
			set role = ?, state = ?, reject_reason = ?, rev = ?, updated_at = ?, outside_shut = 0, outside_digest = ''
			where id = ?`, u.Role, u.State, u.RejectReason, u.Rev, c.Entry.At, u.ID)
		if err != nil {
			return err
		}
		if u.Role != before.Role {
			// Whoever has a code for a user, an administrator say, must not become an auditor by it.
			if err := voidResets(ctx, tx, u.ID); err != nil {
				return err
			}
		}
		if u.State != before.State {
			if err := db.followPerson(ctx, tx, c.Entry.At, u); err != nil {
				return err
			}
		}
		if done.Ended, done.Sessions, err = db.sessionsAfter(ctx, tx, u, c.Entry); err != nil {
			return err
		}
		done.User, done.Changed = u, true
		entry := c.Entry
		entry.Subject, entry.Detail = u.UUID, c.Reason
		if c.Role != "" {
			entry.Detail = string(before.Role) + " → " + string(u.Role) + ": " + c.Reason
		}
		return db.appendAudit(ctx, tx, entry)
	})
	return done, err
}

// keepOut stores that somebody whom his running deletion keeps out is to stay out, should it fail.
func (db *DB) keepOut(ctx context.Context, tx *sql.Tx, c admin.AccountChange, done *admin.AccountChanged) error {
	if c.State != wire.UserDisabled {
		return nil
	}
	res, err := tx.ExecContext(ctx, `
		update backups
		set was_state = ?
		where user_id = ? and was_state <> ? and state in ('running', 'verifying')`, c.State, done.User.ID, c.State)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return err
	}
	done.Changed = true
	entry := c.Entry
	entry.Subject, entry.Detail = done.User.UUID, c.Reason
	return db.appendAudit(ctx, tx, entry)
}

// lockChanged locks an account that the actor may change so. An owner may give up his own role.
func (db *DB) lockChanged(ctx context.Context, tx *sql.Tx, c admin.AccountChange) (model.User, error) {
	u, err := db.lockAdministered(ctx, tx, c.Actor, c.UserUUID)
	if err != nil && (c.Role == "" || u.ID == 0 || u.ID != c.Actor.UserID) {
		return u, err
	}
	if u.State != wire.UserActive && u.State != wire.UserDisabled {
		return u, errs.E(wire.Conflict, "", neverLetIn)
	}
	return u, nil
}

// keepsCompanyOwner refuses a change after which no active owner would be left. The transaction holds the directory's lock.
func keepsCompanyOwner(ctx context.Context, tx *sql.Tx, before, after model.User) error {
	if !isOwner(before) || isOwner(after) {
		return nil
	}
	var others int
	err := tx.QueryRowContext(ctx,
		"select count(*) from users where role = 'owner' and state = 'active' and id <> ?", before.ID).Scan(&others)
	if err == nil && others == 0 {
		return errs.E(wire.Conflict, wire.ReasonLastOwner, companyOwner)
	}
	return err
}

func isOwner(u model.User) bool { return u.Role == wire.RoleOwner && u.State == wire.UserActive }

// sessionsAfter ends the sessions of an account that is not active any more, or tells which go on.
func (db *DB) sessionsAfter(
	ctx context.Context, tx *sql.Tx, u model.User, entry model.AuditEntry,
) (ended, goOn []string, err error) {
	if u.State != wire.UserActive {
		ended, err = db.endSessions(ctx, tx, u.ID, "", entry)
		return ended, nil, err
	}
	goOn, err = collect(ctx, tx, func(row scanner) (uuid string, err error) {
		err = row.Scan(&uuid)
		return uuid, err
	}, "select session_uuid from sessions where user_id = ? and revoked_at is null", u.ID)
	return nil, goOn, err
}
