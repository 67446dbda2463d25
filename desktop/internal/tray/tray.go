package tray

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"fyne.io/systray"
)

const (
	// startLimit is how long the library may take to start.
	startLimit = 5 * time.Second
	// pace is how long a face is shown at least: a panel draws its whole bar for each.
	pace = 200 * time.Millisecond
)

// Options are what New needs; all are required.
type Options struct {
	Draw func(unread int64) ([]byte, error) // the icon in the form that this system's tray takes; nobody changes it
	Open func()                             // clicked: bring the window up. Must return soon, as the others
	// What is chosen from the menu. Presence gets "active", "away" or "dnd".
	Presence func(state string)
	Mute     func(on bool) // notifications, for an hour; or again
	Lock     func()
	Settings func()
	Quit     func()
	Logger   *slog.Logger
}

// Tray is the icon in the tray. A process can have one: the library under it keeps its state in globals.
type Tray struct {
	opts Options

	mu      sync.Mutex
	want    face
	started bool // Start was called
	running bool // and the library's loop with it
	closed  bool

	wake chan struct{} // one waiting is enough: the newest face is what is shown
	quit chan struct{}

	loop      sync.WaitGroup // the library's
	following sync.WaitGroup // who paints and hears the menu

	picture []byte // the one that is shown; only who paints knows
}

// face is all that can change about the icon.
type face struct {
	unread   int64
	language string
	usable   bool   // somebody is signed in, and the app is not locked
	presence string // the user's
	muted    bool   // notifications are off for a while
}

// menu is what the menu shows of a face.
func (f face) menu() face {
	f.unread = 0
	return f
}

// New returns a tray that shows nothing yet.
func New(opts Options) *Tray {
	return &Tray{
		opts: opts,
		want: face{language: "en"},
		wake: make(chan struct{}, 1),
		quit: make(chan struct{}),
	}
}

// Start puts the icon into the tray. Where there can be none it logs that once and does nothing. Only the first call
// counts.
func (t *Tray) Start() {
	t.mu.Lock()
	if t.started || t.closed {
		t.mu.Unlock()
		return
	}
	t.started = true
	t.mu.Unlock()

	if err := available(); err != nil {
		t.opts.Logger.Warn("no tray on this desktop", "error", err)
		return
	}
	systray.SetTitle(appName)
	systray.SetOnTapped(t.opts.Open)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.running = true
	t.loop.Go(func() { runLoop(t.show) })
}

// Set shows the unread number. It returns at once.
func (t *Tray) Set(unread int64) {
	t.change(func(f *face) { f.unread = unread })
}

// SetLanguage words tooltip and menu in "ko" or "en". It returns at once.
func (t *Tray) SetLanguage(language string) {
	t.change(func(f *face) { f.language = language })
}

// SetUser says what the menu offers: a status to somebody who is signed in and has not locked the app. It returns at once.
func (t *Tray) SetUser(usable bool, presence string) {
	t.change(func(f *face) { f.usable, f.presence = usable, presence })
}

// SetMuted says whether notifications are off for a while: the menu offers the other then. It returns at once.
func (t *Tray) SetMuted(muted bool) {
	t.change(func(f *face) { f.muted = muted })
}

// Present reports whether the icon can be seen now, so that a window may be closed to it. It asks the system.
func (t *Tray) Present(ctx context.Context) bool {
	t.mu.Lock()
	running := t.running && !t.closed
	t.mu.Unlock()
	return running && visible(ctx)
}

// Close takes the icon away.
func (t *Tray) Close() {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return
	}
	t.closed = true
	running := t.running
	t.mu.Unlock()

	close(t.quit)
	t.following.Wait() // it paints, and the library can't bear that after its end
	if running {
		systray.Quit()
	}
	t.loop.Wait()
}

func (t *Tray) change(edit func(*face)) {
	t.mu.Lock()
	edit(&t.want)
	t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *Tray) wanted() face {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.want
}

// show is called by the library when its loop stands. It builds the menu and then follows what is wanted.
func (t *Tray) show() {
	shown := t.wanted()
	m := newMenu()
	m.word(shown)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	for _, e := range m.entries(t.opts, t.wanted) {
		t.following.Go(func() { t.hear(e) })
	}
	t.following.Go(func() { t.follow(shown, m) })
}

// hear calls what an entry does each time that it is chosen.
func (t *Tray) hear(e entry) {
	for {
		select {
		case <-t.quit:
			return
		case <-e.item.ClickedCh:
			e.chosen()
		}
	}
}

func (t *Tray) follow(shown face, m menu) {
	t.paintFirst(shown)
	for {
		select {
		case <-t.quit:
			return
		case <-t.wake:
			want := t.wanted()
			if want == shown {
				continue
			}
			t.paint(want)
			if want.menu() != shown.menu() {
				t.guard(func() { m.word(want) })
			}
			shown = want
		}
		select {
		case <-t.quit:
			return
		case <-time.After(pace):
		}
	}
}

// paintFirst paints until the panel can see it: on Linux the library forgets what it is told while it is starting.
func (t *Tray) paintFirst(f face) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	again := time.NewTicker(startLimit / 100)
	defer again.Stop()
	for {
		t.picture = nil
		t.paint(f)
		if shows(ctx, tooltip(f)) {
			return
		}
		select {
		case <-again.C:
		case <-t.quit:
			return
		case <-ctx.Done():
			t.opts.Logger.Warn("tray icon does not show", "limit", startLimit)
			return
		}
	}
}

// guard calls the library. When the session bus has gone it panics (it can only be told to set, or to panic): the app goes
// on without its tray.
func (t *Tray) guard(call func()) {
	defer func() {
		if fault := recover(); fault != nil {
			t.opts.Logger.Warn("tray icon is gone", "cause", fault)
		}
	}()
	call()
}

// paint shows a face.
func (t *Tray) paint(f face) {
	picture, err := t.opts.Draw(f.unread)
	if err != nil {
		t.opts.Logger.Error("draw tray icon", "error", err)
		return
	}
	t.guard(func() {
		if !bytes.Equal(picture, t.picture) { // above 99 all look the same
			systray.SetIcon(picture)
		}
		systray.SetTooltip(tooltip(f))
		t.picture = picture
	})
}

func tooltip(f face) string {
	if f.unread <= 0 {
		return appName
	}
	return fmt.Sprintf(wordsOf(f.language).unread, appName, f.unread)
}
