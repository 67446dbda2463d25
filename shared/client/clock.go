package client

import "time"

// systemClock is the only place of this package that reads the machine's clock.
func systemClock() time.Time { return time.Now() }
