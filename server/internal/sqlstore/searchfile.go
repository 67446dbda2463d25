package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
)

// The search index is an SQLite file of each server's own, whatever database holds the messages. So indexing never keeps a
// message waiting, several servers on one database need no order among each other, and the index crowds out none of the
// database's pages. It is derived: removed or damaged, it is made anew.

// searchFile is its name within the data directory.
const searchFile = "himsg-search.db"

// searchVersion changes when the terms of package search or the tables do; the index is then made anew.
const searchVersion = 2

// NORMAL: a power cut may lose the last transactions, terms and progress together, which are then stored again.
const searchPragmas = "pragma busy_timeout=10000; pragma journal_mode=wal; pragma synchronous=normal; " +
	"pragma temp_store=memory; pragma cache_size=-8000; pragma wal_autocheckpoint=2000;"

// searchTables: rowid is the message's id. detail=none keeps which messages have a term and not where, since the text
// decides in the end. Beside a text's terms stands the one of its room, "_" and the room's id; search_messages says the room
// of a message. search_progress knows a room by its UUID, so that another database's progress counts for nothing.
var searchTables = []string{
	"drop table if exists search_terms",
	"drop table if exists search_messages",
	"drop table if exists search_progress",
	`create virtual table search_terms using fts5(
  terms, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'")`,
	"create table search_messages (message_id integer primary key, room_id integer not null) strict",
	"create table search_progress (room_id integer primary key, room_uuid text not null, rev integer not null) strict",
}

// searchIndex is the open file.
type searchIndex struct {
	path    string
	damaged atomic.Bool // the file is to be made anew

	mu      sync.RWMutex // held to exchange the two
	writing *sql.DB      // one connection
	reading *sql.DB
}

// openSearchIndex opens the file in a data directory. A damaged one or one of another version is replaced.
func openSearchIndex(ctx context.Context, dir string) (*searchIndex, error) {
	x := &searchIndex{path: filepath.Join(dir, searchFile)}
	err := x.open(ctx)
	if lost(err) {
		err = x.renew(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", startError(x.path, err))
	}
	return x, nil
}

func (x *searchIndex) open(ctx context.Context) error {
	if err := x.makeOurs(); err != nil {
		return err
	}
	prepare := func(c *sqlite3.Conn) error { return errors.Join(fts5.Register(c), c.Exec(searchPragmas)) }
	writing, err := sqlitePool{x.path, "immediate", "", 1, prepare}.open()
	if err != nil {
		return err
	}
	if err = awaitSQLite(ctx, writing, sqliteWait); err == nil {
		err = makeSearchTables(ctx, writing)
	}
	if err != nil {
		return errors.Join(err, writing.Close())
	}
	reading, err := sqlitePool{x.path, "deferred", "", max(4, runtime.NumCPU()), prepare}.open()
	if err != nil {
		return errors.Join(err, writing.Close())
	}
	x.writing, x.reading = writing, reading
	return nil
}

// makeOurs makes the file, or one that is there, readable for nobody else: the terms tell what was written.
func (x *searchIndex) makeOurs() error {
	f, err := os.OpenFile(x.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(os.Chmod(x.path, 0o600), f.Close())
}

// renew replaces a damaged file by an empty one.
func (x *searchIndex) renew(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.disconnect(); err != nil && !lost(err) {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(x.path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return x.open(ctx)
}

// lost reports whether err means that the file's content is not what was written.
func lost(err error) bool {
	return errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.IOERR_FSYNC)
}

// note looks whether err, of the index, means that it is damaged. The Indexer then makes it anew.
func (x *searchIndex) note(err error) error {
	if lost(err) {
		x.damaged.Store(true)
	}
	return err
}

// pools are the connections of now.
func (x *searchIndex) pools() (writing, reading *sql.DB) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.writing, x.reading
}

// write runs fn in one transaction of the index.
func (x *searchIndex) write(ctx context.Context, fn func(*sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	writing, _ := x.pools()
	return x.note(writeOnce(ctx, writing, fn))
}

func (x *searchIndex) close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.disconnect()
}

func (x *searchIndex) disconnect() error {
	var failures []error
	for _, pool := range []*sql.DB{x.reading, x.writing} {
		if pool != nil { // it could be opened
			failures = append(failures, pool.Close())
		}
	}
	return errors.Join(failures...)
}

func makeSearchTables(ctx context.Context, index *sql.DB) error {
	return writeOnce(ctx, index, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "pragma user_version").Scan(&version); err != nil || version == searchVersion {
			return err
		}
		for _, statement := range append(searchTables, fmt.Sprintf("pragma user_version = %d", searchVersion)) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make tables: %w", err)
			}
		}
		return nil
	})
}
