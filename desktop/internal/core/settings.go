package core

import (
	"context"
	"errors"
	"log/slog"

	"himsg/shared/wire"
)

// SaveSettings keeps the user's choices on this device.
func (c *Core) SaveSettings(settings Settings) error {
	c.touch()
	if err := c.unlocked(); err != nil {
		return err
	}
	settings.Proxy = settings.Proxy.normal()
	if err := checkSettings(settings); err != nil {
		return err
	}
	settings.RecentEmoji = unique(settings.RecentEmoji)
	settings.Keywords, settings.QuietHours.Days = orEmpty(settings.Keywords), orEmpty(settings.QuietHours.Days)
	before := c.settings()
	if settings.Autostart != before.Autostart && c.o.Policy.Autostart == nil {
		if err := c.setAutostart(settings.Autostart); err != nil {
			return err
		}
	}
	c.configure(func(cfg *config) {
		settings.SnoozeUntil = cfg.Settings.SnoozeUntil
		cfg.Settings = c.o.Policy.keep(cfg.Settings, settings)
	})
	c.updates.note(func(p *changes) { p.settings = true })
	c.kickHotkey()
	if s, err := c.present(); err == nil {
		if c.settings().Proxy != before.Proxy {
			s.auth.HTTP().Close()
			s.current().conn.Wake() // a connection that stands stays; one that waits is tried at once
		}
		ctx, cancel := s.call()
		defer cancel()
		return fail(s.storeFailed(s.store.BoundPictures(ctx, s.cacheLimit())))
	}
	return nil
}

// cacheLimit is how many bytes of pictures are kept.
func (s *session) cacheLimit() int64 { return int64(s.account.settings().CacheMB) << 20 }

// Storage says how much is kept of what could be asked for again.
func (c *Core) Storage() (Storage, error) {
	var out Storage
	err := c.change(nil, func(ctx context.Context, s *session) (err error) {
		out.CacheBytes, err = s.store.PictureBytes(ctx)
		return s.storeFailed(err)
	})
	return out, err
}

// ClearCache drops all pictures; they are asked for again when they are looked at.
func (c *Core) ClearCache() error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		if err := s.store.BoundPictures(ctx, 0); err != nil {
			return s.storeFailed(err)
		}
		if err := s.store.Shrink(ctx); err != nil { // its pages are used again
			s.log.WarnContext(ctx, "shrink the local store", slog.Any("error", err))
		}
		return nil
	})
}

// Settings returns what holds, for the shell: the user's choices, and over them what the administrator has set.
func (c *Core) Settings() Settings { return c.settings() }

// TestNotification shows one, so that the user can see whether it works here, and says what it can and why none comes.
func (c *Core) TestNotification() (NotificationTest, error) {
	if err := c.unlocked(); err != nil {
		return NotificationTest{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.o.Pace.NotifyTry)
	defer cancel()
	note := Notification{Title: appName, Body: wordsFor(c.language()).test, Silent: !c.settings().Sound}
	state, err := c.o.Notifier.Try(ctx, note)
	out := NotificationTest{Service: state.Service, Clicks: state.Clicks, Replies: state.Replies, Quiet: c.whyQuiet()}
	switch {
	case err == nil:
		return out, nil
	case errors.Is(err, ErrNoNotifications):
		out.Problem = "no_service"
	case errors.Is(err, ErrNotificationsHang), errors.Is(err, context.DeadlineExceeded):
		out.Problem = "no_answer"
	case errors.Is(err, ErrNotificationsRefused):
		out.Problem = "not_allowed"
	default:
		out.Problem = "failed"
	}
	out.Detail = err.Error()
	return out, nil
}

// whyQuiet says why messages are not told of now, "" when they are.
func (c *Core) whyQuiet() string {
	settings, now := c.settings(), c.o.Clock.Now()
	s, err := c.present()
	switch {
	case !settings.Notifications:
		return "off"
	case settings.snoozed(now):
		return "snoozed"
	case settings.QuietHours.holds(now.Local()):
		return "quiet_hours"
	case err == nil && s.presence.Mine() == wire.PresenceDND:
		return "dnd"
	default:
		return ""
	}
}

// OpenLink opens an http or https address in the system's browser.
func (c *Core) OpenLink(address string) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	clean, err := checkLink(address)
	if err != nil {
		return err
	}
	if err := c.o.Opener.OpenURL(clean); err != nil {
		return refuse(wire.Internal, "", err.Error())
	}
	return nil
}
