package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
)

// Writer lets benchmarks and plans speak SQL.
func Writer(db *DB) *sql.DB { return db.writer }

// UseVFS makes SQLite use files that a test has registered.
func UseVFS(o *Options, name string) { o.vfs = name }

// CutMigrations ends a migration of MySQL at each place for which cut returns an error, as a kill there would: nothing is noted
// or undone after it.
func CutMigrations(db *DB, cut func(place string) error) { db.migrating = cut }

// Write runs fn in a transaction.
func Write(ctx context.Context, db *DB, fn func(*sql.Tx) error) error {
	return db.write(ctx, "test", fn)
}

// WithoutReturning makes a MariaDB behave as MySQL, which can't return inserted rows.
func WithoutReturning(db *DB) *DB {
	db.d.returning = false
	return db
}

// MySQL reports whether db is on a MySQL-compatible server.
func MySQL(db *DB) bool { return db.d.mysql }

// Recorded runs fn and returns the statements that reached the database, with their values.
func Recorded(t testing.TB, db *DB, fn func()) []string {
	t.Helper()
	var mu sync.Mutex
	var statements []string
	note := func(_ sqlite3.TraceEvent, stmt, _ any) error {
		mu.Lock()
		defer mu.Unlock()
		statements = append(statements, stmt.(*sqlite3.Stmt).ExpandedSQL())
		return nil
	}
	if db.d.mysql {
		inner := fn
		fn = func() { statements = append(recordedMySQL(t, db, inner), statements...) }
	}
	trace(t, db, sqlite3.TRACE_STMT, note)
	fn()
	trace(t, db, 0, nil)
	return statements
}

// trace hooks the one connection that each pool of SQLite is held to.
func trace(t testing.TB, db *DB, mask sqlite3.TraceEvent, cb func(sqlite3.TraceEvent, any, any) error) {
	t.Helper()
	writing, reading := db.index.pools()
	pools := []*sql.DB{writing, reading}
	if !db.d.mysql {
		pools = append(pools, db.writer, db.reader)
	}
	for _, pool := range pools {
		pool.SetMaxOpenConns(1)
		conn, err := pool.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		err = conn.Raw(func(c any) error { return c.(driver.Conn).Raw().Trace(mask, cb) })
		if err := errors.Join(err, conn.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func recordedMySQL(t testing.TB, db *DB, fn func()) []string {
	t.Helper()
	exec := func(query string) {
		t.Helper()
		if _, err := db.writer.ExecContext(context.Background(), query); err != nil {
			t.Fatal(err)
		}
	}
	exec("set global log_output = 'TABLE'")
	exec("truncate mysql.general_log")
	exec("set global general_log = 1")
	fn()
	exec("set global general_log = 0")
	statements, err := collect(context.Background(), db.writer, func(row scanner) (string, error) {
		var s string
		err := row.Scan(&s)
		return s, err
	}, "select argument from mysql.general_log where command_type = 'Query' and argument not like '%general_log%'")
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

// Reader lets plans of what reads speak SQL.
func Reader(db *DB) *sql.DB { return db.reader }

// JournalTaken is how many pages of the journal are in the file.
func JournalTaken(ctx context.Context, db *DB) (pages int, err error) {
	conn, err := db.reader.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	err = conn.Raw(func(raw any) error {
		_, pages, err = raw.(driver.Conn).Raw().WALCheckpoint("main", sqlite3.CHECKPOINT_NOOP)
		return err
	})
	return pages, err
}

// RoomsBehind counts the rooms that changed since a time and wait for the index.
func RoomsBehind(ctx context.Context, db *DB, since int64) (int, error) {
	rooms, err := db.roomsBehind(ctx, since, roomsPerLook)
	return len(rooms), err
}

// IndexPart does one step of the index: the next part of the rooms that changed last.
func IndexPart(ctx context.Context, db *DB) (int, error) {
	rooms, err := db.roomsBehind(ctx, 0, roomsPerLook)
	if err != nil || len(rooms) == 0 {
		return 0, err
	}
	_, n, err := db.indexNext(ctx, rooms)
	return n, err
}

// Candidates returns all that the index yields, the newest first, in the two ways that there are to ask it.
func Candidates(ctx context.Context, db *DB, s chat.Sought) (ways [2][]int64, err error) {
	rooms, err := searchRooms(ctx, db.reader, s)
	if err != nil {
		return ways, err
	}
	for way := range ways {
		from := db.candidates(rooms, s)
		from.budget = []int{1 << 30, 0}[way]
		for more := true; more; {
			var batch []candidate
			if batch, more, err = from.next(ctx); err != nil {
				return ways, err
			}
			for _, c := range batch {
				ways[way] = append(ways[way], c.id)
			}
		}
	}
	return ways, nil
}

// Indexed returns the ids of messages that the index holds.
func Indexed(ctx context.Context, db *DB) ([]int64, error) {
	_, reading := db.index.pools()
	return collect(ctx, reading, func(row scanner) (id int64, err error) {
		err = row.Scan(&id)
		return id, err
	}, "select rowid from search_terms order by rowid")
}

// Index lets plans of the search index speak SQL.
func Index(db *DB) *sql.DB {
	_, reading := db.index.pools()
	return reading
}

// Tries gives what an Indexer does each time.
func Tries(db *DB) func(context.Context) error {
	x := &Indexer{db: db, log: db.log}
	return x.try
}

// LockHolds and Fence are what transactions do that must not meet.
func LockHolds(ctx context.Context, db *DB, tx *sql.Tx) error { return db.lockHolds(ctx, tx) }

// Fence is the other one.
func Fence(ctx context.Context, db *DB, tx *sql.Tx, l model.Lease) error { return db.fence(ctx, tx, l) }
