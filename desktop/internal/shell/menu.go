package shell

import (
	"context"
	"log/slog"
	"time"

	"himsg/desktop/internal/core"
)

// trayMisses is how often in a row a hidden window must miss its tray before it comes back: a panel may be starting anew.
const trayMisses = 3

// follow shows in the tray's menu what the user can do now.
func (s *Shell) follow(state core.State) {
	usable, presence := state.Me != nil && !state.Locked, ""
	if usable {
		presence = string(state.Me.Presence)
	}
	s.tray.SetUser(usable, presence)
}

// SetPresence is chosen from the tray's menu.
func (s *Shell) SetPresence(state string) {
	s.act("presence", func() error { return s.app.SetPresence(state) })
}

// muteMinutes is what the tray's menu offers.
const muteMinutes = 60

// Mute is chosen from the tray's menu.
func (s *Shell) Mute(on bool) {
	minutes := 0
	if on {
		minutes = muteMinutes
	}
	s.act("mute", func() error { return s.app.Snooze(minutes) })
}

// followMute shows whether notifications are off until a time, in milliseconds, and that they no longer are when it comes.
func (s *Shell) followMute(until int64) {
	left := time.Until(time.UnixMilli(until))
	s.mu.Lock()
	if s.muteEnd != nil {
		s.muteEnd.Stop()
		s.muteEnd = nil
	}
	if left > 0 {
		s.muteEnd = time.AfterFunc(left, func() { s.tray.SetMuted(false) })
	}
	s.mu.Unlock()
	s.tray.SetMuted(left > 0)
}

// Lock is chosen from the tray's menu.
func (s *Shell) Lock() { s.act("lock", s.app.Lock) }

// ShowSettings is chosen from the tray's menu.
func (s *Shell) ShowSettings() {
	s.Raise()
	s.app.ShowSettings()
}

// act does what may take a while. What fails is seen in the menu: nothing has changed there.
func (s *Shell) act(what string, do func() error) {
	s.wg.Go(func() {
		if err := do(); err != nil {
			s.opts.Logger.Warn("chosen in the tray", slog.String("what", what), slog.Any("error", err))
		}
	})
}

// watchTray brings the window back when it is hidden and its tray has gone: with the panel that crashed, or since there
// has never been one.
func (s *Shell) watchTray() {
	s.mu.Lock()
	life := s.life
	s.mu.Unlock()
	again := time.NewTicker(s.trayLook)
	defer again.Stop()
	missed := 0
	for {
		select {
		case <-life.Done():
			return
		case <-again.C:
		}
		if !s.hidden.Load() || s.trayPresent(context.WithoutCancel(life)) {
			missed = 0
			continue
		}
		missed++
		if missed == trayMisses {
			s.opts.Logger.Warn("the tray has gone: the window comes back")
			s.Raise()
		}
	}
}
