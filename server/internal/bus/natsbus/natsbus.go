package natsbus

import (
	"context"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"golang.org/x/crypto/chacha20poly1305"

	"himsg/server/internal/bus"
)

const (
	defaultQueue  = 16_384                 // as the local bus has
	dialTime      = 2 * time.Second        // for one server of the cluster
	retryEvery    = 250 * time.Millisecond // and as much again of jitter
	pingEvery     = 2 * time.Second        // a line that is dead in one direction is noticed after three of these
	pingsOut      = 2
	flushTime     = 5 * time.Second // a server that takes nothing for so long is left
	beatEvery     = time.Second
	silentAfter   = 4 * time.Second  // without a beat
	forgottenFor  = 10 * time.Minute // after that a silent node is believed to be gone for good
	movedFor      = 3 * time.Second
	maxMoved      = 1000        // rooms, before the old ones are looked for
	tellEvery     = time.Minute // that the same thing goes wrong
	topicBeat     = "beat"
	topicBye      = "bye"
	topicLost     = "lost"
	subjectPrefix = "himsg."
)

// Options sets up a Bus.
type Options struct {
	URLs   []string // nats://host:port or tls://host:port, of one cluster; a user and password may stand in them
	Creds  string   // a file of credentials (JWT and seed); empty: none
	CA     string   // a file with the authority of the servers' certificates (PEM); empty: the system's
	Cert   string   // this node's own certificate and key (PEM), if the servers ask for one
	Key    string
	Secret []byte // 32 bytes, the same on all nodes: seals what is sent, and keeps apart the companies that share a NATS
	Node   string // names this node among the others, at most 200 bytes
	Queue  int    // events that may wait for a subscriber, and for the line; 0 means 16,384
	Clock  func() time.Time
	Logger *slog.Logger
}

// Bus carries events between nodes. It is safe for use by several goroutines.
type Bus struct {
	o      Options
	local  *bus.Local
	box    cipher.AEAD
	prefix string
	line   *nats.Conn

	in   chan *nats.Msg
	out  chan outgoing
	stop chan struct{}
	done sync.WaitGroup
	once sync.Once

	figures figures
	moved   map[int64]time.Time // rooms whose members changed lately; only the sender's
	late    atomic.Bool         // there was no line at first
	life    []byte              // tells this process from the one before it under the same name

	mu      sync.Mutex // guards what follows
	hearers map[string]func(node string, data []byte)
	want    map[int64]bool // rooms that are watched
	changed map[int64]bool // of which the servers do not know it yet
	wake    chan struct{}
	others  map[string]other     // nodes that were heard
	expect  []string             // nodes that are there
	told    map[string]time.Time // what went wrong → when the log said so
}

type figures struct {
	sent, received, unsent, unreadable, missed, outages atomic.Uint64
}

// outgoing is a message on its way out: an event, or data of a topic.
type outgoing struct {
	event bus.Event
	topic string
	data  []byte
}

var _ bus.Bus = (*Bus)(nil)

// Open makes the bus and begins to connect. It does not wait for that, for a server must start without NATS too: while there is no
// connection events reach this node's own subscribers only. Its error says in one sentence which setting is wrong.
func Open(o Options) (*Bus, error) {
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	box, err := chacha20poly1305.NewX(o.Secret)
	if err != nil {
		return nil, fmt.Errorf("nats: %w", err)
	}
	name := sha256.Sum256(append([]byte("subject "), o.Secret...))
	b := &Bus{
		o: o, local: bus.NewLocal(bus.LocalOptions{Queue: o.Queue}), box: box,
		prefix: subjectPrefix + hex.EncodeToString(name[:6]) + ".",
		in:     make(chan *nats.Msg, o.Queue), out: make(chan outgoing, o.Queue), stop: make(chan struct{}),
		hearers: map[string]func(string, []byte){}, want: map[int64]bool{}, changed: map[int64]bool{}, wake: make(chan struct{}, 1),
		others: map[string]other{}, moved: map[int64]time.Time{}, life: []byte(uuid.NewString()), told: map[string]time.Time{},
	}
	if err := readable(o.Creds); err != nil {
		b.local.Close()
		return nil, err
	}
	if b.line, err = nats.Connect(strings.Join(o.URLs, ","), b.options()...); err != nil {
		b.local.Close()
		return nil, fmt.Errorf("nats: %w", err)
	}
	b.late.Store(!b.line.IsConnected())
	for _, subject := range []string{b.subject(0), b.prefix + "peer"} {
		if _, err := b.line.ChanSubscribe(subject, b.in); err != nil {
			b.line.Close()
			b.local.Close()
			return nil, fmt.Errorf("nats: %w", err)
		}
	}
	b.done.Go(b.receive)
	b.done.Go(b.send)
	b.done.Go(b.watch)
	b.done.Go(b.beat)
	return b, nil
}

// Ping connects once, and returns which server answered and whether the line is encrypted.
func Ping(o Options) (server string, secure bool, err error) {
	options := append(o.credentials(), nats.Name("himsg doctor"), nats.Timeout(dialTime))
	line, err := nats.Connect(strings.Join(o.URLs, ","), options...)
	if err != nil {
		return "", false, err
	}
	defer line.Close()
	if err := line.FlushTimeout(dialTime); err != nil {
		return "", false, err
	}
	_, err = line.TLSConnectionState()
	return line.ConnectedUrlRedacted(), err == nil, nil
}

func (b *Bus) options() []nats.Option {
	return append(b.o.credentials(),
		nats.Name("himsg "+b.o.Node), nats.NoEcho(), nats.Timeout(dialTime),
		nats.MaxReconnects(-1), nats.ReconnectWait(retryEvery), nats.ReconnectJitter(retryEvery, retryEvery),
		nats.RetryOnFailedConnect(true), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectBufSize(-1), // what is old when the line is back would only be in the way
		nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(pingsOut), nats.FlusherTimeout(flushTime),
		nats.ConnectHandler(func(c *nats.Conn) { b.connected(c, b.late.Load()) }),
		nats.ReconnectHandler(func(c *nats.Conn) { b.connected(c, true) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			b.complain("disconnected", "lost NATS; messages of other nodes come by the database, a little later", err)
		}),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { b.complain("reconnect", "NATS does not answer", err) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			if errors.Is(err, nats.ErrSlowConsumer) {
				b.figures.missed.Add(1)
			}
			b.complain("error "+err.Error(), "NATS reports an error", err)
		}),
	)
}

// credentials say who this node is, and whom it believes.
func (o Options) credentials() (options []nats.Option) {
	if o.Creds != "" {
		options = append(options, nats.UserCredentials(o.Creds))
	}
	if o.CA != "" {
		options = append(options, nats.RootCAs(o.CA))
	}
	if o.Cert != "" {
		options = append(options, nats.ClientCert(o.Cert, o.Key))
	}
	return options
}

// readable reports whether a file that a setting names can be read; the library would find out again and again.
func readable(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path) //nolint:gosec // the path is a setting of the operator
	if err != nil {
		return fmt.Errorf("nats: %w", err)
	}
	return f.Close()
}

// connected tells of a new line. What was published while there was none is lost, for this node and for the others.
func (b *Bus) connected(c *nats.Conn, again bool) {
	b.mu.Lock()
	clear(b.told)
	b.mu.Unlock()
	b.o.Logger.Info("connected to NATS", slog.Bool("again", again), slog.String("server", c.ConnectedServerName()))
	if again {
		b.figures.outages.Add(1)
		b.Tell(topicLost, nil)
	}
}

// complain logs what goes wrong, the same thing once a minute. Errors of NATS hold no password.
func (b *Bus) complain(what, said string, err error) {
	now := b.o.Clock()
	b.mu.Lock()
	last, before := b.told[what]
	quiet := before && now.Sub(last) < tellEvery
	if !quiet && len(b.told) < 100 {
		b.told[what] = now
	}
	b.mu.Unlock()
	if quiet {
		return
	}
	select {
	case <-b.stop: // it is we who hang up
	default:
		b.o.Logger.Warn(said, slog.Any("error", err)) //nolint:sloglint // one of the constants above
	}
}

// subject is where events of a room go, and with 0 those that all nodes hear.
func (b *Bus) subject(roomID int64) string {
	if roomID == 0 {
		return b.prefix + "all"
	}
	return b.prefix + "room." + strconv.FormatInt(roomID, 10)
}

// subjectOf is where an event goes. Who joins or leaves may be on a node that does not watch the room, so all nodes hear of that, and
// of what comes right behind it. Only the goroutine that sends asks.
func (b *Bus) subjectOf(e bus.Event) string {
	if e.RoomID == 0 {
		return b.subject(0)
	}
	now := b.o.Clock()
	moved, lately := b.moved[e.RoomID]
	switch {
	case len(e.Join)+len(e.Leave) > 0:
		if len(b.moved) >= maxMoved {
			maps.DeleteFunc(b.moved, func(_ int64, at time.Time) bool { return now.Sub(at) > movedFor })
		}
		b.moved[e.RoomID] = now
	case !lately:
		return b.subject(e.RoomID)
	case now.Sub(moved) > movedFor:
		delete(b.moved, e.RoomID)
		return b.subject(e.RoomID)
	}
	return b.subject(0)
}

// Local is the bus of this node alone: what is published there stays here.
func (b *Bus) Local() *bus.Local { return b.local }

// Publish implements bus.Bus. This node's subscribers hear of it as on its own bus; the others when NATS brings it.
func (b *Bus) Publish(ctx context.Context, e bus.Event) {
	b.local.Publish(ctx, e)
	b.put(outgoing{event: e})
}

// Subscribe implements bus.Bus: fn hears the events of all nodes.
func (b *Bus) Subscribe(fn func(bus.Event)) (cancel func()) { return b.local.Subscribe(fn) }

// Tell sends data to who hears the topic on the other nodes. It never waits; what does not arrive nobody hears of.
func (b *Bus) Tell(topic string, data []byte) { b.put(outgoing{topic: topic, data: data}) }

// Hear has fn called, from one goroutine, for what other nodes tell under a topic. It is for before anybody tells anything.
func (b *Bus) Hear(topic string, fn func(node string, data []byte)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hearers[topic] = fn
}

func (b *Bus) put(o outgoing) {
	select {
	case b.out <- o:
	default:
		b.figures.unsent.Add(1)
	}
}

// send is the only goroutine that publishes, so that what one goroutine publishes keeps its order.
func (b *Bus) send() {
	told := uint64(0)
	for {
		var o outgoing
		select {
		case <-b.stop:
			return
		case o = <-b.out:
		}
		if !b.line.IsConnected() {
			told = b.figures.unsent.Add(1) // the others hear of that with the new line
			continue
		}
		b.sendOne(o)
		if lost := b.figures.unsent.Load(); lost != told && b.line.IsConnected() {
			told = lost
			b.sendOne(outgoing{topic: topicLost})
		}
	}
}

func (b *Bus) sendOne(o outgoing) {
	h, data, subject := head{Node: b.o.Node, Topic: o.topic}, o.data, b.prefix+"peer"
	if o.topic == "" {
		h, data, subject = headOf(b.o.Node, o.event), o.event.Data, b.subjectOf(o.event)
	}
	inner, err := encode(h, data)
	if err == nil {
		err = b.line.Publish(subject, seal(b.box, subject, inner))
	}
	if err == nil {
		b.figures.sent.Add(1)
		return
	}
	if o.topic == "" {
		b.figures.unsent.Add(1)
	}
	if b.line.IsConnected() {
		b.complain("publish", "an event did not reach other nodes, they find it in the database", err)
	}
}

// receive hands what comes to this node's subscribers and to who hears a topic.
func (b *Bus) receive() {
	for {
		select {
		case <-b.stop:
			return
		case m := <-b.in:
			inner, err := open(b.box, m.Subject, m.Data)
			var h head
			var data []byte
			if err == nil {
				h, data, err = decode(inner)
			}
			if err != nil {
				b.figures.unreadable.Add(1)
				b.complain("unreadable", "something on NATS is not ours", err)
				continue
			}
			b.figures.received.Add(1)
			if h.Topic == "" {
				b.local.Publish(context.Background(), h.event(data))
				continue
			}
			b.heard(h, data)
		}
	}
}

// State says what may be lost.
func (b *Bus) State() bus.State {
	return bus.State{
		Deaf: !b.line.IsConnected() || b.anySilent(), Outages: b.figures.outages.Load(),
		Missed: b.figures.missed.Load() + b.local.Dropped(),
	}
}

// Connected reports whether there is a line to NATS.
func (b *Bus) Connected() bool { return b.line.IsConnected() }

// Figures are counts since the start.
type Figures struct {
	Sent, Received, Unsent, Unreadable, Missed, Outages uint64
	Nodes                                               int // that are heard, without this one
	Rooms                                               int // that are watched
}

// Figures returns what was counted.
func (b *Bus) Figures() Figures {
	f := &b.figures
	b.mu.Lock()
	rooms := len(b.want)
	b.mu.Unlock()
	return Figures{
		Sent: f.sent.Load(), Received: f.received.Load(), Unsent: f.unsent.Load(), Unreadable: f.unreadable.Load(),
		Missed: f.missed.Load() + b.local.Dropped(), Outages: f.outages.Load(), Nodes: len(b.Others()), Rooms: rooms,
	}
}

// Close says goodbye, ends every subscription and waits for the callbacks.
func (b *Bus) Close() {
	b.once.Do(func() {
		close(b.stop)
		b.done.Wait()
		b.sendOne(outgoing{topic: topicBye})
		_ = b.line.FlushTimeout(dialTime) // a node that can't say goodbye is noticed anyway
		b.line.Close()
		b.local.Close()
	})
}
