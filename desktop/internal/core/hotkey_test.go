package core_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"himsg/desktop/internal/core"
)

func TestParseHotkey(t *testing.T) {
	for text, want := range map[string]core.Hotkey{
		"ctrl+alt+h":          {Ctrl: true, Alt: true, Key: "h"},
		"super+f12":           {Super: true, Key: "f12"},
		"ctrl+shift+space":    {Ctrl: true, Shift: true, Key: "space"},
		"alt+0":               {Alt: true, Key: "0"},
		"ctrl+alt+shift+sup":  {},
		"h":                   {},
		"shift+h":             {},
		"alt+ctrl+h":          {},
		"ctrl+ctrl+h":         {},
		"ctrl+f13":            {},
		"ctrl+":               {},
		"ctrl+H":              {},
		"+":                   {},
		"":                    {},
		"ctrl+alt+h; rm -rf ": {},
	} {
		got, ok := core.ParseHotkey(text)
		if got != want || ok != (want != core.Hotkey{}) {
			t.Errorf("%q: %+v, %t", text, got, ok)
		}
	}
}

// keyboard is a desktop on which some keys are taken.
type keyboard struct {
	mu    sync.Mutex
	taken map[string]error
	has   core.Hotkey
}

func (k *keyboard) Supported() bool { return true }

func (k *keyboard) Set(_ context.Context, keys core.Hotkey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.has = core.Hotkey{}
	if err := k.taken[keys.Key]; err != nil {
		return err
	}
	k.has = keys
	return nil
}

func (k *keyboard) now() core.Hotkey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.has
}

func TestHotkeyFollowsTheSettings(t *testing.T) {
	k := &keyboard{taken: map[string]error{"m": core.ErrHotkeyTaken, "x": errors.New("odd")}}
	a := startAs(t, newServer(t), t.TempDir(), newKeyring(), func(o *core.Options) { o.Hotkeys = k })
	choose := func(keys string) error {
		settings := a.Settings()
		settings.Hotkey = keys
		return a.SaveSettings(settings)
	}
	is := func(state core.HotkeyState, has core.Hotkey) {
		t.Helper()
		a.until(t, string(state), func() bool { return a.state.Hotkey == state && k.now() == has })
	}
	is(core.HotkeyFine, core.Hotkey{}) // off by default
	a.ok(choose("ctrl+alt+h"))
	is(core.HotkeyFine, core.Hotkey{Ctrl: true, Alt: true, Key: "h"})
	a.ok(choose("ctrl+alt+m"))
	is(core.HotkeyTaken, core.Hotkey{})
	a.ok(choose("ctrl+alt+x"))
	is(core.HotkeyFailed, core.Hotkey{})
	a.ok(choose(""))
	is(core.HotkeyFine, core.Hotkey{})
	if choose("h") == nil {
		t.Error("a single letter was taken")
	}
}

func TestPolicySetsTheHotkey(t *testing.T) {
	k, keys := &keyboard{}, "super+space"
	a := startAs(t, nil, t.TempDir(), newKeyring(), func(o *core.Options) { o.Hotkeys, o.Policy = k, core.Policy{Hotkey: &keys} })
	a.until(t, "taken from the desktop", func() bool { return k.now() == core.Hotkey{Super: true, Key: "space"} })
	settings := a.Settings()
	settings.Hotkey = ""
	a.ok(a.SaveSettings(settings))
	if a.Settings().Hotkey != keys {
		t.Error("the user left the policy")
	}
}

func TestDesktopWithoutHotkeys(t *testing.T) {
	a := start(t, nil, t.TempDir(), newKeyring())
	a.until(t, "said", func() bool { return a.state.Hotkey == core.HotkeyUnsupported })
}
