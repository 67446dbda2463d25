package sqlstore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"himsg/server/internal/errs"
)

// errClosed is the cause when work comes after Close.
var errClosed = errors.New("the database is closing")

// errFull is the cause when more work waits than a queue holds.
var errFull = errors.New("too much is waiting to be stored")

// committer collects work of one kind into transactions: what arrives while a commit is under way goes together into
// the next one, so batches grow with the load and nobody waits for a timer. Work of one shard is done, and answered,
// in the order of put.
type committer[T any] struct {
	run    func(ctx context.Context, batch []T) (answer func())
	weight func(T) int
	limits batchLimits

	mu     sync.RWMutex // guards closed against put
	closed bool
	shards []chan T

	stop    context.CancelFunc
	workers sync.WaitGroup
	items   atomic.Int64
	batches atomic.Int64
}

// batchLimits bound a transaction and what waits for one.
type batchLimits struct {
	items  int // in a batch
	weight int // of a batch; the last item may exceed it
	queue  int // items waiting per shard
}

// unanswered is how many batches of a shard may be committed ahead of the one that is being answered.
const unanswered = 4

// newCommitter starts two goroutines for each shard; close ends them. run stores a batch and returns how to tell those
// who wait, which happens while the next batch is on its way.
func newCommitter[T any](
	ctx context.Context, shards int, limits batchLimits, weight func(T) int, run func(context.Context, []T) func(),
) *committer[T] {
	ctx, stop := context.WithCancel(ctx) //nolint:gosec // close calls stop
	c := &committer[T]{run: run, weight: weight, limits: limits, stop: stop}
	for range shards {
		queue := make(chan T, limits.queue)
		c.shards = append(c.shards, queue)
		answers := make(chan func(), unanswered)
		c.workers.Go(func() { c.work(ctx, queue, answers) })
		c.workers.Go(func() {
			for answer := range answers {
				answer()
			}
		})
	}
	return c
}

// put hands an item over. It never waits: a full queue or a closed committer is wire.Unavailable.
func (c *committer[T]) put(shard int64, item T) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return errs.Unavailable(busyRetry, errClosed)
	}
	select {
	case c.shards[uint64(shard)%uint64(len(c.shards))] <- item:
		return nil
	default:
		return errs.Unavailable(busyRetry, errFull)
	}
}

func (c *committer[T]) work(ctx context.Context, queue <-chan T, answers chan<- func()) {
	defer close(answers)
	for first := range queue {
		batch := c.gather(first, queue)
		c.items.Add(int64(len(batch)))
		c.batches.Add(1)
		answers <- c.run(ctx, batch)
	}
}

// gather takes what waits already, up to the limits.
func (c *committer[T]) gather(first T, queue <-chan T) []T {
	batch, weight := []T{first}, c.weight(first)
	for len(batch) < c.limits.items && weight < c.limits.weight {
		select {
		case item, open := <-queue:
			if !open {
				return batch
			}
			batch, weight = append(batch, item), weight+c.weight(item)
		default:
			return batch
		}
	}
	return batch
}

// waiting is how many items are queued.
func (c *committer[T]) waiting() (n int) {
	for _, queue := range c.shards {
		n += len(queue)
	}
	return n
}

// close refuses new work and waits until what was handed over is stored; when ctx ends first, the rest is refused.
func (c *committer[T]) close(ctx context.Context) error {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		for _, queue := range c.shards {
			close(queue)
		}
	}
	c.mu.Unlock()
	done := make(chan struct{})
	go func() { c.workers.Wait(); close(done) }()
	defer c.stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		c.stop()
		<-done
		return ctx.Err()
	}
}
