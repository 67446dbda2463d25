package desk

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	keyringPassword = "password"
	keyringName     = "org.freedesktop.secrets"
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
		Stdin: strings.NewReader(keyringPassword),
	})
	conn := connect(tb, bus)
	Wait(tb, 20*time.Second, "a keyring on the bus", func() bool {
		var owned bool
		err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, keyringName).Store(&owned)
		return err == nil && owned
	})
	return p
}

// LockKeyring locks it, as it is when its user has logged in without a password.
func LockKeyring(tb testing.TB, bus string) {
	tb.Helper()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	service := connect(tb, bus).Object(keyringName, "/org/freedesktop/secrets")
	all := []dbus.ObjectPath{"/org/freedesktop/secrets/aliases/default"}
	if err := service.Call("org.freedesktop.Secret.Service.Lock", 0, all).Store(&locked, &prompt); err != nil || len(locked) != 1 {
		tb.Fatalf("lock the keyring: %v, %v, prompt %s", locked, err, prompt)
	}
}

// StartPrompter lets a locked keyring ask for its password with the window that users have. Without it what is locked is refused.
func (d *Desk) StartPrompter(tb testing.TB) {
	tb.Helper()
	const keepIt = `trap 'kill $!; exit' TERM; while :; do /usr/libexec/gcr-prompter & wait $!; done` // it goes after ten idle seconds
	Spawn(tb, Spec{Path: "sh", Args: []string{"-c", keepIt}, Env: d.Env()})
	conn := connect(tb, d.Bus)
	Wait(tb, 20*time.Second, "a prompter on the bus", func() bool {
		var owned bool
		err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.gnome.keyring.SystemPrompter").Store(&owned)
		return err == nil && owned
	})
}

// AnswerPrompt types the keyring's password where it is asked for.
func (d *Desk) AnswerPrompt(tb testing.TB) {
	tb.Helper()
	d.xdotool(tb, "search", "--sync", "--onlyvisible", "--class", "gcr-prompter", "windowfocus", "--sync")
	d.TypeKeys(tb, keyringPassword)
	d.Keys(tb, "Return")
}
