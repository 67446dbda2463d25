package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

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
func (db *DB) ChangeAccount(ctx context.Context, c admin.AccountChange) (admin.AccountChanged, error) {
	done, err := db.ChangeAccounts(ctx, []admin.AccountChange{c})
	if err != nil {
		return admin.AccountChanged{}, err
	}
	return done[0], done[0].Refusal
}

// ChangeAccounts implements admin.People. What a person alone does not need is done once in the end: the departments' rooms, and
// the entries of the audit.
func (db *DB) ChangeAccounts(ctx context.Context, changes []admin.AccountChange) (done []admin.AccountChanged, err error) {
	if len(changes) == 0 {
		return nil, nil
	}
	err = db.write(ctx, "change accounts", func(tx *sql.Tx) error {
		done = make([]admin.AccountChanged, len(changes))
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		var departments []int64
		var told []model.AuditEntry
		for i, c := range changes {
			change := accountChange{db: db, tx: tx, AccountChange: c}
			if err := change.apart(ctx); err != nil {
				return err
			}
			done[i] = change.done
			if change.done.Changed {
				told = append(told, change.Entry)
				departments = append(departments, change.departments...)
			}
		}
		slices.Sort(departments)
		if err := db.followDepartments(ctx, tx, changes[0].Entry.At, slices.Compact(departments)...); err != nil {
			return err
		}
		return db.appendAudit(ctx, tx, told...)
	})
	return done, err
}

// accountChange is one of the changes of a transaction.
type accountChange struct {
	admin.AccountChange

	db          *DB
	tx          *sql.Tx
	done        admin.AccountChanged
	departments []int64 // whose rooms may have other members now
}

// apart makes the change. One that is refused leaves nothing behind, and the transaction goes on.
func (c *accountChange) apart(ctx context.Context) error {
	if _, err := c.tx.ExecContext(ctx, "savepoint person"); err != nil {
		return err
	}
	err := c.change(ctx)
	refusal, refused := errors.AsType[*errs.Error](err)
	if err != nil && !refused {
		return err
	}
	if refused {
		c.done = admin.AccountChanged{Refusal: refusal}
		if _, err := c.tx.ExecContext(ctx, "rollback to savepoint person"); err != nil {
			return err
		}
	}
	_, err = c.tx.ExecContext(ctx, "release savepoint person")
	return err
}

func (c *accountChange) change(ctx context.Context) error {
	db, tx := c.db, c.tx
	before, err := db.lockChanged(ctx, tx, c.AccountChange)
	if err != nil {
		return err
	}
	u := before
	if c.Role != "" {
		u.Role = c.Role
	} else {
		u.State, u.RejectReason = c.State, c.Reason
	}
	c.done.User = before
	if u.Role == before.Role && u.State == before.State {
		return c.keepOut(ctx)
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
		if c.departments, err = departmentsOf(ctx, tx, u); err != nil {
			return err
		}
	}
	if c.done.Ended, c.done.Sessions, err = db.sessionsAfter(ctx, tx, u, c.Entry); err != nil {
		return err
	}
	c.done.User, c.done.Changed = u, true
	c.Entry.Subject, c.Entry.Detail = u.UUID, c.Reason
	if c.Role != "" {
		c.Entry.Detail = string(before.Role) + " → " + string(u.Role) + ": " + c.Reason
	}
	return nil
}

// keepOut stores that somebody whom his running deletion keeps out is to stay out, should it fail.
func (c *accountChange) keepOut(ctx context.Context) error {
	if c.State != wire.UserDisabled {
		return nil
	}
	res, err := c.tx.ExecContext(ctx, `
		update backups
		set was_state = ?
		where user_id = ? and was_state <> ? and state in ('running', 'verifying')`, c.State, c.done.User.ID, c.State)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return err
	}
	c.done.Changed = true
	c.Entry.Subject, c.Entry.Detail = c.done.User.UUID, c.Reason
	return nil
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
