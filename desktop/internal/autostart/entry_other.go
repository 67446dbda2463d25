//go:build !linux && !windows

package autostart

import (
	"errors"

	"himsg/desktop/internal/core"
)

// errUnsupported: on macOS a program is started with the session by SMAppService, which wants a signed bundle; nobody has
// tried that yet. The user adds the app to the login items of the system's settings.
var errUnsupported = errors.New("not supported on this system")

// State implements core.Autostart.
func (a *Autostart) State() (core.AutostartState, error) { return core.AutostartOff, errUnsupported }

// Set implements core.Autostart.
func (a *Autostart) Set(bool) error { return errUnsupported }
