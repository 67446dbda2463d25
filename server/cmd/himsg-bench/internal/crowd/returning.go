package crowd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// Holder is somebody who comes with what his device holds, as the app's sync request: Missed are the rooms of it in which there are
// messages that it does not hold, each with the rev that it has of it.
type Holder struct {
	Person rig.Person
	Holds  json.RawMessage
	Missed []Missed
}

// Missed is a room in which somebody missed messages.
type Missed struct {
	RoomUUID string
	AfterRev int64
	Messages int
}

// Returning are people who come, and come back, in the app's own pace, ask what they missed, and load it; they keep nothing, so that
// ten thousand of them fit into one process. Others' presence they don't look at.
type Returning struct {
	holders  []Holder
	life     context.Context //nolint:containedctx // of connections and what is asked for on them; Close ends it
	stop     context.CancelFunc
	running  sync.WaitGroup
	failures chan error // one is enough

	mu      sync.Mutex
	synced  int
	refused map[wire.Code]int // by the server, for now
	changed chan struct{}     // closed and replaced when synced changes
}

// slots is how many come side by side at first, when nobody waits for them.
const slots = 64

// Come connects them; AwaitSynced tells when they are there.
func Come(ctx context.Context, holders []Holder) *Returning {
	life, stop := context.WithCancel(ctx)
	r := &Returning{
		holders: holders, life: life, stop: stop, failures: make(chan error, 1), refused: map[wire.Code]int{}, changed: make(chan struct{}),
	}
	free := make(chan struct{}, slots)
	for _, holder := range holders {
		select {
		case free <- struct{}{}:
		case <-life.Done():
			return r
		}
		one := &returner{all: r, holder: holder, first: sync.OnceFunc(func() { <-free })}
		one.conn = client.NewConn(client.ConnOptions{Session: holder.Person.Session, Skip: []wire.Ev{wire.EvPresence}})
		r.running.Go(func() {
			defer one.first()
			if err := one.conn.Run(life, one); err != nil {
				r.fail(fmt.Errorf("a session ended: %w", err))
			}
		})
	}
	return r
}

// Close ends all connections.
func (r *Returning) Close() {
	r.stop()
	r.running.Wait()
	for _, h := range r.holders {
		h.Person.Close()
	}
}

// AwaitSynced waits until all hold what they missed, and says when that was. It returns the first failure of anybody.
func (r *Returning) AwaitSynced(ctx context.Context) (time.Time, error) {
	for {
		r.mu.Lock()
		done, changed := r.synced == len(r.holders), r.changed
		r.mu.Unlock()
		if done {
			return rig.Now(), nil
		}
		select {
		case <-changed:
		case err := <-r.failures:
			return time.Time{}, err
		case <-ctx.Done():
			return time.Time{}, fmt.Errorf("%d of %d are there: %w", r.Synced(), len(r.holders), ctx.Err())
		}
	}
}

// Synced is how many hold what they missed.
func (r *Returning) Synced() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.synced
}

// Refusals is how often the server refused a request for now.
func (r *Returning) Refusals() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, times := range r.refused {
		n += times
	}
	return n
}

func (r *Returning) fail(err error) {
	select {
	case r.failures <- err:
	default:
	}
}

func (r *Returning) count(step int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.synced += step
	if r.synced == len(r.holders) {
		close(r.changed)
		r.changed = make(chan struct{})
	}
}

// returner is one of them.
type returner struct {
	all    *Returning
	holder Holder
	conn   *client.Conn
	first  func() // gives the slot of the first coming away

	mu     sync.Mutex
	line   context.Context //nolint:containedctx // of the present connection; nil: none
	synced bool            // on it
}

// Admit implements client.Handler.
func (*returner) Admit(context.Context, wire.Welcome) error { return nil }

// Events implements client.Handler. What is new needs no sync here; a lost queue does.
func (o *returner) Events(ctx context.Context, events []client.Event) {
	for _, e := range events {
		if e.Ev == wire.EvResync {
			o.all.running.Go(func() { o.catchUp(ctx) })
		}
	}
}

// Link implements client.Handler.
func (o *returner) Link(ctx context.Context, link client.Link) {
	o.mu.Lock()
	if o.synced {
		o.synced = false
		o.all.count(-1)
	}
	o.line = nil
	if link.State == client.LinkOnline {
		o.line = ctx
		o.all.running.Go(func() { o.catchUp(ctx) })
	}
	o.mu.Unlock()
}

// catchUp asks until it is answered or the connection is lost, with the app's pauses.
func (o *returner) catchUp(ctx context.Context) {
	defer o.first()
	for pause := 500 * time.Millisecond; ; pause = min(2*pause, 30*time.Second) {
		err := o.sync(ctx)
		switch {
		case ctx.Err() != nil || errors.Is(err, client.ErrOffline):
			return
		case err == nil:
			o.mu.Lock()
			if o.line == ctx && !o.synced {
				o.synced = true
				o.all.count(1)
			}
			o.mu.Unlock()
			return
		case !client.Temporary(err):
			o.all.fail(err)
			return
		}
		o.all.mu.Lock()
		o.all.refused[client.CodeOf(err)]++
		o.all.mu.Unlock()
		if !rig.Sleep(ctx, max(pause, client.RetryAfter(err))) {
			return
		}
	}
}

// sync is what an app does after each connect.
func (o *returner) sync(ctx context.Context) error {
	var reply wire.SyncReply
	if err := o.conn.Call(ctx, wire.OpSync, o.holder.Holds, &reply); err != nil {
		return err
	}
	if len(reply.Rooms) != len(o.holder.Missed) || len(reply.Removed) > 0 {
		return fmt.Errorf("sync tells of %d rooms and takes %d away, %d changed", len(reply.Rooms), len(reply.Removed), len(o.holder.Missed))
	}
	for _, m := range o.holder.Missed {
		changes, err := o.conn.Changes(ctx, wire.ChangesRequest{RoomUUID: m.RoomUUID, AfterRev: m.AfterRev})
		if err == nil && len(changes.Messages) != m.Messages {
			err = fmt.Errorf("%d messages of a room, %d were missed", len(changes.Messages), m.Messages)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
