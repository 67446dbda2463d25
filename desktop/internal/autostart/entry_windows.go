package autostart

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"himsg/desktop/internal/core"
)

const (
	runKey = `Software\Microsoft\Windows\CurrentVersion\Run`
	// approvedKey is where the Task Manager notes that the user has switched an entry off: the first byte is odd then.
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

// State implements core.Autostart: what is in the registry, whoever put it there.
func (a *Autostart) State() (core.AutostartState, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return core.AutostartOff, nil
	}
	if err != nil {
		return core.AutostartOff, fmt.Errorf("open the Run key: %w", err)
	}
	defer key.Close()
	command, _, err := key.GetStringValue(a.opts.Name)
	if errors.Is(err, registry.ErrNotExist) || err == nil && a.switchedOff() {
		return core.AutostartOff, nil
	}
	if err != nil {
		return core.AutostartOff, fmt.Errorf("read the Run key: %w", err)
	}
	words, err := windows.DecomposeCommandLine(command)
	if err != nil || len(words) == 0 {
		return core.AutostartMoved, nil //nolint:nilerr // not worded by us: it starts nothing
	}
	return a.stateOf(words[0]), nil
}

func (a *Autostart) switchedOff() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return false // nobody has touched it
	}
	defer key.Close()
	said, _, err := key.GetBinaryValue(a.opts.Name)
	return err == nil && len(said) > 0 && said[0]&1 == 1
}

// Set implements core.Autostart.
func (a *Autostart) Set(on bool) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("open the Run key: %w", err)
	}
	defer key.Close()
	if !on {
		if err := key.DeleteValue(a.opts.Name); err != nil && !errors.Is(err, registry.ErrNotExist) {
			return fmt.Errorf("take the autostart entry away: %w", err)
		}
		return nil
	}
	if approved, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE); err == nil {
		_ = approved.DeleteValue(a.opts.Name) // there need not be one
		approved.Close()
	}
	command := windows.ComposeCommandLine(append([]string{a.program}, a.opts.Args...))
	if err := key.SetStringValue(a.opts.Name, command); err != nil {
		return fmt.Errorf("write the Run key: %w", err)
	}
	return nil
}
