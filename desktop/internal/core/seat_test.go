package core_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// chair is a fake of who sits at the PC.
type chair struct {
	mu     sync.Mutex
	idle   time.Duration
	silent bool
	tell   func(core.SeatEvent)
}

func (c *chair) Idle(context.Context) (time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.silent {
		return 0, errors.New("no idle time on this desktop")
	}
	return c.idle, nil
}

func (c *chair) Watch(ctx context.Context, tell func(core.SeatEvent)) {
	c.mu.Lock()
	c.tell = tell
	c.mu.Unlock()
	<-ctx.Done()
}

func (c *chair) sits(idle time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = idle
}

func (c *chair) happens(e core.SeatEvent) {
	c.mu.Lock()
	tell := c.tell
	c.mu.Unlock()
	tell(e)
}

// seated is an app whose user sits there, with these settings.
func seated(t *testing.T, edit func(*core.Settings), more ...func(*core.Options)) (*app, *server, *chair) {
	t.Helper()
	s, who := newServer(t), &chair{}
	a := startAs(t, s, t.TempDir(), newKeyring(), func(o *core.Options) {
		o.Seat, o.Pace.Seat = who, 5*time.Millisecond
		for _, change := range more {
			change(o)
		}
	})
	a.ok(a.SignIn("minji", rightPassword, true))
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == len(s.rooms) })
	settings := a.Settings()
	edit(&settings)
	a.ok(a.SaveSettings(settings))
	return a, s, who
}

func (a *app) is(t *testing.T, presence wire.PresenceState) {
	t.Helper()
	a.until(t, string(presence), func() bool { return a.state.Me != nil && a.state.Me.Presence == presence })
}

func TestAwayWhileNobodySitsThere(t *testing.T) {
	a, _, who := seated(t, func(s *core.Settings) { s.AwayMinutes = 5 })
	who.sits(5 * time.Minute)
	a.is(t, wire.PresenceAway)
	who.sits(0)
	a.is(t, wire.PresenceActive)
	who.happens(core.SeatLocked)
	a.is(t, wire.PresenceAway)
	who.happens(core.SeatUnlocked)
	a.is(t, wire.PresenceActive)
	a.ok(a.SetPresence("dnd"))
	who.sits(time.Hour)
	a.is(t, wire.PresenceDND)
	a.ok(a.SetPresence("away"))
	who.sits(0)
	a.is(t, wire.PresenceAway)
}

func TestLockBehindTheUser(t *testing.T) {
	lockAfter := func(minutes int) func(*core.Settings) {
		return func(s *core.Settings) { s.IdleLockMinutes = minutes }
	}
	policy := func(o *core.Options) { o.Policy.IdleLockMinutes = 5 }
	for name, c := range map[string]struct {
		settings func(*core.Settings)
		more     []func(*core.Options)
		happens  func(a *app, who *chair)
	}{
		"idle":                  {lockAfter(10), nil, func(_ *app, who *chair) { who.sits(10 * time.Minute) }},
		"the session is locked": {lockAfter(10), nil, func(_ *app, who *chair) { who.happens(core.SeatLocked) }},
		"the machine slept":     {lockAfter(10), nil, func(a *app, _ *chair) { a.clock.forward(time.Hour) }},
		"a system that does not say": {lockAfter(10), nil, func(a *app, who *chair) {
			who.mu.Lock()
			who.silent = true
			who.mu.Unlock()
			a.clock.forward(11 * time.Minute)
		}},
		"the policy":                   {lockAfter(0), []func(*core.Options){policy}, func(_ *app, who *chair) { who.sits(5 * time.Minute) }},
		"the policy over a longer one": {lockAfter(60), []func(*core.Options){policy}, func(_ *app, who *chair) { who.sits(5 * time.Minute) }},
		"shorter than the policy":      {lockAfter(2), []func(*core.Options){policy}, func(_ *app, who *chair) { who.sits(2 * time.Minute) }},
	} {
		t.Run(name, func(t *testing.T) {
			a, _, who := seated(t, c.settings, c.more...)
			c.happens(a, who)
			a.until(t, "locked", func() bool { return a.state.Locked && len(a.rooms) == 0 })
			who.sits(0)
			a.ok(a.Unlock(rightPassword))
			a.until(t, "unlocked", func() bool { return !a.state.Locked && len(a.rooms) > 0 })
		})
	}
}

func TestNoLockBehindWhoDoesNotWantIt(t *testing.T) {
	a, _, who := seated(t, func(s *core.Settings) { s.AwayMinutes = 1 })
	who.happens(core.SeatLocked)
	who.sits(9 * time.Hour)
	a.is(t, wire.PresenceAway) // so it was looked
	if a.now().state.Locked {
		t.Error("locked")
	}
}

// The wait between two tries ends when the machine wakes up or the network is another one.
func TestWakingConnectsAtOnce(t *testing.T) {
	for name, happens := range map[string]func(a *app, who *chair){
		"woke":           func(_ *app, who *chair) { who.happens(core.SeatWoke) },
		"network":        func(_ *app, who *chair) { who.happens(core.SeatNetwork) },
		"the clock says": func(a *app, _ *chair) { a.clock.forward(time.Hour) },
		"a clock that was set back a year, and on": func(a *app, _ *chair) { a.clock.forward(-365 * 24 * time.Hour); a.clock.forward(400 * 24 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			a, s, who := seated(t, func(*core.Settings) {}, func(o *core.Options) { o.Pace.ConnBackoff = time.Hour })
			a.offline()
			s.gate.set(true)
			happens(a, who)
			a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
		})
	}
}

func TestPolicyOfTheLockLeavesShorterTimes(t *testing.T) {
	a, _, _ := seated(t, func(*core.Settings) {}, func(o *core.Options) { o.Policy.IdleLockMinutes = 5 })
	if most := a.now().state.IdleLockMost; most != 5 || a.Settings().IdleLockMinutes != 5 {
		t.Errorf("at most %d, now %d", most, a.Settings().IdleLockMinutes)
	}
	for asked, want := range map[int]int{3: 3, 60: 5, 0: 5} {
		settings := a.Settings()
		settings.IdleLockMinutes = asked
		a.ok(a.SaveSettings(settings))
		if got := a.Settings().IdleLockMinutes; got != want {
			t.Errorf("asked for %d: %d", asked, got)
		}
	}
}
