package storetest

import (
	"context"
	"testing"

	"himsg/server/internal/sqlstore"
)

// auditKey is the key of every test's audit chain.
const auditKey = "storetest audit key, 32 bytes ok"

// SQLite opens a migrated database in a file of the test's own.
func SQLite(t testing.TB) *sqlstore.DB {
	t.Helper()
	return SQLiteIn(t, t.TempDir())
}

// SQLiteIn opens the database in a directory that the test knows; there is a migrated one if there was none.
func SQLiteIn(t testing.TB, dir string) *sqlstore.DB {
	t.Helper()
	Blank(t, dir)
	return open(t, sqlstore.Options{Dir: dir})
}

// MariaDB opens a migrated database of the test's own on the test binary's private server.
func MariaDB(t testing.TB) *sqlstore.DB {
	t.Helper()
	return SharedMariaDB(t).Open(t)
}

// Each runs a test on both databases, as subtests "sqlite" and "mariadb".
func Each(t *testing.T, run func(t *testing.T, open func(t testing.TB) *sqlstore.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite) })
	t.Run("mariadb", func(t *testing.T) { run(t, MariaDB) })
}

func open(t testing.TB, o sqlstore.Options) *sqlstore.DB {
	t.Helper()
	o.AuditKey = []byte(auditKey)
	db, err := sqlstore.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if _, _, err := db.Migrate(context.Background()); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return db
}
