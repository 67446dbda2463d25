package core

import (
	"slices"
	"time"

	"himsg/shared/wire"
)

// When nobody is to be told of anything: snoozed, or in the quiet hours.

const (
	// snoozeMost bounds a snooze, and what is believed of one that was kept: the clock may have been wrong by a year.
	snoozeMost = 48 * time.Hour
	// snoozeTomorrow is the SnoozeMinutes that ends tomorrow at this hour.
	snoozeTomorrow = -1
	morning        = 9
	clockLayout    = "15:04"
)

// QuietHours is a time of the day in which no notification comes. It begins at From on the chosen Days (0 Sunday …
// 6 Saturday) and ends at To, on the next day when To is not after From: "22:00" to "08:00" on Friday ends on Saturday.
type QuietHours struct {
	On   bool   `json:"on"`
	From string `json:"from"` // such as "22:00", by this PC's clock and time zone
	To   string `json:"to"`
	Days []int  `json:"days"` // ascending
}

func defaultQuietHours() QuietHours {
	return QuietHours{From: "22:00", To: "08:00", Days: []int{0, 1, 2, 3, 4, 5, 6}}
}

func (q QuietHours) valid() bool {
	_, fromErr := time.Parse(clockLayout, q.From)
	_, toErr := time.Parse(clockLayout, q.To)
	before := int(time.Sunday) - 1
	for _, day := range q.Days {
		if day <= before || day > int(time.Saturday) {
			return false
		}
		before = day
	}
	return fromErr == nil && toErr == nil
}

// holds reports whether it is quiet at now, by the clock on the wall of now's place: a night in which the clock is put
// forward or back is an hour shorter or longer.
func (q QuietHours) holds(now time.Time) bool {
	from, fromErr := time.Parse(clockLayout, q.From)
	to, toErr := time.Parse(clockLayout, q.To)
	if !q.On || fromErr != nil || toErr != nil {
		return false
	}
	overnight := 0
	if !to.After(from) {
		overnight = 1
	}
	at := func(day int, clock time.Time) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+day, clock.Hour(), clock.Minute(), 0, 0, now.Location())
	}
	for _, day := range []int{-1, 0} { // begun yesterday, or today
		begin, end := at(day, from), at(day+overnight, to)
		weekday := int(at(day, time.Date(0, 1, 1, 12, 0, 0, 0, time.UTC)).Weekday()) // noon: it is there on every day
		if slices.Contains(q.Days, weekday) && !now.Before(begin) && now.Before(end) {
			return true
		}
	}
	return false
}

// snoozed reports whether notifications are off for a while.
func (s Settings) snoozed(now time.Time) bool {
	left := time.UnixMilli(s.SnoozeUntil).Sub(now)
	return left > 0 && left <= snoozeMost
}

// silent reports whether the settings want nothing to be told now.
func (s Settings) silent(now time.Time) bool {
	return !s.Notifications || s.snoozed(now) || s.QuietHours.holds(now.Local())
}

// Snooze turns notifications off for some minutes, at most two days; 0 ends that, -1 means until tomorrow at nine.
func (c *Core) Snooze(minutes int) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	if minutes < snoozeTomorrow || minutes > int(snoozeMost.Minutes()) {
		return refuse(wire.BadRequest, "", "no such time to be silent for")
	}
	until := snoozeEnd(c.o.Clock.Now().Local(), minutes)
	c.configure(func(cfg *config) { cfg.Settings.SnoozeUntil = until })
	c.updates.note(func(p *changes) { p.settings = true })
	return nil
}

func snoozeEnd(now time.Time, minutes int) int64 {
	switch minutes {
	case 0:
		return 0
	case snoozeTomorrow:
		return time.Date(now.Year(), now.Month(), now.Day()+1, morning, 0, 0, 0, now.Location()).UnixMilli()
	default:
		return now.Add(time.Duration(minutes) * time.Minute).UnixMilli()
	}
}
