package inspect

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"

	"himsg/desktop/internal/core"
)

const (
	notifyName  = "org.freedesktop.Notifications"
	watcherName = "org.kde.StatusNotifierWatcher"
)

// withBus asks on a connection of its own, which ends with the look: a bus that hangs harms nobody else.
func withBus(ctx context.Context, ask func(*dbus.Conn) core.Finding) core.Finding {
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return found(core.FindingBad, "no_bus")
	}
	defer func() { _ = conn.Close() }() // nothing waits on it
	return ask(conn)
}

// notifications asks who shows them, and whether they can be clicked.
func notifications(ctx context.Context) core.Finding {
	return withBus(ctx, func(conn *dbus.Conn) core.Finding {
		daemon := conn.Object(notifyName, "/org/freedesktop/Notifications")
		var name, vendor, version, spec string
		call := daemon.CallWithContext(ctx, notifyName+".GetServerInformation", 0)
		if err := call.Store(&name, &vendor, &version, &spec); err != nil {
			if ctx.Err() != nil {
				return found(core.FindingBad, "timeout")
			}
			return found(core.FindingBad, "missing")
		}
		var can []string
		if err := daemon.CallWithContext(ctx, notifyName+".GetCapabilities", 0).Store(&can); err != nil {
			return found(core.FindingWarn, "no_actions", "name", name, "version", version)
		}
		slices.Sort(can)
		fields := []string{"name", name, "version", version, "can", strings.Join(can, ", ")}
		if !slices.Contains(can, "actions") {
			return found(core.FindingWarn, "no_actions", fields...)
		}
		return found(core.FindingOK, "service", fields...)
	})
}

// tray asks whether a panel shows icons now.
func tray(ctx context.Context) core.Finding {
	return withBus(ctx, func(conn *dbus.Conn) core.Finding {
		var shown dbus.Variant
		call := conn.Object(watcherName, "/StatusNotifierWatcher").CallWithContext(
			ctx, "org.freedesktop.DBus.Properties.Get", 0, watcherName, "IsStatusNotifierHostRegistered")
		if call.Store(&shown) == nil && shown.Value() == any(true) {
			return found(core.FindingOK, "shown")
		}
		return found(core.FindingWarn, "missing", "desktop", os.Getenv("XDG_CURRENT_DESKTOP"))
	})
}

// daemons are the names under which input methods are on the session's bus.
var daemons = map[string]string{
	"org.freedesktop.IBus": "ibus", "org.freedesktop.portal.IBus": "ibus",
	"org.fcitx.Fcitx5": "fcitx5", "org.fcitx.Fcitx": "fcitx", "org.freedesktop.portal.Fcitx": "fcitx5",
	"org.nimf.Nimf": "nimf", "org.kime.Kime": "kime",
}

// inputMethod tells which one GTK was told to use, and which ones run.
func inputMethod(ctx context.Context) core.Finding {
	module := os.Getenv("GTK_IM_MODULE")
	var running []string
	withBus(ctx, func(conn *dbus.Conn) core.Finding {
		var names []string
		if conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListNames", 0).Store(&names) == nil {
			for _, name := range names {
				if daemon := daemons[name]; daemon != "" && !slices.Contains(running, daemon) {
					running = append(running, daemon)
				}
			}
		}
		return core.Finding{}
	})
	slices.Sort(running)
	fields := []string{"module", module, "running", strings.Join(running, ", "), "xmodifiers", os.Getenv("XMODIFIERS")}
	switch {
	case len(running) > 0:
		return found(core.FindingOK, "runs", fields...)
	case module != "" && module != "simple" && module != "xim":
		return found(core.FindingWarn, "not_running", fields...)
	case strings.Contains(os.Getenv("XMODIFIERS"), "@im="):
		return found(core.FindingInfo, "by_x", fields...)
	}
	return found(core.FindingWarn, "none", fields...)
}

// fonts asks fontconfig for one that has Hangul.
func fonts(ctx context.Context) core.Finding {
	out, err := exec.CommandContext(ctx, "fc-list", ":lang=ko", "family").Output()
	if err != nil {
		return found(core.FindingInfo, "unknown")
	}
	families := strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
	if len(families) == 0 {
		return found(core.FindingWarn, "none")
	}
	slices.Sort(families)
	first, _, _ := strings.Cut(families[0], ",")
	return found(core.FindingOK, "there", "name", first)
}
