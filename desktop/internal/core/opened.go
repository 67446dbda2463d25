package core

import (
	"slices"
	"sync"
)

// maxOpened is how many rooms the page is kept up to date of. The one that was opened longest ago makes room for a new
// one; the page then drops its messages.
const maxOpened = 64

// opened is the rooms whose messages the page holds, the latest last.
type opened struct {
	mu    sync.Mutex
	rooms []string
}

func newOpened() *opened { return &opened{} }

// Add notes a room, and returns the one that it displaces, or "".
func (o *opened) Add(roomUUID string) (displaced string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if i := slices.Index(o.rooms, roomUUID); i >= 0 {
		o.rooms = slices.Delete(o.rooms, i, i+1)
	}
	o.rooms = append(o.rooms, roomUUID)
	if len(o.rooms) > maxOpened {
		displaced = o.rooms[0]
		o.rooms = slices.Delete(o.rooms, 0, 1)
	}
	return displaced
}

// Has reports whether the page holds messages of a room.
func (o *opened) Has(roomUUID string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Contains(o.rooms, roomUUID)
}

// Remove forgets a room.
func (o *opened) Remove(roomUUID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rooms = slices.DeleteFunc(o.rooms, func(id string) bool { return id == roomUUID })
}

// All lists the rooms, the latest last.
func (o *opened) All() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.rooms)
}
