package core

import (
	"context"
	"log/slog"
	"math"
	"sync"
	"time"
)

// mostAwayMinutes bounds Settings.AwayMinutes.
const mostAwayMinutes = 240

// slept is how much more of the clock must have gone by between two looks than there should: the machine was asleep, or
// somebody has set the clock. Where no system tells of its sleep, this does.
const slept = 20 * time.Second

// forEver is how long somebody is away who has locked the session.
const forEver = time.Duration(math.MaxInt64)

// seat is what is known of who sits at the PC.
type seat struct {
	looked time.Time // when it was looked last
	locked bool      // the session is locked
	silent bool      // the system does not say how long it is idle, and that was logged
}

// watchSeat makes the user away when he is, locks the app behind him, and connects at once when the machine or the network
// comes back.
func (c *Core) watchSeat(ctx context.Context) {
	if c.o.Seat == nil {
		return
	}
	events := make(chan SeatEvent, 16)
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() {
		c.o.Seat.Watch(ctx, func(e SeatEvent) {
			select {
			case events <- e:
			case <-ctx.Done():
			}
		})
	})
	c.touch()
	now := c.o.Clock.Now()
	at := seat{looked: now}
	again := time.NewTicker(c.o.Pace.Seat)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			c.seatEvent(&at, e) //nolint:contextcheck // Lock is a call of the page, too: it lives with the session
		case <-again.C:
			c.lookAtSeat(ctx, &at)
		}
	}
}

func (c *Core) seatEvent(at *seat, e SeatEvent) {
	switch e {
	case SeatLocked:
		at.locked = true
		c.setIdle(c.settings().AwayMinutes > 0)
		c.lockBehind(forEver, c.touches())
	case SeatUnlocked:
		at.locked = false
		c.setIdle(false)
	case SeatWoke, SeatNetwork:
		c.Wake()
	}
}

// lookAtSeat follows how long nobody has been there. ctx bounds the question.
func (c *Core) lookAtSeat(ctx context.Context, at *seat) {
	now, touches := c.o.Clock.Now(), c.touches()
	gone := now.Round(0).Sub(at.looked.Round(0)) // the wall's time: the other one stands still in a sleep
	at.looked = now
	if gone > c.o.Pace.Seat+slept {
		c.o.Logger.InfoContext(ctx, "the machine has slept", slog.Duration("for", gone))
		c.Wake()
		c.lockBehind(gone, touches) //nolint:contextcheck // Lock is a call of the page, too: it lives with the session
	}
	idle, err := c.o.Seat.Idle(ctx)
	if err != nil {
		if !at.silent && ctx.Err() == nil {
			c.o.Logger.InfoContext(ctx, "nobody says whether the PC is used; the app's own use counts", slog.Any("error", err))
		}
		at.silent = true
		c.lockBehind(now.Round(0).Sub(c.touchedAt().Round(0)), touches) //nolint:contextcheck // Lock is a call of the page, too: it lives with the session
		return
	}
	if away := c.settings().AwayMinutes; !at.locked || away == 0 {
		c.setIdle(away > 0 && idle >= time.Duration(away)*time.Minute)
	}
	c.lockBehind(idle, touches) //nolint:contextcheck // Lock is a call of the page, too: it lives with the session
	c.installIdle(idle)
}

// lockBehind locks the app of somebody who wants that, when he has been away long enough. touches is how often the app had been
// used when that was asked: who has unlocked it since then sits there.
func (c *Core) lockBehind(idle time.Duration, touches uint64) {
	minutes := c.settings().IdleLockMinutes
	if minutes == 0 || idle < time.Duration(minutes)*time.Minute {
		return
	}
	s, err := c.present()
	if err != nil || s.lock.Locked() || c.touches() != touches {
		return
	}
	if err := c.Lock(); err != nil {
		c.o.Logger.Error("lock behind the user", slog.Any("error", err))
		return
	}
	c.o.Logger.Info("locked behind the user", slog.Duration("idle", idle))
}

// setIdle makes the user away, or back again. What he chose himself stays.
func (c *Core) setIdle(idle bool) {
	s, err := c.present()
	if err != nil || !s.presence.SetIdle(idle) {
		return
	}
	s.updates.State()
	s.keeper.SayPresence()
}

// touch notes that the page was used by hand.
func (c *Core) touch() {
	now := c.o.Clock.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touched, c.touchCount = now, c.touchCount+1
}

// touches is how often the page was used by hand.
func (c *Core) touches() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.touchCount
}

func (c *Core) touchedAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.touched
}
