package prepared_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"himsg/shared/prepared"
)

// open gives a pool of one connection, and a count of what it parses.
func open(tb testing.TB, name string) *sql.DB {
	tb.Helper()
	db, err := prepared.Open("file:"+filepath.ToSlash(filepath.Join(tb.TempDir(), name)), func(c *sqlite3.Conn) error {
		return c.Exec("pragma journal_mode=wal; create table if not exists numbers (n integer primary key, word text not null) strict")
	})
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// held counts the statements that the connection has.
func held(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	err = c.Raw(func(raw any) error {
		for range raw.(driver.Conn).Raw().Stmts() {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStatementsAreKept(t *testing.T) {
	db := open(t, "kept.db")
	for i := range 10 {
		if _, err := db.ExecContext(t.Context(), "insert into numbers (n, word) values (?, ?)", i, fmt.Sprint("word ", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := held(t, db); n != 1 {
		t.Errorf("%d statements of one", n)
	}
	for i := range 10 {
		var word string
		if err := db.QueryRowContext(t.Context(), "select word from numbers where n = ?", i).Scan(&word); err != nil || word != fmt.Sprint("word ", i) {
			t.Errorf("%d: %q, %v", i, word, err)
		}
	}
	if n := held(t, db); n != 2 {
		t.Errorf("%d statements of two", n)
	}
	for i := range 200 { // no more than a connection can bear
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf("update numbers set word = ? where n = %d", i), "other"); err != nil {
			t.Fatal(err)
		}
	}
	if n := held(t, db); n != 64 {
		t.Errorf("%d statements are kept", n)
	}
	long := "select n from numbers where word in (" + strings.TrimSuffix(strings.Repeat("'a',", 2000), ",") + ") and n = ?"
	if err := db.QueryRowContext(t.Context(), long, 1).Scan(new(int)); !errors.Is(err, sql.ErrNoRows) {
		t.Error(err)
	}
	if n := held(t, db); n != 64 {
		t.Errorf("%d: a long one is kept", n)
	}
}

// What was bound or read by one use must not be seen by the next.
func TestAUseLeavesNothing(t *testing.T) {
	db := open(t, "nothing.db")
	ctx := t.Context()
	for i := range 100 {
		if _, err := db.ExecContext(ctx, "insert into numbers (n, word) values (?, ?)", i, "a"); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := db.QueryContext(ctx, "select n from numbers order by n")
	if err != nil {
		t.Fatal(err)
	}
	begun := rows.Next()
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || !begun { //nolint:sqlclosecheck // the use ends here
		t.Fatal(err)
	}
	var first int
	if err := db.QueryRowContext(ctx, "select n from numbers order by n").Scan(&first); err != nil || first != 0 {
		t.Errorf("it begins at %d, %v", first, err)
	}
	if _, err := db.ExecContext(ctx, "insert into numbers (n, word) values (?, ?)", 1, "twice"); !errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY) {
		t.Errorf("twice the same: %v", err)
	}
	if _, err := db.ExecContext(ctx, "insert into numbers (n, word) values (?, ?)", 1000, "b"); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := db.ExecContext(ended, "insert into numbers (n, word) values (?, ?)", 1001, "c"); err == nil {
		t.Error("it runs for somebody who has gone")
	}
	if _, err := db.ExecContext(ctx, "insert into numbers (n, word) values (?, ?)", 1001, "c"); err != nil {
		t.Error(err)
	}
}

// Who only reads can't write, and his read-only transactions leave what is kept ready to run.
func TestReadersKeepTheirStatements(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "read.db")
	begin := func(c *sqlite3.Conn) error {
		return c.Exec("create table if not exists numbers (n integer primary key) strict")
	}
	db, err := prepared.OpenReader("file:"+filepath.ToSlash(path), begin)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "insert into numbers (n) values (1)"); !errors.Is(err, sqlite3.READONLY) {
		t.Errorf("a write: %v", err)
	}
	parsed := reparsed(t, db)
	for range 20 {
		tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRowContext(ctx, "select count(*) from numbers").Scan(new(int)); err != nil {
			t.Error(err)
		}
		if _, err := tx.ExecContext(ctx, "insert into numbers (n) values (1)"); !errors.Is(err, sqlite3.READONLY) {
			t.Errorf("a write: %v", err)
		}
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
	if again := reparsed(t, db) - parsed; again != 0 {
		t.Errorf("statements were parsed again %d times", again)
	}
}

// SQLite looks at the value of a limit when it plans, and plans again for the next.
func TestAPlanIsGoodForAnyValue(t *testing.T) {
	db := open(t, "values.db")
	parsed := reparsed(t, db)
	for i := range 20 {
		_, err := db.ExecContext(t.Context(), "insert into numbers (n, word) select n + ?, word from numbers where n > ? order by n limit ?", 1000*i, i, 50+i)
		if err != nil {
			t.Fatal(err)
		}
	}
	if again := reparsed(t, db) - parsed; again != 0 {
		t.Errorf("a statement was parsed again %d times", again)
	}
}

// reparsed counts how often the statements that the connection has were parsed again.
func reparsed(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	err = c.Raw(func(raw any) error {
		for s := range raw.(driver.Conn).Raw().Stmts() {
			n += s.Status(sqlite3.STMTSTATUS_REPREPARE, false)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// One statement may be open twice, and a changed table is seen by one that was kept.
func TestTwiceAtATimeAndOverAChange(t *testing.T) {
	db := open(t, "twice.db")
	ctx := t.Context()
	if _, err := db.ExecContext(ctx, "insert into numbers (n, word) values (1, 'a'), (2, 'b')"); err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := tx.QueryContext(ctx, "select n from numbers order by n")
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for outer.Next() {
		inner, err := tx.QueryContext(ctx, "select n from numbers order by n")
		if err != nil {
			t.Fatal(err)
		}
		for inner.Next() {
			pairs++
		}
		if err := errors.Join(inner.Err(), inner.Close()); err != nil { //nolint:sqlclosecheck // before the next one
			t.Fatal(err)
		}
	}
	//nolint:sqlclosecheck // before the commit
	if err := errors.Join(outer.Err(), outer.Close(), tx.Commit()); err != nil || pairs != 4 {
		t.Errorf("%d pairs, %v", pairs, err)
	}
	if err := db.QueryRowContext(ctx, "select word from numbers where n = ?", 1).Scan(new(string)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, "alter table numbers add column more text"); err != nil {
		t.Fatal(err)
	}
	var more sql.NullString
	if err := db.QueryRowContext(ctx, "select more from numbers where n = ?", 1).Scan(&more); err != nil {
		t.Error(err)
	}
	var word string
	if err := db.QueryRowContext(ctx, "select word from numbers where n = ?", 2).Scan(&word); err != nil || word != "b" {
		t.Error(word, err)
	}
}

func BenchmarkSelect(b *testing.B) {
	db := open(b, "bench.db")
	if _, err := db.ExecContext(b.Context(), "insert into numbers (n, word) values (1, 'a')"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := db.QueryRowContext(b.Context(), "select word from numbers where n = ? and word > '' order by n limit 1", 1).Scan(new(string)); err != nil {
			b.Fatal(err)
		}
	}
}
