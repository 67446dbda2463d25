package tray

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"fyne.io/systray"
)

// Options are what New needs; all are required.
type Options struct {
	Draw   func(unread int64) ([]byte, error) // the icon in the form that this system's tray takes
	Open   func()                             // clicked: bring the window up. Must return soon
	Quit   func()                             // chosen from the menu. Must return soon
	Logger *slog.Logger
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
	wg   sync.WaitGroup
}

// face is all that can change about the icon.
type face struct {
	unread   int64
	language string
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
	t.wg.Go(func() { runLoop(t.show) })
}

// Set shows the unread number. It returns at once.
func (t *Tray) Set(unread int64) {
	t.change(func(f *face) { f.unread = unread })
}

// SetLanguage words tooltip and menu in "ko" or "en". It returns at once.
func (t *Tray) SetLanguage(language string) {
	t.change(func(f *face) { f.language = language })
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
	if running {
		systray.Quit()
	}
	t.wg.Wait()
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
	words := wordsOf(shown.language)
	t.paint(shown)
	openItem := systray.AddMenuItem(words.open, "")
	systray.AddSeparator()
	quitItem := systray.AddMenuItem(words.quit, "")

	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.wg.Go(func() { t.follow(shown, openItem, quitItem) })
	}
}

func (t *Tray) follow(shown face, openItem, quitItem *systray.MenuItem) {
	for {
		select {
		case <-t.quit:
			return
		case <-openItem.ClickedCh:
			t.opts.Open()
		case <-quitItem.ClickedCh:
			t.opts.Quit()
		case <-t.wake:
			want := t.wanted()
			if want == shown {
				continue
			}
			t.paint(want)
			if want.language != shown.language {
				words := wordsOf(want.language)
				openItem.SetTitle(words.open)
				quitItem.SetTitle(words.quit)
			}
			shown = want
		}
	}
}

func (t *Tray) paint(f face) {
	picture, err := t.opts.Draw(f.unread)
	if err != nil {
		t.opts.Logger.Error("draw tray icon", "error", err)
		return
	}
	systray.SetIcon(picture)
	systray.SetTooltip(tooltip(f))
}

func tooltip(f face) string {
	if f.unread <= 0 {
		return appName
	}
	return fmt.Sprintf(wordsOf(f.language).unread, appName, f.unread)
}
