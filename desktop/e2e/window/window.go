package window

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"himsg/desktop/e2e/desk"
)

// Patience is how long a test waits for the app before it fails: far more than a user would.
const Patience = 30 * time.Second

// Window is a running app.
type Window struct {
	Process *desk.Process
	Profile string // its folder

	desk      *desk.Desk
	inspector *inspector
}

// Options say what to open.
type Options struct {
	Binary  string   // built with the tag devtools
	Profile string   // folder
	Server  string   // address for --server; empty: the user types it
	Args    []string // further flags
	Env     []string // further environment
}

// Open starts the app and returns when its page can be driven. It ends with the test.
func Open(tb testing.TB, d *desk.Desk, opts Options) *Window {
	tb.Helper()
	args := []string{"--profile", opts.Profile}
	if opts.Server != "" {
		args = append(args, "--server", opts.Server)
	}
	address := freeAddress(tb)
	env := d.Env(append([]string{"WEBKIT_INSPECTOR_HTTP_SERVER=" + address}, opts.Env...)...)
	w := &Window{
		Profile: opts.Profile,
		desk:    d,
		Process: desk.Spawn(tb, desk.Spec{Path: opts.Binary, Args: append(args, opts.Args...), Env: env}),
	}
	w.inspector = w.attach(tb, address)
	tb.Cleanup(w.inspector.close)
	return w
}

// attach connects to the inspector as soon as it listens and the page is there.
func (w *Window) attach(tb testing.TB, address string) *inspector {
	tb.Helper()
	var connected *inspector
	var last error
	desk.Wait(tb, Patience, "a window of "+filepath.Base(w.Profile), func() bool {
		select {
		case <-w.Process.Done():
			tb.Fatalf("the app ended at once:\n%s", w.Process.Output())
		default:
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		connected, last = dial(ctx, address)
		return last == nil
	})
	return connected
}

// ID is the window's id on the screen; it waits until the window shows.
func (w *Window) ID(tb testing.TB) string {
	tb.Helper()
	var id string
	desk.Wait(tb, Patience, "a visible window", func() bool {
		id, _ = w.desk.WindowOf(tb, w.Process.PID())
		return id != ""
	})
	return id
}

// Visible reports whether the window is on the screen, and its title.
func (w *Window) Visible(tb testing.TB) (visible bool, title string) {
	tb.Helper()
	id, title := w.desk.WindowOf(tb, w.Process.PID())
	return id != "", title
}

// WaitTitle waits for the window's title.
func (w *Window) WaitTitle(tb testing.TB, want string) {
	tb.Helper()
	w.waitText(tb, "title", want, func() string {
		_, title := w.Visible(tb)
		return title
	})
}

// WaitTooltip waits for the tooltip of the tray icon.
func (w *Window) WaitTooltip(tb testing.TB, want string) {
	tb.Helper()
	w.waitText(tb, "tooltip", want, func() string { return w.desk.Panel.Tooltip(w.Process.PID()) })
}

// waitText waits until the app shows a text, and says what it showed instead.
func (w *Window) waitText(tb testing.TB, what, want string, now func() string) {
	tb.Helper()
	var last string
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if last = now(); last == want {
			return
		}
	}
	var text string
	_ = w.eval("document.body.innerText.slice(0, 2000)", &text) // for the message only
	tb.Fatalf("the %s is %q and not %q; the page says:\n%s", what, last, want, text)
}

// Focus gives the window the keyboard and waits until the page knows.
func (w *Window) Focus(tb testing.TB) {
	tb.Helper()
	w.desk.Focus(tb, w.ID(tb))
	w.WaitFor(tb, "document.hasFocus()")
}

// freeAddress is a loopback address that nobody listens on now. Another program could take it before the app does; the
// inspector takes no ready-made socket, so that can't be helped.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
