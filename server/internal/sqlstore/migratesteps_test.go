package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/migrations"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

// openEmpty opens a MariaDB without a table.
func openEmpty(t *testing.T) *sqlstore.DB {
	t.Helper()
	db, err := sqlstore.Open(context.Background(), sqlstore.Options{Dir: t.TempDir(), URL: storetest.SharedMariaDB(t).EmptyURL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// whole is all that a MariaDB holds: definitions of its tables, and what stands in those that migrations fill.
func whole(t *testing.T, db *sqlstore.DB) []string {
	t.Helper()
	pool := sqlstore.Writer(db)
	said := queryLines(t, pool, "select version_id, is_applied from goose_db_version order by version_id")
	said = append(said, queryLines(t, pool, "select name, value from counters order by name")...)
	for _, table := range queryLines(t, pool, "select table_name from information_schema.tables where table_schema = database() order by 1") {
		lines := queryLines(t, pool, "show create table `"+table+"`")
		said = append(said, strings.Split(lines[0], "\n")...)
	}
	return slices.DeleteFunc(said, func(line string) bool { return strings.Contains(line, "ENGINE=") }) // it counts rows
}

// TestMigrationCutShortAnywhere ends the migrations of an empty MariaDB before and after each of their statements, once each.
// Whatever was left behind, the next start goes on, and all is as if it had never happened.
func TestMigrationCutShortAnywhere(t *testing.T) {
	errCut := errors.New("cut")
	db := openEmpty(t)
	cut := map[string]bool{}
	sqlstore.CutMigrations(db, func(place string) error {
		if cut[place] {
			return nil
		}
		cut[place] = true
		return fmt.Errorf("at %s: %w", place, errCut)
	})
	starts := 0
	for {
		starts++
		_, _, err := db.Migrate(context.Background())
		if err == nil {
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatalf("start %d: %v", starts, err)
		}
	}
	least := 0
	files, err := migrations.MySQL.ReadDir("mysql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := migrations.MySQL.ReadFile("mysql/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		least += strings.Count(string(text), ";\n") + 1
	}
	if len(cut) < least || starts < least {
		t.Errorf("cut at %d places in %d starts; want one for each statement and one for each file, %d", len(cut), starts, least)
	}
	if diff := cmp.Diff(whole(t, storetest.MariaDB(t)), whole(t, db)); diff != "" {
		t.Errorf("what is left differs (-never cut +cut):\n%s", diff)
	}
}

// A table of the same name that no migration of ours made is nobody's to write to: each start says so, and what to do.
func TestMigrationFindsForeignTable(t *testing.T) {
	db := openEmpty(t)
	exec(t, sqlstore.Writer(db), "create table users (id bigint primary key, theirs varchar(10))")
	for range 2 {
		_, _, err := db.Migrate(context.Background())
		if err == nil || !strings.Contains(err.Error(), "'users' already exists. Hi_Msg needs a database of its own") {
			t.Fatalf("Migrate = %v", err)
		}
	}
	exec(t, sqlstore.Writer(db), "drop table users")
	if _, _, err := db.Migrate(context.Background()); err != nil {
		t.Fatalf("after it was dropped: %v", err)
	}
	if diff := cmp.Diff(whole(t, storetest.MariaDB(t)), whole(t, db)); diff != "" {
		t.Errorf("what is left differs (-never stopped +stopped):\n%s", diff)
	}
}

// The table of versions is made and filled by two statements; a kill between them must not be the end.
func TestMigrationWithoutItsFirstVersion(t *testing.T) {
	db := openEmpty(t)
	if _, _, err := db.Version(context.Background()); err != nil {
		t.Fatal(err)
	}
	exec(t, sqlstore.Writer(db), "delete from goose_db_version")
	if from, to, err := db.Migrate(context.Background()); err != nil || from != 0 || to == 0 {
		t.Fatalf("Migrate = %d, %d, %v", from, to, err)
	}
}
