package shell

import (
	"context"
	"fmt"
	"time"

	"himsg/desktop/internal/core"
)

const (
	appName = "Hi_Msg"
	// askTray bounds the question whether a tray is there: a window that is closed should not linger.
	askTray = 500 * time.Millisecond
)

// Raise brings the window up: out of the tray, out of the task bar, over the others.
func (s *Shell) Raise() {
	s.mu.Lock()
	d := s.desk
	s.raise = true
	s.mu.Unlock()
	if d != nil {
		d.Unminimise()
		d.Show()
		s.showUnread() // what the system's task bar forgets with a hidden window
		s.wg.Go(func() { s.bringBack(d) })
	}
}

// Set shows the unread number in the window's title and in the tray. It returns at once.
func (s *Shell) Set(unread int64) {
	s.mu.Lock()
	s.unread = unread
	s.mu.Unlock()
	s.showUnread()
}

// Alert asks for attention in the task bar, or ends that. It returns at once.
func (s *Shell) Alert(on bool) { s.taskbar.Alert(on) }

func (s *Shell) showUnread() {
	s.mu.Lock()
	unread, d := s.unread, s.desk
	s.mu.Unlock()
	s.tray.Set(unread)
	s.taskbar.Set(unread)
	if d != nil {
		d.SetTitle(title(unread))
	}
}

// title carries the number, for desktops without a tray.
func title(unread int64) string {
	switch {
	case unread <= 0:
		return appName
	case unread > 999:
		return "(999+) " + appName
	default:
		return fmt.Sprintf("(%d) %s", unread, appName)
	}
}

// beforeClose is Wails' OnBeforeClose: the window's close button, Quit, and a signal come here, some of them twice. It
// keeps the app in the tray when the user wants that and a tray is there: a window that can't be found again would be
// worse than an app that ends.
func (s *Shell) beforeClose(ctx context.Context) (prevent bool) {
	s.rememberPlace()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leaving {
		return true // it ends already
	}
	if s.settings.CloseToTray && !s.quitting && s.desk != nil && s.trayPresent(ctx) {
		s.desk.Hide()
		s.hidden.Store(true)
		s.wg.Go(s.tellOnce)
		return true
	}
	s.leaving = true
	return false
}

func (s *Shell) trayPresent(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, askTray)
	defer cancel()
	return s.tray.Present(ctx)
}

// tellOnce says where the app went, the first time that its window is closed.
func (s *Shell) tellOnce() {
	s.mu.Lock()
	told := s.memory.ToldTray
	s.mu.Unlock()
	if told {
		return
	}
	s.remember(func(m *memory) { m.ToldTray = true })
	n := core.Notification{Title: appName, Body: "Hi_Msg keeps running in the tray, so that messages still arrive."}
	if s.language() == "ko" {
		n.Body = "창을 닫아도 Hi_Msg는 트레이에서 계속 메시지를 받습니다."
	}
	s.notifier.Show(n)
}

func (s *Shell) remember(edit func(*memory)) {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	edit(&s.memory)
	current := s.memory
	s.mu.Unlock()
	if err := current.save(s.opts.ProfileDir); err != nil {
		s.opts.Logger.Warn("window not remembered", "error", err)
	}
}
