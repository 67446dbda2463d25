package core

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// saving is what administrators save to files of their own: one at a time, and it can be stopped.
type saving struct {
	mu   sync.Mutex
	stop context.CancelCauseFunc
}

var errStopped = errors.New("stopped by the user")

// begin returns the context of a save; ok is false while another one is at work.
func (v *saving) begin(life context.Context) (ctx context.Context, end func(), ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.stop != nil {
		return nil, nil, false
	}
	ctx, stop := context.WithCancelCause(life)
	v.stop = stop
	return ctx, func() {
		stop(nil)
		v.mu.Lock()
		defer v.mu.Unlock()
		v.stop = nil
	}, true
}

// StopSaving stops what SaveBackup, ExportPeople or SaveImportCodes save, if anything; nothing is left of it.
func (c *Core) StopSaving() error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	s.saving.mu.Lock()
	defer s.saving.mu.Unlock()
	if s.saving.stop != nil {
		s.saving.stop(errStopped)
	}
	return nil
}

// saveAs asks where to and lets fetch write there. The file has its name only once all of it is on the disk. false: the user
// chose none, or stopped it.
func (c *Core) saveAs(
	wrong error, name string, fetch func(ctx context.Context, s *session, into io.Writer) error,
) (bool, error) {
	s, err := c.signedIn()
	if err != nil {
		return false, err
	}
	if wrong != nil {
		return false, fail(wrong)
	}
	path, err := ask(c, func() (string, error) { return c.o.Chooser.ChooseTarget(name) })
	if err != nil || path == "" {
		return false, fail(err)
	}
	ctx, end, ok := s.saving.begin(s.life)
	if !ok {
		return false, refuse(wire.Conflict, "", "something is being saved")
	}
	defer end()
	err = s.saveTo(ctx, filepath.Clean(path), func(into io.Writer) error { return fetch(ctx, s, into) })
	if errors.Is(context.Cause(ctx), errStopped) {
		return false, nil
	}
	return err == nil, fail(err)
}

func (s *session) saveTo(ctx context.Context, path string, fetch func(into io.Writer) error) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	part := filepath.Join(filepath.Dir(path), ".himsg-"+id.String()+".part")
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // G304: beside what the user chose
	if err != nil {
		return targetFailure(err)
	}
	defer removePart(part) // unless it got its name
	if err := fetch(f); err != nil {
		_ = f.Close() // it is of no use
		if client.IsSink(err) {
			return targetFailure(err)
		}
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return targetFailure(err)
	}
	if err := s.o.Desktop.Mark(part); err != nil {
		s.log.WarnContext(ctx, "saved file not marked", slog.Any("error", err))
	}
	if err := os.Rename(part, path); err != nil {
		return targetFailure(err)
	}
	return nil
}

// held is a value that one call leaves for another.
type held[T any] struct {
	mu    sync.Mutex
	value T
}

// Set keeps a value.
func (h *held[T]) Set(value T) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.value = value
}

// Get is the value that was set last.
func (h *held[T]) Get() T {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.value
}
