package tray

import (
	"context"
	"runtime"

	"fyne.io/systray"
)

func available() error { return nil }

func visible(context.Context) bool { return true }

func shows(context.Context, string) bool { return true }

// runLoop runs the library's loop until systray.Quit. Windows delivers a window's messages to the thread that made it,
// so the loop keeps to one.
func runLoop(ready func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	systray.Run(ready, nil)
}
