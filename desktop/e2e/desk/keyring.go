package desk

import (
	"os"
	"strings"
	"testing"
	"time"
)

// StartKeyring starts an unlocked, empty keyring on a bus: gnome-keyring, as users have it.
func StartKeyring(tb testing.TB, bus string) *Process {
	tb.Helper()
	home := shortTempDir(tb)
	p := Spawn(tb, Spec{
		Path: "gnome-keyring-daemon",
		Args: []string{"--foreground", "--components=secrets", "--unlock"},
		Env: []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, "DBUS_SESSION_BUS_ADDRESS=" + bus,
		},
		Stdin: strings.NewReader("password"),
	})
	conn := connect(tb, bus)
	Wait(tb, 20*time.Second, "a keyring on the bus", func() bool {
		var owned bool
		err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.freedesktop.secrets").Store(&owned)
		return err == nil && owned
	})
	return p
}
