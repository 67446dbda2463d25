//go:build unix

package sqlstore_test

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"himsg/server/internal/errs"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestDiskFull fills the disk under SQLite: who sends meanwhile is told to come back, and once there is room again the
// same database goes on, without a restart.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	db := storetest.SQLiteIn(t, dir)
	people := storetest.People(t, db, 2)
	room := storetest.Group(t, db, people...)
	send := func() error {
		_, err := db.Append(context.Background(), storetest.Draft(room, people[0], "회의는 세 시입니다"))
		return err
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	wal, err := os.Stat(filepath.Join(dir, "himsg.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	lift := fullAt(t, wal.Size())
	for range 3 {
		if err := send(); !errs.Is(err, wire.Unavailable) {
			t.Errorf("on a full disk: %v, want unavailable", err)
		}
	}
	lift()
	if err := send(); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// fullAt lets no file of this process grow beyond size until the returned function is called.
func fullAt(t *testing.T, size int64) (lift func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // then the write fails instead
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limit := before
	limit.Cur = uint64(size)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	lift = func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(lift)
	return lift
}
