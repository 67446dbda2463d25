package core

import (
	"time"

	"himsg/desktop/internal/store"
)

const (
	// maxBubbles is how many rooms get a notification of their own within burstWindow; more make one for all.
	maxBubbles  = 5
	burstWindow = 10 * time.Second
	// summaryPlace stands for several rooms where a notification names a room.
	summaryPlace = "summary"
)

// fold knows which rooms are told of in one notification for all. Its owner keeps it from being used twice at a time.
type fold struct {
	last   time.Time            // when something was shown last
	recent map[string]time.Time // rooms that were told of in this burst
	folded map[string]bool      // rooms whose messages the standing summary counts
	missed bool                 // a summary of what was missed stands
}

func newFold() fold { return fold{recent: map[string]time.Time{}, folded: map[string]bool{}} }

// note notes the rooms that are told of now, and reports whether it is too many for one each.
func (f *fold) note(rooms []store.Room, now time.Time) (many bool) {
	for id, at := range f.recent {
		if age := now.Sub(at); age > burstWindow || age < 0 {
			delete(f.recent, id)
		}
	}
	for _, r := range rooms {
		f.recent[r.UUID] = now
	}
	f.last = now
	return len(f.recent) > maxBubbles
}

// leave says that nothing is told of a room any more, and returns what is to be taken back for that, if anything.
func (f *fold) leave(roomUUID string) (place string) {
	if !f.folded[roomUUID] {
		return roomUUID
	}
	delete(f.folded, roomUUID)
	if len(f.folded) > 0 || f.missed {
		return ""
	}
	return summaryPlace
}
