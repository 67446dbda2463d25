package sqlstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"

	"himsg/server/internal/errs"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestDiskFails: a single fsync fails, as a dying disk's does; those after it succeed again. Nothing may be acknowledged from
// then on, also not what the database could still read, and closing must leave the journal as it is.
func TestDiskFails(t *testing.T) {
	const name = "himsg-test-disk"
	disk := &failingDisk{VFSFilename: vfs.Find("os").(vfs.VFSFilename)}
	vfs.Register(name, disk)
	t.Cleanup(func() { vfs.Unregister(name) })
	dir := t.TempDir()
	o := sqlstore.Options{Dir: dir}
	sqlstore.UseVFS(&o, name)
	db, err := sqlstore.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	people := storetest.People(t, db, 2)
	room := storetest.Group(t, db, people...)
	send := func() error {
		_, err := db.Append(context.Background(), storetest.Draft(room, people[0], "여기까지"))
		return err
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-db.Broken():
		t.Fatal("broken before anything failed")
	default:
	}
	disk.fail.Store(true)
	for range 3 {
		if err := send(); !errs.Is(err, wire.Unavailable) {
			t.Errorf("after the disk failed: %v, want unavailable", err)
		}
	}
	select {
	case <-db.Broken():
	default:
		t.Fatal("it goes on")
	}
	if err := db.Cause(); !errors.Is(err, sqlstore.ErrDisk) {
		t.Errorf("cause: %v", err)
	}
	if _, err := db.LeaveRoom(context.Background(), people[1], room.UUID, 1); !errs.Is(err, wire.Unavailable) {
		t.Errorf("another write: %v, want unavailable", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if wal, err := os.Stat(filepath.Join(dir, "himsg.db-wal")); err != nil || wal.Size() == 0 {
		t.Errorf("closing took the journal into the file: %v", err)
	}
}

// failingDisk is the system's files, of which one fsync fails when asked.
type failingDisk struct {
	vfs.VFSFilename
	fail atomic.Bool
}

// OpenFilename implements vfs.VFSFilename.
func (d *failingDisk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := d.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return failingFile{File: file, disk: d}, flags, nil
}

type failingFile struct {
	vfs.File
	disk *failingDisk
}

// Sync implements vfs.File.
func (f failingFile) Sync(flags vfs.SyncFlag) error {
	if f.disk.fail.CompareAndSwap(true, false) {
		return syscall.EIO
	}
	return f.File.Sync(flags)
}

// SharedMemory implements vfs.FileSharedMemory.
func (f failingFile) SharedMemory() vfs.SharedMemory {
	if shared, ok := f.File.(vfs.FileSharedMemory); ok {
		return shared.SharedMemory()
	}
	return nil
}
