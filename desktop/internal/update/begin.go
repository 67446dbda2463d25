package update

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"himsg/shared/release"
)

// maxStarts is how often a new version may be started without its window standing once, where nobody watches: the PC was switched
// off in between.
const maxStarts = 2

// Begin installs what waits, and is called at each start, while no app has the profile but before this one opens anything. replaced:
// another version runs now, with the same arguments, and this process ends. Otherwise this one goes on.
//
// unlock lets another process have the profile; it is called before one is started. Begin does not return before that one's window
// stands or has failed to.
func (u *Updater) Begin(ctx context.Context, args []string, unlock func()) (replaced bool) {
	if back := u.giveUp(); back {
		unlock()
		if err := u.start(args).Start(); err != nil {
			u.o.Logger.Error("the former version can't be started", slog.Any("error", err))
			return false
		}
		return true
	}
	file, m, err := u.due()
	if err != nil {
		if u.current().Pending != nil {
			u.o.Logger.Info("what was loaded is not installed", slog.Any("error", err))
			u.keep(u.Drop())
		}
		return false
	}
	if err := u.install(ctx, file, m); err != nil {
		u.o.Logger.Error("the new version is not installed", slog.String("version", m.Version), slog.Any("error", err))
		u.keep(u.change(func(r *record) { r.Pending = nil }))
		return false
	}
	u.o.Logger.Info("a new version is installed", slog.String("version", m.Version))
	unlock()
	if err := u.watch(ctx, args); err != nil {
		u.o.Logger.Error("the new version did not come up; the former one is put back", slog.String("version", m.Version), slog.Any("error", err))
		u.back(m.Sequence)
		return false
	}
	u.clean(map[string]bool{recordFile: true})
	return true
}

// giveUp counts the starts of a version that has not come up yet, and puts the former one back when they are too many.
func (u *Updater) giveUp() (back bool) {
	t := u.current().Trying
	if t == nil {
		return false
	}
	if t.Version != u.o.Version {
		u.keep(u.change(func(r *record) { r.Trying = nil })) // the former one is there again
		return false
	}
	if t.Starts < maxStarts {
		u.keep(u.change(func(r *record) {
			if r.Trying != nil {
				r.Trying.Starts++
			}
		}))
		return false
	}
	return u.back(t.Sequence)
}

// back puts the former version in its place again.
func (u *Updater) back(sequence int64) bool {
	err := u.place.restore()
	if err != nil {
		u.o.Logger.Error("the former version can't be put back", slog.Any("error", err))
	}
	u.keep(u.change(func(r *record) { r.Trying, r.Pending, r.Failed = nil, nil, sequence }))
	return err == nil
}

// install checks the file and puts it in the app's place.
func (u *Updater) install(ctx context.Context, file release.File, m release.Manifest) error {
	path := filepath.Join(u.dir, u.current().Pending.File)
	if err := u.place.put(ctx, path, file, m.Rollback); err != nil {
		return err
	}
	return u.change(func(r *record) {
		r.Pending, r.Trying = nil, &trying{Sequence: m.Sequence, Version: m.Version}
	})
}

const look = 100 * time.Millisecond

var errNotUp = errors.New("its window did not stand in time")

// watch starts the new version and waits until it says that its window stands.
func (u *Updater) watch(ctx context.Context, args []string) error {
	ctx, cancel := context.WithTimeout(ctx, u.o.Patience)
	defer cancel()
	cmd := u.start(args)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // ends with the program, or with this process
	again := time.NewTicker(look)
	defer again.Stop()
	over := ended
	for {
		select {
		case err := <-over:
			if u.up() {
				return nil
			}
			if err != nil {
				return err
			}
			over = nil // it has handed over to another start; that one's window counts
		case <-again.C:
			if u.up() {
				return nil
			}
		case <-ctx.Done():
			if over != nil {
				_ = cmd.Process.Kill() // it may have ended
				<-ended                //nolint:errcheck // killed: it ends with that
			}
			return errNotUp
		}
	}
}

func (u *Updater) start(args []string) *exec.Cmd {
	cmd := exec.Command(u.place.program(), args...) //nolint:gosec,noctx // G204: the app itself; it outlives this process
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

// up reports whether the version that was installed has said that its window stands.
func (u *Updater) up() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.rec = u.load()
	return u.rec.Trying == nil
}

// Settled says that the window of this version stands. A repeat is harmless.
func (u *Updater) Settled() {
	t := u.current().Trying
	if t == nil || t.Version != u.o.Version {
		return
	}
	u.place.finish()
	u.keep(u.change(func(r *record) { r.Trying = nil }))
}

// keep logs that something could not be kept.
func (u *Updater) keep(err error) {
	if err != nil {
		u.o.Logger.Error("what is known of updates is not kept", slog.Any("error", err))
	}
}
