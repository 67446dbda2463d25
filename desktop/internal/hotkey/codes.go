package hotkey

import (
	"fmt"

	"himsg/desktop/internal/core"
)

// This file has the numbers that Windows calls keys by. It needs no Windows.

// What winuser.h calls them.
const modAlt, modControl, modShift, modWin, modNoRepeat = 0x1, 0x2, 0x4, 0x8, 0x4000

func windowsModifiers(keys core.Hotkey) uintptr {
	mask := uintptr(modNoRepeat)
	for _, m := range []struct {
		on   bool
		mask uintptr
	}{{keys.Ctrl, modControl}, {keys.Alt, modAlt}, {keys.Shift, modShift}, {keys.Super, modWin}} {
		if m.on {
			mask |= m.mask
		}
	}
	return mask
}

// windowsKey is Windows' number for a key: its capital letter or digit, or a function key's.
func windowsKey(key string) uintptr {
	const f1, capital = 0x70, 'a' - 'A'
	var n uintptr
	switch {
	case key == "space":
		return ' '
	case len(key) == 1 && key[0] >= 'a':
		return uintptr(key[0]) - capital
	case len(key) == 1:
		return uintptr(key[0])
	}
	if _, err := fmt.Sscanf(key, "f%d", &n); err != nil {
		return 0 // no key has it
	}
	return f1 + n - 1
}
