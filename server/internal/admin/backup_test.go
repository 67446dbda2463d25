package admin_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"himsg/server/internal/admin"
	"himsg/server/internal/admin/archive"
	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// office is an admin service over a real database, with a boss, and kim, who leaves a group of his.
type office struct {
	*admin.Service
	t         *testing.T
	db        *sqlstore.DB
	boss, kim model.Actor
	dir       string
	told      *told
}

// told is what others were told.
type told struct {
	mu    sync.Mutex
	rooms []model.RoomChange
	users []wire.UserState
}

// Announce implements admin.Rooms.
func (l *told) Announce(_ context.Context, c model.RoomChange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rooms = append(l.rooms, c)
}

// UserChanged implements admin.Directory.
func (l *told) UserChanged(_ context.Context, u model.User) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users = append(l.users, u.State)
}

// noFiles has no bytes of any file.
type noFiles struct{}

// OpenFile implements admin.Files.
func (noFiles) OpenFile(context.Context, string) (io.ReadCloser, model.File, error) {
	return nil, model.File{}, os.ErrNotExist
}

func newOffice(t *testing.T, seal func(archive.Sealer) admin.Archives) *office {
	t.Helper()
	o := &office{t: t, db: storetest.SQLite(t), dir: filepath.Join(t.TempDir(), "backups"), told: &told{}}
	people := storetest.People(t, o.db, 3)
	o.boss, o.kim = people[0], people[1]
	o.boss.Role = wire.RoleOwner
	room := storetest.Group(t, o.db, o.kim, people[2])
	if _, err := o.db.Append(context.Background(), storetest.Draft(room, o.kim, "안녕하세요")); err != nil {
		t.Fatal(err)
	}
	events := bus.NewLocal(bus.LocalOptions{})
	o.Service = admin.New(admin.Options{
		Store: o.db, People: o.db, Audit: o.db, Backups: o.db, Access: o.db, Rooms: o.told, Files: noFiles{}, Directory: o.told,
		Publisher: events, Revoke: func(context.Context, []string, wire.Reason) {}, Removed: func() {}, ArchiveDir: o.dir,
		Archives: seal(archive.Sealer{KeyFile: filepath.Join(t.TempDir(), "archive.key")}),
		Now:      time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(func() {
		o.Close()
		events.Close()
	})
	return o
}

// untouched checks that nobody was deleted, kim is in, and no archive is left.
func (o *office) untouched() {
	o.t.Helper()
	ctx := context.Background()
	u, err := o.db.Account(ctx, o.kim.UserID)
	if err != nil || u.State != wire.UserActive {
		o.t.Errorf("kim is %s, %v", u.State, err)
	}
	rooms, err := o.db.BackupRooms(ctx, o.kim.UserID)
	if err != nil || len(rooms) != 1 || !slices.Contains(rooms[0].Members, o.kim.UserUUID) {
		o.t.Errorf("his rooms: %+v, %v", rooms, err)
	}
	if left, err := filepath.Glob(filepath.Join(o.dir, "*")); err != nil || len(left) != 0 {
		o.t.Errorf("half an archive is left: %v, %v", left, err)
	}
	o.told.mu.Lock()
	defer o.told.mu.Unlock()
	if !slices.Equal(o.told.users, []wire.UserState{wire.UserDisabled, wire.UserActive}) || len(o.told.rooms) != 0 {
		o.t.Errorf("others were told %v, %v", o.told.users, o.told.rooms)
	}
}

// gate stops at the beginning of the writing or of the reading until it is opened.
type gate struct {
	admin.Archives
	reading       bool
	reached, open chan struct{}
}

func (g *gate) pass() {
	close(g.reached)
	<-g.open
}

// Create implements admin.Archives.
func (g *gate) Create(w io.Writer, k admin.ArchiveKeys) (admin.ArchiveWriter, error) {
	if !g.reading {
		g.pass()
	}
	return g.Archives.Create(w, k)
}

// Read implements admin.Archives.
func (g *gate) Read(r io.Reader, k admin.ArchiveKeys, each func(string, []admin.ArchiveMessage) error) (admin.ArchiveSums, error) {
	if g.reading {
		g.pass()
	}
	return g.Archives.Read(r, k, each)
}

func TestCancelDeletesNothing(t *testing.T) {
	ctx := context.Background()
	for name, reading := range map[string]bool{"while the archive is written": false, "while it is verified": true} {
		t.Run(name, func(t *testing.T) {
			g := &gate{reading: reading, reached: make(chan struct{}), open: make(chan struct{})}
			o := newOffice(t, func(s archive.Sealer) admin.Archives {
				g.Archives = s
				return g
			})
			b, err := o.DeletePerson(ctx, o.boss, admin.DeleteOrder{UserUUID: o.kim.UserUUID, Reason: "퇴사"})
			if err != nil {
				t.Fatal(err)
			}
			<-g.reached
			if err := o.RecoverBackups(ctx, true); err != nil { // it runs: nobody takes it for one that was left
				t.Error(err)
			}
			for range 2 {
				if err := o.CancelBackup(ctx, o.boss, b.UUID); err != nil {
					t.Error(err)
				}
			}
			close(g.open)
			if b, err = o.WaitBackup(ctx, b.UUID); err != nil || b.State != wire.BackupCancelled || b.FinishedAt == 0 {
				t.Errorf("%+v, %v", b, err)
			}
			o.untouched()
		})
	}
}

// fullDisk takes so many bytes of an archive.
type fullDisk struct {
	admin.Archives
	room int
}

type fullWriter struct {
	w    io.Writer
	room int
}

// Write implements io.Writer.
func (f *fullWriter) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, &os.PathError{Op: "write", Path: "/somewhere", Err: syscall.ENOSPC}
	}
	return f.w.Write(p)
}

// Create implements admin.Archives.
func (d fullDisk) Create(w io.Writer, k admin.ArchiveKeys) (admin.ArchiveWriter, error) {
	return d.Archives.Create(&fullWriter{w, d.room}, k)
}

func TestAFullDiskDeletesNothing(t *testing.T) {
	for _, room := range []int{0, 250, 1000} {
		t.Run(fmt.Sprintf("after %d bytes", room), func(t *testing.T) {
			ctx := context.Background()
			o := newOffice(t, func(s archive.Sealer) admin.Archives { return fullDisk{s, room} })
			b, err := o.DeletePerson(ctx, o.boss, admin.DeleteOrder{UserUUID: o.kim.UserUUID, Reason: "퇴사"})
			if err != nil {
				t.Fatal(err)
			}
			if b, err = o.WaitBackup(ctx, b.UUID); err != nil || b.State != wire.BackupFailed || b.Failure != "disk_full" {
				t.Errorf("%+v, %v", b, err)
			}
			o.untouched()
		})
	}
}

func TestAStoppedServersDeletionIsUndone(t *testing.T) {
	ctx := context.Background()
	for name, row := range map[string]struct {
		alone  bool
		silent time.Duration
		undone bool
	}{
		"this is the only server":               {true, 0, true},
		"another one still says where it is":    {false, time.Minute, false},
		"another one says nothing for too long": {false, 3 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, func(s archive.Sealer) admin.Archives { return s })
			at := time.Now().Add(-row.silent).UnixMilli()
			b, u, _, err := o.db.StartBackup(ctx, o.boss, o.kim.UserUUID, model.Backup{
				UUID: "0a6a9a0e-5f0e-4a0a-9d53-000000000001", Reason: "퇴사", RequestedAt: at, ExpiresAt: at + 1,
			}, model.AuditEntry{At: at, Action: model.AuditDeleteRequested})
			if err != nil {
				t.Fatal(err)
			}
			o.told.UserChanged(ctx, u)
			half := filepath.Join(o.dir, b.UUID+".age")
			if err := os.MkdirAll(o.dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time there is nothing to do
				if err := o.RecoverBackups(ctx, row.alone); err != nil {
					t.Error(err)
				}
			}
			b, err = o.BackupOf(ctx, o.boss, b.UUID)
			if err != nil || (b.State == wire.BackupFailed && b.Failure == "stopped") != row.undone {
				t.Errorf("%+v, %v", b, err)
			}
			if row.undone {
				o.untouched()
			} else if _, err := os.Stat(half); err != nil {
				t.Error("the archive of another server's job was removed")
			}
		})
	}
}
