package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"himsg/server/internal/sqlstore"
)

// A test wants a database of today's schema, and the migrations take a third of a second of processor time, most of it to read
// their text. So each test binary migrates once to a database, and the tests get copies. That the migrations bring an empty
// database there is what TestMigrateAtOnce and TestBlankIsWhatMigrationsMake show.

// sqliteFile is the database's name within a data directory.
const sqliteFile = "himsg.db"

// Blank puts a migrated database of SQLite into a data directory that has none yet.
func Blank(t testing.TB, dir string) {
	t.Helper()
	path := filepath.Join(dir, sqliteFile)
	if _, err := os.Stat(path); err == nil {
		return
	}
	file, err := blankFile()
	if err == nil {
		err = os.WriteFile(path, file, 0o644)
	}
	if err != nil {
		t.Fatalf("blank database: %v", err)
	}
}

// blankFile is a migrated database of SQLite.
var blankFile = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "himsg-blank-")
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := migrate(sqlstore.Options{Dir: dir}); err != nil {
		return nil, err
	}
	if file, err = os.ReadFile(filepath.Join(dir, sqliteFile)); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return file, nil
})

// migrate brings a database to today's schema. Its directory must exist.
func migrate(o sqlstore.Options) error {
	db, err := sqlstore.Open(context.Background(), o)
	if err != nil {
		return err
	}
	_, _, err = db.Migrate(context.Background())
	return errors.Join(err, db.Close())
}

// blankStatements make an empty database of MariaDB a migrated one. The first server that is asked is where they come from.
func (s *Server) blankStatements() ([]string, error) {
	blank.once.Do(func() { blank.statements, blank.err = s.readBlank() })
	return blank.statements, blank.err
}

var blank struct {
	once       sync.Once
	statements []string
	err        error
}

func (s *Server) readBlank() (statements []string, err error) {
	ctx, dir := context.Background(), filepath.Join(s.dir, "blank")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	const name = "blank"
	if _, err := s.admin.ExecContext(ctx, "create database "+name); err != nil {
		return nil, fmt.Errorf("create database: %w", err)
	}
	if err := migrate(sqlstore.Options{URL: s.url(name), Dir: dir}); err != nil {
		return nil, err
	}
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "use "+name); err != nil {
		return nil, fmt.Errorf("use: %w", err)
	}
	tables, err := column(ctx, conn, "select table_name from information_schema.tables where table_schema = database() order by 1")
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		made, err := tableStatements(ctx, conn, table)
		if err != nil {
			return nil, err
		}
		statements = slices.Concat(statements, made)
	}
	_, err = conn.ExecContext(ctx, "drop database "+name)
	return statements, err
}

// tableStatements make a table and its rows.
func tableStatements(ctx context.Context, conn *sql.Conn, table string) ([]string, error) {
	var name, create string
	if err := conn.QueryRowContext(ctx, "show create table "+table).Scan(&name, &create); err != nil {
		return nil, fmt.Errorf("show create table %s: %w", table, err)
	}
	columns, err := column(ctx, conn, "select column_name from information_schema.columns "+
		"where table_schema = database() and table_name = ? order by ordinal_position", table)
	if err != nil {
		return nil, err
	}
	rows, err := column(ctx, conn, "select concat_ws(', ', quote("+strings.Join(columns, "), quote(")+")) from "+table)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return []string{create}, nil
	}
	return []string{create, "insert into " + table + " values (" + strings.Join(rows, "), (") + ")"}, nil
}

// column reads the one column of a query.
func column(ctx context.Context, conn *sql.Conn, query string, args ...any) (values []string, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, fmt.Errorf("%s: %w", query, err)
		}
		values = append(values, value)
	}
	return values, rows.Err()
}

// fill makes an empty database a migrated one.
func (s *Server) fill(ctx context.Context, name string) (err error) {
	statements, err := s.blankStatements()
	if err != nil {
		return err
	}
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// A table may name one that comes after it.
	for _, statement := range slices.Concat([]string{"use " + name, "set foreign_key_checks = 0"}, statements) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
