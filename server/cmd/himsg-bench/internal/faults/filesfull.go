package faults

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	filesDisk = 64 << 20 // the disk for files
	filesRoom = 12 << 20 // what is left of it
	fileSize  = 24 << 20 // so that a part of each file fits
)

// filesDiskFull: no room is left for files, which have a disk of their own. An upload is told so, messages go on all the while,
// what is cancelled or left behind is removed, and once there is room the same upload goes on to its end.
func filesDiskFull() fault {
	return fault{
		name: "disk-full-for-files", kinds: []rig.Kind{rig.SQLite}, bound: 2 * time.Minute, brief: true,
		root: true, needs: []string{"mount", "umount"}, mounts: true, clock: true,
		crowd: crowd.Options{People: fileCrowd, Senders: fileSender, Pause: 20 * time.Millisecond},
		place: func(ctx context.Context, s *scene) error {
			return s.mount(ctx, s.filesDir(), "-t", "tmpfs", "-o", fmt.Sprintf("size=%d", filesDisk), "tmpfs")
		},
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.allowFiles(ctx, wire.UnscannedRefuse); err != nil {
				return err
			}
			bulk, err := rig.NewBulk(s.data.Dir, fileSize, s.o.Seed)
			if err != nil {
				return err
			}
			content, err := os.Open(bulk.Path)
			if err != nil {
				return fmt.Errorf("open the file: %w", err)
			}
			defer func() { _ = content.Close() }() // only read
			person, err := s.signIn(ctx, s.server.URL(), fileSender+1)
			if err != nil {
				return err
			}
			f := &fullDisk{s: s, person: person, upload: client.Upload{
				Name: rig.BulkName, Size: bulk.Size, SHA256: bulk.SHA256, Content: content,
				RoomUUID: s.crowd.Room(fileSender),
			}}
			return f.play(ctx)
		},
	}
}

func (s *scene) filesDir() string { return filepath.Join(s.data.ServerDir(), "files") }

// fullDisk is somebody who sends a file that does not fit.
type fullDisk struct {
	s      *scene
	person rig.Person
	upload client.Upload
}

func (f *fullDisk) play(ctx context.Context) error {
	ballast := filepath.Join(f.s.filesDir(), "ballast")
	if err := os.WriteFile(ballast, make([]byte, filesDisk-filesRoom), 0o600); err != nil {
		return fmt.Errorf("fill disk: %w", err)
	}
	before := total(f.s.crowd.Look().Refusals)
	if err := f.canceled(ctx); err != nil {
		return fmt.Errorf("an upload that is cancelled: %w", err)
	}
	if err := f.abandoned(ctx); err != nil {
		return fmt.Errorf("an upload that is left behind: %w", err)
	}
	if err := f.goesOn(ctx, ballast); err != nil {
		return fmt.Errorf("an upload that goes on: %w", err)
	}
	f.s.goal("messages refused meanwhile", float64(total(f.s.crowd.Look().Refusals)-before), "", 0)
	return nil
}

// refused sends until the disk is full, and looks whether the server says so.
func (f *fullDisk) refused(ctx context.Context) (fileID string, err error) {
	u := f.upload
	u.Begun = func(id string) error {
		fileID = id
		return nil
	}
	err = f.person.Session.Upload(ctx, u)
	var refusal *client.Error
	if !errors.As(err, &refusal) || refusal.Reason != wire.ReasonDiskFull || !client.Temporary(err) ||
		client.RetryAfter(err) == 0 || refusal.Status != http.StatusServiceUnavailable {
		return fileID, fmt.Errorf("the server says of a full disk: %w", err)
	}
	return fileID, f.s.working(ctx, f.s.times(200, 50)) // messages have a disk of their own
}

func (f *fullDisk) canceled(ctx context.Context) error {
	id, err := f.refused(ctx)
	if err != nil {
		return err
	}
	if err := f.person.Session.CancelUpload(ctx, id); err != nil {
		return err
	}
	left, err := f.left()
	f.s.goal("bytes left of a cancelled upload", float64(left), "", 0)
	return err
}

// abandoned lets a day go by on the server's clock.
func (f *fullDisk) abandoned(ctx context.Context) error {
	if _, err := f.refused(ctx); err != nil {
		return err
	}
	left, err := f.left()
	if err != nil || left == 0 {
		return errors.Join(errors.New("nothing was stored of it: the disk was full before"), err)
	}
	if err := f.s.server.Tell("25h"); err != nil {
		return err
	}
	for left > 0 { // the collector looks when a message is deleted, which the crowd does now and then
		if !rig.Sleep(ctx, 20*time.Millisecond) {
			return fmt.Errorf("%d bytes are never collected: %w", left, ctx.Err())
		}
		if left, err = f.left(); err != nil {
			return err
		}
	}
	f.s.goal("of one left behind, a day later", float64(left), "", 0)
	return f.s.server.Tell("0s")
}

// goesOn makes room and sends the rest.
func (f *fullDisk) goesOn(ctx context.Context, ballast string) error {
	id, err := f.refused(ctx)
	if err != nil {
		return err
	}
	stored, err := f.left()
	if err != nil {
		return err
	}
	if err := os.Remove(ballast); err != nil {
		return fmt.Errorf("make room: %w", err)
	}
	u, first := f.upload, int64(-1)
	u.FileID = id
	u.Begun = func(string) error { return errors.New("it begins anew") }
	u.Progress = func(done int64) {
		if first < 0 {
			first = done
		}
	}
	room := rig.Now()
	if err := f.person.Session.Upload(ctx, u); err != nil {
		return err
	}
	file, err := f.person.Ready(ctx, id)
	if err != nil {
		return err
	}
	f.s.goal("room→file ready", ms(rig.Now().Sub(room)), "ms", 5000)
	f.s.goal("sent again", float64(stored-first)/(1<<20), "MiB", 0)
	arrival := rig.NewArrival()
	if _, err := f.person.FetchFile(ctx, file, arrival); err != nil {
		return err
	}
	if arrival.SHA256() != u.SHA256 {
		return errors.New("what is stored is not what was sent")
	}
	return nil
}

// left is how many bytes of files are on the disk.
func (f *fullDisk) left() (bytes int64, err error) {
	err = filepath.WalkDir(f.s.filesDir(), func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && (d.IsDir() || d.Name() == "ballast") {
			return nil // removed meanwhile, or none of the server's
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return bytes, err
}
