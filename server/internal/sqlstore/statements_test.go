package sqlstore_test

import (
	"context"
	"fmt"
	"testing"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

func TestKeptStatementsAnswerAsNewOnes(t *testing.T) {
	db, ctx := storetest.SQLite(t), context.Background()
	pool := sqlstore.Writer(db) // one connection
	number := func(query string, args ...any) (n int) {
		t.Helper()
		if err := pool.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := pool.ExecContext(ctx, query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	exec("create table kept (id integer primary key, word text)")
	for i := range 200 { // more than are kept
		exec("insert into kept (id, word) values (?, ?)", i, fmt.Sprint("word ", i))
		if n := number(fmt.Sprintf("select count(*) + %d from kept", i)); n != 2*i+1 {
			t.Fatalf("statement %d says %d", i, n)
		}
	}
	// A kept statement holds nothing of its last run: neither values nor rows.
	if n := number("select count(*) from kept where word = ?", "word 7"); n != 1 {
		t.Error(n)
	}
	if n := number("select count(*) from kept where word = ?", "word 1000"); n != 0 {
		t.Error(n)
	}
	if _, err := pool.ExecContext(ctx, "insert into kept (id, word) values (?, ?)", 7, "again"); err == nil {
		t.Error("the same id twice")
	}
	exec("insert into kept (id, word) values (?, ?)", 1000, "after a failure")

	t.Run("within its own rows", func(t *testing.T) {
		conn, err := pool.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		const query = "select id from kept where id >= ? order by id limit 3"
		outer, err := conn.QueryContext(ctx, query, 10)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = outer.Close() }()
		for want := 10; outer.Next(); want++ {
			var id, first int
			if err := outer.Scan(&id); err != nil || id != want {
				t.Fatalf("%d, want %d: %v", id, want, err)
			}
			if err := conn.QueryRowContext(ctx, query, 50).Scan(&first); err != nil || first != 50 {
				t.Fatalf("inside: %d: %v", first, err)
			}
		}
		if err := outer.Err(); err != nil {
			t.Error(err)
		}
	})
	t.Run("after the table changed", func(t *testing.T) {
		columns := func() int {
			rows, err := pool.QueryContext(ctx, "select * from kept limit 1")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = rows.Close() }()
			names, err := rows.Columns()
			if !rows.Next() || rows.Err() != nil || err != nil {
				t.Fatal(rows.Err(), err)
			}
			return len(names)
		}
		before := columns()
		exec("alter table kept add column more text")
		if n := number("select count(*) from kept where more is null"); n == 0 {
			t.Error("the new column can't be asked for")
		}
		if after := columns(); before != 2 || after != 3 {
			t.Errorf("%d columns, then %d", before, after)
		}
		exec("drop table kept")
		var n int
		if err := pool.QueryRowContext(ctx, "select count(*) from kept where word = ?", "x").Scan(&n); err == nil {
			t.Error("a table that is gone answers")
		}
	})
}
