//go:build !linux && !windows

package tray

import (
	"context"
	"errors"
)

// available refuses: on macOS the library wants to be started on the main thread before Wails, which nobody has tried
// yet. The number is in the window's title and the Dock keeps the app in reach.
func available() error { return errors.New("not supported on this system") }

func visible(context.Context) bool { return false }

func shows(context.Context, string) bool { return false }

func runLoop(func()) {}
