package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
)

// migrateLockWait is how long a node waits for another one that migrates.
const migrateLockWait = 2 * time.Minute

// The members of a Galera cluster keep get_lock each to itself, so there a row is the lock as well: who holds it says so again and
// again, and one that was killed, or cut off, is followed after migrateHold.
const (
	schemaLock   = "schema_lock"
	migrateHold  = 20 * time.Second
	migrateSure  = 12 * time.Second // without having said so, its holder stops before another one begins
	migrateRenew = 4 * time.Second
	migrateTry   = 500 * time.Millisecond
)

const createSchemaLock = `
create table if not exists ` + schemaLock + ` (
  id tinyint not null primary key,
  holder char(36) not null,
  held_until bigint not null
)`

var errOtherMigrates = errors.New("another server holds the lock")

// migrateLock keeps other nodes from migrating at the same time. SQLite serialises writers by itself. The context that it returns
// ends when the lock is lost.
func (db *DB) migrateLock(ctx context.Context) (held context.Context, unlock func() error, err error) {
	if !db.d.mysql {
		return ctx, func() error { return nil }, nil
	}
	conn, err := db.reader.Conn(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("lock the schema: %w", db.fault("lock the schema", err))
	}
	var got int
	// The lock's name is the server's, not the database's: put the database into it.
	err = conn.QueryRowContext(ctx, "select coalesce(get_lock(concat('himsg:', md5(database())), ?), 0)",
		int(migrateLockWait.Seconds())).Scan(&got)
	if err == nil && got != 1 {
		err = errOtherMigrates
	}
	held, unlockRow := ctx, func() error { return nil }
	if err == nil && db.galera {
		held, unlockRow, err = db.lockRow(ctx)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("lock the schema: %w", err), conn.Close())
	}
	return held, func() error {
		err := unlockRow()
		_, unlocked := conn.ExecContext(context.WithoutCancel(ctx), "do release_lock(concat('himsg:', md5(database())))")
		return errors.Join(err, unlocked, conn.Close())
	}, nil
}

// lockRow takes the row, waiting for another holder, and holds it until it is given back.
func (db *DB) lockRow(ctx context.Context) (held context.Context, unlock func() error, err error) {
	holder := uuid.NewString()
	waiting, cancel := context.WithTimeout(ctx, migrateLockWait)
	defer cancel()
	for told := false; ; {
		mine, err := db.takeRow(waiting, holder)
		if err != nil {
			return nil, nil, err
		}
		if mine {
			break
		}
		if !told {
			told = true
			db.log.InfoContext(ctx, "another server migrates the schema, or was killed while it did; waiting for it")
		}
		if !sleep(waiting, migrateTry) {
			return nil, nil, errors.Join(errOtherMigrates, ctx.Err())
		}
	}
	held, lost := context.WithCancel(ctx)
	stop := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		defer lost()
		db.renewRow(ctx, holder, stop)
	})
	return held, func() error {
		close(stop)
		renewing.Wait()
		return db.write(context.WithoutCancel(ctx), "unlock the schema", func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "update "+schemaLock+" set held_until = 0 where holder = ?", holder)
			return err
		})
	}, nil
}

// takeRow takes the row unless another one holds it. Of two members that do so at once one is told of a deadlock, and looks again.
func (db *DB) takeRow(ctx context.Context, holder string) (mine bool, err error) {
	take := func(tx *sql.Tx) error {
		mine = false
		_, err := tx.ExecContext(ctx, insertInto(schemaLock, "id, holder, held_until", 1)+db.d.upsert("id", "id = 1"), 1, "", 0)
		if err != nil {
			return err
		}
		taken, err := tx.ExecContext(ctx, "update "+schemaLock+" set holder = ?, held_until = "+db.d.now+" + ? where id = 1 and held_until < "+db.d.now,
			holder, migrateHold.Milliseconds())
		if err != nil {
			return err
		}
		n, err := taken.RowsAffected()
		mine = n == 1
		return err
	}
	err = db.write(ctx, "lock the schema", take)
	if me, ok := errors.AsType[*mysql.MySQLError](err); ok && me.Number == mysqlNoSuchTable {
		if _, err := db.writer.ExecContext(ctx, createSchemaLock); err != nil {
			return false, fmt.Errorf("make its table: %w", err)
		}
		err = db.write(ctx, "lock the schema", take)
	}
	return mine && err == nil, err
}

// renewRow returns when the row is lost, or may be, or is given back.
func (db *DB) renewRow(ctx context.Context, holder string, stop <-chan struct{}) {
	again := time.NewTicker(migrateRenew)
	defer again.Stop()
	sure := now()
	for {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			return
		case <-again.C:
		}
		began := now()
		kept := false
		asking, cancel := context.WithTimeout(ctx, migrateRenew)
		err := db.write(asking, "hold the schema's lock", func(tx *sql.Tx) error {
			done, err := tx.ExecContext(asking, "update "+schemaLock+" set held_until = "+db.d.now+" + ? where id = 1 and holder = ?",
				migrateHold.Milliseconds(), holder)
			if err != nil {
				return err
			}
			n, err := done.RowsAffected()
			kept = n == 1
			return err
		})
		cancel()
		switch {
		case err == nil && kept:
			sure = began
		case err == nil || now().Sub(sure) > migrateSure:
			db.log.WarnContext(ctx, "the lock of the schema is lost; another server goes on with the migration", slog.Any("error", err))
			return
		}
	}
}

// sleep waits; false: ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
