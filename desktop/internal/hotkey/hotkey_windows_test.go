package hotkey

import (
	"errors"
	"testing"
	"time"

	"himsg/desktop/internal/core"
)

// A combination is had by one, and given back; a press comes as Windows' message to the thread that has it.
func TestKeysOfWindows(t *testing.T) {
	presses := make(chan struct{}, 1)
	k, other := New(func() { presses <- struct{}{} }), New(func() {})
	defer other.Close()
	keys, _ := core.ParseHotkey("ctrl+alt+f9")
	if err := k.Set(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	if err := other.Set(t.Context(), keys); !errors.Is(err, core.ErrHotkeyTaken) {
		t.Errorf("a second one: %v", err)
	}
	held, ok := k.held.(*registered)
	if !ok {
		t.Fatal("nothing is held")
	}
	_, _, _ = postThreadMessage.Call(uintptr(held.thread), wmHotkey, onlyHotkey, 0)
	select {
	case <-presses:
	case <-time.After(10 * time.Second):
		t.Error("a press was not told of")
	}
	k.Close()
	if err := other.Set(t.Context(), keys); err != nil {
		t.Errorf("after it was given back: %v", err)
	}
}
