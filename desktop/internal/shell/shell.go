package shell

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"himsg/desktop/internal/core"
)

// closeLimit bounds what the app may take to end: its outbox is on disk, so nothing is lost when it takes no more.
const closeLimit = 5 * time.Second

// App is what the shell needs of core.Core: what the page may ask for, and its life.
type App interface {
	Face
	// Run works until ctx ends.
	Run(ctx context.Context) error
	// Activate is told of a click on a notification.
	Activate(roomUUID string, seq int64)
	// ShowSettings has the page show them.
	ShowSettings()
	// Answer is told of a reply to a notification, or that it is to count as read.
	Answer(a core.Answer) (openWindow bool)
	// Follow opens a link that came from outside; it is not checked yet.
	Follow(link string)
	pictures
	launcher
}

// Tray is what the shell needs of the icon in the tray.
type Tray interface {
	Start()
	Set(unread int64)
	SetLanguage(language string)
	SetUser(usable bool, presence string)
	SetMuted(muted bool)
	Present(ctx context.Context) bool
	Close()
}

// Taskbar is what the shell needs of the app's place in the task bar.
type Taskbar interface {
	Start()
	Set(unread int64)
	Alert(on bool)
	Close()
}

// Notifier is what the shell needs of the notifications.
type Notifier interface {
	core.Notifier
	Start(ctx context.Context)
	Close()
}

// Shell is the window and the life of the app around it. It is core's Emitter, Badge, Opener, Chooser, Desktop and Restarter.
//
// Use: New, then Connect with the tray, the notifications and the app, which need the Shell to be made; then Run.
type Shell struct {
	opts     Options
	tray     Tray
	taskbar  Taskbar
	notifier Notifier
	app      App

	ready sync.Once // OnDomReady comes again when the page is reloaded

	mu       sync.Mutex
	desk     desk // nil before OnStartup and after OnShutdown
	memory   memory
	settings core.Settings
	unread   int64
	quitting bool   // closing the window ends the app, whatever the settings say
	leaving  bool   // it ends
	again    bool   // and starts again
	raise    bool   // somebody asked for the window before it stood
	placed   string // the layout that the window was placed on last
	stop     context.CancelFunc
	muteEnd  *time.Timer
	life     context.Context // of the window, from OnStartup

	saving  sync.Mutex // held while window.json is written
	placing sync.Mutex // held while the window is moved
	hidden  atomic.Bool

	trayLook time.Duration // how often a hidden window looks whether its tray is still there

	wg sync.WaitGroup
}

var (
	_ App          = (*core.Core)(nil)
	_ core.Emitter = (*Shell)(nil)
	_ core.Badge   = (*Shell)(nil)
	_ core.Opener  = (*Shell)(nil)
	_ core.Chooser = (*Shell)(nil)
	_ core.Desktop = (*Shell)(nil)

	_ core.Restarter = (*Shell)(nil)
)

// Options are what New needs.
type Options struct {
	ProfileDir string // exists; window.json is kept there
	Hidden     bool   // start in the tray
	Icon       []byte // PNG, for the window
	Settled    func() // called once the window stands, on a goroutine of its own, for what has time; nil: nothing
	Logger     *slog.Logger
}

// New returns a Shell that shows nothing yet.
func New(opts Options) *Shell {
	s := &Shell{opts: opts, memory: loadMemory(opts.ProfileDir, opts.Logger), trayLook: 10 * time.Second}
	s.settings.Theme = s.memory.Theme
	s.settings.CloseToTray = true
	return s
}

// Connect gives the shell what needed the shell to be made. Call it once, before Run.
func (s *Shell) Connect(tray Tray, taskbar Taskbar, notifier Notifier, app App) {
	s.tray, s.taskbar, s.notifier, s.app = tray, taskbar, notifier, app
}

// startup is Wails' OnStartup: the window is being made. The app starts now, so that its store is open when the page
// asks.
func (s *Shell) startup(ctx context.Context, d desk) {
	ctx, stop := context.WithCancel(ctx)
	s.mu.Lock()
	s.desk, s.stop, s.life = d, stop, ctx
	s.mu.Unlock()
	s.wg.Go(func() {
		if err := s.app.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.opts.Logger.Error("core ended", "error", err)
		}
	})
}

// domReady is Wails' OnDomReady: the page stands, and the single-instance lock is ours. ctx is Wails'.
func (s *Shell) domReady(ctx context.Context) {
	s.ready.Do(func() {
		s.notifier.Start(ctx)
		s.taskbar.Start()
		s.tray.SetLanguage(s.language())
		s.wg.Go(s.tray.Start)
		s.wg.Go(s.watchTray)
		if s.opts.Settled != nil {
			s.wg.Go(s.opts.Settled)
		}
		s.showUnread()
		s.mu.Lock()
		raise, d := s.raise, s.desk
		s.mu.Unlock()
		if s.opts.Hidden {
			s.hidden.Store(true)
		} else {
			s.wg.Go(func() { s.bring(d) })
		}
		if raise {
			s.Raise()
		}
	})
}

// shutdown is Wails' OnShutdown: the window is gone.
func (s *Shell) shutdown() {
	s.mu.Lock()
	stop := s.stop
	s.desk = nil
	s.mu.Unlock()
	if stop != nil {
		stop()
	}
	done := make(chan struct{})
	go func() { // ends with what it waits for, or with the process
		defer close(done)
		s.notifier.Close()
		s.tray.Close()
		s.taskbar.Close()
		s.wg.Wait()
	}()
	timer := time.NewTimer(closeLimit)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		s.opts.Logger.Warn("did not end in time", "limit", closeLimit)
	}
}

// Emit hands an update to the page and keeps what the shell itself needs of it.
func (s *Shell) Emit(u core.Update) {
	if u.Settings != nil {
		s.apply(*u.Settings)
	}
	if u.State != nil {
		s.follow(*u.State)
	}
	if d := s.currentDesk(); d != nil {
		d.Emit(core.EventUpdate, u)
	}
}

// OpenURL opens an address in the system's browser.
func (s *Shell) OpenURL(address string) error {
	d := s.currentDesk()
	if d == nil {
		return errors.New("open address: the window is gone")
	}
	d.OpenURL(address)
	return nil
}

// Activated is told of a click on a notification: the window comes up and the page shows the room.
func (s *Shell) Activated(roomUUID string, seq int64) {
	s.app.Activate(roomUUID, seq) // first, so that the window comes up there
	s.Raise()
}

// Called is told of a later start of the app: the window comes up, unless that start was to be hidden (the session's
// autostart), and shows where the link leads, if there is one.
func (s *Shell) Called(hidden bool, link string) {
	if !hidden {
		s.Raise()
	}
	if link != "" {
		s.app.Follow(link)
	}
}

// Answered is told of a reply to a notification. The window comes up when it could not be sent.
func (s *Shell) Answered(a core.Answer) {
	if s.app.Answer(a) {
		s.Raise()
	}
}

// Quit ends the app for good, whatever closing the window does.
func (s *Shell) Quit() {
	s.mu.Lock()
	s.quitting = true
	d := s.desk
	s.mu.Unlock()
	if d != nil {
		d.Quit()
	}
}

// Restart ends the app as Quit does; whoever called Run starts it again (Again).
func (s *Shell) Restart() {
	s.mu.Lock()
	s.again = true
	s.mu.Unlock()
	s.Quit()
}

// Again says after Run whether the app is to start again, and whether in the tray.
func (s *Shell) Again() (again, hidden bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.again, s.hidden.Load()
}

func (s *Shell) currentDesk() desk {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.desk
}

// apply follows the settings that the shell carries out.
func (s *Shell) apply(settings core.Settings) {
	s.mu.Lock()
	themeChanged := s.settings.Theme != settings.Theme
	s.settings = settings
	d := s.desk
	s.mu.Unlock()
	s.tray.SetLanguage(s.language())
	s.followMute(settings.SnoozeUntil)
	if themeChanged && d != nil {
		d.SetBackground(background(isDark(settings.Theme)))
		s.remember(func(m *memory) { m.Theme = settings.Theme })
	}
}

// language is what the shell's own few words are in.
func (s *Shell) language() string {
	s.mu.Lock()
	chosen := s.settings.Language
	s.mu.Unlock()
	if chosen == "" {
		chosen = SystemLanguage()
	}
	return chosen
}
