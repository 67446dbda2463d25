package badge

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// What Ubuntu's dock and KDE follow: https://wiki.ubuntu.com/Unity/LauncherAPI. It is a signal: nobody need be there.
const (
	entrySignal = "com.canonical.Unity.LauncherEntry.Update"
	entryPath   = "/com/hi_msg/LauncherEntry"
	entryApp    = "application://himsg.desktop"
)

type launcher struct{ conn *dbus.Conn }

func openBar(Options) (bar, error) {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, fmt.Errorf("connect to the session bus: %w", err)
	}
	return launcher{conn}, nil
}

func (l launcher) show(_ context.Context, _, now look) error {
	return l.conn.Emit(entryPath, entrySignal, entryApp, map[string]dbus.Variant{
		"count":         dbus.MakeVariant(now.unread),
		"count-visible": dbus.MakeVariant(now.unread > 0),
		"urgent":        dbus.MakeVariant(now.alert),
	})
}

func (l launcher) close() { l.conn.Close() }
