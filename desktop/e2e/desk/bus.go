package desk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// callLimit bounds a call over the private bus.
const callLimit = 5 * time.Second

// busConfig is a session bus that starts no services: no keyring prompt, no portal, nothing of the machine.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=%s</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// StartBus starts a private session bus and returns its address.
func StartBus(tb testing.TB) string {
	tb.Helper()
	address, _ := SpawnBus(tb)
	return address
}

// SpawnBus is StartBus for tests that end the bus before its time.
func SpawnBus(tb testing.TB) (address string, p *Process) {
	tb.Helper()
	dir := shortTempDir(tb)
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, dir), 0o600); err != nil {
		tb.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	p = Spawn(tb, Spec{
		Path:  "dbus-daemon",
		Args:  []string{"--config-file=" + config, "--nofork", "--print-address=3"},
		Env:   os.Environ(),
		Files: []*os.File{w},
	})
	w.Close()
	return firstLine(tb, p, r), p
}

// connect opens a connection to a bus that ends with the test.
func connect(tb testing.TB, address string) *dbus.Conn {
	tb.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		tb.Fatalf("connect to the private bus: %v", err)
	}
	tb.Cleanup(func() { conn.Close() })
	return conn
}

// own takes a well-known name.
func own(tb testing.TB, conn *dbus.Conn, name string) {
	tb.Helper()
	reply, err := conn.RequestName(name, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		tb.Fatalf("own %s: reply %v, error %v", name, reply, err)
	}
}

func property(conn *dbus.Conn, name, path, iface, prop string, into any) error {
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	var value dbus.Variant
	call := conn.Object(name, dbus.ObjectPath(path)).CallWithContext(
		ctx, "org.freedesktop.DBus.Properties.Get", 0, iface, prop)
	if err := call.Store(&value); err != nil {
		return fmt.Errorf("get %s: %w", prop, err)
	}
	return value.Store(into)
}

// shortTempDir is a folder whose path is short enough for the address of a Unix socket.
func shortTempDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "himsg-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
