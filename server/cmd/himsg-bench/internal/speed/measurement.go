package speed

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// measurement collects the times of messages. A message is known by its index, which its text carries.
type measurement struct {
	mu    sync.Mutex
	times []times
	// arrived is told of each message that its reader got, when somebody waits for it.
	arrived []chan struct{}
}

// times are when a message should have been sent, was acknowledged, and was received.
type times struct{ due, acked, received time.Time }

func newMeasurement(size int) *measurement {
	return &measurement{times: make([]times, 0, size)}
}

// add makes a new message that is due at a time.
func (m *measurement) add(due time.Time) (index int, arrived chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.times = append(m.times, times{due: due})
	arrived = make(chan struct{})
	m.arrived = append(m.arrived, arrived)
	return len(m.times) - 1, arrived
}

func (m *measurement) acked(index int, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.times[index].acked = at
}

func (m *measurement) received(text string, at time.Time) {
	index := indexOf(text)
	m.mu.Lock()
	defer m.mu.Unlock()
	if index < 0 || index >= len(m.times) || !m.times[index].received.IsZero() {
		return // of an earlier measurement, or told twice
	}
	m.times[index].received = at
	close(m.arrived[index])
}

// result looks at the messages that were due from one time to another.
func (m *measurement) result(work string, from, to time.Time) Result {
	count, acks, arrivals := m.between(from, to)
	return Result{
		Work: work, PerSecond: float64(count) / to.Sub(from).Seconds(),
		AckP50: rig.Percentile(acks, 50), AckP99: rig.Percentile(acks, 99),
		ReceivedP50: rig.Percentile(arrivals, 50), ReceivedP99: rig.Percentile(arrivals, 99),
	}
}

// between counts the messages that were received in a time, and returns how long those took that were due in it.
func (m *measurement) between(from, to time.Time) (count int, acks, arrivals []time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.times {
		if !t.received.IsZero() && !t.received.Before(from) && t.received.Before(to) {
			count++
		}
		if t.due.Before(from) || !t.due.Before(to) {
			continue
		}
		acks = append(acks, t.acked.Sub(t.due))
		arrivals = append(arrivals, t.received.Sub(t.due))
	}
	return count, acks, arrivals
}

// quiet is the open loop: messages are due at a fixed rate, whatever became of those before. Time counts from when a message
// was due, so that a stall of server or bench shows.
func (c *cohort) quiet(ctx context.Context, rate int, length time.Duration) (Result, error) {
	m, from, to, err := c.atRate(ctx, rate, length)
	if err != nil {
		return Result{}, err
	}
	return m.result("1:1 quiet", from, to), nil
}

// atRate does the open loop, and says what of the measurement counts: a warm-up of a quarter does not.
func (c *cohort) atRate(ctx context.Context, rate int, length time.Duration) (m *measurement, from, to time.Time, err error) {
	m = newMeasurement(int((length+length/4).Seconds()+1) * rate)
	c.begin(m)
	defer c.begin(nil)
	from, to, err = m.openLoop(ctx, rate, length, func(i, index int, arrived <-chan struct{}) error {
		return c.pairs[i%len(c.pairs)].exchange(ctx, m, index, arrived)
	})
	return m, from, to, err
}

// openLoop has a message exchanged each time that one is due, and says what of that counts.
func (m *measurement) openLoop(
	ctx context.Context, rate int, length time.Duration, exchange func(i, index int, arrived <-chan struct{}) error,
) (from, to time.Time, err error) {
	warmUp := length / 4
	start := rig.Now()
	from, to = start.Add(warmUp), start.Add(warmUp+length)
	var under sync.WaitGroup
	var failed firstError
	for i := 0; ; i++ {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if !due.Before(to) || failed.get() != nil || !rig.Sleep(ctx, due.Sub(rig.Now())) {
			break
		}
		index, arrived := m.add(due)
		under.Go(func() { failed.set(exchange(i, index, arrived)) })
	}
	under.Wait()
	return from, to, errors.Join(failed.get(), ctx.Err())
}

// full is the closed loop: each pair has n messages under way, and sends the next when one was acknowledged and received.
func (c *cohort) full(ctx context.Context, n int, length time.Duration) (Result, error) {
	warmUp := length / 4
	m := newMeasurement(1 << 20)
	c.begin(m)
	defer c.begin(nil)
	start := rig.Now()
	from, to := start.Add(warmUp), start.Add(warmUp+length)
	var loops sync.WaitGroup
	var failed firstError
	for _, p := range c.pairs {
		for range n {
			loops.Go(func() {
				for failed.get() == nil && ctx.Err() == nil {
					due := rig.Now()
					if !due.Before(to) {
						return
					}
					index, arrived := m.add(due)
					failed.set(p.exchange(ctx, m, index, arrived))
				}
			})
		}
	}
	loops.Wait()
	if err := errors.Join(failed.get(), ctx.Err()); err != nil {
		return Result{}, err
	}
	return m.result(fmt.Sprintf("1:1 full, %d each", n), from, to), nil
}

// exchange sends a message and waits until its reader has it.
func (p pair) exchange(ctx context.Context, m *measurement, index int, arrived <-chan struct{}) error {
	if err := p.send(ctx, index); err != nil {
		return err
	}
	m.acked(index, rig.Now())
	return await(ctx, arrived)
}

// await waits until a message has arrived.
func await(ctx context.Context, arrived <-chan struct{}) error {
	timer := time.NewTimer(arrivalTime)
	defer timer.Stop()
	select {
	case <-arrived:
		return nil
	case <-timer.C:
		return errors.New("a message was acknowledged and not received")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// arrivalTime is more than the server's sweep needs to repair a lost event.
const arrivalTime = 20 * time.Second

// firstError keeps the first of several errors.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

func (f *firstError) get() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}
