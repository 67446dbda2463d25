package desk

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Desk is a whole desktop of a test's own.
type Desk struct {
	Display       string // such as :7
	Bus           string // the session bus's address
	Notifications *Notifications
	Panel         *Panel // nil with NoPanel

	dir string
}

// Options say what differs from the usual desktop.
type Options struct {
	Width, Height int  // of the screen; 0: two windows fit side by side
	NoPanel       bool // no tray, as on GNOME without an extension
	// Notifications are the capabilities of the notification service; none: those of a usual desktop.
	Notifications []string
}

// Start starts a desktop and returns when apps can be opened on it.
func Start(tb testing.TB, opts Options) *Desk {
	tb.Helper()
	if opts.Width == 0 {
		opts.Width, opts.Height = 2480, 900
	}
	d := &Desk{dir: shortTempDir(tb)}
	d.Bus = StartBus(tb)
	d.Notifications = StartNotifications(tb, d.Bus, opts.Notifications...)
	if !opts.NoPanel {
		d.Panel = StartPanel(tb, d.Bus)
	}
	StartKeyring(tb, d.Bus)
	d.Display = startScreen(tb, opts)
	Spawn(tb, Spec{Path: "openbox", Args: []string{"--sm-disable"}, Env: d.Env()})
	Wait(tb, 20*time.Second, "a window manager", func() bool {
		out := Run(tb, Spec{
			Path: "sh",
			Args: []string{"-c", "xdotool get_num_desktops >/dev/null 2>&1 && echo ready || true"},
			Env:  d.Env(),
		})
		return strings.Contains(out, "ready")
	})
	return d
}

func startScreen(tb testing.TB, opts Options) string {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	size := fmt.Sprintf("%dx%dx24", opts.Width, opts.Height)
	p := Spawn(tb, Spec{
		Path: "Xvfb",
		// Without -noreset the screen starts anew when its last client leaves, and sends away who comes meanwhile: xdotool leaves
		// at once, and openbox does not come again.
		Args:  []string{"-displayfd", "3", "-screen", "0", size, "-nolisten", "tcp", "-noreset"},
		Env:   os.Environ(),
		Files: []*os.File{w},
	})
	w.Close()
	return ":" + firstLine(tb, p, r)
}

// Env is the environment of a program on this desktop: a home of its own, this screen, this bus.
func (d *Desk) Env(more ...string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + d.folder("home"),
		"XDG_CONFIG_HOME=" + d.folder("home/.config"),
		"XDG_CACHE_HOME=" + d.folder("home/.cache"),
		"XDG_DATA_HOME=" + d.folder("home/.local/share"),
		"XDG_RUNTIME_DIR=" + d.folder("run"),
		"DISPLAY=" + d.Display,
		"DBUS_SESSION_BUS_ADDRESS=" + d.Bus,
		"LANG=C.UTF-8",
		"NO_AT_BRIDGE=1",                   // no accessibility bus here
		"GSETTINGS_BACKEND=keyfile",        // no dconf either
		"LIBGL_ALWAYS_SOFTWARE=1",          // no graphics card
		"WEBKIT_DISABLE_DMABUF_RENDERER=1", // nor its driver
	}
	return append(env, more...)
}

// Home is the home folder of who sits at this desktop.
func (d *Desk) Home() string { return d.folder("home") }

func (d *Desk) folder(name string) string {
	path := filepath.Join(d.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(path, 0o700); err != nil {
		panic(err) // a temporary folder of our own: no test can go on without
	}
	return path
}

// Focus gives a window the keyboard and waits until it has it.
func (d *Desk) Focus(tb testing.TB, windowID string) {
	tb.Helper()
	d.xdotool(tb, "windowactivate", "--sync", windowID)
}

// FocusedWindow is the id of the window that has the keyboard, or "".
func (d *Desk) FocusedWindow(tb testing.TB) string {
	tb.Helper()
	return strings.TrimSpace(d.xdotool(tb, "getactivewindow"))
}

// WindowOf returns the id of a process's visible window, and its title, or "" while there is none.
func (d *Desk) WindowOf(tb testing.TB, pid int) (id, title string) {
	tb.Helper()
	out := Run(tb, Spec{
		Path: "sh",
		Args: []string{"-c", fmt.Sprintf("xdotool search --all --onlyvisible --pid %d --name Hi_Msg || true", pid)},
		Env:  d.Env(),
	})
	ids := strings.Fields(out)
	if len(ids) == 0 {
		return "", ""
	}
	id = ids[len(ids)-1]
	name := Run(tb, Spec{Path: "sh", Args: []string{"-c", "xdotool getwindowname " + id + " || true"}, Env: d.Env()})
	return id, strings.TrimSpace(name)
}

// Keys presses keys by name, such as Return or ctrl+k, in the window that has the keyboard.
func (d *Desk) Keys(tb testing.TB, keys ...string) {
	tb.Helper()
	d.xdotool(tb, append([]string{"key", "--delay", "40"}, keys...)...)
}

// TypeKeys types text key by key, as fast as a quick person.
func (d *Desk) TypeKeys(tb testing.TB, text string) {
	tb.Helper()
	d.xdotool(tb, "type", "--delay", "40", text)
}

// Move puts a window at a place.
func (d *Desk) Move(tb testing.TB, windowID string, x, y int) {
	tb.Helper()
	d.xdotool(tb, "windowmove", windowID, fmt.Sprint(x), fmt.Sprint(y))
}

// Resize gives a window a size.
func (d *Desk) Resize(tb testing.TB, windowID string, width, height int) {
	tb.Helper()
	d.xdotool(tb, "windowsize", windowID, fmt.Sprint(width), fmt.Sprint(height))
}

// Picture writes a picture of the whole screen.
func (d *Desk) Picture(tb testing.TB, path string) {
	tb.Helper()
	Run(tb, Spec{Path: "import", Args: []string{"-silent", "-window", "root", path}, Env: d.Env()})
}

func (d *Desk) xdotool(tb testing.TB, args ...string) string {
	tb.Helper()
	return Run(tb, Spec{Path: "xdotool", Args: args, Env: d.Env()})
}
