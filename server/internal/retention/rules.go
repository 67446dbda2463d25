package retention

import (
	"time"

	"himsg/shared/wire"
)

const day = 24 * time.Hour

// Border is before which time something goes, UTC milliseconds; 0: nothing does.
type Border struct{ Messages, Files int64 }

// Rules are the borders of classes at a time.
type Rules map[wire.RoomClass]Border

// RulesAt is what a policy says at a time.
func RulesAt(p wire.RetentionPolicy, now int64) Rules {
	border := func(days int) int64 {
		if days == 0 {
			return 0
		}
		return max(now-int64(days)*day.Milliseconds(), 0)
	}
	rules := Rules{}
	for _, r := range p.Rules {
		b := Border{Messages: border(r.MessageDays), Files: border(r.FileDays)}
		b.Files = max(b.Files, b.Messages) // the files of what is gone go with it
		rules[r.Class] = b
	}
	return rules
}

// Counts are what rules delete, by class.
type Counts map[wire.RoomClass]Count

// Count is what goes of a class. Oldest is 0 when there are no messages.
type Count struct {
	Rooms, Messages, Files, Bytes, Oldest, HeldRooms, HeldMessages int64
}

// Add adds counts.
func (c Counts) Add(more Counts) {
	for class, n := range more {
		sum := c[class]
		sum.Rooms += n.Rooms
		sum.Messages += n.Messages
		sum.Files += n.Files
		sum.Bytes += n.Bytes
		sum.HeldRooms += n.HeldRooms
		sum.HeldMessages += n.HeldMessages
		if n.Oldest != 0 && (sum.Oldest == 0 || n.Oldest < sum.Oldest) {
			sum.Oldest = n.Oldest
		}
		c[class] = sum
	}
}

// total is the sum over all classes.
func (c Counts) total() (sum Count) {
	for _, n := range c {
		sum.Messages += n.Messages
		sum.Files += n.Files
	}
	return sum
}

// within reports whether a time of day lies in the policy's window.
func within(p wire.RetentionPolicy, at time.Time) bool {
	minute := at.Hour()*60 + at.Minute()
	switch {
	case p.WindowFrom == p.WindowTo:
		return true
	case p.WindowFrom < p.WindowTo:
		return minute >= p.WindowFrom && minute < p.WindowTo
	default: // over midnight
		return minute >= p.WindowFrom || minute < p.WindowTo
	}
}
