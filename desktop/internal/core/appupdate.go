package core

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"himsg/shared/client"
	"himsg/shared/release"
	"himsg/shared/wire"
)

// This file keeps the app itself up to date, as far as it may: it looks, judges and loads. What is ready is installed by the next
// start, before anything is opened (package update).

// watchRelease looks for a newer version a while after the start, and then now and then. The whole company does so: each at a moment
// of its own.
func (c *Core) watchRelease(ctx context.Context) {
	if why, off := c.updatesOff(); off {
		c.setUpdate(func(u *AppUpdate) { u.State, u.Problem = UpdateOff, why })
		return
	}
	mine := c.o.Installer.Installation().Kind != ""
	c.setUpdate(func(u *AppUpdate) {
		u.Mine = mine
		if _, version := c.o.Installer.Pending(); version != "" {
			u.State, u.Version = UpdateReady, version
		}
	})
	away := time.NewTicker(c.o.Pace.Seat)
	defer away.Stop()
	wait := time.NewTimer(around(c.o.Pace.UpdateFirst))
	defer wait.Stop()
	turned := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		case <-c.updateKick:
		case <-away.C:
			before := turned
			if turned = c.turnedAway(); !turned || before {
				continue
			}
		}
		wait.Reset(around(c.lookForUpdate(ctx)))
	}
}

// updatesOff says why this app does not look for updates.
func (c *Core) updatesOff() (why string, off bool) {
	switch {
	case c.o.Policy.Updates != nil && !*c.o.Policy.Updates:
		return UpdateByPolicy, true
	case c.o.Installer == nil, len(c.o.UpdateKeys) == 0:
		return UpdateNoKey, true
	}
	return "", false
}

// around spreads what all apps do over half of the time before and after.
func around(d time.Duration) time.Duration {
	return d/2 + rand.N(d+1) //nolint:gosec // G404: no secret
}

// turnedAway reports whether the server says that this version is too old.
func (c *Core) turnedAway() bool {
	s, err := c.present()
	return err == nil && client.CodeOf(s.linkNow().Cause) == wire.TooOld
}

func (c *Core) kickUpdate() {
	select {
	case c.updateKick <- struct{}{}:
	default: // one is due
	}
}

func (c *Core) setUpdate(change func(*AppUpdate)) {
	c.mu.Lock()
	before := c.appUpdate
	change(&c.appUpdate)
	changed := c.appUpdate != before
	c.mu.Unlock()
	if changed {
		c.updates.State()
	}
}

// CheckForUpdate has the server asked now; the page hears of what comes by State.App.
func (c *Core) CheckForUpdate() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	c.kickUpdate()
	return nil
}

// RestartForUpdate starts the app again, which installs what is ready. wire.Conflict: nothing is.
func (c *Core) RestartForUpdate() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	c.mu.Lock()
	ready := c.appUpdate.State == UpdateReady
	c.mu.Unlock()
	if !ready || c.o.Restarter == nil {
		return refuse(wire.Conflict, "", "no update is ready")
	}
	c.o.Restarter.Restart()
	return nil
}

// installIdle installs what is ready while nobody is there. A transfer goes before.
func (c *Core) installIdle(idle time.Duration) {
	c.mu.Lock()
	due := c.appUpdate.State == UpdateReady && c.o.Restarter != nil && idle >= c.o.Pace.UpdateIdle
	c.mu.Unlock()
	if !due {
		return
	}
	if s, err := c.present(); err == nil && s.transfers.busy() {
		return
	}
	c.o.Logger.Info("nobody is there: the update is installed")
	c.o.Restarter.Restart()
}

// lookForUpdate asks the server, and loads what it offers. It returns when to ask again.
func (c *Core) lookForUpdate(ctx context.Context) time.Duration {
	http, err := c.newHTTP()
	if err != nil {
		return c.o.Pace.UpdateRetry // no server yet
	}
	defer http.Close()
	err = c.takeUpdate(ctx, http)
	problem := updateProblem(err)
	c.setUpdate(func(u *AppUpdate) {
		u.Problem = problem
		if problem != UpdateOffline {
			u.LookedAt = c.o.Clock.Now().UnixMilli()
		}
		if u.State == UpdateLoading {
			u.State = UpdateOffered // it goes on later
		}
	})
	if ctx.Err() == nil && err != nil {
		c.o.Logger.WarnContext(ctx, "look for an update", slog.String("problem", problem), slog.Any("error", err))
	}
	switch problem {
	case UpdateOffline, UpdateBusy, UpdateChecksum, UpdateDisk:
		return max(c.o.Pace.UpdateRetry, client.RetryAfter(err))
	}
	return c.o.Pace.UpdateEvery
}

// updateProblems are the codes of errors; the first that matches counts.
var updateProblems = []struct {
	err  error
	code string
}{
	{release.ErrSignature, UpdateSignature},
	{release.ErrBroken, UpdateBroken},
	{release.ErrExpired, UpdateExpired},
	{release.ErrReplayed, UpdateReplayed},
	{release.ErrRing, UpdateRing},
	{release.ErrDowngrade, UpdateDowngrade},
	{release.ErrNoFile, UpdateNoFile},
	{client.ErrChecksum, UpdateChecksum},
	{errTooMuch, UpdateChecksum},
	{errNotUp, UpdateNotUp},
	{errKeep, UpdateDisk},
}

var (
	errKeep    = errors.New("keep an update")
	errTooMuch = errors.New("the file is larger than was signed")
	errNotUp   = errors.New("that version did not come up here")
)

func updateProblem(err error) string {
	for _, p := range updateProblems {
		if errors.Is(err, p.err) {
			return p.code
		}
	}
	switch {
	case err == nil:
		return ""
	case client.IsSink(err):
		return UpdateDisk
	case client.CodeOf(err) == wire.NotFound:
		return UpdateNoFile // taken off the server meanwhile
	case client.RetryAfter(err) > 0:
		return UpdateBusy
	}
	return UpdateOffline
}

// takeUpdate is one look.
func (c *Core) takeUpdate(ctx context.Context, http *client.HTTP) error {
	app := c.o.Installer.Installation()
	signed, ok, err := http.Update(ctx, app.Ring)
	if err != nil {
		return err
	}
	if !ok {
		return c.noUpdate(UpdateUnknown, false)
	}
	m, err := signed.Open(c.o.UpdateKeys)
	if err != nil {
		return err
	}
	file, current, err := m.Judge(app, c.o.Clock.Now())
	if err != nil {
		return err
	}
	if err := c.o.Installer.Saw(m.Sequence); err != nil {
		return fmt.Errorf("%w: %w", errKeep, err)
	}
	if current {
		return c.noUpdate(UpdateCurrent, false)
	}
	required := m.TooOld(app.Version)
	if m.Sequence == c.o.Installer.Failed() {
		err := c.noUpdate(UpdateOffered, required)
		c.setUpdate(func(u *AppUpdate) { u.Version = m.Version })
		return errors.Join(errNotUp, err)
	}
	if app.Kind == "" {
		c.setUpdate(func(u *AppUpdate) { u.State, u.Version, u.Required = UpdateOffered, m.Version, required })
		return nil
	}
	if sequence, _ := c.o.Installer.Pending(); sequence != m.Sequence {
		c.setUpdate(func(u *AppUpdate) {
			u.State, u.Version, u.Percent, u.Required, u.Problem = UpdateLoading, m.Version, 0, required, ""
		})
		if err := c.loadUpdate(ctx, http, signed, m.Sequence, file); err != nil {
			return err
		}
		c.o.Logger.InfoContext(ctx, "an update is ready", slog.String("version", m.Version))
	}
	c.setUpdate(func(u *AppUpdate) { u.State, u.Version, u.Percent, u.Required = UpdateReady, m.Version, 100, required })
	return nil
}

// noUpdate forgets what was ready: the server no longer offers it.
func (c *Core) noUpdate(state UpdateState, required bool) error {
	var err error
	if sequence, _ := c.o.Installer.Pending(); sequence != 0 {
		err = c.o.Installer.Drop() // before it is told: the next start does not install it
	}
	c.setUpdate(func(u *AppUpdate) { u.State, u.Version, u.Percent, u.Required = state, "", 0, required })
	if err != nil {
		return fmt.Errorf("%w: %w", errKeep, err)
	}
	return nil
}

// loadUpdate loads a file, or the rest of it.
func (c *Core) loadUpdate(ctx context.Context, http *client.HTTP, signed release.Signed, sequence int64, file release.File) error {
	path, err := c.o.Installer.Part(file)
	if err != nil {
		return fmt.Errorf("%w: %w", errKeep, err)
	}
	p, err := openPart(ctx, path, file.Size)
	if err != nil {
		return fmt.Errorf("%w: %w", errKeep, err)
	}
	err = http.Installer(ctx, sequence, file, p, func(done int64) {
		c.setUpdate(func(u *AppUpdate) { u.Percent = int(done * 100 / file.Size) })
	})
	if err == nil {
		if err = p.Finish(); err != nil {
			err = fmt.Errorf("%w: %w", errKeep, err)
		}
	}
	p.Close()
	switch {
	case errors.Is(err, client.ErrChecksum):
		removePart(path) // all of it may be wrong
		return err
	case errors.Is(err, client.ErrNotHimsg):
		removePart(path)
		return fmt.Errorf("%w: %w", errTooMuch, err)
	case err != nil:
		return err
	}
	if err := c.o.Installer.Ready(signed, path); err != nil {
		return fmt.Errorf("%w: %w", errKeep, err)
	}
	return nil
}
