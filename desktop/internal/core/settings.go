package core

import (
	"path/filepath"
	"runtime"

	"himsg/shared/wire"
)

// SaveSettings keeps the user's choices on this device.
func (c *Core) SaveSettings(settings Settings) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	if err := checkSettings(settings); err != nil {
		return err
	}
	settings.RecentEmoji = unique(settings.RecentEmoji)
	c.configure(func(cfg *config) { cfg.Settings = settings })
	c.updates.note(func(p *changes) { p.settings = true })
	return nil
}

// Settings returns the user's choices, for the shell.
func (c *Core) Settings() Settings { return c.settings() }

// About is for the settings screen and for IT.
func (c *Core) About() (About, error) {
	if err := c.unlocked(); err != nil {
		return About{}, err
	}
	out := About{
		Version: c.o.Version, StorePath: filepath.Join(c.o.ProfileDir, "stores"), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	if s, err := c.signedIn(); err == nil {
		out.ServerVersion, out.StorePath = s.serverVersion(), s.store.Path()
	}
	return out, nil
}

// TestNotification shows one, so that the user can see whether it works here.
func (c *Core) TestNotification() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	c.o.Notifier.Show(Notification{Title: appName, Body: wordsFor(c.language()).test})
	return nil
}

// OpenLink opens an http or https address in the system's browser.
func (c *Core) OpenLink(address string) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	clean, err := checkLink(address)
	if err != nil {
		return err
	}
	if err := c.o.Opener.OpenURL(clean); err != nil {
		return refuse(wire.Internal, "", err.Error())
	}
	return nil
}
