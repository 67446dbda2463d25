package sqlstore

import "time"

// now measures how long work takes; what is stored carries its caller's time.
func now() time.Time { return time.Now() }

// stopwatch measures one thing; who starts it again measures from there.
type stopwatch struct{ began time.Time }

func (w *stopwatch) start() { w.began = now() }

func (w *stopwatch) took() time.Duration { return now().Sub(w.began) }
