package core

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Hotkey is a combination of keys that brings the window up wherever the user is. The zero value is none.
type Hotkey struct {
	Ctrl, Alt, Shift, Super bool
	Key                     string // "a" to "z", "0" to "9", "f1" to "f12", "space"
}

// Why a combination does nothing.
var (
	ErrHotkeyTaken = errors.New("another program has these keys")
	ErrNoHotkeys   = errors.New("this desktop gives no keys to programs")
)

// Hotkeys gives keys of the whole desktop to the app. Adapters tell of a press by themselves.
type Hotkeys interface {
	// Supported reports whether this desktop gives keys to programs at all.
	Supported() bool
	// Set takes a combination in place of the one before; the zero value: none. It returns ErrHotkeyTaken, ErrNoHotkeys, or
	// another error of the system's; then the app has none. It returns when ctx ends.
	Set(ctx context.Context, keys Hotkey) error
}

// HotkeyState says why the combination that is set does nothing.
type HotkeyState string

// The states of the combination.
const (
	HotkeyFine        HotkeyState = ""            // it works, or none is set
	HotkeyTaken       HotkeyState = "taken"       // another program has it
	HotkeyFailed      HotkeyState = "failed"      // the system refused for another reason, which is in the log
	HotkeyUnsupported HotkeyState = "unsupported" // nothing can be set on this desktop
)

// hotkeyLimit bounds a call to the system.
const hotkeyLimit = 5 * time.Second

// ParseHotkey reads a combination such as "ctrl+alt+h": modifiers in this order, Ctrl, Alt or Super among them, and one key.
// Nothing else is one, so that a single letter can't be taken from the desktop.
func ParseHotkey(text string) (keys Hotkey, ok bool) {
	parts := strings.Split(text, "+")
	keys.Key = parts[len(parts)-1]
	parts = parts[:len(parts)-1]
	for _, m := range []struct {
		name string
		set  *bool
	}{{"ctrl", &keys.Ctrl}, {"alt", &keys.Alt}, {"shift", &keys.Shift}, {"super", &keys.Super}} {
		if len(parts) > 0 && parts[0] == m.name {
			*m.set, parts = true, parts[1:]
		}
	}
	if len(parts) > 0 || !keys.Ctrl && !keys.Alt && !keys.Super || !slices.Contains(hotkeyKeys, keys.Key) {
		return Hotkey{}, false
	}
	return keys, true
}

var hotkeyKeys = strings.Fields("a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 " +
	"f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 space")

func checkHotkey(text string) bool {
	_, ok := ParseHotkey(text)
	return ok || text == ""
}

// watchHotkey takes the keys of the settings from the desktop, now and whenever they change.
func (c *Core) watchHotkey(ctx context.Context) {
	if c.o.Hotkeys == nil || !c.o.Hotkeys.Supported() {
		c.noteHotkey(HotkeyUnsupported)
		return
	}
	set := ""
	for {
		if wanted := c.settings().Hotkey; wanted != set {
			c.noteHotkey(c.takeHotkey(ctx, wanted))
			set = wanted
		}
		select {
		case <-ctx.Done():
			return
		case <-c.hotkeyKick:
		}
	}
}

func (c *Core) takeHotkey(ctx context.Context, text string) HotkeyState {
	ctx, cancel := context.WithTimeout(ctx, hotkeyLimit)
	defer cancel()
	keys, _ := ParseHotkey(text) // none otherwise
	err := c.o.Hotkeys.Set(ctx, keys)
	switch {
	case err == nil:
		return HotkeyFine
	case errors.Is(err, ErrHotkeyTaken):
		return HotkeyTaken
	case errors.Is(err, ErrNoHotkeys):
		return HotkeyUnsupported
	}
	c.o.Logger.WarnContext(ctx, "hotkey", slog.Any("error", err))
	return HotkeyFailed
}

func (c *Core) noteHotkey(state HotkeyState) {
	c.mu.Lock()
	c.hotkeyState = state
	c.mu.Unlock()
	c.updates.State()
}

// kickHotkey says that the settings have changed.
func (c *Core) kickHotkey() {
	select {
	case c.hotkeyKick <- struct{}{}:
	default: // it will look anyway
	}
}
