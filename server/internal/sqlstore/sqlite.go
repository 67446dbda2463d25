package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"himsg/shared/prepared"
)

// sqliteFile is the database's name within the data directory.
const sqliteFile = "himsg.db"

// sqliteWait is how long the file is tried to be opened while another process holds it. The last try may take its own busy_timeout more.
const sqliteWait = 10 * time.Second

// sqlitePragmas are set on each connection. FULL, since NORMAL loses acknowledged rows in a power cut; a large page
// cache would be paid by each reader, so it stays small and the operating system caches.
const sqlitePragmas = "pragma busy_timeout=10000; pragma journal_mode=wal; pragma synchronous=full; " +
	"pragma foreign_keys=on; pragma temp_store=memory; pragma cache_size=-8000;"

func openSQLite(ctx context.Context, o Options) (*DB, error) {
	path := filepath.Join(o.Dir, sqliteFile)
	journal := newCheckpointer()
	writer, err := sqlitePool{path, "immediate", o.vfs, 1, func(c *sqlite3.Conn) error {
		journal.watch(c)
		return prepareSQLite(c)
	}}.open()
	if err != nil {
		return nil, err
	}
	if err := awaitSQLite(ctx, writer, sqliteWait); err != nil {
		return nil, errors.Join(startError(path, err), writer.Close())
	}
	reader, err := sqlitePool{path, "deferred", o.vfs, max(4, runtime.NumCPU()), prepareSQLite}.open()
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	journal.pool, err = sqlitePool{path, "immediate", o.vfs, 1, func(c *sqlite3.Conn) error {
		return c.Exec(sqlitePragmas + checkpointPragmas)
	}}.open()
	if err != nil {
		return nil, errors.Join(err, reader.Close(), writer.Close())
	}
	return &DB{d: sqliteDialect, writer: writer, reader: reader, journal: journal}, nil
}

// awaitSQLite makes the first connection. Switching to WAL does not wait for another process that does the same, so we
// do. It tries for that long: a file that is held for good must become an error, and not a server that listens and never answers.
func awaitSQLite(ctx context.Context, pool *sql.DB, wait time.Duration) error {
	trying, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for try := 0; ; try = min(try+1, 10) {
		err := pool.PingContext(ctx)
		if !errors.Is(err, sqlite3.BUSY) || !pause(trying, try) {
			return err
		}
	}
}

func prepareSQLite(c *sqlite3.Conn) error { return c.Exec(sqlitePragmas) }

// sqlitePool says how to open connections to a file of SQLite. vfs is empty but in tests of failing disks.
type sqlitePool struct {
	path, txLock, vfs string
	conns             int
	prepare           func(*sqlite3.Conn) error
}

func (p sqlitePool) open() (*sql.DB, error) {
	full, err := filepath.Abs(p.path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	query := url.Values{"_txlock": {p.txLock}, "modeof": {full}} // the journal may be read by whom the file may
	if p.vfs != "" {
		query.Set("vfs", p.vfs)
	}
	// A + is a + for SQLite, also where a form would have a space.
	name := url.URL{Scheme: "file", Opaque: uriPath(full), RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20")}
	open := prepared.Open
	if p.txLock == "deferred" {
		open = prepared.OpenReader
	}
	opened, err := open(name.String(), p.prepare)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	opened.SetMaxOpenConns(p.conns)
	opened.SetMaxIdleConns(p.conns)
	return opened, nil
}

// uriPath is a full path as SQLite's names want it: "file:C:/…". After "file:///" it would take "/C:/…" for the path, since
// what it does about that on Windows is not in a build for every system.
func uriPath(full string) string {
	path := (&url.URL{Path: filepath.ToSlash(full)}).EscapedPath()
	if strings.HasPrefix(path, "//") { // a share of Windows: //server/…, which would be an authority
		path = "//" + path
	}
	return path
}

// startError says in words why the file can't be used.
func startError(path string, err error) error {
	switch {
	case errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.CORRUPT):
		return fmt.Errorf("open database: %s is not an SQLite database or is damaged: %w", path, err)
	case errors.Is(err, sqlite3.CANTOPEN), errors.Is(err, sqlite3.READONLY), errors.Is(err, sqlite3.PERM):
		return fmt.Errorf("open database: %s can't be written by this user: %w", path, err)
	case errors.Is(err, sqlite3.BUSY):
		return fmt.Errorf("open database: %s is held by another program: %w", path, err)
	case errors.Is(err, sqlite3.FULL):
		return fmt.Errorf("open database: no room left on the disk of %s: %w", path, err)
	}
	return fmt.Errorf("open database %s: %w", path, err)
}
