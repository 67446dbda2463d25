package kills

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	groupSize   = 10              // people in a group
	groupCount  = 5               // groups
	callTimeout = 3 * time.Second // for one try of a send
	finishTime  = 2 * time.Minute // for the last message of everyone to be acknowledged
	settleTime  = time.Minute     // for everyone's replica to catch up
	historyPage = wire.MaxHistoryLimit
)

// crowd is everyone who sends.
type crowd struct {
	book     *ledger
	members  []*member
	failures chan error // of senders and clients; one is enough

	life    context.Context    //nolint:containedctx // of connections and senders; close ends it
	stop    context.CancelFunc // of life
	quit    chan struct{}      // closed: senders end after their present message
	quitNow sync.Once
	senders sync.WaitGroup
	lines   sync.WaitGroup // connections

	mu   sync.Mutex
	acks []chan time.Time // who waits for the next acknowledgement
}

// member is one person with a live client, as an employee's app would be.
type member struct {
	person rig.Person
	rooms  []string
	conn   *client.Conn
	memory *client.Memory
	syncer *client.Syncer
}

// gather signs everyone in, makes the rooms and connects. Every person is in one direct room; groups overlap.
func gather(ctx context.Context, url string, o Options, book *ledger) (*crowd, error) {
	people, err := rig.SignIn(ctx, url, o.Senders)
	life, stop := context.WithCancel(ctx)
	c := &crowd{
		book: book, failures: make(chan error, 1), life: life, stop: stop, quit: make(chan struct{}),
	}
	for _, person := range people {
		c.members = append(c.members, &member{person: person, memory: client.NewMemory()})
	}
	if err == nil {
		err = c.makeRooms(ctx)
	}
	if err != nil {
		c.close()
		return nil, err
	}
	for i, m := range c.members {
		m.conn = client.NewConn(client.ConnOptions{
			Session: m.person.Session, BackoffMin: 10 * time.Millisecond, BackoffMax: 300 * time.Millisecond,
			CallTimeout: callTimeout,
		})
		m.syncer = client.NewSyncer(client.SyncerOptions{Remote: m.conn, Replica: m.memory})
		c.lines.Go(func() {
			if err := m.syncer.Run(life); err != nil {
				c.fail(fmt.Errorf("client %d: %w", i, err))
			}
		})
	}
	return c, nil
}

// start puts everyone to work, until finish or close. seed chooses what they do.
func (c *crowd) start(seed uint64) {
	for i, m := range c.members {
		s := newSender(c, m, seed+uint64(i))
		c.senders.Go(func() { s.run(c.life) })
	}
}

func (c *crowd) makeRooms(ctx context.Context) error {
	n := len(c.members)
	for i := 0; i+1 < n; i += 2 {
		room, err := c.members[i].person.Session.OpenDirect(ctx, c.members[i+1].person.UUID)
		if err != nil {
			return fmt.Errorf("open direct room: %w", err)
		}
		join(room, c.members[i], c.members[i+1])
	}
	size := min(groupSize, n)
	for g := range groupCount {
		var members []*member
		var others []string
		for k := range size {
			m := c.members[(g*size*2/3+k)%n]
			members = append(members, m)
			if k > 0 {
				others = append(others, m.person.UUID)
			}
		}
		in := wire.CreateRoomRequest{Name: fmt.Sprintf("모임 %d", g), Members: others}
		room, err := members[0].person.Session.CreateRoom(ctx, in)
		if err != nil {
			return fmt.Errorf("create group: %w", err)
		}
		join(room, members...)
	}
	return nil
}

func join(room string, members ...*member) {
	for _, m := range members {
		m.rooms = append(m.rooms, room)
	}
}

// fail keeps the first failure of anybody.
func (c *crowd) fail(err error) {
	select {
	case c.failures <- err:
	default:
	}
}

// nextAck returns a channel that gets the time of the next acknowledgement.
func (c *crowd) nextAck() <-chan time.Time {
	waiter := make(chan time.Time, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acks = append(c.acks, waiter)
	return waiter
}

func (c *crowd) acked(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, waiter := range c.acks {
		waiter <- at
	}
	c.acks = nil
}

// finish lets everyone get the present message through, and ends the sending.
func (c *crowd) finish() error {
	c.quitNow.Do(func() { close(c.quit) })
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.senders.Wait()
	}()
	timer := time.NewTimer(finishTime)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		return errors.New("not every message gets through, although the server runs")
	}
	select {
	case err := <-c.failures:
		return err
	default:
		return nil
	}
}

// close ends all connections. A repeat is harmless.
func (c *crowd) close() {
	c.quitNow.Do(func() { close(c.quit) })
	c.stop()
	c.senders.Wait()
	c.lines.Wait()
	for _, m := range c.members {
		m.person.Close()
	}
}
