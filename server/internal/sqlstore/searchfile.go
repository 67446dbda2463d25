package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
)

// SQLite's search index is a file of its own beside the database: it has a write lock of its own, so that indexing never
// keeps a message waiting, and its pages crowd out none of the database's. It is derived: removed, it is made anew. Readers
// attach it as schema "search".

// searchFile is its name within the data directory.
const searchFile = "himsg-search.db"

// searchVersion changes when the terms of package search or the tables do; the index is then made anew.
const searchVersion = 1

// NORMAL: a power cut may lose the last transactions, terms and progress together, which are then stored again.
const searchPragmas = "pragma busy_timeout=10000; pragma journal_mode=wal; pragma synchronous=normal; " +
	"pragma temp_store=memory; pragma cache_size=-4000; pragma wal_autocheckpoint=2000;"

// searchTables: rowid is the message's id. detail=none keeps which messages have a term and not where, since the text
// decides in the end. Beside a text's terms stands the one of its room, "_" and the room's id.
var searchTables = []string{
	"drop table if exists search_terms",
	"drop table if exists search_progress",
	`create virtual table search_terms using fts5(
  terms, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'")`,
	"create table search_progress (room_id integer primary key, rev integer not null) strict",
}

// openSearchFile opens the index for its one writer. A damaged file or one of another version is replaced.
func openSearchFile(ctx context.Context, path string) (*sql.DB, error) {
	index, err := tryOpenSearchFile(ctx, path)
	if errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT) {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
				return nil, fmt.Errorf("open search index: %w", err)
			}
		}
		index, err = tryOpenSearchFile(ctx, path)
	}
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", startError(path, err))
	}
	return index, nil
}

func tryOpenSearchFile(ctx context.Context, path string) (*sql.DB, error) {
	index, err := sqlitePool{path, "immediate", "", 1, func(c *sqlite3.Conn) error {
		return errors.Join(fts5.Register(c), c.Exec(searchPragmas))
	}}.open()
	if err != nil {
		return nil, err
	}
	if err = awaitSQLite(ctx, index); err == nil {
		err = makeSearchTables(ctx, index)
	}
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	return index, nil
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

// attachSearchFile lets a connection of the database read the index too.
func attachSearchFile(c *sqlite3.Conn, path string) error {
	return errors.Join(fts5.Register(c), c.Exec("attach "+sqlite3.Quote(path)+" as search"))
}
