package sqlstore_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

func TestExamine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		remarks, err := db.Examine(context.Background())
		if err != nil || len(remarks) < 2 {
			t.Fatalf("%+v, %v", remarks, err)
		}
		for _, r := range remarks {
			if r.Grade == sqlstore.Wrong {
				t.Errorf("a healthy database: %s", r.Text)
			}
		}
		at, _, err := db.Clock(context.Background())
		if err != nil || time.Since(at).Abs() > time.Minute {
			t.Errorf("clock %v, %v", at, err)
		}
		if at, err := db.LastBackup(context.Background()); err != nil || !at.IsZero() {
			t.Errorf("never backed up: %v, %v", at, err)
		}
		setUp(t, db, "insert into audit (at, action, subject, detail, prev_hash, hash) values (?, 'server_backed_up', '', '{}', 'a', 'b')", 1_700_000_000_000)
		if at, err := db.LastBackup(context.Background()); err != nil || at.UnixMilli() != 1_700_000_000_000 {
			t.Errorf("backed up: %v, %v", at, err)
		}
	})
}

func TestExamineFindsADamagedFile(t *testing.T) {
	dir := t.TempDir()
	db, err := sqlstore.Open(context.Background(), sqlstore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "himsg.db")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(text[len(text)-4096:], strings.Repeat("not what was there ", 215)) // its last page
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err = sqlstore.Open(context.Background(), sqlstore.Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	remarks, err := db.Examine(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if last := remarks[len(remarks)-1]; last.Grade != sqlstore.Wrong || !strings.Contains(last.Text, "quick_check") {
		t.Errorf("%+v", remarks)
	}
}
