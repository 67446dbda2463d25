package hotkey

import (
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/internal/core"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestKeysOfTheDesktop(t *testing.T) {
	d := desk.Start(t, desk.Options{NoPanel: true, Width: 640, Height: 480})
	t.Setenv("DISPLAY", d.Display)
	t.Setenv("WAYLAND_DISPLAY", "")
	presses, others := make(chan struct{}, 64), make(chan struct{}, 64)
	k, other := New(func() { presses <- struct{}{} }), New(func() { others <- struct{}{} })
	defer k.Close()
	defer other.Close()
	set := func(k *Keys, text string, want error) {
		t.Helper()
		keys, _ := core.ParseHotkey(text)
		if err := k.Set(t.Context(), keys); !errors.Is(err, want) {
			t.Fatalf("%s: %v, wanted %v", text, err, want)
		}
	}
	heard := func(press string, on chan struct{}) {
		t.Helper()
		d.Keys(t, press)
		select {
		case <-on:
		case <-time.After(5 * time.Second):
			t.Fatalf("%s: not told", press)
		}
	}
	set(k, "ctrl+alt+h", nil)
	heard("ctrl+alt+h", presses)
	d.Keys(t, "Num_Lock")
	heard("ctrl+alt+h", presses)
	d.Keys(t, "Num_Lock")

	set(other, "ctrl+alt+h", core.ErrHotkeyTaken)
	set(other, "ctrl+shift+space", nil)
	heard("ctrl+shift+space", others)

	set(k, "super+f9", nil) // in place of the one before
	d.Keys(t, "ctrl+alt+h")
	heard("super+F9", presses)
	if len(presses) > 0 {
		t.Error("told of keys that were given back")
	}
	set(other, "ctrl+alt+h", nil)
	set(other, "", nil)
	d.Keys(t, "ctrl+alt+h")
	heard("super+F9", presses)
	if len(others) > 0 {
		t.Error("told without any keys")
	}
}

func TestNoKeysUnderWayland(t *testing.T) {
	t.Setenv("DISPLAY", ":0")
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	k := New(func() {})
	if err := k.Set(t.Context(), core.Hotkey{Ctrl: true, Key: "h"}); k.Supported() || !errors.Is(err, core.ErrNoHotkeys) {
		t.Errorf("supported: %t, %v", k.Supported(), err)
	}
}
