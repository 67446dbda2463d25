package main

import (
	"sync/atomic"
	"time"
	"unsafe"
)

// clock is the machine's, but for how far it was set ahead.
type clock struct{ ahead atomic.Int64 } // seconds

func (c *clock) set(ahead time.Duration) { c.ahead.Store(int64(ahead / time.Second)) }

// now returns what time.Now would return on a machine whose clock was set: another time of day, while the monotonic reading
// goes on undisturbed. Package time offers no way to move the one without the other, and the deadlines of connections depend
// on the difference, so the seconds are added where they are: bits 30 to 62 of the first word, whose bit 63 says that there
// is a monotonic reading (src/time/time.go). TestClock fails if that changes.
func (c *clock) now() time.Time {
	t := time.Now()
	wall := (*uint64)(unsafe.Pointer(&t)) //nolint:gosec // G103: the purpose of this program
	*wall += uint64(c.ahead.Load() << 30)
	return t
}
