package inspect

import (
	"context"
	"errors"
	"testing"

	"himsg/desktop/internal/core"
)

// entry is a start with the session in some state.
type entry struct {
	state core.AutostartState
	err   error
}

func (e entry) State() (core.AutostartState, error) { return e.state, e.err }
func (e entry) Set(bool) error                      { return nil }

func TestWithoutADesktop(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus")
	t.Setenv("GTK_IM_MODULE", "")
	t.Setenv("XMODIFIERS", "")
	t.Setenv("PATH", t.TempDir())
	for name, want := range map[string]string{
		"notifications": "no_bus", "tray": "no_bus", "ime": "none", "fonts": "unknown", "webview": "version", "autostart": "unknown",
	} {
		for _, check := range Checks(nil) {
			if check.Name != name {
				continue
			}
			if f := check.Look(context.Background()); f.Code != want || f.Fields == nil {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
	t.Setenv("GTK_IM_MODULE", "ibus")
	if f := inputMethod(context.Background()); f.Code != "not_running" || f.Fields["module"] != "ibus" {
		t.Errorf("%+v", f)
	}
}

func TestStartWithTheSession(t *testing.T) {
	for want, e := range map[string]entry{
		"on": {state: core.AutostartOn}, "off": {state: core.AutostartOff}, "moved": {state: core.AutostartMoved},
		"failed": {err: errors.New("no folder")},
	} {
		if f := session(e); f.Code != want {
			t.Errorf("%+v", f)
		}
	}
}
