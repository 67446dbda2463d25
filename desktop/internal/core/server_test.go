package core_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

// server is a small Hi_Msg server for tests: real HTTP, a real WebSocket, the protocol's rules for a few rooms and one
// person, and knobs for what can go wrong.
type server struct {
	audit   http.HandlerFunc // answers about the record of administrative acts
	t       testing.TB
	http    *httptest.Server
	gate    *gate
	gone    sync.WaitGroup
	me      wire.Me
	people  []wire.Profile
	mu      sync.Mutex
	rooms   map[string]*srvRoom
	order   []string // client_ids in the order of arrival, repeats included
	nextID  int64
	sockets map[*srvSocket]bool
	status  wire.RegisterStatusReply
	pending []wire.PendingUser
	logins  int
	revoked wire.Reason // tokens are refused with it
	epoch   int64
	named   int // how many rooms the last sync named

	welcomes int

	dropReply   func(op wire.Op) bool                // the request is done, the reply lost with the connection
	refuse      func(r wire.SendRequest) *wire.Error // answer instead of storing
	mute        bool                                 // store, but send no events
	eventFirst  bool                                 // the sender's event goes out before the reply
	presenceOps []wire.PresenceState
	tellsNames  bool // it is older than presence by number

	ops          []wire.Request // those of server_ops_test.go
	histories    int
	searchSleeps bool          // no answer
	during       func(wire.Op) // happens between the answer's making and its sending
	calls        []string      // about groups
	dropCalls    int           // replies to them that are lost
	refuseCall   *wire.HTTPError
	pictures     map[string][]byte
	pictureGets  int
	files        srvFiles
	resets       srvResets
	account      srvAccount
	browser      srvBrowser
	noLogin      bool // nobody is let in
	admin        srvAdmin
	notices      srvNotices
}

type srvRoom struct {
	summary  wire.RoomSummary
	messages []wire.Message
	hidden   map[int64]bool // for me
	cursors  map[string]int64
	reads    int // how many read ops arrived
}

type srvSocket struct {
	conn *websocket.Conn
	mu   sync.Mutex
}

const (
	me    = "00000000-0000-7000-8000-00000000000a"
	other = "00000000-0000-7000-8000-00000000000b"
	third = "00000000-0000-7000-8000-00000000000c"
	roomA = "00000000-0000-7000-8000-000000000001"
	roomB = "00000000-0000-7000-8000-000000000002"
)

func newServer(t testing.TB) *server {
	t.Helper()
	s := &server{
		t: t, rooms: map[string]*srvRoom{}, sockets: map[*srvSocket]bool{}, nextID: 100,
		me: wire.Me{UUID: me, Name: "김민지", Username: "minji", Role: wire.RoleUser},
		people: []wire.Profile{
			{UserUUID: me, Number: 1, Name: "김민지", Username: "minji", State: wire.UserActive, Role: wire.RoleUser, Rev: 1},
			{UserUUID: other, Number: 2, Name: "이준호", Username: "junho", State: wire.UserActive, Role: wire.RoleUser, Rev: 2},
			{UserUUID: third, Number: 300, Name: "박서연", Username: "seoyeon", State: wire.UserActive, Role: wire.RoleUser, Rev: 3},
		},
		status: wire.RegisterStatusReply{State: wire.UserPending},
	}
	s.addRoom(roomA, wire.RoomDirect, "")
	s.addRoom(roomB, wire.RoomGroup, "기획팀")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.gate = &gate{Listener: listener, conns: map[net.Conn]bool{}}
	s.http = httptest.NewUnstartedServer(s.routes())
	_ = s.http.Listener.Close()
	s.http.Listener = s.gate
	s.http.Start()
	t.Cleanup(func() {
		s.gate.set(false)
		s.http.Close()
		s.gone.Wait()
	})
	return s
}

// gate is the network: while it is shut, connections break and none is made.
type gate struct {
	net.Listener
	mu    sync.Mutex
	shut  bool
	conns map[net.Conn]bool
}

func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g.mu.Lock()
		shut := g.shut
		if !shut {
			g.conns[c] = true
		}
		g.mu.Unlock()
		if !shut {
			return c, nil
		}
		_ = c.Close()
	}
}

func (g *gate) set(open bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = !open
	if g.shut {
		for c := range g.conns {
			_ = c.Close()
		}
		clear(g.conns)
	}
}

func (s *server) address() string { return "http://" + s.gate.Addr().String() }

func (s *server) addRoom(id string, kind wire.RoomKind, name string) *srvRoom {
	r := &srvRoom{
		summary: wire.RoomSummary{
			RoomUUID: id, Kind: kind, Name: name, Members: []string{me, other}, MemberCount: 2,
			My: &wire.My{Role: wire.RoomMember},
		},
		cursors: map[string]int64{me: 0, other: 0}, hidden: map[int64]bool{},
	}
	if kind == wire.RoomDirect {
		r.summary.Other = &s.people[1]
	}
	s.rooms[id] = r
	return r
}

// say stores a message of somebody, and tells of it unless mute.
func (s *server) say(room, sender, text string) wire.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.store(room, sender, "said-"+text, text)
	s.tell(wire.EvMessage, m)
	return m
}

// mention is say for a message that mentions me.
func (s *server) mention(room, sender, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store(room, sender, "said-"+text, text)
	m := &s.rooms[room].messages[len(s.rooms[room].messages)-1]
	m.Mentions = []string{me}
	s.tell(wire.EvMessage, *m)
}

// sayAt is say for a message of another time.
func (s *server) sayAt(room, sender, text string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store(room, sender, "said-"+text, text)
	r := s.rooms[room]
	m := &r.messages[len(r.messages)-1]
	m.Timestamp = wire.TimeOf(at)
	r.summary.LastMessage = m
	s.tell(wire.EvMessage, *m)
}

func (s *server) store(room, sender, clientID, text string) wire.Message {
	r := s.rooms[room]
	s.nextID++
	r.summary.LastSeq++
	r.summary.Rev++
	m := wire.Message{
		MessageID: s.nextID, RoomUUID: room, Seq: r.summary.LastSeq, Rev: r.summary.Rev, Kind: wire.MessageUser,
		SenderUUID: sender, ClientID: clientID, Text: text, Timestamp: wire.TimeOf(time.Now()),
	}
	r.messages = append(r.messages, m)
	r.summary.LastMessage = &m
	r.cursors[sender] = m.Seq
	if sender == me {
		r.summary.My.Rev++
	}
	return m
}

func (s *server) remove(room string, seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[room]
	r.summary.Rev++
	m := &r.messages[seq-1]
	at := wire.TimeOf(time.Now())
	m.DeletedAt, m.Text, m.Rev = &at, "", r.summary.Rev
	s.tell(wire.EvMessage, *m)
}

func (s *server) tell(ev wire.Ev, data any) {
	if s.mute {
		return
	}
	for socket := range s.sockets {
		socket.write(wire.Envelope{Ev: ev, D: raw(data)})
	}
}

func (s *server) event(ev wire.Ev, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(ev, data)
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func (s *srvSocket) write(e wire.Envelope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.conn.WriteJSON(e)
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	answer := func(pattern string, fn func(*http.Request) (any, int)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			out, status := fn(r)
			s.mu.Unlock()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(out)
		})
	}
	pair := func() wire.LoginReply {
		s.logins++
		n := strconv.Itoa(s.logins)
		return wire.LoginReply{Token: "access" + n, RefreshToken: "refresh" + n, ExpiresIn: 600, User: s.me, IsAdmin: s.me.IsAdmin}
	}
	unauthenticated := func(reason wire.Reason) (any, int) {
		return wire.HTTPError{Error: "no", Code: wire.Unauthenticated, Reason: reason}, http.StatusUnauthorized
	}
	answer("GET /api/server", func(*http.Request) (any, int) {
		return wire.ServerInfo{
			Name: "하이상사", Version: "9.9", Protocol: wire.Subprotocol, ServerTime: wire.TimeOf(time.Now()),
			SignIn: wire.SignInWays{Browser: true, BrowserName: "사내 로그인"},
		}, 200
	})
	answer("POST /api/login", func(r *http.Request) (any, int) {
		var in wire.LoginRequest
		_ = json.NewDecoder(r.Body).Decode(&in)
		if s.noLogin || in.Password != "right password" && in.Password != s.resets.password {
			return unauthenticated(wire.ReasonBadCredentials)
		}
		s.revoked = ""
		return pair(), 200
	})
	answer("POST /api/token/refresh", func(*http.Request) (any, int) {
		if s.revoked != "" {
			return unauthenticated(s.revoked)
		}
		p := pair()
		return wire.RefreshReply{Token: p.Token, RefreshToken: p.RefreshToken, ExpiresIn: 600}, 200
	})
	answer("POST /api/logout", func(*http.Request) (any, int) {
		s.revoked = wire.ReasonSessionRevoked
		return wire.MessageReply{}, 200
	})
	answer("PUT /api/users/me/password", func(*http.Request) (any, int) { return wire.MessageReply{}, 200 })
	answer("POST /api/register", func(*http.Request) (any, int) {
		return wire.RegisterReply{RegisterToken: "register-secret"}, 201
	})
	answer("POST /api/register/status", func(r *http.Request) (any, int) {
		var in wire.RegisterStatusRequest
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in.RegisterToken != "register-secret" {
			return wire.HTTPError{Error: "no", Code: wire.NotFound}, 404
		}
		return s.status, 200
	})
	answer("GET /api/pending-users", func(*http.Request) (any, int) {
		if !s.me.IsAdmin {
			return wire.HTTPError{Error: "no", Code: wire.Forbidden}, 403
		}
		return s.pending, 200
	})
	answer("GET /api/departments", func(*http.Request) (any, int) { return []string{"기획팀"}, 200 })
	answer("GET /api/directory", func(r *http.Request) (any, int) {
		after, _ := strconv.ParseInt(r.URL.Query().Get("after_rev"), 10, 64)
		page := wire.DirectoryPage{Rev: 3, Users: []wire.Profile{}, Departments: []wire.Department{}}
		for _, p := range s.people {
			if p.Rev > after {
				page.Users = append(page.Users, p)
			}
		}
		return page, 200
	})
	answer("POST /api/direct-rooms", func(r *http.Request) (any, int) {
		var in wire.OpenDirectRequest
		_ = json.NewDecoder(r.Body).Decode(&in)
		id := strings.Replace(in.ReceiverUUID, "0000-7000", "0001-7000", 1)
		room := s.addRoom(id, wire.RoomDirect, "")
		room.summary.Rev, room.summary.Members = 1, []string{me, in.ReceiverUUID}
		s.tell(wire.EvRoom, room.summary)
		return wire.CreateRoomReply{RoomUUID: id}, 200
	})
	mux.HandleFunc("GET /ws", s.serveSocket)
	s.groupRoutes(mux)
	s.fileRoutes(mux)
	s.resetRoutes(mux)
	s.accountRoutes(mux)
	s.browserRoutes(mux, pair)
	s.adminRoutes(mux)
	s.noticeRoutes(mux)
	mux.HandleFunc("GET /api/admin/audit", s.serveAudit)
	mux.HandleFunc("GET /api/admin/audit/{what}", s.serveAudit)
	return mux
}

func (s *server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	revoked := s.revoked
	s.mu.Unlock()
	if revoked != "" || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer access") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_ = json.NewEncoder(w).Encode(wire.HTTPError{Error: "no", Code: wire.Unauthenticated, Reason: revoked})
		return
	}
	upgrader := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s.gone.Add(1)
	defer s.gone.Done()
	defer func() { _ = conn.Close() }()
	socket := &srvSocket{conn: conn}
	s.mu.Lock()
	s.sockets[socket] = true
	s.welcomes++
	socket.write(wire.Envelope{Ev: wire.EvWelcome, D: raw(wire.Welcome{
		SessionUUID: "s", Epoch: s.epoch, User: s.people[0], ServerTime: wire.TimeOf(time.Now()), Version: "9.9",
		Limits: wire.Limits{MaxFileBytes: 64 << 20, FileTypes: wire.UsualFileTypes},
	})})
	there := wire.Presence{Full: true}
	if r.Header.Get(wire.PresenceHeader) == wire.PresenceNumbers && !s.tellsNames {
		there.Active = wire.Numbers{2}
	} else {
		there.Users = []wire.UserPresence{{UserUUID: other, State: wire.PresenceActive}}
	}
	socket.write(wire.Envelope{Ev: wire.EvPresence, D: raw(there)})
	s.mu.Unlock()
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			break
		}
		requests, err := wire.DecodeRequests(frame)
		if err != nil {
			break
		}
		for _, req := range requests {
			s.request(socket, req)
		}
	}
	s.mu.Lock()
	delete(s.sockets, socket)
	s.mu.Unlock()
}

func (s *server) request(socket *srvSocket, req wire.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply, refusal, after := s.handle(req)
	if s.during != nil {
		s.during(req.Op)
	}
	if s.eventFirst && after != nil {
		after()
		after = nil
	}
	if s.dropReply != nil && s.dropReply(req.Op) {
		_ = socket.conn.Close()
		return
	}
	if refusal != nil {
		socket.write(wire.Envelope{Re: req.ID, Err: refusal})
		return
	}
	if reply == nil {
		return // no answer
	}
	socket.write(wire.Envelope{Re: req.ID, D: raw(reply)})
	if after != nil {
		after()
	}
}

func decode[T any](req wire.Request) T {
	var v T
	if err := json.Unmarshal(req.D, &v); err != nil {
		panic(err)
	}
	return v
}

func (s *server) handle(req wire.Request) (reply any, refusal *wire.Error, after func()) {
	var in struct {
		RoomUUID string `json:"room_uuid"`
	}
	_ = json.Unmarshal(req.D, &in)
	if in.RoomUUID != "" && s.rooms[in.RoomUUID] == nil && req.Op != wire.OpSend {
		return nil, &wire.Error{Code: wire.NotFound, Message: "no such room"}, nil
	}
	switch req.Op {
	case wire.OpSync:
		return s.sync(decode[wire.SyncRequest](req)), nil, nil
	case wire.OpChanges:
		return s.changes(decode[wire.ChangesRequest](req)), nil, nil
	case wire.OpHistory:
		return s.history(decode[wire.HistoryRequest](req)), nil, nil
	case wire.OpSend:
		return s.send(decode[wire.SendRequest](req))
	case wire.OpRead:
		in := decode[wire.ReadRequest](req)
		r := s.rooms[in.RoomUUID]
		r.reads++
		r.cursors[me] = max(r.cursors[me], in.Seq)
		r.summary.My.LastReadSeq = r.cursors[me]
		r.summary.My.Rev++
		return wire.ReadReply{LastReadSeq: r.cursors[me]}, nil, nil
	case wire.OpReads:
		out := wire.ReadsReply{}
		r := s.rooms[in.RoomUUID]
		for _, id := range r.summary.Members {
			out.Reads = append(out.Reads, wire.MemberRead{UserUUID: id, LastReadSeq: r.cursors[id]})
		}
		return out, nil, nil
	case wire.OpPresence:
		s.presenceOps = append(s.presenceOps, decode[wire.PresenceRequest](req).State)
	default:
		return s.more(req)
	}
	return wire.Empty{}, nil, nil
}

func (s *server) summary(r *srvRoom) wire.RoomSummary {
	out := r.summary
	my := *out.My
	my.LastReadSeq = r.cursors[me]
	out.My = &my
	return out
}

func (s *server) sync(in wire.SyncRequest) wire.SyncReply {
	s.named = len(in.Rooms)
	out := wire.SyncReply{Rooms: []wire.RoomSummary{}, Removed: []string{}, DirectoryRev: 3}
	for id, r := range s.rooms {
		if held, ok := in.Rooms[id]; !ok || held[0] != r.summary.Rev || held[1] != r.summary.My.Rev {
			out.Rooms = append(out.Rooms, s.summary(r))
		}
	}
	for id := range in.Rooms {
		if s.rooms[id] == nil {
			out.Removed = append(out.Removed, id)
		}
	}
	return out
}

func (s *server) changes(in wire.ChangesRequest) wire.ChangesReply {
	r := s.rooms[in.RoomUUID]
	out := wire.ChangesReply{Messages: []wire.Message{}, Rev: r.summary.Rev}
	for _, m := range r.messages {
		if m.Rev > in.AfterRev {
			out.Messages = append(out.Messages, m)
		}
	}
	slices.SortFunc(out.Messages, func(a, b wire.Message) int { return int(a.Rev - b.Rev) })
	return out
}

func (s *server) send(in wire.SendRequest) (reply any, refusal *wire.Error, after func()) {
	s.order = append(s.order, in.ClientID)
	if s.refuse != nil {
		if e := s.refuse(in); e != nil {
			return nil, e, nil
		}
	}
	r := s.rooms[in.RoomUUID]
	if r == nil {
		return nil, &wire.Error{Code: wire.NotFound, Message: "no such room"}, nil
	}
	for _, m := range r.messages {
		if m.ClientID == in.ClientID && m.SenderUUID == me {
			return sendReply(m, true), nil, nil
		}
	}
	if _, source := s.byID(in.ForwardedFrom); source != nil {
		in.Text = source.Text
	}
	s.store(in.RoomUUID, me, in.ClientID, in.Text)
	last := &r.messages[len(r.messages)-1]
	last.Mentions, last.MentionAll, last.ForwardedFrom, last.ReplyToSeq = in.Mentions, in.MentionAll, in.ForwardedFrom, in.ReplyToSeq
	s.attach(last, in.FileIDs)
	m := *last
	return sendReply(m, false), nil, func() { s.tell(wire.EvMessage, m) }
}

func sendReply(m wire.Message, again bool) wire.SendReply {
	return wire.SendReply{
		MessageID: m.MessageID, RoomUUID: m.RoomUUID, Seq: m.Seq, Rev: m.Rev, Timestamp: m.Timestamp, Duplicate: again,
	}
}

// texts are what the server holds of a room.
func (s *server) texts(room string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{}
	for _, m := range s.rooms[room].messages {
		out = append(out, m.Text)
	}
	return out
}

func (s *server) with(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn()
}
