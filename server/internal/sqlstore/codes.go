package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file stores one-time codes: a part of auth.Resets.

// codeTries is a row of counters that every try with a code writes, right or wrong, of whatever name: so all of them take as
// long.
const codeTries = "code_tries"

// storeCodes stores codes within the transaction that makes or finds their people. A person's earlier code of the same purpose
// is void.
func (db *DB) storeCodes(ctx context.Context, tx *sql.Tx, codes []model.OneTimeCode) error {
	again := []string{"tries = 0"}
	for _, column := range []string{"code_hash", "created_at", "created_by", "expires_at"} {
		again = append(again, column+" = "+db.d.fresh(column))
	}
	for chunk := range slices.Chunk(codes, maxIn) {
		args := make([]any, 0, 6*len(chunk))
		for _, c := range chunk {
			args = append(args, c.UserID, c.Purpose, c.Hash, c.CreatedAt, nullInt(c.CreatedBy), c.ExpiresAt)
		}
		query := insertInto("one_time_codes", "user_id, purpose, code_hash, created_at, created_by, expires_at", len(chunk)) +
			db.d.upsert("user_id, purpose", again...)
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// StoreCodeFor implements auth.Resets.
func (db *DB) StoreCodeFor(
	ctx context.Context, actor model.Actor, userUUID string, code model.OneTimeCode, entry model.AuditEntry,
) error {
	return db.write(ctx, "store code", func(tx *sql.Tx) error {
		u, err := db.lockAdministered(ctx, tx, actor, userUUID)
		switch {
		case err != nil:
			return err
		case u.State != wire.UserActive:
			return errs.E(wire.Conflict, wire.ReasonDisabled, notActive)
		case u.Source != "":
			return errs.E(wire.Conflict, wire.ReasonPasswordOutside, passwordOutside)
		}
		stored := code
		stored.UserID = u.ID
		if err := db.storeCodes(ctx, tx, []model.OneTimeCode{stored}); err != nil {
			return err
		}
		told := entry
		told.Subject, told.Detail = u.UUID, string(code.Purpose)
		return db.appendAudit(ctx, tx, told)
	})
}

// RedeemCode implements auth.Resets.
func (db *DB) RedeemCode(ctx context.Context, t auth.CodeTry) (done auth.Redeemed, err error) {
	err = db.write(ctx, "redeem code", func(tx *sql.Tx) error {
		done = auth.Redeemed{}
		_, err := tx.ExecContext(ctx, "insert into counters (name, value) values (?, 1)"+
			db.d.upsert("name", "value = counters.value + 1"), codeTries)
		if err != nil {
			return err
		}
		u, err := db.lockByName(ctx, tx, t.Username)
		if errs.Is(err, wire.NotFound) || err == nil && u.State != wire.UserActive {
			return nil
		}
		if err != nil {
			return err
		}
		var purpose string
		err = tx.QueryRowContext(ctx, `
			select purpose
			from one_time_codes
			where user_id = ? and code_hash = ? and tries < ? and expires_at > ?`,
			u.ID, t.CodeHash, t.MaxTries, t.Entry.At).Scan(&purpose)
		if errors.Is(err, sql.ErrNoRows) {
			_, err = tx.ExecContext(ctx, "update one_time_codes set tries = tries + 1 where user_id = ?", u.ID)
			return err
		}
		if err != nil {
			return err
		}
		entry := t.Entry
		entry.ActorID, entry.Subject, entry.Detail = u.ID, u.UUID, purpose+" code"
		done.Ended, err = db.resetPassword(ctx, tx, u.ID, t.PasswordHash, entry)
		done.OK = err == nil
		return err
	})
	return done, err
}

// lockByName locks the account that signs in with a name.
func (db *DB) lockByName(ctx context.Context, tx *sql.Tx, username string) (model.User, error) {
	var id int64
	err := tx.QueryRowContext(ctx, "select id from users where username_key = ?", model.Key(username)).Scan(&id)
	if err != nil {
		return model.User{}, noRows(err, userUnknown)
	}
	return db.lockAccount(ctx, tx, id)
}

var (
	notActive = errs.Text{KO: "사용 중인 계정이 아닙니다.", EN: "This account is not active."}
	mayNotOn  = errs.Text{
		KO: "이 사용자를 관리할 권한이 없습니다.", EN: "You may not administer this person.",
	}
	notOneself = errs.Text{KO: "자기 자신에게는 할 수 없습니다.", EN: "You can't do this to yourself."}
)

// lockAdministered locks the account of somebody whom the actor may administer and who is not the actor.
func (db *DB) lockAdministered(
	ctx context.Context, tx *sql.Tx, actor model.Actor, userUUID string,
) (u model.User, err error) {
	var id int64
	err = tx.QueryRowContext(ctx, "select id from users where user_uuid = ?", userUUID).Scan(&id)
	if err != nil {
		return u, noRows(err, userUnknown)
	}
	if u, err = db.lockAccount(ctx, tx, id); err != nil {
		return u, err
	}
	return u, mayAct(actor, u)
}

func mayAct(actor model.Actor, u model.User) error {
	switch {
	case u.ID == actor.UserID:
		return errs.E(wire.Forbidden, wire.ReasonOneself, notOneself)
	case !actor.MayAdminister(u):
		return errs.E(wire.Forbidden, wire.ReasonRank, mayNotOn)
	}
	return nil
}
