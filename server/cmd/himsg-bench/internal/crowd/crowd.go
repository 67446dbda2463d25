package crowd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
)

const (
	callTimeout = 3 * time.Second // for one try of a send
	finishTime  = 2 * time.Minute // for the last message of everyone to be acknowledged
)

// Options say who comes and what they do. Only People is required.
type Options struct {
	People  int
	Away    int           // the last of them sit in the rooms, but connect from elsewhere
	Senders int           // the first of them send; 0: all that are here
	OneRoom bool          // all in one room; otherwise in pairs and overlapping groups
	Pause   time.Duration // of a person between messages; 0: 5 ms, the disk is busy enough
	Keep    bool          // nobody deletes what he sent
	Patient bool          // reconnect in the app's pace; otherwise with hardly a delay, so that a fault is met at once
	Narrow  bool          // the last one's connection holds little of what he does not read
	Padding int           // bytes more in each text
	Seed    uint64        // chooses rooms and deletes

	Sending func(clientID string)             // before a message's first try; nil: nobody asks
	Heard   func(member int, clientID string) // when a message's event comes to a member; nil: nobody asks
}

// Crowd is everyone who takes part.
type Crowd struct {
	o        Options
	book     *judge.Ledger
	members  []*member
	failures chan error // of senders and clients; one is enough

	life    context.Context    //nolint:containedctx // of connections and senders; Close ends it
	stop    context.CancelFunc // of life
	quit    chan struct{}      // closed: senders end after their present message
	quitNow sync.Once
	senders sync.WaitGroup
	lines   sync.WaitGroup // connections
	total   atomic.Int64   // messages acknowledged

	watch watch
}

// member is one person with a live client, as an employee's app would be; without one if he is away.
type member struct {
	person rig.Person
	rooms  []string
	conn   *client.Conn
	memory *client.Memory
	syncer *client.Syncer
	gate   gate

	numbers map[string]int64 // room → number of his last message; whoever sends for him has it alone
}

// Gather signs everyone in, makes the rooms and connects. What is sent and acknowledged goes into book.
func Gather(ctx context.Context, url string, o Options, book *judge.Ledger) (*Crowd, error) {
	if o.Pause == 0 {
		o.Pause = thinking
	}
	people, err := rig.SignIn(ctx, url, o.People)
	if last := o.People - 1; err == nil && o.Narrow {
		people[last].Close()
		people[last], err = rig.SignInOne(ctx, url, o.People, rig.Narrow)
	}
	life, stop := context.WithCancel(ctx)
	c := &Crowd{
		o: o, book: book, failures: make(chan error, 1), life: life, stop: stop, quit: make(chan struct{}),
		watch: newWatch(),
	}
	for _, person := range people {
		c.members = append(c.members, &member{
			person: person, memory: client.NewMemory(), numbers: map[string]int64{},
		})
	}
	if err == nil {
		err = c.makeRooms(ctx)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	for i := range c.here() {
		c.connect(i)
	}
	return c, nil
}

// here are the members who connect from this process.
func (c *Crowd) here() []*member { return c.members[:len(c.members)-c.o.Away] }

func (c *Crowd) connect(i int) {
	m := c.members[i]
	options := client.ConnOptions{Session: m.person.Session, CallTimeout: callTimeout}
	if !c.o.Patient {
		options.BackoffMin, options.BackoffMax = 10*time.Millisecond, 300*time.Millisecond
	}
	m.conn = client.NewConn(options)
	m.syncer = client.NewSyncer(client.SyncerOptions{
		Remote: &tap{Conn: m.conn, crowd: c, member: i}, Replica: m.memory, Next: &linkWatch{watch: &c.watch},
	})
	c.lines.Go(func() {
		if err := m.syncer.Run(c.life); err != nil {
			c.fail(fmt.Errorf("client %d: %w", i, err))
		}
	})
}

// Start puts the senders to work, until Finish or Close.
func (c *Crowd) Start() {
	senders := c.here()
	if c.o.Senders > 0 {
		senders = senders[:c.o.Senders]
	}
	for i, m := range senders {
		s := newSender(c, m, c.o.Seed+uint64(i))
		c.senders.Go(func() { s.run(c.life) })
	}
}

// Room is a room of a member: the only one if all are in one.
func (c *Crowd) Room(member int) string { return c.members[member].rooms[0] }

// Rev is how far a member holds a room.
func (c *Crowd) Rev(member int, room string) int64 {
	held, _ := c.members[member].memory.HeldOf(room) // 0 if he does not know it
	return held.Rev
}

// Acked is how many messages were acknowledged.
func (c *Crowd) Acked() int64 { return c.total.Load() }

// Failed receives the first failure of anybody: what is not temporary.
func (c *Crowd) Failed() <-chan error { return c.failures }

// fail keeps the first failure of anybody.
func (c *Crowd) fail(err error) {
	select {
	case c.failures <- err:
	default:
	}
}

// Finish lets everyone get the present message through, and ends the sending.
func (c *Crowd) Finish() error {
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

// Close ends all connections. A repeat is harmless.
func (c *Crowd) Close() {
	c.quitNow.Do(func() { close(c.quit) })
	c.stop()
	c.senders.Wait()
	c.lines.Wait()
	for _, m := range c.members {
		m.person.Close()
	}
}
