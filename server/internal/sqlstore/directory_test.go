package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"himsg/migrations"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

func TestTheDirectoryHoldsWhoIsOrWasActiveByRev(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		a := create(t, db, someone("a", wire.UserActive), "")
		waiting := create(t, db, someone("p", wire.UserPending), "")
		b := create(t, db, someone("b", wire.UserActive), "")
		users, departments, rev, err := db.DirectoryAfter(ctx, 0, 10)
		if err != nil || len(users) != 2 || users[0].ID != a.ID || users[1].ID != b.ID || len(departments) != 0 || rev != 2 {
			t.Fatalf("%v, %v, %d, %v", users, departments, rev, err)
		}
		if _, _, err := db.Approve(ctx, waiting.ID, entry(model.AuditUserApproved, a.ID)); err != nil {
			t.Fatal(err)
		}
		users, _, rev, err = db.DirectoryAfter(ctx, 2, 10)
		if err != nil || len(users) != 1 || users[0].ID != waiting.ID || rev != 3 {
			t.Errorf("%v, %d, %v", users, rev, err)
		}
		if users, _, _, _ = db.DirectoryAfter(ctx, 0, 1); len(users) != 1 {
			t.Errorf("limit 1 gave %d", len(users))
		}
		if active, err := db.ActiveAccounts(ctx); err != nil || len(active) != 3 {
			t.Errorf("active: %d, %v", len(active), err)
		}
		found, err := db.AccountsByUUID(ctx, []string{b.UUID, "unknown", waiting.UUID})
		if err != nil || len(found) != 2 {
			t.Errorf("by uuid: %v, %v", found, err)
		}
	})
}

// Apps that were told of people without numbers are told of all of them once more.
func TestTheStepToNumbersTellsOfEverybodyAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		for i := range 5 {
			create(t, db, someone(fmt.Sprint(i), wire.UserActive), "")
		}
		create(t, db, someone("waits", wire.UserPending), "")
		_, _, before, err := db.DirectoryAfter(ctx, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		text, err := migrations.SQLite.ReadFile("sqlite/00021_numbers.sql")
		if err != nil {
			t.Fatal(err)
		}
		for statement := range strings.SplitSeq(string(text), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := sqlstore.Writer(db).ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		users, _, rev, err := db.DirectoryAfter(ctx, before, 10)
		if err != nil || len(users) != 5 {
			t.Fatalf("%d people after %d: %v", len(users), before, err)
		}
		last := before
		for _, u := range users {
			if u.Rev <= last || u.Rev > rev || u.Profile().Number != u.ID {
				t.Errorf("rev %d after %d, up to %d, number %d", u.Rev, last, rev, u.Profile().Number)
			}
			last = u.Rev
		}
		if next := create(t, db, someone("next", wire.UserActive), ""); next.Rev <= rev {
			t.Errorf("the next change has rev %d, up to %d were given", next.Rev, rev)
		}
	})
}

func TestRevisionsOfTheDirectoryHaveNoGapAndNoDouble(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		const n = 20
		seen := make([]int, n+1)
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				u := create(t, db, someone(fmt.Sprint(i), wire.UserActive), "")
				mu.Lock()
				defer mu.Unlock()
				seen[u.Rev]++
			})
		}
		all.Wait()
		for rev := 1; rev <= n; rev++ {
			if seen[rev] != 1 {
				t.Errorf("rev %d was given %d times", rev, seen[rev])
			}
		}
	})
}

// raw opens the database behind the store's back, as somebody with the database's password would.
func raw(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

// onBoth runs a test with the store and with the bare database, on both databases.
func onBoth(t *testing.T, run func(t *testing.T, db *sqlstore.DB, bare *sql.DB)) {
	t.Helper()
	open := func(t *testing.T, o sqlstore.Options) *sqlstore.DB {
		t.Helper()
		o.AuditKey = []byte("a key of the tests")
		db, err := sqlstore.Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if _, _, err := db.Migrate(context.Background()); err != nil {
			t.Fatal(err)
		}
		return db
	}
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		db := open(t, sqlstore.Options{Dir: dir})
		run(t, db, raw(t, "sqlite3", "file:"+filepath.Join(dir, "himsg.db")))
	})
	t.Run("mariadb", func(t *testing.T) {
		url := storetest.SharedMariaDB(t).URL(t)
		db := open(t, sqlstore.Options{URL: url, Dir: t.TempDir()})
		run(t, db, raw(t, "mysql", strings.TrimPrefix(url, "mysql://")))
	})
}

func exec(t *testing.T, bare *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := bare.ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func TestASignUpIsLinkedToTheDepartmentOfItsName(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sqlstore.DB, bare *sql.DB) {
		ctx := context.Background()
		const insert = "insert into departments (department_uuid, name, sort, rev, created_at, deleted_at) values (?, ?, ?, ?, ?, ?)"
		exec(t, bare, insert, "d-1", "개발1팀", 2, 1, aTime, nil)
		exec(t, bare, insert, "d-2", "총무팀", 1, 2, aTime, nil)
		exec(t, bare, insert, "d-3", "총무팀", 3, 3, aTime, nil)
		exec(t, bare, insert, "d-4", "없어진팀", 4, 4, aTime, aTime)

		for name, want := range map[string]string{"개발1팀": "d-1", "총무팀": "", "없어진팀": "", "다른팀": "", "": ""} {
			u := someone("u"+name, wire.UserPending)
			u.Department = name
			stored := create(t, db, u, "")
			if got, err := db.Account(ctx, stored.ID); err != nil || got.DepartmentUUID != want || got.Department != name {
				t.Errorf("%q: linked to %q, %v; want %q", name, got.DepartmentUUID, err, want)
			}
		}
		list, err := db.Departments(ctx)
		if err != nil || len(list) != 3 || list[0].UUID != "d-2" || list[1].UUID != "d-1" {
			t.Errorf("departments: %+v, %v", list, err)
		}
		_, departments, _, err := db.DirectoryAfter(ctx, 1, 10)
		if err != nil || len(departments) != 3 || departments[2].DeletedAt != aTime {
			t.Errorf("departments by rev: %+v, %v", departments, err)
		}
	})
}
