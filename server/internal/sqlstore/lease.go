package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"himsg/server/internal/model"
)

// This file lets one of several servers do what must not be done twice at once, and knows which servers there are. Times are the
// database's, since clocks of machines differ.

// errLeaseLost says that another server does the job by now.
var errLeaseLost = errors.New("another server holds the lease")

// TakeLease gives a job to a holder for some time, unless another one has it: then ok is false. A holder who has it under an
// earlier token (it was started anew) gets a new one.
func (db *DB) TakeLease(ctx context.Context, name, holder string, hold time.Duration) (l model.Lease, ok bool, err error) {
	err = db.write(ctx, "take lease", func(tx *sql.Tx) error {
		l, ok = model.Lease{Name: name}, false
		_, err := tx.ExecContext(ctx, insertInto("leases", "name, holder, token, held_until", 1)+
			db.d.upsert("name", "holder = leases.holder"), name, "", 0, 0)
		if err != nil {
			return err
		}
		var has string
		var until, now int64
		err = tx.QueryRowContext(ctx, "select holder, token, held_until, "+db.d.now+" from leases where name = ?"+db.d.forUpdate, name).
			Scan(&has, &l.Token, &until, &now)
		if err != nil {
			return err
		}
		if has != holder && until > now {
			return nil
		}
		l.Token++
		ok = true
		_, err = tx.ExecContext(ctx, "update leases set holder = ?, token = ?, held_until = ? where name = ?",
			holder, l.Token, now+hold.Milliseconds(), name)
		return err
	})
	return l, ok && err == nil, err
}

// RenewLease holds a lease for some time from now on. ok is false when another holder has taken it.
func (db *DB) RenewLease(ctx context.Context, l model.Lease, hold time.Duration) (ok bool, err error) {
	err = db.write(ctx, "renew lease", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "update leases set held_until = "+db.d.now+" + ? where name = ? and token = ?",
			hold.Milliseconds(), l.Name, l.Token)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		ok = n > 0
		return err
	})
	return ok && err == nil, err
}

// ReleaseLease gives a lease back, if it is still held; a repeat is harmless.
func (db *DB) ReleaseLease(ctx context.Context, l model.Lease) error {
	return db.write(ctx, "release lease", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "update leases set held_until = 0 where name = ? and token = ?", l.Name, l.Token)
		return err
	})
}

// fence refuses what a holder does whose lease another one has by now. The lease stays as it is until the transaction ends: its row is
// changed, not only locked, since the members of a cluster compare what was changed and know nothing of each other's locks.
func (db *DB) fence(ctx context.Context, tx *sql.Tx, l model.Lease) error {
	if l.Name == "" {
		return nil
	}
	held, err := tx.ExecContext(ctx, "update leases set held_until = held_until + 1 where name = ? and token = ?", l.Name, l.Token)
	if err != nil {
		return err
	}
	if n, err := held.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fmt.Errorf("%s: %w", l.Name, errLeaseLost), err)
	}
	return nil
}

// NoteNode says that a server is there, and returns those others that said so within a time. Of servers that were not seen for a
// day nothing is kept.
func (db *DB) NoteNode(ctx context.Context, n model.Node, within time.Duration) (others []model.Node, err error) {
	err = db.write(ctx, "note node", func(tx *sql.Tx) error {
		var now int64
		if err := tx.QueryRowContext(ctx, "select "+db.d.now).Scan(&now); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertInto("nodes", "name, version, secret_sum, started_at, seen_at", 1)+
			db.d.upsert("name", "version = "+db.d.fresh("version"), "secret_sum = "+db.d.fresh("secret_sum"),
				"started_at = "+db.d.fresh("started_at"), "seen_at = "+db.d.fresh("seen_at")),
			n.Name, n.Version, n.SecretSum, n.StartedAt, now)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "delete from nodes where seen_at < ?", now-24*time.Hour.Milliseconds()); err != nil {
			return err
		}
		others, err = collect(ctx, tx, func(row scanner) (n model.Node, err error) {
			err = row.Scan(&n.Name, &n.Version, &n.SecretSum, &n.StartedAt)
			return n, err
		}, `
			select name, version, secret_sum, started_at
			from nodes
			where name <> ? and seen_at >= ?
			order by name`, n.Name, now-within.Milliseconds())
		return err
	})
	return others, err
}

// ForgetNode says that a server is there no more.
func (db *DB) ForgetNode(ctx context.Context, name string) error {
	return db.write(ctx, "forget node", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "delete from nodes where name = ?", name)
		return err
	})
}

// BeginTry implements auth.Tries.
func (db *DB) BeginTry(
	ctx context.Context, key string, now int64, delay func(failed int64) int64,
) (wait int64, err error) {
	err = db.write(ctx, "begin try", func(tx *sql.Tx) error {
		wait = 0
		_, err := tx.ExecContext(ctx, insertInto("sign_in_tries", "try_hash, failed, last_at, free_at", 1)+
			db.d.upsert("try_hash", "failed = sign_in_tries.failed"), key, 0, now, 0)
		if err != nil {
			return err
		}
		var failed, free int64
		err = tx.QueryRowContext(ctx, "select failed, free_at from sign_in_tries where try_hash = ?"+db.d.forUpdate, key).Scan(&failed, &free)
		if err != nil {
			return err
		}
		if wait = free - now; wait > 0 {
			return nil
		}
		wait = 0
		failed++
		if d := delay(failed); d > 0 {
			free = now + d
		}
		_, err = tx.ExecContext(ctx, "update sign_in_tries set failed = ?, last_at = ?, free_at = ? where try_hash = ?", failed, now, free, key)
		return err
	})
	return wait, err
}

// TryWaits implements auth.Tries.
func (db *DB) TryWaits(ctx context.Context, key string, now int64) (waits bool, err error) {
	err = db.read(ctx, "waiting try", func(q querier) error {
		var n int
		err := q.QueryRowContext(ctx, "select count(*) from sign_in_tries where try_hash = ? and free_at > ?", key, now).Scan(&n)
		waits = n > 0
		return err
	})
	return waits, err
}

// EndTries implements auth.Tries.
func (db *DB) EndTries(ctx context.Context, key string) error {
	return db.write(ctx, "end tries", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "delete from sign_in_tries where try_hash = ?", key)
		return err
	})
}

// PurgeTries implements auth.Tries.
func (db *DB) PurgeTries(ctx context.Context, before int64, limit int) (n int, err error) {
	err = db.write(ctx, "purge tries", func(tx *sql.Tx) error {
		keys, err := collect(ctx, tx, func(row scanner) (key string, err error) {
			err = row.Scan(&key)
			return key, err
		}, "select try_hash from sign_in_tries where last_at < ? order by last_at limit ?", before, limit)
		if n = len(keys); err != nil || n == 0 {
			return err
		}
		// Looked at again: somebody may be trying.
		_, err = tx.ExecContext(ctx, "delete from sign_in_tries where try_hash in ("+holes(n)+") and last_at < ?", append(anys(keys), any(before))...)
		return err
	})
	return n, err
}
