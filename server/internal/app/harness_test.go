package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/internal/admin"
	"himsg/server/internal/app"
	"himsg/server/internal/auth"
	"himsg/server/internal/config"
	"himsg/server/internal/ops"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

const password = "길고 좋은 비밀번호 42"

// server is a whole server that runs on a loopback port.
type server struct {
	*app.App
	t    testing.TB
	c    config.Serve
	log  *logBuffer
	bare *sql.DB // its database, behind its back
	stop func()

	hashOnce sync.Once
	hash     string
}

// logBuffer keeps what the server logged.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns the log.
func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// settings are those of a server for tests: a port of its own, no limits.
func settings(t testing.TB, database string) config.Serve {
	return config.Serve{
		Store:  config.Store{Data: filepath.Join(t.TempDir(), "data"), Database: database, LogFormat: "text"},
		Listen: "127.0.0.1:0", RateLimits: "off", CompanyName: "하이컴퍼니",
	}
}

// start runs a server until the test ends.
func start(t testing.TB, c config.Serve) *server {
	t.Helper()
	return startAt(t, c, time.Now)
}

func startAt(t testing.TB, c config.Serve, now func() time.Time) *server {
	t.Helper()
	return startWith(t, app.Options{Config: c, Now: now})
}

// startWith runs a server with options of its own; its log is kept.
func startWith(t testing.TB, o app.Options) *server {
	t.Helper()
	c := o.Config
	s := &server{t: t, c: c, log: &logBuffer{}}
	if c.Database == "" {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			t.Fatal(err)
		}
		storetest.Blank(t, c.Data)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	o.Logger = ops.Logger(s.log, c.LogFormat)
	if s.App, err = app.New(ctx, o); err != nil {
		cancel()
		t.Fatalf("new: %v", err)
	}
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ran:
			if err := errors.Join(err, s.Close()); err != nil {
				t.Errorf("run: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Error("the server does not stop")
		}
	})
	t.Cleanup(s.stop)
	s.bare = openBare(t, c)
	return s
}

func openBare(t testing.TB, c config.Serve) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite3", "file:"+filepath.Join(c.Data, "himsg.db")
	if c.Database != "" {
		driver, dsn = "mysql", strings.TrimPrefix(c.Database, "mysql://")
	}
	bare, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	bare.SetMaxIdleConns(0)
	t.Cleanup(func() { _ = bare.Close() })
	return bare
}

// onBoth runs a test on a server with SQLite and on one with MariaDB.
func onBoth(t *testing.T, run func(t *testing.T, s *server)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, start(t, settings(t, ""))) })
	t.Run("mariadb", func(t *testing.T) { run(t, start(t, settings(t, storetest.SharedMariaDB(t).URL(t)))) })
}

// owner makes an owner as the command line does, beside the running server.
func (s *server) owner(username string) {
	s.t.Helper()
	ctx := context.Background()
	s.hashOnce.Do(func() {
		var err error
		if s.hash, err = auth.NewHasher(1).Hash(ctx, password); err != nil {
			s.t.Fatal(err)
		}
	})
	log := slog.New(slog.DiscardHandler)
	data, err := app.OpenData(ctx, s.c.Store, log)
	if err != nil {
		s.t.Fatal(err)
	}
	defer data.DB.Close()
	_, err = app.Administration(data, log).CreateOwner(ctx, admin.NewOwner{
		Username: username, Name: "김대표", EmployeeID: "A-" + username, PasswordHash: s.hash,
	})
	if err != nil {
		s.t.Fatalf("create owner: %v", err)
	}
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
}

// refusal is the error body; its code is empty for an answer that is none.
func (a answer) refusal() wire.HTTPError {
	var e wire.HTTPError
	_ = json.Unmarshal(a.body, &e) // a success has no error body
	return e
}

// request describes a call; body is encoded as JSON unless it is a string or nil.
type request struct {
	method, path, token string
	body                any
	header              http.Header
}

func (s *server) do(r request) answer {
	s.t.Helper()
	var body io.Reader
	switch b := r.body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(context.Background(), r.method, "http://"+s.Addr()+r.path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if r.header != nil {
		req.Header = r.header
	}
	if body != nil && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	return answer{resp.StatusCode, resp.Header, got}
}

func (s *server) must(want int, r request) answer {
	s.t.Helper()
	a := s.do(r)
	if a.status != want {
		s.t.Fatalf("%s %s: %d %s, want %d", r.method, r.path, a.status, a.body, want)
	}
	return a
}

func form(tag string) wire.RegisterRequest {
	return wire.RegisterRequest{
		Name: "이" + tag, EmployeeID: "E-" + tag, BirthDate: "1990-02-28", Position: "팀원", Grade: "대리",
		Department: "개발1팀", Email: tag + "@example.com", Username: tag, Password: password,
	}
}

// person is somebody who signed in.
type person struct {
	s     *server
	id    int64
	uuid  string
	token string
	in    wire.LoginReply
}

func (s *server) login(username string) person {
	s.t.Helper()
	p := person{s: s}
	s.must(200, request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: username, Password: password}}).
		decode(s.t, &p.in)
	p.uuid, p.token = p.in.User.UUID, p.in.Token
	row := s.bare.QueryRowContext(context.Background(), "select id from users where user_uuid = ?", p.uuid)
	if err := row.Scan(&p.id); err != nil {
		s.t.Fatal(err)
	}
	return p
}

// signUp registers somebody and returns the account's id.
func (s *server) signUp(username string) int64 {
	s.t.Helper()
	s.must(201, request{method: "POST", path: "/api/register", body: form(username)})
	var id int64
	row := s.bare.QueryRowContext(context.Background(), "select id from users where username_key = ?", username)
	if err := row.Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// join registers somebody, lets boss approve it, and signs in.
func (s *server) join(boss person, username string) person {
	s.t.Helper()
	s.must(200, request{method: "PUT", path: fmt.Sprintf("/api/approve-user/%d", s.signUp(username)), token: boss.token})
	return s.login(username)
}

func (s *server) exec(query string, args ...any) {
	s.t.Helper()
	if _, err := s.bare.ExecContext(context.Background(), query, args...); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

// get and post are calls that must succeed.
func (p person) get(path string, into any) {
	p.s.t.Helper()
	p.s.must(200, request{method: "GET", path: path, token: p.token}).decode(p.s.t, into)
}

func (p person) room(members ...person) (roomUUID string) {
	p.s.t.Helper()
	in := wire.CreateRoomRequest{Name: "방"}
	for _, m := range members {
		in.Members = append(in.Members, m.uuid)
	}
	var out wire.CreateRoomReply
	p.s.must(201, request{method: "POST", path: "/api/create-chat-room", token: p.token, body: in}).decode(p.s.t, &out)
	return out.RoomUUID
}

func (p person) say(roomUUID, text string) wire.PostMessageReply {
	p.s.t.Helper()
	var out wire.PostMessageReply
	p.s.must(201, request{
		method: "POST", path: "/api/messages", token: p.token, body: wire.PostMessageRequest{RoomUUID: roomUUID, Text: text},
	}).decode(p.s.t, &out)
	return out
}

// dial opens a WebSocket; refused is the status of the answer when there is none.
func (s *server) dial(token string) (socket *websocket.Conn, refused int) {
	s.t.Helper()
	d := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: 10 * time.Second}
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	socket, resp, err := d.DialContext(context.Background(), "ws://"+s.Addr()+"/ws", header)
	if err != nil {
		if resp == nil {
			s.t.Fatalf("dial: %v", err)
		}
		_ = resp.Body.Close()
		return nil, resp.StatusCode
	}
	s.t.Cleanup(func() { _ = socket.Close() })
	return socket, 0
}

// ask sends a request and returns its reply, reading over events.
func (s *server) ask(socket *websocket.Conn, op wire.Op, d any) wire.Envelope {
	s.t.Helper()
	data, err := json.Marshal(d)
	if err == nil {
		err = socket.WriteJSON(wire.Request{ID: 1, Op: op, D: data})
	}
	if err == nil {
		err = socket.SetReadDeadline(time.Now().Add(20 * time.Second))
	}
	for err == nil {
		var frame []byte
		var list []wire.Envelope
		if _, frame, err = socket.ReadMessage(); err != nil {
			break
		}
		list, err = wire.DecodeEnvelopes(frame)
		for _, e := range list {
			if e.Re == 1 {
				return e
			}
		}
	}
	s.t.Fatalf("%s: %v", op, err)
	return wire.Envelope{}
}

func mariaURL(t testing.TB) string {
	t.Helper()
	return storetest.SharedMariaDB(t).URL(t)
}
