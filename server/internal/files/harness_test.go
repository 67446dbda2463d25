package files_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/files/disk"
	"himsg/server/internal/model"
	"himsg/server/internal/picture"
	"himsg/shared/wire"
)

var someone = model.Actor{UserID: 7, UserUUID: "7"}

// sender is a chat that takes all messages, but refuses one room.
type sender struct{ sent atomic.Int64 }

const closedRoom = "closed"

func (s *sender) Send(_ context.Context, _ model.Actor, cmd wire.SendRequest) (wire.SendReply, error) {
	if cmd.RoomUUID == closedRoom {
		return wire.SendReply{}, errs.NotFound(errs.Text{})
	}
	return wire.SendReply{MessageID: s.sent.Add(1), RoomUUID: cmd.RoomUUID, Seq: 1}, nil
}

func (s *sender) MayPost(_ context.Context, _ model.Actor, roomUUID string) error {
	if roomUUID == closedRoom {
		return errs.NotFound(errs.Text{})
	}
	return nil
}

// clock can be set ahead.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// world is a Service over a folder, and all around it.
type world struct {
	*files.Service
	t     *testing.T
	dir   string
	blobs files.Blobs
	store *memStore
	chat  *sender
	clock *clock
	scan  files.Scanner
}

func newWorld(t *testing.T, change ...func(w *world)) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), store: newMemStore(), chat: &sender{}, clock: &clock{}}
	var err error
	if w.blobs, err = disk.Open(w.dir); err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(w)
	}
	w.start()
	t.Cleanup(func() { w.Close() })
	return w
}

func (w *world) start() {
	w.Service = files.New(files.Options{
		Store: w.store, Blobs: w.blobs, Painter: picture.NewPainter(), Scanner: w.scan, Sender: w.chat, Clock: w.clock.now,
		Logger: slog.New(slog.DiscardHandler),
	})
}

// restart ends the Service and starts it anew over the same bytes and rows.
func (w *world) restart() {
	w.Close()
	w.start()
}

func (w *world) create(name string, size int64) model.File {
	w.t.Helper()
	f, err := w.Create(w.t.Context(), someone, files.NewUpload{Name: name, Size: size})
	if err != nil {
		w.t.Fatalf("create %s: %v", name, err)
	}
	return f
}

func (w *world) write(f model.File, offset int64, data []byte) (files.Progress, error) {
	return w.Write(w.t.Context(), someone, f.UUID, files.Piece{Offset: offset, Length: int64(len(data)), Body: bytes.NewReader(data)})
}

// put uploads a file in one piece and waits for its check.
func (w *world) put(name string, data []byte) wire.FileStatus {
	w.t.Helper()
	f := w.create(name, int64(len(data)))
	if _, err := w.write(f, 0, data); err != nil {
		w.t.Fatalf("write %s: %v", name, err)
	}
	return w.checked(f)
}

// checked waits until a file is ready or refused.
func (w *world) checked(f model.File) wire.FileStatus {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	if err := w.AwaitCheck(ctx, someone, f); err != nil {
		w.t.Fatalf("%s is never checked: %v", f.Name, err)
	}
	st, err := w.Status(ctx, someone, f.UUID, "en")
	if err != nil {
		w.t.Fatalf("status: %v", err)
	}
	return st
}

// bytesOnDisk counts what lies in the folder.
func (w *world) bytesOnDisk() (bytes int64, count int) {
	w.t.Helper()
	err := filepath.Walk(w.dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			bytes, count = bytes+info.Size(), count+1
		}
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return bytes, count
}

// reasonOf is the reason, or else the code, of a refusal.
func reasonOf(err error) string {
	if err == nil {
		return ""
	}
	refusal := errs.As(err)
	if refusal.Reason != "" {
		return string(refusal.Reason)
	}
	return string(refusal.Code)
}
