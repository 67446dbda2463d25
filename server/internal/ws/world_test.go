package ws_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"himsg/server/internal/bus"
	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/picture"
	"himsg/server/internal/presence"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/server/internal/ws"
	"himsg/shared/wire"
)

const deadline = 30 * time.Second // of everything that a test waits for: a busy machine is no failure

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener")) // storetest's own, to the shared MariaDB
}

// leakyBus is a bus that loses what a test wants it to lose.
type leakyBus struct {
	*bus.Local
	lose atomic.Pointer[func(bus.Event) bool]
}

func (b *leakyBus) Publish(ctx context.Context, e bus.Event) {
	if lose := b.lose.Load(); lose != nil && (*lose)(e) {
		return
	}
	b.Local.Publish(ctx, e)
}

func (b *leakyBus) loseAll() {
	all := func(bus.Event) bool { return true }
	b.lose.Store(&all)
}

// tokens authenticates: a token is a session_uuid.
type tokens struct {
	mu     sync.Mutex
	actors map[string]model.Actor
}

func (k *tokens) Authenticate(_ context.Context, bearer string) (model.Actor, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a, ok := k.actors[bearer]; ok {
		return a, nil
	}
	return model.Actor{}, errs.E(wire.Unauthenticated, wire.ReasonTokenInvalid, errs.Text{})
}

func (k *tokens) issue(a model.Actor) (token string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a.SessionUUID = uuid.NewString()
	k.actors[a.SessionUUID] = a
	return a.SessionUUID
}

// Profile implements ws.Profiles.
func (k *tokens) Profile(_ context.Context, a model.Actor) (wire.Profile, error) {
	return wire.Profile{UserUUID: a.UserUUID, Name: "사람", Role: a.Role, State: wire.UserActive}, nil
}

// lines accepts connections and counts those that are open. It keeps the system from taking megabytes for a client that
// doesn't read.
type lines struct {
	net.Listener
	open atomic.Int64
}

func (l *lines) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		l.open.Add(1)
		err = tcp.SetWriteBuffer(32 << 10)
		conn = &line{TCPConn: tcp, of: l}
	}
	return conn, err
}

type line struct {
	*net.TCPConn
	of   *lines
	once sync.Once
}

func (l *line) Close() error {
	l.once.Do(func() { l.of.open.Add(-1) })
	return l.TCPConn.Close()
}

// node is one server on a database.
type node struct {
	t      *testing.T
	db     *sqlstore.DB
	bus    *leakyBus
	chat   *chat.Service
	hub    *hub.Hub
	tokens *tokens
	server *httptest.Server
	lines  *lines
}

type nodeOptions struct {
	limits bool
	bus    *leakyBus     // nil: one of its own
	ahead  time.Duration // by which the server's limits for reading and writing come later
}

func startNode(t *testing.T, db *sqlstore.DB, o nodeOptions) *node {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	b := o.bus
	if b == nil {
		b = &leakyBus{Local: bus.NewLocal(bus.LocalOptions{})}
	}
	n := &node{t: t, db: db, bus: b, tokens: &tokens{actors: map[string]model.Actor{}}}
	n.chat = chat.New(chat.Options{
		Messages: db, Rooms: db, Membership: db, Cursors: db, Search: db, Seating: db, Settings: db, Receipts: db,
		Painter: picture.NewPainter(), People: db, Directory: db,
		Publisher: b, Clock: time.Now, Logger: log,
	})
	n.hub = hub.New(hub.Options{Bus: b, Members: db, Repair: n.chat, Clock: time.Now, Logger: log})
	tracker := presence.New(presence.Options{Publisher: b, Logger: log})
	handler := ws.New(ws.Options{
		Auth: n.tokens, Chat: n.chat, Hub: n.hub, Presence: tracker, Profiles: n.tokens,
		Limits: func(context.Context) wire.Limits { return wire.Limits{MaxText: wire.MaxTextRunes} }, Origins: []string{"https://chat.example.com"},
		RateLimits: o.limits, Version: "test", Epoch: 7, Clock: func() time.Time { return time.Now().Add(o.ahead) }, Logger: log,
	})
	n.server = httptest.NewUnstartedServer(handler)
	n.lines = &lines{Listener: n.server.Listener}
	n.server.Listener = n.lines
	n.server.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		defer cancel()
		if err := n.hub.Drain(ctx); err != nil {
			t.Errorf("drain: %v", err)
		}
		n.server.Close()
		handler.Close()
		tracker.Close()
		n.chat.Close()
		n.hub.Close()
		b.Close()
	})
	return n
}

func (n *node) dial(actor model.Actor) *client {
	n.t.Helper()
	return n.dialToken(actor, n.tokens.issue(actor))
}

func (n *node) url() string { return "ws" + strings.TrimPrefix(n.server.URL, "http") }

func (n *node) dialToken(actor model.Actor, token string) *client {
	n.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: deadline}
	c := n.connect(dialer, actor, token)
	c.listen()
	c.await("welcome", func(e wire.Envelope) bool { return e.Ev == wire.EvWelcome })
	return c
}

// deaf connects a client that reads nothing from its socket, whose buffers are small, until listen.
func (n *node) deaf(actor model.Actor) *client {
	n.t.Helper()
	c := n.connect(websocket.Dialer{
		Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: deadline,
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			if tcp, ok := conn.(*net.TCPConn); ok {
				err = tcp.SetReadBuffer(4096)
			}
			return conn, err
		},
	}, actor, n.tokens.issue(actor))
	return c
}

// untilOpen waits until this many connections are open and as many sessions attached, at most 10 s: a server that let go of a
// dead one later than that would be too late.
func (n *node) untilOpen(want int) {
	n.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		sessions, lines := n.hub.Sessions(), int(n.lines.open.Load())
		if sessions == want && lines == want {
			return
		}
		if time.Now().After(end) {
			n.t.Fatalf("%d sessions on %d connections, want %d", sessions, lines, want)
		}
	}
}

// connect opens a connection; more are further headers, each name with its value behind it.
func (n *node) connect(dialer websocket.Dialer, actor model.Actor, token string, more ...string) *client {
	n.t.Helper()
	header := http.Header{"Authorization": {"Bearer " + token}, "Accept-Language": {"en"}}
	for pair := range slices.Chunk(more, 2) {
		header.Set(pair[0], pair[1])
	}
	conn, resp, err := dialer.Dial(n.url(), header)
	if err != nil {
		n.t.Fatalf("dial: %v (%+v)", err, resp)
	}
	_ = resp.Body.Close()
	c := &client{
		t: n.t, conn: conn, token: token, actor: actor, changed: make(chan struct{}), replies: map[uint64]wire.Envelope{},
	}
	n.t.Cleanup(func() {
		_ = conn.Close()
		c.reading.Wait()
	})
	return c
}

// each runs a test on both databases.
func each(t *testing.T, run func(t *testing.T, n *node, people []model.Actor)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(t testing.TB) *sqlstore.DB) {
		db := open(t)
		run(t, startNode(t, db, nodeOptions{}), storetest.People(t, db, 4))
	})
}

// group makes a room through the service, so that everyone hears of it.
func (n *node) group(owner model.Actor, others ...model.Actor) string {
	n.t.Helper()
	req := wire.CreateRoomRequest{Name: "모임"}
	for _, o := range others {
		req.Members = append(req.Members, o.UserUUID)
	}
	reply, err := n.chat.CreateRoom(context.Background(), owner, req)
	if err != nil {
		n.t.Fatal(err)
	}
	return reply.RoomUUID
}
