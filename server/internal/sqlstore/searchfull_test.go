//go:build unix

package sqlstore_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

// TestIndexOnAFullDisk: messages go on and what was indexed is found; once there is room again the index goes on.
func TestIndexOnAFullDisk(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	var log bytes.Buffer
	db, err := sqlstore.Open(ctx, sqlstore.Options{
		URL: storetest.SharedMariaDB(t).URL(t), Dir: dir, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	people := storetest.People(t, db, 1)
	room := storetest.Group(t, db, people...)
	say(t, db, room, people[0], "이미 찾을 수 있다")
	catchUp(t, db)
	wal, err := os.Stat(filepath.Join(dir, "himsg-search.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	lift := fullAt(t, wal.Size())
	say(t, db, room, people[0], "아직 찾을 수 없다")
	try := sqlstore.Tries(db)
	for range 3 {
		if err := try(ctx); err == nil {
			t.Error("indexed on a full disk")
		}
	}
	if got := hits(t, db, people[0], "찾을"); len(got) != 1 {
		t.Errorf("on a full disk found %q", got)
	}
	lift()
	if err := try(ctx); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if got := hits(t, db, people[0], "찾을"); len(got) != 2 {
		t.Errorf("with room again found %q", got)
	}
	for line, want := range map[string]int{"is not kept up": 1, "kept up again": 1, "damaged": 0} {
		if n := strings.Count(log.String(), line); n != want {
			t.Errorf("the log says %q %d times:\n%s", line, n, log.String())
		}
	}
}
