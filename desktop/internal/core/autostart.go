package core

import (
	"context"
	"errors"
	"log/slog"
)

// The setting says what is on the disk, not what was wished: a user may change it with the system's own tools, and a write
// may fail.

// watchAutostart brings the session's entry and the setting together at the start: what the policy says is set, a path that
// no longer leads to the app is mended, and otherwise the disk is right.
func (c *Core) watchAutostart(ctx context.Context) {
	if c.o.Autostart == nil {
		return
	}
	state, err := c.o.Autostart.State()
	want := state != AutostartOff
	if wish := c.o.Policy.Autostart; wish != nil {
		want = *wish
	}
	if err == nil && (want != (state != AutostartOff) || state == AutostartMoved) {
		err = c.o.Autostart.Set(want)
	}
	if err != nil {
		c.o.Logger.WarnContext(ctx, "autostart", slog.Any("error", err))
	}
	c.noteAutostart()
}

// setAutostart makes it as the user wants it.
func (c *Core) setAutostart(on bool) error {
	if c.o.Autostart == nil {
		return &Failure{Code: codeAutostart, Message: "not supported on this system"}
	}
	err := c.o.Autostart.Set(on)
	if now := c.noteAutostart(); err == nil && now != on {
		err = errors.New("the system did not keep it")
	}
	if err != nil {
		c.o.Logger.Warn("autostart", slog.Any("error", err))
		return &Failure{Code: codeAutostart, Message: err.Error()}
	}
	return nil
}

// noteAutostart takes what is on the disk into the settings.
func (c *Core) noteAutostart() (on bool) {
	state, err := c.o.Autostart.State()
	on = err == nil && state == AutostartOn
	c.mu.Lock()
	changed := c.cfg.Settings.Autostart != on
	c.mu.Unlock()
	if changed {
		c.configure(func(cfg *config) { cfg.Settings.Autostart = on })
		c.updates.note(func(p *changes) { p.settings = true })
	}
	return on
}
