package desk

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	idleName = "org.gnome.Mutter.IdleMonitor"
	idlePath = "/org/gnome/Mutter/IdleMonitor/Core"
)

// Idle is what tells under Wayland how long nobody has touched the PC: the test says how long.
type Idle struct{ ms atomic.Uint64 }

// StartIdle starts it on a bus. Apps ask it whose environment is that of IdleEnv.
func StartIdle(tb testing.TB, bus string) *Idle {
	tb.Helper()
	i := &Idle{}
	conn := connect(tb, bus)
	if err := conn.Export((*idleCalls)(i), idlePath, idleName); err != nil {
		tb.Fatal(err)
	}
	own(tb, conn, idleName)
	return i
}

// IdleEnv makes an app believe that it runs under Wayland, while its window is drawn on the X server.
func IdleEnv() []string { return []string{"WAYLAND_DISPLAY=none", "GDK_BACKEND=x11"} }

// Set says how long nobody has been there.
func (i *Idle) Set(idle time.Duration) { i.ms.Store(uint64(idle.Milliseconds())) }

// idleCalls are its methods on the bus.
type idleCalls Idle

// GetIdletime implements org.gnome.Mutter.IdleMonitor.
func (i *idleCalls) GetIdletime() (uint64, *dbus.Error) { return i.ms.Load(), nil }
