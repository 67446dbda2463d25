package app

import "time"

// SystemClock is the time of this machine; everything else gets it injected.
func SystemClock() time.Time { return time.Now() }
