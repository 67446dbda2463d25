package client

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

// steadyAfter is how long a connection must have lived for the next pause to start small again. Without it a server that
// accepts and drops at once would be hammered.
const steadyAfter = 10 * time.Second

// pace chooses the pauses between tries: full jitter, so that a thousand clients of a restarted server don't come back
// in step (AWS Architecture Blog, "Exponential Backoff And Jitter").
type pace struct {
	min, max time.Duration
	attempt  int
	random   func() float64 // in [0, 1)
}

func newPace(shortest, longest time.Duration) *pace {
	return &pace{min: shortest, max: longest, random: rand.Float64}
}

// pause is how long to wait; ordered: the server asked for it, so that Wake doesn't cut it short.
type pause struct {
	length  time.Duration
	ordered bool
}

// after returns the pause after a connection or a try that ended so.
func (p *pace) after(e ending) pause {
	if e.lived >= steadyAfter {
		p.attempt = 0
	}
	switch {
	case e.goingAway != nil:
		p.attempt = 0
		return pause{length: time.Duration(e.goingAway.ReconnectAfterMS) * time.Millisecond, ordered: true}
	case slowDown(e.err):
		return pause{length: p.max/2 + p.jitter(p.max/2), ordered: true}
	}
	next := p.jitter(p.step())
	if asked := RetryAfter(e.err); asked > 0 {
		return pause{length: min(asked, p.max) + next, ordered: true}
	}
	return pause{length: next}
}

// step is the bound of the next pause; it doubles with each call.
func (p *pace) step() time.Duration {
	bound := p.max
	if p.attempt < 30 && p.min<<p.attempt < p.max {
		bound = p.min << p.attempt
	}
	p.attempt++
	return bound
}

func (p *pace) jitter(bound time.Duration) time.Duration {
	return time.Duration(p.random() * float64(bound))
}

func (p *pace) reset() { p.attempt = 0 }

// slowDown: the server closed for policy, or did not understand us, which a quick repeat won't change.
func slowDown(err error) bool {
	var closed *websocket.CloseError
	return errors.As(err, &closed) && (closed.Code == wire.ClosePolicy || closed.Code == wire.CloseProtocol)
}
