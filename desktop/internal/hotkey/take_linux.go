package hotkey

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"himsg/desktop/internal/core"
)

// Supported implements core.Hotkeys. An X server under Wayland has the keys of its own windows only.
func (k *Keys) Supported() bool {
	return os.Getenv("DISPLAY") != "" && os.Getenv("WAYLAND_DISPLAY") == ""
}

// grab is a combination on a connection of its own, which gives it back when it ends.
type grab struct {
	conn *xgb.Conn
	done sync.WaitGroup
}

// take grabs the combination with and without Caps Lock and Num Lock (Mod2 on every usual keyboard), which count as modifiers.
func take(keys core.Hotkey, pressed func()) (held, error) {
	xgb.Logger = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug) // else each look for an Xauthority is told
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("connect to the X server: %w", err)
	}
	code, err := keycode(conn, keysym(keys.Key))
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	for _, locks := range []uint16{0, xproto.ModMaskLock, xproto.ModMask2, xproto.ModMaskLock | xproto.ModMask2} {
		if err == nil {
			err = xproto.GrabKeyChecked(conn, true, root, modifiers(keys)|locks, code, xproto.GrabModeAsync, xproto.GrabModeAsync).Check()
		}
	}
	if err != nil {
		conn.Close()
		var access xproto.AccessError
		if errors.As(err, &access) {
			return nil, core.ErrHotkeyTaken
		}
		return nil, fmt.Errorf("grab keys: %w", err)
	}
	g := &grab{conn: conn}
	g.done.Go(func() { g.listen(pressed) })
	return g, nil
}

func (g *grab) listen(pressed func()) {
	for {
		event, err := g.conn.WaitForEvent()
		if event == nil && err == nil {
			return // closed, by us or by the server
		}
		if _, is := event.(xproto.KeyPressEvent); is {
			pressed()
		}
	}
}

func (g *grab) release() {
	g.conn.Close()
	g.done.Wait()
}

func modifiers(keys core.Hotkey) (mask uint16) {
	for _, m := range []struct {
		on   bool
		mask uint16
	}{
		{keys.Ctrl, xproto.ModMaskControl},
		{keys.Alt, xproto.ModMask1},
		{keys.Shift, xproto.ModMaskShift},
		{keys.Super, xproto.ModMask4},
	} {
		if m.on {
			mask |= m.mask
		}
	}
	return mask
}

// keysym is X's number for a key: that of its character, or a function key's.
func keysym(key string) xproto.Keysym {
	const f1 = 0xffbe
	var n xproto.Keysym
	switch {
	case key == "space":
		return ' '
	case len(key) == 1:
		return xproto.Keysym(key[0])
	}
	if _, err := fmt.Sscanf(key, "f%d", &n); err != nil {
		return 0 // no key has it
	}
	return f1 + n - 1
}

// keycode finds the key of the keyboard that makes a keysym.
func keycode(conn *xgb.Conn, sym xproto.Keysym) (xproto.Keycode, error) {
	setup := xproto.Setup(conn)
	count := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	table, err := xproto.GetKeyboardMapping(conn, setup.MinKeycode, count).Reply()
	if err != nil {
		return 0, fmt.Errorf("read the keyboard: %w", err)
	}
	each := int(table.KeysymsPerKeycode)
	for i := 0; each > 0 && i+each <= len(table.Keysyms); i += each {
		if table.Keysyms[i] == sym {
			return setup.MinKeycode + xproto.Keycode(i/each), nil
		}
	}
	return 0, errors.New("this keyboard has no such key")
}
