package tray

import (
	"context"
	"fmt"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

// available says whether a tray could be there: on Linux it is reached over the session bus.
func available() error {
	if _, err := dbus.SessionBus(); err != nil {
		return fmt.Errorf("connect to the session bus: %w", err)
	}
	return nil
}

// visible says whether a panel shows tray icons now (StatusNotifierItem of KDE, as GNOME's extension, Xfce and others
// take it).
func visible(ctx context.Context) bool {
	conn, err := dbus.SessionBus()
	if err != nil {
		return false
	}
	const watcher = "org.kde.StatusNotifierWatcher"
	var shown dbus.Variant
	call := conn.Object(watcher, "/StatusNotifierWatcher").CallWithContext(
		ctx, "org.freedesktop.DBus.Properties.Get", 0, watcher, "IsStatusNotifierHostRegistered")
	if call.Store(&shown) != nil {
		return false
	}
	registered, ok := shown.Value().(bool)
	return ok && registered
}

// runLoop runs the library's loop until systray.Quit.
func runLoop(ready func()) { systray.Run(ready, nil) }
