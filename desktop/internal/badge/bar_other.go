//go:build !linux && !windows

package badge

import "errors"

// openBar: on macOS the Dock's number needs Cocoa's NSDockTile, and so a C compiler and a Mac to try it on.
func openBar(Options) (bar, error) { return nil, errors.New("not made for this system") }
