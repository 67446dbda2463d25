package core

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"himsg/shared/wire"
)

// This file says what this app is and what is in it.

// About is for the settings screen and for IT.
func (c *Core) About() (About, error) {
	if err := c.unlocked(); err != nil {
		return About{}, err
	}
	out := About{
		Version: c.o.Version, StorePath: filepath.Join(c.o.ProfileDir, "stores"), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		out.Build = buildName(info.Settings)
	}
	if s, err := c.signedIn(); err == nil {
		out.ServerVersion, out.StorePath = s.serverVersion(), s.store.Path()
	}
	return out, nil
}

// buildName tells builds of one version apart, as in "9fb398552a · 2026-11-27".
func buildName(settings []debug.BuildSetting) string {
	said := map[string]string{}
	for _, s := range settings {
		said[s.Key] = s.Value
	}
	revision, at := said["vcs.revision"], said["vcs.time"]
	if revision == "" {
		return ""
	}
	name := revision[:min(len(revision), 10)]
	if said["vcs.modified"] == "true" {
		name += "+"
	}
	if len(at) >= len("2006-01-02") {
		name += " · " + at[:len("2006-01-02")]
	}
	return name
}

// Licences lists what others made that is in the app.
func (c *Core) Licences() ([]Component, error) {
	if err := c.unlocked(); err != nil {
		return nil, err
	}
	if c.o.Licences == nil {
		return []Component{}, nil
	}
	components, err := c.o.Licences.Components()
	if err != nil {
		return nil, fmt.Errorf("list the licences: %w", err)
	}
	return append([]Component{}, components...), nil // never null for the page
}

// LicenceText returns one licence's text, by Component.Text; wire.NotFound for another number.
func (c *Core) LicenceText(number int) (string, error) {
	if err := c.unlocked(); err != nil {
		return "", err
	}
	if c.o.Licences == nil {
		return "", refuse(wire.NotFound, "", "no licences in this program")
	}
	text, err := c.o.Licences.Text(number)
	if errors.Is(err, ErrNoLicence) {
		return "", refuse(wire.NotFound, "", "no such licence")
	}
	if err != nil {
		return "", fmt.Errorf("read a licence: %w", err)
	}
	return text, nil
}
