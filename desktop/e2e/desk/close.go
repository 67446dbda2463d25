package desk

import (
	"errors"
	"strconv"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Close closes a window as its close button does: the window manager is asked to, and asks the app. Alt+F4 would close whichever window the
// manager holds for the focused one just then, which may be none when the focus has only now moved.
func (d *Desk) Close(tb testing.TB, windowID string) {
	tb.Helper()
	if err := d.close(windowID); err != nil {
		tb.Fatalf("close window %s: %v", windowID, err)
	}
}

func (d *Desk) close(windowID string) error {
	id, err := strconv.ParseUint(windowID, 0, 32)
	if err != nil {
		return err
	}
	conn, err := xgb.NewConnDisplay(d.Display)
	if err != nil {
		return err
	}
	defer conn.Close()
	const name = "_NET_CLOSE_WINDOW"
	atom, err := xproto.InternAtom(conn, true, uint16(len(name)), name).Reply()
	if err != nil {
		return err
	}
	if atom.Atom == xproto.AtomNone {
		return errors.New("the window manager does not know " + name)
	}
	const pager = 2 // who asks is no app but the user: see the Extended Window Manager Hints
	message := xproto.ClientMessageEvent{
		Format: 32, Window: xproto.Window(id), Type: atom.Atom, Data: xproto.ClientMessageDataUnionData32New([]uint32{0, pager, 0, 0, 0}),
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	return xproto.SendEventChecked(conn, false, root, xproto.EventMaskSubstructureNotify|xproto.EventMaskSubstructureRedirect,
		string(message.Bytes())).Check()
}
