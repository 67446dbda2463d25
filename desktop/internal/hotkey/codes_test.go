package hotkey

import (
	"fmt"
	"testing"

	"himsg/desktop/internal/core"
)

func TestWindowsNumbersOfKeys(t *testing.T) {
	for text, want := range map[string][2]uintptr{
		"ctrl+alt+h":         {modControl | modAlt, 'H'},
		"ctrl+shift+7":       {modControl | modShift, '7'},
		"super+space":        {modWin, ' '},
		"alt+f1":             {modAlt, 0x70},
		"ctrl+alt+shift+f12": {modControl | modAlt | modShift, 0x7b},
	} {
		keys, ok := core.ParseHotkey(text)
		if !ok {
			t.Fatalf("%s is no hotkey", text)
		}
		if mods, key := windowsModifiers(keys), windowsKey(keys.Key); mods != want[0]|modNoRepeat || key != want[1] {
			t.Errorf("%s: %#x %#x", text, mods, key)
		}
	}
}

// Whatever the settings take has a number of its own.
func TestEveryKeyHasANumber(t *testing.T) {
	names := []string{"space"}
	for c := 'a'; c <= 'z'; c++ {
		names = append(names, string(c))
	}
	for n := range 10 {
		names = append(names, fmt.Sprint(n))
	}
	for n := 1; n <= 24; n++ {
		names = append(names, fmt.Sprintf("f%d", n))
	}
	seen := map[uintptr]string{}
	for _, name := range names {
		keys, ok := core.ParseHotkey("ctrl+alt+" + name)
		if !ok {
			continue // not offered
		}
		number := windowsKey(keys.Key)
		if number == 0 || seen[number] != "" {
			t.Errorf("%s has the number %#x, as %q", name, number, seen[number])
		}
		seen[number] = name
	}
	if len(seen) < 40 {
		t.Errorf("only %d keys", len(seen))
	}
}
