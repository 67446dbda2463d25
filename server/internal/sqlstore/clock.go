package sqlstore

import "time"

// now measures how long work takes; what is stored carries its caller's time.
func now() time.Time { return time.Now() }
