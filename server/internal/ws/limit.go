package ws

import (
	"time"

	"golang.org/x/time/rate"

	"himsg/shared/wire"
)

// What one session may ask for. A person's fastest typing and scrolling stays far below.
const (
	opsPerSecond   = 50
	opsBurst       = 200
	sendsPerSecond = 20
	sendsBurst     = 100
	// Refusals are cheap; who goes on through this many has a broken client or bad intent.
	refusalsPerSecond = 20
	refusalsBurst     = 500
)

// limiter bounds one session's requests.
type limiter struct {
	ops, sends, refusals *rate.Limiter
}

func newLimiter() *limiter {
	return &limiter{
		ops:      rate.NewLimiter(opsPerSecond, opsBurst),
		sends:    rate.NewLimiter(sendsPerSecond, sendsBurst),
		refusals: rate.NewLimiter(refusalsPerSecond, refusalsBurst),
	}
}

// check returns how long to wait before asking again (0: go on), and whether the session goes on in spite of refusals.
// A nil limiter lets everything pass.
func (l *limiter) check(op wire.Op, now time.Time) (wait time.Duration, flood bool) {
	if l == nil {
		return 0, false
	}
	wait = delay(l.ops, now)
	if wait == 0 && op == wire.OpSend {
		wait = delay(l.sends, now)
	}
	return wait, wait > 0 && !l.refusals.AllowN(now, 1)
}

func delay(l *rate.Limiter, now time.Time) time.Duration {
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}
