package secret

import "time"

// now is the system's clock: how long ago a prompt was sent away is nobody's rule but the user's patience.
func now() time.Time { return time.Now() }
