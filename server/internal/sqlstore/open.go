package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// Options says which database to use.
type Options struct {
	// URL is mysql://user:password@tcp(host:3306)/database, or empty for SQLite in Dir/himsg.db.
	URL string
	// Dir is the data directory. It must exist. The search index lies in it, and SQLite's database.
	Dir    string
	Logger *slog.Logger
	// AuditKey keys the chain of audit entries.
	AuditKey []byte
	// AuditKey2 keys the entries of version 2, which are written when it is given, and the head in Dir/audit.head.
	AuditKey2 []byte
	// Committers is how many transactions store messages at once (MySQL); 0 means 4. SQLite has one writer.
	Committers int
	// Connect bounds how long Open waits for a database that does not answer; 0 means 30 s, negative means one try.
	Connect time.Duration

	vfs string // SQLite's files, for tests; empty: the system's
}

const (
	defaultCommitters = 4
	defaultConnect    = 30 * time.Second
	closeWait         = 15 * time.Second
)

// DB is an open database. Its methods may be called from many goroutines.
type DB struct {
	d       dialect
	writer  *sql.DB // SQLite: one connection; MySQL: sessions at READ COMMITTED
	reader  *sql.DB
	journal *checkpointer // SQLite

	members int  // servers that hold the database, if it is not a file
	galera  bool // they are a Galera cluster, or the one is a member of it

	index *searchIndex
	log   *slog.Logger
	dir   string // the data directory

	auditKey, auditKey2 []byte
	audits              atomic.Int64  // entries added, committed or not
	auditGrown          chan struct{} // holds a token when entries were added since the last head

	appends  *appender
	marks    *marker
	indexing indexing
	broken   breakage

	rosters   rosters
	userUUIDs *uuids
	roomUUIDs *uuids

	migrating func(place string) error // tests end a migration with it; nil: nothing happens there
}

// Open connects and checks the database's settings. A MySQL server that is down is tried again for Options.Connect; a
// wrong password or an unknown database is said at once. Open changes no table: call Migrate before use.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Committers <= 0 {
		o.Committers = defaultCommitters
	}
	if o.Connect == 0 {
		o.Connect = defaultConnect
	}
	connect := openMySQL
	if o.URL == "" {
		connect = openSQLite
	}
	if err := checkDir(o.Dir); err != nil {
		return nil, err
	}
	db, err := connect(ctx, o)
	if err != nil {
		return nil, err
	}
	if db.index, err = openSearchIndex(ctx, o.Dir); err != nil {
		if db.journal != nil {
			err = errors.Join(err, db.journal.close())
		}
		return nil, errors.Join(err, db.disconnect(db.reader), db.disconnect(db.writer))
	}
	db.log, db.dir, db.auditKey, db.auditKey2 = o.Logger, o.Dir, o.AuditKey, o.AuditKey2
	db.userUUIDs, db.roomUUIDs = newUUIDs("select id, user_uuid from users"), newUUIDs("select id, room_uuid from rooms")
	db.auditGrown = make(chan struct{}, 1)
	db.broken.done = make(chan struct{})
	owned := context.WithoutCancel(ctx) // they work until Close
	if db.journal != nil {
		db.journal.start(owned, db)
	}
	shards := o.Committers
	if !db.d.mysql {
		shards = 1
	}
	db.appends = newAppender(owned, db, shards)
	db.marks = newMarker(owned, db)
	return db, nil
}

func checkDir(dir string) error {
	if dir == "" {
		return errors.New("open database: no data directory given")
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return fmt.Errorf("open database: %s is not a directory", dir)
	}
	return nil
}

// Close stores what was handed over, refuses what comes later, and disconnects. A broken database stays connected until
// the process ends: SQLite's last connection would take the journal into the file and delete it, and what it reads there may
// not be what is on the disk. The next start finds out.
func (db *DB) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	err := errors.Join(db.appends.close(ctx), db.marks.close(ctx))
	if db.isBroken() {
		return err
	}
	db.lastHead(ctx)
	if db.journal != nil {
		err = errors.Join(err, db.journal.close())
	}
	return errors.Join(err, db.disconnect(db.reader), db.disconnect(db.writer), db.index.close())
}

// disconnect closes a pool. Taking leave of a MySQL server that is gone already fails, which nobody needs to know.
func (db *DB) disconnect(pool *sql.DB) error {
	if err := pool.Close(); err != nil && !db.d.mysql {
		return fmt.Errorf("disconnect: %w", err)
	}
	return nil
}

// Ping asks the database for a sign of life, writer and readers.
func (db *DB) Ping(ctx context.Context) error {
	return db.read(ctx, "ping", func(q querier) error {
		var one int
		return q.QueryRowContext(ctx, "select 1").Scan(&one)
	})
}

// About names the database for logs and doctor: "SQLite 3.50.1" or "MariaDB 10.11.19".
func (db *DB) About(ctx context.Context) (string, error) {
	var version string
	query := "select concat('MySQL ', version())"
	if !db.d.mysql {
		query = "select 'SQLite ' || sqlite_version()"
	}
	err := db.read(ctx, "version", func(q querier) error { return q.QueryRowContext(ctx, query).Scan(&version) })
	if err != nil {
		return "", fmt.Errorf("ask the database for its version: %w", err)
	}
	if db.d.mysql && db.d.returning {
		version = strings.Replace(version, "MySQL", "MariaDB", 1)
	}
	return version, nil
}
