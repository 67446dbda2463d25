package bus

import (
	"context"
	"sync"
	"sync/atomic"
)

// defaultQueue holds about a second of the busiest traffic measured; an event is a few hundred bytes.
const defaultQueue = 16_384

// LocalOptions sets up a Local bus.
type LocalOptions struct {
	Queue int // events that may wait for one subscriber; 0 means 16,384
}

// Local is the bus of one node. Each subscriber has a bounded queue and a goroutine of its own; what does not fit is
// dropped and counted. It is safe for use by several goroutines.
type Local struct {
	limit   int
	dropped atomic.Uint64

	mu     sync.RWMutex // guards subs and closed
	subs   map[*subscriber]struct{}
	closed bool
}

var _ Bus = (*Local)(nil)

// NewLocal makes a bus that carries events within this process.
func NewLocal(o LocalOptions) *Local {
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	return &Local{limit: o.Queue, subs: make(map[*subscriber]struct{})}
}

// Publish hands the event to every subscriber's queue and never waits for one.
func (b *Local) Publish(_ context.Context, e Event) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for s := range b.subs {
		if !s.put(e, b.limit) {
			b.dropped.Add(1)
		}
	}
}

// Subscribe calls fn for each event published from now on, in order, until cancel. cancel waits for fn, so fn must not
// call it. On a closed bus nothing is ever delivered.
func (b *Local) Subscribe(fn func(Event)) (cancel func()) {
	s := &subscriber{fn: fn, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return func() {}
	}
	b.subs[s] = struct{}{}
	go s.run()
	return func() {
		b.mu.Lock()
		delete(b.subs, s)
		b.mu.Unlock()
		s.end()
	}
}

// Dropped is how many events did not fit into a subscriber's queue.
func (b *Local) Dropped() uint64 { return b.dropped.Load() }

// Close ends every subscription and waits for the callbacks. Publishing afterwards does nothing.
func (b *Local) Close() {
	b.mu.Lock()
	subs := b.subs
	b.subs, b.closed = map[*subscriber]struct{}{}, true
	b.mu.Unlock()
	for s := range subs {
		s.end()
	}
}

type subscriber struct {
	fn   func(Event)
	wake chan struct{}
	stop chan struct{}
	done chan struct{}
	once sync.Once

	mu    sync.Mutex
	queue []Event
}

// put queues an event and reports whether there was room.
func (s *subscriber) put(e Event, limit int) bool {
	s.mu.Lock()
	full := len(s.queue) >= limit
	if !full {
		s.queue = append(s.queue, e)
	}
	first := len(s.queue) == 1
	s.mu.Unlock()
	if first {
		select {
		case s.wake <- struct{}{}:
		default: // a wake-up is waiting already
		}
	}
	return !full
}

// run swaps two slices, so that a batch is handed over with one lock and an idle bus holds no large queue.
func (s *subscriber) run() {
	defer close(s.done)
	var batch []Event
	for {
		select {
		case <-s.stop:
			return
		case <-s.wake:
		}
		s.mu.Lock()
		batch, s.queue = s.queue, batch[:0]
		s.mu.Unlock()
		for i := range batch {
			select {
			case <-s.stop:
				return
			default:
			}
			s.fn(batch[i])
			batch[i] = Event{} // let go of the payload
		}
		if cap(batch) > 1024 {
			batch = nil
		}
	}
}

func (s *subscriber) end() {
	s.once.Do(func() { close(s.stop) })
	<-s.done
}
