package ws

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// After a restart everybody comes at once. If all were let in at once each would wait for all others' questions to the database,
// until their patience ends and the work was for nothing. So a number of them come in at a time, first come, first served: each
// has a place until its first sync is answered, when most of what coming costs is done.
const (
	doorPlaces  = 256                    // enough for 800 a second when an answer takes 300 ms to get to its client and back
	doorWaiting = 20_000                 // requests at the door; more are sent away at once
	doorWait    = 6 * time.Second        // at the door; clients give up a handshake after ten
	doorRetry   = 2 * time.Second        // who was sent away comes again after this, and as long again as his own pace says
	doorSync    = 500 * time.Millisecond // for the first sync to come, else the place is free without it
)

// door lets people in.
type door struct {
	places  chan struct{}
	waiting atomic.Int64
}

func newDoor(places int) *door { return &door{places: make(chan struct{}, places)} }

// enter waits for a place. leave gives it up; it may be called more than once. The error is wire.Unavailable.
func (d *door) enter(ctx context.Context) (leave func(), err error) {
	select {
	case d.places <- struct{}{}:
		return d.leave(), nil
	default:
	}
	defer d.waiting.Add(-1)
	if d.waiting.Add(1) > doorWaiting {
		return nil, errs.Unavailable(doorRetry, nil)
	}
	patience := time.NewTimer(doorWait)
	defer patience.Stop()
	select {
	case d.places <- struct{}{}:
		return d.leave(), nil
	case <-patience.C:
	case <-ctx.Done():
	}
	return nil, errs.Unavailable(doorRetry, ctx.Err())
}

func (d *door) leave() func() { return sync.OnceFunc(func() { <-d.places }) }

// settle gives a connection's place up when its first sync is answered, or did not come. Its list of rooms is dropped then.
func (c *conn) settle(leave func()) {
	late := time.AfterFunc(doorSync, func() {
		c.session.Rooms()
		leave()
	})
	settled := func() {
		late.Stop()
		leave()
	}
	c.settled.Store(&settled)
}

// answered tells that a request of an operation was answered.
func (c *conn) answered(op wire.Op) {
	if op != wire.OpSync {
		return
	}
	if settled := c.settled.Swap(nil); settled != nil {
		(*settled)()
	}
}
