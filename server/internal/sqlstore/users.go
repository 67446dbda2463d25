package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file stores accounts: the ports of auth and admin that are about people.

// accountColumns are what scanAccount reads, of `users u left join departments d on d.id = u.department_id`.
const accountColumns = `u.id, u.user_uuid, u.username, u.employee_id, u.email, u.name, u.birth_date, u.position, u.grade,
	u.department, coalesce(u.department_id, 0), coalesce(d.department_uuid, ''), u.phone, u.status_text,
	coalesce(u.picture_uuid, ''), u.icon, u.password_hash,
	u.role, u.state, u.reject_reason, u.rev, u.created_at, u.updated_at, coalesce(u.decided_at, 0),
	coalesce(u.decided_by, 0), coalesce(u.deleted_at, 0), u.source`

const accountTables = ` from users u left join departments d on d.id = u.department_id `

type scanner interface{ Scan(dest ...any) error }

func scanAccount(row scanner) (model.User, error) {
	var u model.User
	err := row.Scan(&u.ID, &u.UUID, &u.Username, &u.EmployeeID, &u.Email, &u.Name, &u.BirthDate, &u.Position, &u.Grade,
		&u.Department, &u.DepartmentID, &u.DepartmentUUID, &u.Phone, &u.StatusText,
		&u.PictureUUID, &u.Icon, &u.PasswordHash,
		&u.Role, &u.State, &u.RejectReason, &u.Rev, &u.CreatedAt, &u.UpdatedAt, &u.DecidedAt,
		&u.DecidedBy, &u.DeletedAt, &u.Source)
	if errors.Is(err, sql.ErrNoRows) {
		return u, errs.NotFound(userUnknown)
	}
	return u, err
}

func scanAccounts(ctx context.Context, q querier, query string, args ...any) ([]model.User, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var users []model.User
	for rows.Next() {
		u, err := scanAccount(rows)
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

var (
	userUnknown     = errs.Text{KO: "사용자를 찾을 수 없습니다.", EN: "There is no such user."}
	usernameTaken   = errs.Text{KO: "이미 사용 중인 아이디입니다.", EN: "This user name is taken."}
	emailTaken      = errs.Text{KO: "이미 등록된 이메일입니다.", EN: "This e-mail address is registered already."}
	employeeIDTaken = errs.Text{KO: "이미 등록된 사번입니다.", EN: "This employee number is registered already."}
)

// takenBy are the unique names of an account, in the order in which the original checked them.
var takenBy = []struct {
	column  string
	value   func(model.User) string
	refusal *errs.Error
}{
	{
		"username_key", func(u model.User) string { return model.Key(u.Username) },
		errs.E(wire.BadRequest, wire.ReasonUsernameTaken, usernameTaken),
	},
	{
		"email_key", func(u model.User) string { return model.Key(u.Email) },
		errs.E(wire.BadRequest, wire.ReasonEmailTaken, emailTaken),
	},
	{
		"employee_id_key", func(u model.User) string { return model.Key(u.EmployeeID) },
		errs.E(wire.BadRequest, wire.ReasonEmployeeIDTaken, employeeIDTaken),
	},
}

// CreateAccount stores a new account with its audit entry and returns it with its id; tokenHash (may be empty) is the
// hash of the secret that watches the sign-up. An active account enters the directory at once.
//
// A name that is held by a rejected sign-up is free again. Otherwise a taken one is refused with its reason: user name
// before e-mail before employee number.
func (db *DB) CreateAccount(
	ctx context.Context, u model.User, tokenHash string, entry model.AuditEntry,
) (stored model.User, err error) {
	err = db.write(ctx, "create account", func(tx *sql.Tx) error {
		stored = u
		if u.State == wire.UserActive {
			if err := lockTree(ctx, tx); err != nil {
				return err
			}
		}
		if err := db.freeNames(ctx, tx, u); err != nil {
			return err
		}
		if err := linkDepartment(ctx, tx, &stored); err != nil {
			return err
		}
		if u.State == wire.UserActive {
			if stored.Rev, err = nextDirectoryRev(ctx, tx); err != nil {
				return err
			}
		}
		if stored.ID, err = insertAccount(ctx, tx, stored, tokenHash); err != nil {
			return err
		}
		if u.State == wire.UserActive {
			if err := db.followPerson(ctx, tx, entry.At, stored); err != nil {
				return err
			}
		}
		return db.appendAudit(ctx, tx, entry)
	})
	return stored, err
}

// freeNames refuses names that somebody holds and takes them from sign-ups that were rejected.
func (db *DB) freeNames(ctx context.Context, tx *sql.Tx, u model.User) error {
	for _, unique := range takenBy {
		var id int64
		var state wire.UserState
		row := tx.QueryRowContext(ctx, `
			select id, state
			from users
			where `+unique.column+` = ?`+db.d.forUpdate, unique.value(u))
		switch err := row.Scan(&id, &state); {
		case errors.Is(err, sql.ErrNoRows):
			continue
		case err != nil:
			return err
		case state != wire.UserRejected:
			return unique.refusal
		}
		if err := freeRejected(ctx, tx, id, u.CreatedAt); err != nil {
			return err
		}
	}
	return nil
}

func insertAccount(ctx context.Context, tx *sql.Tx, u model.User, tokenHash string) (int64, error) {
	res, err := tx.ExecContext(ctx, `
		insert into users (user_uuid, username, username_key, employee_id, employee_id_key, email, email_key, name,
			birth_date, position, grade, department, department_id, phone, status_text, password_hash, role, state,
			register_token_hash, rev, created_at, updated_at, decided_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.UUID, u.Username, nullText(model.Key(u.Username)), u.EmployeeID, nullText(model.Key(u.EmployeeID)),
		u.Email, nullText(model.Key(u.Email)), u.Name, u.BirthDate, u.Position, u.Grade, u.Department,
		nullInt(u.DepartmentID), u.Phone, u.StatusText, u.PasswordHash, u.Role, u.State,
		nullText(tokenHash), u.Rev, u.CreatedAt, u.UpdatedAt, nullInt(u.DecidedAt))
	if err == nil {
		return res.LastInsertId()
	}
	// Two sign-ups at once: the other one's commit came between our look and our insert.
	return 0, namesTaken(err)
}

// linkDepartment puts the person into the department of the tree that has the name he gave, if exactly one has it.
func linkDepartment(ctx context.Context, tx *sql.Tx, u *model.User) error {
	if u.DepartmentID != 0 || u.Department == "" {
		return nil
	}
	var n, id int64
	var uuid string
	err := tx.QueryRowContext(ctx, `
		select count(*), coalesce(min(id), 0), coalesce(min(department_uuid), '')
		from departments
		where name = ? and deleted_at is null`, u.Department).Scan(&n, &id, &uuid)
	if err == nil && n == 1 {
		u.DepartmentID, u.DepartmentUUID = id, uuid
	}
	return err
}

// AccountByUsername returns the account that signs in with a name, in whatever state but deleted; not_found otherwise.
func (db *DB) AccountByUsername(ctx context.Context, username string) (model.User, error) {
	return db.account(ctx, "u.username_key = ? and u.state <> 'deleted'", model.Key(username))
}

// AccountByRegisterToken returns the account whose sign-up is watched by the secret with this hash.
func (db *DB) AccountByRegisterToken(ctx context.Context, tokenHash string) (model.User, error) {
	return db.account(ctx, "u.register_token_hash = ?", tokenHash)
}

// Account returns an account by id, in whatever state.
func (db *DB) Account(ctx context.Context, id int64) (model.User, error) {
	return db.account(ctx, "u.id = ?", id)
}

func (db *DB) account(ctx context.Context, where string, arg any) (u model.User, err error) {
	err = db.read(ctx, "account", func(q querier) error {
		u, err = scanAccount(q.QueryRowContext(ctx, "select "+accountColumns+accountTables+"where "+where, arg))
		return err
	})
	return u, err
}

// ReplacePasswordHash stores a stronger hash of the same password, unless the password was changed meanwhile.
func (db *DB) ReplacePasswordHash(ctx context.Context, userID int64, old, fresh string) error {
	return db.write(ctx, "replace password hash", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			update users
			set password_hash = ?
			where id = ? and password_hash = ?`, fresh, userID, old)
		return err
	})
}

// ChangePassword stores a new password's hash, ends all sessions of the user but keep (a session_uuid), and returns the
// session_uuids that it ended.
func (db *DB) ChangePassword(
	ctx context.Context, userID int64, hash, keep string, entry model.AuditEntry,
) (ended []string, err error) {
	err = db.write(ctx, "change password", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			update users
			set password_hash = ?, updated_at = ?
			where id = ?`, hash, entry.At, userID)
		if err != nil {
			return err
		}
		if ended, err = db.endSessions(ctx, tx, userID, keep, entry); err != nil {
			return err
		}
		return db.appendAudit(ctx, tx, entry)
	})
	return ended, err
}

// maxPending bounds the list of waiting sign-ups; more show up as the first ones are decided.
const maxPending = 1000

// PendingAccounts returns the sign-ups that wait, oldest first.
func (db *DB) PendingAccounts(ctx context.Context) (users []model.User, err error) {
	err = db.read(ctx, "pending accounts", func(q querier) error {
		users, err = scanAccounts(ctx, q, "select "+accountColumns+accountTables+`
			where u.state = 'pending'
			order by u.id
			limit ?`, maxPending)
		return err
	})
	return users, err
}

// CountPending returns how many sign-ups wait.
func (db *DB) CountPending(ctx context.Context) (n int, err error) {
	err = db.read(ctx, "count pending", func(q querier) error {
		return q.QueryRowContext(ctx, "select count(*) from users where state = 'pending'").Scan(&n)
	})
	return n, err
}

var (
	decidedBefore = errs.Text{KO: "이미 처리된 가입 요청입니다.", EN: "This sign-up was decided before."}
	notPending    = errs.Text{KO: "이미 승인된 사용자는 반려할 수 없습니다.", EN: "An approved user can't be rejected."}
)

// Approve lets a waiting person in and puts him into the directory. An active person stays as he is, with changed
// false. not_found for an unknown id, conflict for a sign-up that was rejected.
func (db *DB) Approve(ctx context.Context, userID int64, entry model.AuditEntry) (u model.User, changed bool, err error) {
	err = db.write(ctx, "approve account", func(tx *sql.Tx) error {
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		if u, err = db.lockAccount(ctx, tx, userID); err != nil {
			return err
		}
		switch u.State {
		case wire.UserPending:
		case wire.UserActive:
			changed = false
			return decidedByAnother(ctx, tx, u.DecidedBy, entry.ActorID, nil)
		default:
			return decidedByAnother(ctx, tx, u.DecidedBy, entry.ActorID, errs.E(wire.Conflict, "", decidedBefore))
		}
		if err := linkDepartment(ctx, tx, &u); err != nil {
			return err
		}
		if u.Rev, err = nextDirectoryRev(ctx, tx); err != nil {
			return err
		}
		u.State, u.DecidedAt, u.DecidedBy, u.UpdatedAt = wire.UserActive, entry.At, entry.ActorID, entry.At
		changed = true
		_, err := tx.ExecContext(ctx, `
			update users
			set state = ?, department_id = ?, rev = ?, decided_at = ?, decided_by = ?, updated_at = ?
			where id = ?`, u.State, nullInt(u.DepartmentID), u.Rev, u.DecidedAt, u.DecidedBy, u.UpdatedAt, u.ID)
		if err != nil {
			return err
		}
		if err := db.followPerson(ctx, tx, entry.At, u); err != nil {
			return err
		}
		entry.Subject = u.UUID
		return db.appendAudit(ctx, tx, entry)
	})
	return u, changed, err
}

// decidedByAnother tells an administrator who was second who was first; for the first one himself the answer is own.
func decidedByAnother(ctx context.Context, tx *sql.Tx, decidedBy, actorID int64, own error) error {
	if decidedBy == 0 || decidedBy == actorID {
		return own
	}
	var name string
	if err := tx.QueryRowContext(ctx, "select name from users where id = ?", decidedBy).Scan(&name); err != nil {
		return noRows(err, userUnknown)
	}
	return errs.E(wire.Conflict, wire.ReasonDecided, errs.Text{
		KO: name + " 님이 이미 처리했습니다.", EN: name + " decided this before.",
	})
}

// Reject turns a waiting sign-up down; reason is shown to the person. A rejected one stays as it is, with changed
// false. not_found for an unknown id, conflict for a person who was let in.
func (db *DB) Reject(
	ctx context.Context, userID int64, reason string, entry model.AuditEntry,
) (u model.User, changed bool, err error) {
	err = db.write(ctx, "reject account", func(tx *sql.Tx) error {
		if u, err = db.lockAccount(ctx, tx, userID); err != nil {
			return err
		}
		switch u.State {
		case wire.UserPending:
		case wire.UserRejected:
			changed = false
			return decidedByAnother(ctx, tx, u.DecidedBy, entry.ActorID, nil)
		default:
			return decidedByAnother(ctx, tx, u.DecidedBy, entry.ActorID, errs.E(wire.Conflict, "", notPending))
		}
		u.State, u.RejectReason, u.DecidedAt, u.DecidedBy = wire.UserRejected, reason, entry.At, entry.ActorID
		changed = true
		_, err := tx.ExecContext(ctx, `
			update users
			set state = ?, reject_reason = ?, decided_at = ?, decided_by = ?, updated_at = ?
			where id = ?`, u.State, u.RejectReason, u.DecidedAt, u.DecidedBy, entry.At, u.ID)
		if err != nil {
			return err
		}
		entry.Subject = u.UUID
		return db.appendAudit(ctx, tx, entry)
	})
	return u, changed, err
}

// lockAccount reads an account that the transaction is going to change. A deleted one is not found, nor is a bot: it is no account.
func (db *DB) lockAccount(ctx context.Context, tx *sql.Tx, id int64) (model.User, error) {
	var locked int64
	row := tx.QueryRowContext(ctx, "select id from users where id = ? and state not in ('deleted', 'bot')"+db.d.forUpdate, id)
	if err := row.Scan(&locked); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return model.User{}, errs.NotFound(userUnknown)
		}
		return model.User{}, err
	}
	return scanAccount(tx.QueryRowContext(ctx, "select "+accountColumns+accountTables+"where u.id = ?", id))
}

func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nullInt(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}
