package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/client"
	"himsg/shared/wire"
)

const patience = 10 * time.Second // bound of every wait of these tests

// server is a small real server on loopback that speaks the protocol; a test scripts what it says.
type server struct {
	*httptest.Server
	t         *testing.T
	refreshes atomic.Int64
	dials     atomic.Int64
	peers     chan *peer // each accepted WebSocket

	mu      sync.Mutex
	access  string // the token that is taken now
	refresh string // the refresh token that is taken now
	refusal *wire.HTTPError
	status  int
}

// peer is the server's end of one WebSocket.
type peer struct {
	t    *testing.T
	ws   *websocket.Conn
	done chan struct{} // closed when the test lets it go
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, access: "access0", refresh: "refresh0", peers: make(chan *peer, 16)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/server", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, wire.ServerInfo{
			Name: "하이메시", Version: "1", Protocol: wire.Subprotocol, ServerTime: wire.TimeOf(time.Now().Add(time.Hour)),
		})
	})
	mux.HandleFunc("POST /api/token/refresh", s.serveRefresh)
	mux.HandleFunc("GET /api/users/me", s.authenticated(func(w http.ResponseWriter) {
		reply(w, http.StatusOK, wire.Me{UUID: me, Name: "나"})
	}))
	mux.HandleFunc("GET /ws", s.serveWS)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is on this machine
}

func (s *server) serveRefresh(w http.ResponseWriter, r *http.Request) {
	var in wire.RefreshRequest
	_ = json.NewDecoder(r.Body).Decode(&in)
	n := s.refreshes.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal != nil {
		reply(w, s.status, s.refusal)
		return
	}
	if in.RefreshToken != s.refresh {
		reply(w, http.StatusUnauthorized, wire.HTTPError{Code: wire.Unauthenticated, Reason: wire.ReasonRefreshReused})
		return
	}
	s.access, s.refresh = fmt.Sprintf("access%d", n), fmt.Sprintf("refresh%d", n)
	reply(w, http.StatusOK, wire.RefreshReply{Token: s.access, RefreshToken: s.refresh, ExpiresIn: 600})
}

func (s *server) refuse(status int, refusal *wire.HTTPError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.refusal = status, refusal
}

func (s *server) setAccess(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.access = token
}

func (s *server) authenticated(next func(http.ResponseWriter)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		ok := r.Header.Get("Authorization") == "Bearer "+s.access
		s.mu.Unlock()
		if !ok {
			reply(w, http.StatusUnauthorized, wire.HTTPError{Code: wire.Unauthenticated, Reason: wire.ReasonTokenExpired})
			return
		}
		next(w)
	}
}

func (s *server) serveWS(w http.ResponseWriter, r *http.Request) {
	s.dials.Add(1)
	s.authenticated(func(w http.ResponseWriter) {
		upgrader := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		p := &peer{t: s.t, ws: ws, done: make(chan struct{})}
		s.peers <- p
		select {
		case <-p.done:
		case <-s.t.Context().Done():
		}
	})(w, r)
}

// accept waits for the next WebSocket and greets it.
func (s *server) accept() *peer {
	s.t.Helper()
	return s.acceptWith(wire.Welcome{SessionUUID: "s", User: wire.Profile{UserUUID: me}})
}

func (s *server) acceptWith(welcome wire.Welcome) *peer {
	s.t.Helper()
	select {
	case p := <-s.peers:
		p.event(wire.EvWelcome, welcome)
		return p
	case <-time.After(patience):
		s.t.Fatal("nobody connected")
		return nil
	}
}

func (p *peer) event(ev wire.Ev, data any) {
	p.t.Helper()
	p.write(line(p.t, wire.Envelope{Ev: ev, D: marshal(p.t, data)}))
}

func (p *peer) write(text string) {
	p.t.Helper()
	_ = p.ws.SetWriteDeadline(time.Now().Add(patience))
	if err := p.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		p.t.Fatal(err)
	}
}

// requests reads one frame.
func (p *peer) requests() []wire.Request {
	p.t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(patience))
	_, frame, err := p.ws.ReadMessage()
	if err != nil {
		p.t.Fatal(err)
	}
	requests, err := wire.DecodeRequests(frame)
	if err != nil {
		p.t.Fatal(err)
	}
	return requests
}

// closeWith says goodbye and waits until the other side went.
func (p *peer) closeWith(code int, text string) {
	p.t.Helper()
	message := websocket.FormatCloseMessage(code, text)
	_ = p.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(patience))
	p.drop()
}

func (p *peer) drop() { close(p.done) }

func marshal(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func line(t *testing.T, envelopes ...wire.Envelope) string {
	t.Helper()
	var out strings.Builder
	for _, e := range envelopes {
		out.Write(marshal(t, e))
		out.WriteByte('\n')
	}
	return out.String()
}

// session is a signed-in device of the server.
func (s *server) session(expires time.Time, keep func(client.Tokens) error) *client.Session {
	s.t.Helper()
	h, err := client.NewHTTP(client.Options{Address: s.URL})
	if err != nil {
		s.t.Fatal(err)
	}
	session := client.NewSession(h, client.Tokens{Access: "access0", Refresh: "refresh0", AccessExpires: expires}, keep)
	s.t.Cleanup(func() { session.Close(); h.Close() })
	return session
}

// log is a Handler that keeps what it hears.
type log struct {
	refuses error // answers Admit
	mu      sync.Mutex
	links   []client.Link
	events  []client.Event
	more    chan struct{}
}

func newLog() *log { return &log{more: make(chan struct{}, 1)} }

func (l *log) Admit(context.Context, wire.Welcome) error { return l.refuses }

func (l *log) Link(_ context.Context, link client.Link) {
	l.mu.Lock()
	l.links = append(l.links, link)
	l.mu.Unlock()
	l.poke()
}

func (l *log) Events(_ context.Context, events []client.Event) {
	l.mu.Lock()
	l.events = append(l.events, events...)
	l.mu.Unlock()
	l.poke()
}

func (l *log) poke() {
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// until waits until what was heard satisfies done.
func (l *log) until(t *testing.T, what string, done func(links []client.Link, events []client.Event) bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		l.mu.Lock()
		ok := len(l.links) > 0 && done(l.links, l.events)
		l.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-l.more:
		case <-deadline:
			t.Fatalf("%s: never; links %+v", what, l.links)
		}
	}
}

func (l *log) untilOnline(t *testing.T, times int) {
	t.Helper()
	l.until(t, "online", func(links []client.Link, _ []client.Event) bool {
		n := 0
		for _, link := range links {
			if link.State == client.LinkOnline {
				n++
			}
		}
		return n >= times
	})
}

// running is a Conn that runs.
type running struct {
	*client.Conn
	*log
	ended chan error
}

func run(t *testing.T, o client.ConnOptions) *running {
	t.Helper()
	if o.BackoffMin == 0 {
		o.BackoffMin, o.BackoffMax = time.Millisecond, 10*time.Millisecond
	}
	r := &running{Conn: client.NewConn(o), log: newLog(), ended: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { r.ended <- r.Run(ctx, r.log) }()
	t.Cleanup(func() {
		cancel()
		_ = r.end(t) // the test has looked at it, if it cares
	})
	return r
}

// end waits for Run and returns what it returned; it may be called again.
func (r *running) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.ended:
		r.ended <- err
		return err
	case <-time.After(patience):
		t.Fatal("Run does not end")
		return nil
	}
}
