package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/ncruces/go-sqlite3"

	"himsg/server/internal/errs"
)

const (
	writeTimeout = 10 * time.Second // for a transaction with its retries, when the caller sets no shorter one
	writeTries   = 12
	busyRetry    = 2 * time.Second // what a refused caller is told to wait
)

// querier reads: a pool, one connection of it, or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// committed is a querier that sees what is committed, nothing of a transaction that may be rolled back.
type committed struct{ querier }

// errUnclear marks a commit whose answer was lost: the transaction may or may not be stored.
var errUnclear = errors.New("the answer to the commit was lost")

// write runs fn in one transaction, again from the start when the database gave it up for another one. So fn must set
// whatever it returns anew each time. Refusals (*errs.Error) of fn come back as they are.
//
// When the answer to the commit is lost the caller gets wire.Unavailable: a repeat must be harmless.
func (db *DB) write(ctx context.Context, op string, fn func(*sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	var err error
	audits := db.audits.Load()
	for try := range writeTries {
		if err = db.refuseBroken(); err == nil {
			err = writeOnce(ctx, db.writer, fn)
		}
		if err == nil {
			if db.audits.Load() != audits {
				db.noteAudit()
			}
			return nil
		}
		db.noteDisk(err)
		if !db.repeatable(err) || !pause(ctx, try) {
			break
		}
		db.log.DebugContext(ctx, "transaction runs again", slog.String("op", op), slog.Any("error", err))
	}
	return db.fault(op, err)
}

func writeOnce(ctx context.Context, pool *sql.DB, fn func(*sql.Tx) error) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := fn(tx); err != nil {
		return outOfTime(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", outOfTime(ctx, commitError(err)))
	}
	return nil
}

// outOfTime adds why a transaction is over: database/sql rolls it back when its context ends, and of the next statement it
// says only that it came too late.
func outOfTime(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	return err
}

// commitError marks an error of a commit as unclear unless the database itself said that nothing was stored.
func commitError(err error) error {
	if said, refused := errors.AsType[*mysql.MySQLError](err); refused && !slices.Contains(mysqlUnclear, said.Number) {
		return err
	}
	switch {
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.CONSTRAINT),
		errors.Is(err, sql.ErrTxDone), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err // database/sql and SQLite rolled it back
	}
	return errors.Join(errUnclear, err)
}

// repeatable reports whether a transaction that failed with err may be run again: nothing of it is stored. One whose connection broke
// before its commit is worth that only when there is another server to run it on.
func (db *DB) repeatable(err error) bool {
	if errors.Is(err, errUnclear) {
		return false
	}
	return retriable(err) || errors.Is(err, driver.ErrBadConn) || db.members > 1 && connectionLost(err)
}

// pause waits before try+1, longer each time and jittered so that rivals part. False: the context ended.
func pause(ctx context.Context, try int) bool {
	limit := min(2*time.Millisecond<<try, 200*time.Millisecond)
	wait := time.NewTimer(rand.N(limit)) //nolint:gosec // jitter, not a secret
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wait.C:
		return true
	}
}

// read runs fn against the readers. Each query sees what was committed when it began; use it for one query, and snapshot
// for several that must agree. fn's statements carry ctx; where that has no deadline, the connection's own limits hold.
func (db *DB) read(ctx context.Context, op string, fn func(querier) error) error {
	if err := ctx.Err(); err != nil {
		return db.fault(op, err)
	}
	return db.fault(op, fn(committed{db.reader}))
}

// snapshot runs fn in a read-only transaction: all its queries see the same state.
func (db *DB) snapshot(ctx context.Context, op string, fn func(querier) error) error {
	tx, err := db.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return db.fault(op, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to commit
	return db.fault(op, fn(committed{tx}))
}

// fault turns an error of the database into what callers get: refusals as they are, a database that is away as
// wire.Unavailable, the rest with the operation's name (it becomes "internal").
func (db *DB) fault(op string, err error) error {
	if err == nil {
		return nil
	}
	if refusal, ok := errors.AsType[*errs.Error](err); ok {
		return refusal
	}
	err = fmt.Errorf("%s: %w", op, err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, errUnclear), errors.Is(err, context.DeadlineExceeded), errors.Is(err, sqlite3.INTERRUPT),
		retriable(err), away(err):
		return errs.Unavailable(busyRetry, err)
	}
	return err
}

// connectionLost reports whether err is about the connection and not about the statement.
func connectionLost(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	_, isNet := errors.AsType[net.Error](err)
	return isNet
}
