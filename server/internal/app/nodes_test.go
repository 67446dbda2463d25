package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/internal/app"
	"himsg/server/internal/bus/natstest"
	"himsg/server/internal/config"
	"himsg/shared/wire"
)

// company is several servers on one database, one folder of files and one NATS.
type company struct {
	t     *testing.T
	nats  *natstest.Server
	base  config.Serve
	nodes []*server
}

func startNodes(t *testing.T, n int) *company {
	t.Helper()
	s, err := natstest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	shared := t.TempDir()
	base := settings(t, mariaURL(t))
	base.Files = filepath.Join(shared, "files")
	base.SecretFile, base.AuditKeyFile = filepath.Join(shared, "secret.key"), filepath.Join(shared, "audit.key")
	base.NATS = config.NATS{URLs: []string{s.URL()}}
	c := &company{t: t, nats: s, base: base}
	for range n {
		c.nodes = append(c.nodes, start(t, c.settings()))
	}
	return c
}

// settings are those of one more server.
func (c *company) settings() config.Serve {
	one := c.base
	one.Data = filepath.Join(c.t.TempDir(), "data")
	return one
}

// at is a person who asks another server.
func (p person) at(s *server) person {
	p.s = s
	return p
}

// line is a device that is connected: what it heard, in order.
type line struct {
	t      *testing.T
	socket *websocket.Conn

	mu     sync.Mutex
	heard  []wire.Envelope
	at     []time.Time
	closed int
}

func (p person) connect() *line {
	p.s.t.Helper()
	socket, refused := p.s.dial(p.token)
	if refused != 0 {
		p.s.t.Fatalf("refused: %d", refused)
	}
	l := &line{t: p.s.t.(*testing.T), socket: socket}
	go l.read()
	l.until("welcome", func(e wire.Envelope) bool { return e.Ev == wire.EvWelcome })
	return l
}

func (l *line) read() {
	for {
		_, frame, err := l.socket.ReadMessage()
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
			l.mu.Lock()
			l.closed = closed.Code
			l.mu.Unlock()
		}
		if err != nil {
			return
		}
		list, _ := wire.DecodeEnvelopes(frame)
		l.mu.Lock()
		for _, e := range list {
			l.heard, l.at = append(l.heard, e), append(l.at, time.Now())
		}
		l.mu.Unlock()
	}
}

func (l *line) ask(op wire.Op, d any) {
	l.t.Helper()
	data, err := json.Marshal(d)
	if err == nil {
		err = l.socket.WriteJSON(wire.Request{ID: 1, Op: op, D: data})
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *line) find(fn func(wire.Envelope) bool) (n int, first time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, e := range l.heard {
		if fn(e) {
			if n++; n == 1 {
				first = l.at[i]
			}
		}
	}
	return n, first
}

// until waits for an event and returns when it came.
func (l *line) until(what string, fn func(wire.Envelope) bool) (first time.Time) {
	l.t.Helper()
	n := 0
	eventually(l.t, what, func() bool { n, first = l.find(fn); return n > 0 })
	return first
}

func (l *line) code() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

func says(text string) func(wire.Envelope) bool {
	return func(e wire.Envelope) bool { return e.Ev == wire.EvMessage && strings.Contains(string(e.D), text) }
}

// tells matches an event of a kind about somebody.
func tells(ev wire.Ev, about ...string) func(wire.Envelope) bool {
	return func(e wire.Envelope) bool {
		return e.Ev == ev && !slices.ContainsFunc(about, func(s string) bool { return !strings.Contains(string(e.D), s) })
	}
}

// meet waits until all servers hear each other.
func (c *company) meet() {
	c.t.Helper()
	for _, s := range c.nodes {
		eventually(c.t, "the servers hear each other", func() bool { return s.Peers() == len(c.nodes)-1 })
	}
}

func TestAConversationOverTwoServers(t *testing.T) {
	c := startNodes(t, 2)
	a, b := c.nodes[0], c.nodes[1]
	a.owner("boss")
	boss := a.login("boss")
	kim := b.join(boss.at(b), "kim") // signed up and let in at the other server, by a token of the first
	c.meet()
	left, right := boss.connect(), kim.connect()
	right2 := kim.at(a).connect() // another device's socket of the same session
	room := boss.room(kim)
	right.until("the new room", tells(wire.EvRoom, room))

	const n = 50
	began := time.Now()
	for i := range n {
		if i%2 == 0 {
			boss.say(room, fmt.Sprintf("왼쪽 %03d.", i))
		} else {
			kim.say(room, fmt.Sprintf("오른쪽 %03d.", i))
		}
	}
	for _, l := range []*line{left, right, right2} {
		last := l.until("the last message", says(fmt.Sprintf("오른쪽 %03d.", n-1)))
		t.Logf("%d messages over two servers, the last heard after %v", n, last.Sub(began))
		seq := int64(0)
		l.mu.Lock()
		for _, e := range l.heard {
			var m wire.Message
			if e.Ev != wire.EvMessage {
				continue
			}
			if err := json.Unmarshal(e.D, &m); err != nil {
				t.Fatal(err)
			}
			if m.Seq != seq+1 && seq != 0 {
				t.Errorf("seq %d after %d", m.Seq, seq)
			}
			seq = m.Seq
		}
		l.mu.Unlock()
	}

	// Receipts: what kim reads on b, boss hears on a, once, and kim's other device too.
	var was wire.SyncReply
	socket, _ := a.dial(kim.token)
	if err := json.Unmarshal(a.ask(socket, wire.OpSync, wire.SyncRequest{}).D, &was); err != nil {
		t.Fatal(err)
	}
	last := was.Rooms[slices.IndexFunc(was.Rooms, func(r wire.RoomSummary) bool { return r.RoomUUID == room })].LastSeq
	boss.say(room, "안 읽음")
	unread := func(s *server) int64 {
		var out wire.SyncReply
		socket, _ := s.dial(kim.token)
		if err := json.Unmarshal(s.ask(socket, wire.OpSync, wire.SyncRequest{}).D, &out); err != nil {
			t.Fatal(err)
		}
		return out.Rooms[slices.IndexFunc(out.Rooms, func(r wire.RoomSummary) bool { return r.RoomUUID == room })].My.UnreadCount
	}
	if x, y := unread(a), unread(b); x != 1 || y != 1 {
		t.Errorf("%d and %d unread, want 1", x, y)
	}
	right.ask(wire.OpRead, wire.ReadRequest{RoomUUID: room, Seq: last + 1})
	left.until("the receipt", tells(wire.EvRead, room, kim.uuid, fmt.Sprint(last+1)))
	right2.until("the own receipt", tells(wire.EvRead, room, kim.uuid, fmt.Sprint(last+1)))
	if x, y := unread(a), unread(b); x != 0 || y != 0 {
		t.Errorf("%d and %d unread, want 0", x, y)
	}

	// Typing, at once.
	began = time.Now()
	left.ask(wire.OpTyping, wire.TypingRequest{RoomUUID: room})
	if came := right.until("typing", tells(wire.EvTyping, boss.uuid)); came.Sub(began) > time.Second {
		t.Errorf("typing came after %v", came.Sub(began))
	}

	// Presence: both hear of both, and nobody twice of one change.
	left.until("kim is there", tells(wire.EvPresence, kim.uuid))
	right.until("boss is there", tells(wire.EvPresence, boss.uuid))
	right.ask(wire.OpPresence, wire.PresenceRequest{State: wire.PresenceDND})
	left.until("kim is busy", tells(wire.EvPresence, kim.uuid, string(wire.PresenceDND)))
	time.Sleep(1500 * time.Millisecond) // more than a beat: what repeats a state comes with one
	if times, _ := left.find(tells(wire.EvPresence, kim.uuid, string(wire.PresenceDND))); times != 1 {
		t.Errorf("that kim is busy was said %d times", times)
	}
}

func TestWhatEndsASessionEndsItOnEveryServerWithinASecond(t *testing.T) {
	c := startNodes(t, 2)
	a, b := c.nodes[0], c.nodes[1]
	a.owner("boss")
	boss := a.login("boss")
	c.meet()
	for name, end := range map[string]func(p person){
		"signed out elsewhere": func(p person) { a.must(200, request{method: "POST", path: "/api/logout", token: p.token}) },
		"disabled": func(p person) {
			a.must(200, request{
				method: "PUT", path: "/api/admin/users/" + p.uuid + "/disable", token: boss.token, body: wire.ReasonRequest{Reason: "x"},
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			kim := b.join(boss.at(b), "kim"+fmt.Sprint(len(name)))
			l := kim.connect()
			began := time.Now()
			end(kim)
			eventually(t, "the socket is closed", func() bool { return l.code() != 0 })
			if took := time.Since(began); l.code() != wire.CloseRevoked || took > time.Second {
				t.Errorf("closed with %d after %v", l.code(), took)
			}
			for _, s := range c.nodes {
				s.must(401, request{method: "GET", path: "/api/users/me", token: kim.token})
			}
		})
	}
	kim := b.join(boss.at(b), "kim")
	lee := a.join(boss, "lee")
	room := boss.room(kim, lee)
	l, beside := kim.connect(), lee.at(b).connect()
	left := "/api/chat-rooms/" + room + "/members/" + kim.uuid
	a.must(200, request{method: "DELETE", path: left, token: boss.token})
	l.until("the removal", tells(wire.EvRoomRemoved, room))
	boss.say(room, "비밀")
	beside.until("who is in the room hears it at that server", says("비밀"))
	l.ask(wire.OpPresence, wire.PresenceRequest{State: wire.PresenceAway})
	l.until("the answer, which comes behind all events", func(e wire.Envelope) bool { return e.Re == 1 })
	if n, _ := l.find(says("비밀")); n > 0 {
		t.Error("who was removed hears what is said after it")
	}
}

func TestWithoutNATSMessagesComeByTheDatabase(t *testing.T) {
	c := startNodes(t, 2)
	a, b := c.nodes[0], c.nodes[1]
	a.owner("boss")
	boss := a.login("boss")
	kim := b.join(boss.at(b), "kim")
	lee, park := b.join(boss.at(b), "lee"), b.join(boss.at(b), "park")
	room := boss.room(kim, lee)
	c.meet()
	left, right, gone, promoted := boss.connect(), kim.connect(), lee.connect(), park.connect()
	boss.say(room, "먼저")
	right.until("a message while all is well", says("먼저"))

	c.nats.Stop()
	began := time.Now()
	boss.say(room, "늦게 오는 말")
	right.ask(wire.OpRead, wire.ReadRequest{RoomUUID: room, Seq: 1})
	a.must(200, request{method: "POST", path: "/api/logout", token: lee.token})
	a.must(200, request{
		method: "PUT", path: "/api/admin/users/" + park.uuid + "/role", token: boss.token, body: wire.RoleRequest{Role: wire.RoleAdmin},
	})
	for what, came := range map[string]func() bool{
		"a message":    func() bool { n, _ := right.find(says("늦게")); return n > 0 },
		"a receipt":    func() bool { n, _ := left.find(tells(wire.EvRead, kim.uuid)); return n > 0 },
		"a revocation": func() bool { return gone.code() == wire.CloseRevoked },
		"a new role":   func() bool { return promoted.code() == wire.CloseRestart },
		"a profile":    func() bool { n, _ := right.find(tells(wire.EvUser, park.uuid)); return n > 0 },
	} {
		eventually(t, what+" without NATS", came)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s came after %v", what, took)
		}
	}
	t.Logf("without NATS all came within %v", time.Since(began))
	a.must(200, request{method: "GET", path: "/readyz"})

	if err := c.nats.Start(); err != nil {
		t.Fatal(err)
	}
	c.meet()
	right.until("all look for what they missed", func(e wire.Envelope) bool { return e.Ev == wire.EvResync })
	eventually(t, "messages come at once again", func() bool {
		text := fmt.Sprintf("다시 %d.", time.Now().UnixNano())
		began := time.Now()
		boss.say(room, text)
		return right.until("a message", says(text)).Sub(began) < 500*time.Millisecond
	})
	if n, _ := right.find(says("늦게")); n != 1 {
		t.Errorf("the message came %d times", n)
	}
}

func TestSignInDelaysHoldOnEveryServer(t *testing.T) {
	c := startNodes(t, 2)
	c.base.RateLimits = "on"
	a, b := start(t, c.settings()), start(t, c.settings())
	a.owner("boss")
	wrong := func(s *server) int {
		body := wire.LoginRequest{Username: "boss", Password: "Wrong password 1"}
		return s.do(request{method: "POST", path: "/api/login", body: body}).status
	}
	for i := range 5 {
		if got := wrong([]*server{a, b}[i%2]); got != 401 {
			t.Fatalf("try %d: %d", i, got)
		}
	}
	if x, y := wrong(a), wrong(b); x != 429 || y != 429 {
		t.Errorf("after five wrong tries on two servers: %d and %d", x, y)
	}
	fresh := start(t, c.settings())
	if got := wrong(fresh); got != 401 && got != 429 {
		t.Errorf("a new server: %d", got)
	}
	if x, y := wrong(fresh), wrong(a); x != 429 || y != 429 {
		t.Errorf("after one more on a new server: %d and %d", x, y)
	}
}

func TestOneServerDoesTheJobsAndAnotherFollows(t *testing.T) {
	c := startNodes(t, 3)
	leaders := func() (list []int) {
		for i, s := range c.nodes {
			if s.Leads() {
				list = append(list, i)
			}
		}
		return list
	}
	eventually(t, "one does the jobs", func() bool { return len(leaders()) == 1 })
	first := leaders()[0]
	began := time.Now()
	c.nodes[first].stop()
	eventually(t, "another follows", func() bool { l := leaders(); return len(l) == 1 && l[0] != first })
	t.Logf("another server does the jobs after %v", time.Since(began))
}

func TestAServerWithOtherKeysIsRefused(t *testing.T) {
	c := startNodes(t, 1)
	other := c.settings()
	other.SecretFile = filepath.Join(t.TempDir(), "secret.key")
	_, err := app.New(context.Background(), app.Options{Config: other, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "secret.key") {
		t.Fatalf("got %v", err)
	}
}

func TestAnUploadGoesOnAtAnotherServer(t *testing.T) {
	c := startNodes(t, 2)
	a, b := c.nodes[0], c.nodes[1]
	a.owner("boss")
	boss := a.login("boss")
	at := boss.with(newUpload("x.txt", 6, "")).header.Get("Location")
	part := func(p person, offset, body string) answer {
		return p.with(request{method: "PATCH", path: at, body: body, header: tusWith("Upload-Offset", offset, "Content-Type", tusBody)})
	}
	if got := part(boss, "0", "안"); got.status != 204 {
		t.Fatalf("the beginning: %d %s", got.status, got.body)
	}
	elsewhere := boss.at(b)
	if got := elsewhere.with(request{method: "HEAD", path: at, header: tusWith()}); got.header.Get("Upload-Offset") != "3" {
		t.Fatalf("the other server: %d %v", got.status, got.header)
	}
	if got := part(elsewhere, "3", "녕"); got.status != 204 {
		t.Fatalf("the end: %d %s", got.status, got.body)
	}
	eventually(t, "the file is ready", func() bool {
		var st wire.FileStatus
		boss.get("/api/files/"+strings.TrimPrefix(at, "/api/uploads/"), &st)
		return st.State == wire.FileReady
	})
}
