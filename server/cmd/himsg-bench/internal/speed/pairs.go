package speed

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// connectTime bounds how long all the pairs may take to be online.
const connectTime = time.Minute

// pair is two people and their room: one writes, the other reads.
type pair struct {
	room   string
	writer *phone
	reader *phone
}

// phone is one person's connection.
type phone struct {
	person rig.Person
	room   string // known before the first connection
	conn   *client.Conn
	online chan struct{}
	once   sync.Once
	cohort *cohort
}

// cohort is all the pairs, and the messages of the measurement that runs.
type cohort struct {
	pairs    []pair
	phones   []*phone
	signedIn []rig.Person // for this cohort alone
	stop     context.CancelFunc
	ended    sync.WaitGroup
	reads    atomic.Int64 // read events of other rooms than a pair's own

	mu  sync.RWMutex
	now *measurement // nil between measurements
}

// Admit implements client.Handler.
func (*phone) Admit(context.Context, wire.Welcome) error { return nil }

// Link implements client.Handler.
func (p *phone) Link(_ context.Context, link client.Link) {
	if link.State == client.LinkOnline {
		p.once.Do(func() { close(p.online) })
	}
}

// Events implements client.Handler: it notes when a message of the measurement arrives at its reader.
func (p *phone) Events(ctx context.Context, events []client.Event) {
	at := rig.Now()
	m := p.cohort.current()
	for _, event := range events {
		message, ok := event.Data.(*wire.Message)
		if ok && message.SenderUUID != p.person.UUID && m != nil {
			m.received(message.Text, at)
		}
		if read, ok := event.Data.(*wire.Read); ok && read.RoomUUID != p.room {
			p.cohort.reads.Add(1)
		}
		if event.Ev == wire.EvResync {
			p.cohort.ended.Go(func() { p.catchUp(ctx) })
		}
	}
}

// catchUp looks up what the server did not tell by events; it says so with resync.
func (p *phone) catchUp(ctx context.Context) {
	page, err := p.conn.History(ctx, wire.HistoryRequest{RoomUUID: p.room, Limit: wire.MaxHistoryLimit})
	m := p.cohort.current()
	if err != nil || m == nil {
		return // a message that stays missing ends the measurement
	}
	at := rig.Now()
	for _, message := range page.Messages {
		if message.SenderUUID != p.person.UUID {
			m.received(message.Text, at)
		}
	}
}

// gather signs everybody in, makes the rooms and waits until all are online.
func gather(ctx context.Context, url string, pairs int) (*cohort, error) {
	people, err := rig.SignIn(ctx, url, 2*pairs)
	var all *cohort
	if err == nil {
		all, err = meet(ctx, people)
	}
	if err != nil {
		for _, person := range people {
			person.Close()
		}
		return nil, err
	}
	all.signedIn = people
	return all, nil
}

// meet makes the rooms of pairs of people and waits until all are online.
func meet(ctx context.Context, people []rig.Person) (*cohort, error) {
	ctx, stop := context.WithCancel(ctx)
	all := &cohort{stop: stop}
	for _, person := range people {
		all.phones = append(all.phones, &phone{person: person, online: make(chan struct{}), cohort: all})
	}
	if err := all.connect(ctx); err != nil {
		all.close()
		return nil, err
	}
	return all, nil
}

// Full is the full measurement of pairs of people who are signed in, each with so many messages under way.
func Full(ctx context.Context, people []rig.Person, underWay int, length time.Duration) (Result, error) {
	all, err := meet(ctx, people)
	if err != nil {
		return Result{}, err
	}
	defer all.close()
	return all.full(ctx, underWay, length)
}

func (c *cohort) connect(ctx context.Context) error {
	for i := 0; i < len(c.phones); i += 2 {
		a, b := c.phones[i], c.phones[i+1]
		room, err := a.person.Session.OpenDirect(ctx, b.person.UUID)
		if err != nil {
			return fmt.Errorf("open direct room: %w", err)
		}
		a.room, b.room = room, room
		c.pairs = append(c.pairs, pair{room: room, writer: a, reader: b})
	}
	for _, p := range c.phones {
		p.conn = client.NewConn(client.ConnOptions{Session: p.person.Session})
		c.ended.Go(func() { _ = p.conn.Run(ctx, p) }) // a session that ends shows in the calls
	}
	var online []<-chan struct{}
	for _, p := range c.phones {
		online = append(online, p.online)
	}
	return rig.AwaitAll(ctx, connectTime, "not everybody gets online", online)
}

func (c *cohort) close() {
	c.stop()
	c.ended.Wait()
	for _, person := range c.signedIn {
		person.Close()
	}
}

// begin makes m the measurement that arriving messages belong to; nil: none.
func (c *cohort) begin(m *measurement) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = m
}

func (c *cohort) current() *measurement {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.now
}

// filler makes a text of about 120 bytes, half of it Hangul, as people write.
const filler = "| 회의 자료 공유드립니다. 확인 부탁드려요 please check the attached plan before 3 pm"

func text(index int) string { return strconv.Itoa(index) + filler }

func indexOf(text string) int {
	number, _, _ := strings.Cut(text, "|")
	index, err := strconv.Atoi(number)
	if err != nil {
		return -1
	}
	return index
}

// send sends message index of the measurement to the pair's room.
func (p pair) send(ctx context.Context, index int) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make client_id: %w", err)
	}
	_, err = p.writer.conn.Send(ctx, wire.SendRequest{RoomUUID: p.room, ClientID: id.String(), Text: text(index)})
	return err
}
