// Package clock is the one place of the desktop app that reads the system's time. main.go imports it and hands a System
// to all who ask for a core.Clock; tests hand them their own.
package clock

import "time"

// System is the clock of the machine.
type System struct{}

// Now returns the time of day, with its monotonic part.
func (System) Now() time.Time { return time.Now() }
