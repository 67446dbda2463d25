package tray

import (
	"context"
	"fmt"
	"os"

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

// shows says whether the icon is on the bus with that tooltip.
func shows(ctx context.Context, tooltip string) bool {
	conn, err := dbus.SessionBus()
	if err != nil {
		return false
	}
	const iface = "org.kde.StatusNotifierItem"
	item := conn.Object(fmt.Sprintf("%s-%d-1", iface, os.Getpid()), "/StatusNotifierItem")
	var value dbus.Variant
	call := item.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, iface, "ToolTip")
	if call.Store(&value) != nil {
		return false
	}
	fields, ok := value.Value().([]any) // icon name, pictures, title, text
	return ok && len(fields) == 4 && fields[2] == any(tooltip)
}

// runLoop runs the library's loop until systray.Quit.
func runLoop(ready func()) { systray.Run(ready, nil) }
