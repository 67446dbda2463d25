package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"himsg/server/internal/ws"
	"himsg/shared/wire"
)

// This file is the authorisation matrix: every HTTP route and every WebSocket operation × every kind of caller. A
// route or operation that is not in the tables fails the test; so does a table's line without a route.

// role is a kind of caller, as he stands to the room and message of a request.
type role string

const (
	nobody   role = "nobody"
	pending  role = "pending"
	rejected role = "rejected"
	disabled role = "disabled"
	user     role = "user"   // no member of the room
	former   role = "former" // left the room
	member   role = "member"
	sender   role = "sender"  // member who wrote the message
	creator  role = "creator" // the room's owner
	auditor  role = "auditor" // no member
	manager  role = "admin"   // no member
	chief    role = "owner"   // of the company; no member
)

var roles = []role{nobody, pending, rejected, disabled, user, former, member, sender, creator, auditor, manager, chief}

// cell is what a caller gets: "ok" or status and code of the refusal.
type cell string

const (
	ok        cell = "ok"
	unknown   cell = "404"
	forbidden cell = "403"
	signIn    cell = "401"
)

// The usual lines. What a role has no entry for is `otherwise`.
type rule struct {
	otherwise cell
	except    map[role]cell
}

func (r rule) of(who role) cell {
	if c, exact := r.except[who]; exact {
		return c
	}
	return r.otherwise
}

func except(otherwise cell, c cell, who ...role) rule {
	r := rule{otherwise, map[role]cell{}}
	for _, one := range who {
		r.except[one] = c
	}
	return r
}

func (r rule) and(c cell, who ...role) rule {
	for _, one := range who {
		r.except[one] = c
	}
	return r
}

// signedOut have no session that holds. The last three hold an access token with a good signature all the same.
var signedOut = []role{nobody, pending, rejected, disabled}

var outsiders = []role{user, former, auditor, manager, chief}

func anyone() rule       { return rule{otherwise: ok} }
func signedIn() rule     { return except(ok, signIn, signedOut...) }
func members() rule      { return signedIn().and(unknown, outsiders...) }
func roomOwners() rule   { return members().and(forbidden, member, sender) }
func admins() rule       { return except(forbidden, signIn, signedOut...).and(ok, manager, chief) }
func membersOr403() rule { return signedIn().and(forbidden, outsiders...) }

// scene is what a request is about, made anew for each cell.
type scene struct {
	m       *matrix
	room    string
	message int64
	waiting int64 // id of a pending sign-up
	who     person
	role    role
}

type route struct {
	name string // as chi names it, with a remark behind a blank
	rule rule
	req  func(s *scene) request
}

func get(path string) func(*scene) request {
	return func(*scene) request { return request{method: "GET", path: path} }
}

var routeTable = []route{
	{"GET /healthz", anyone(), get("/healthz")},
	{"GET /readyz", anyone(), get("/readyz")},
	{"GET /metrics", anyone(), get("/metrics")}, // from this machine; others: TestMetricsAreForThisMachine
	{"GET /api/openapi.json", anyone(), get("/api/openapi.json")},
	{"GET /api/server", anyone(), get("/api/server")},
	{"GET /", anyone(), get("/")},
	{"GET /download", anyone(), get("/download")},
	{"GET /download/{sequence}/{name}", anyone(), func(s *scene) request {
		return request{method: "GET", path: "/download/1/" + s.m.release()}
	}},
	{"GET /api/update", anyone(), func(s *scene) request {
		s.m.release()
		return request{method: "GET", path: "/api/update"}
	}},
	{"GET /api/departments", anyone(), get("/api/departments")},
	{"POST /api/register", anyone(), func(*scene) request {
		f := form("n" + uuid.NewString()[:13])
		return request{method: "POST", path: "/api/register", body: f}
	}},
	{"POST /api/register/status", anyone(), func(s *scene) request {
		return request{method: "POST", path: "/api/register/status", body: wire.RegisterStatusRequest{RegisterToken: s.m.watch}}
	}},
	{"POST /api/login", anyone(), func(*scene) request {
		return request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "boss", Password: password}}
	}},
	{"POST /api/sign-in/begin (there is no sign-in server)", except(unknown, unknown), func(*scene) request {
		return request{method: "POST", path: "/api/sign-in/begin", body: wire.BrowserBeginRequest{}}
	}},
	{"POST /api/sign-in/finish (there is no sign-in server)", except(unknown, unknown), func(*scene) request {
		return request{method: "POST", path: "/api/sign-in/finish", body: wire.BrowserFinishRequest{}}
	}},
	{"POST /api/token/refresh", anyone(), func(s *scene) request {
		fresh := s.m.s.login("boss")
		return request{method: "POST", path: "/api/token/refresh", body: wire.RefreshRequest{RefreshToken: fresh.in.RefreshToken}}
	}},
	{"GET /api/users", signedIn(), get("/api/users")},
	{"GET /api/users/me", signedIn(), get("/api/users/me")},
	{"PUT /api/users/me/password", signedIn(), func(s *scene) request {
		return request{method: "PUT", path: "/api/users/me/password", body: wire.PasswordRequest{CurrentPassword: password, NewPassword: password}}
	}},
	{"GET /api/directory", signedIn(), get("/api/directory")},
	{"GET /api/messages/{other_uuid}", signedIn(), func(s *scene) request {
		return request{method: "GET", path: "/api/messages/" + s.m.people[manager].uuid}
	}},
	{"POST /api/messages (to a room)", members(), func(s *scene) request {
		return request{method: "POST", path: "/api/messages", body: wire.PostMessageRequest{RoomUUID: s.room, Text: "x"}}
	}},
	{"POST /api/messages (to a person)", signedIn(), func(s *scene) request {
		return request{method: "POST", path: "/api/messages", body: wire.PostMessageRequest{ReceiverUUID: s.m.boss.uuid, Text: "x"}}
	}},
	{"DELETE /api/messages/{message_id}", deletes(), deleting("/api/messages/")},
	{"DELETE /api/delete-message/{message_id}", deletes(), deleting("/api/delete-message/")},
	{"GET /api/chat-rooms", signedIn(), get("/api/chat-rooms")},
	{"POST /api/create-chat-room", signedIn(), func(s *scene) request {
		return request{method: "POST", path: "/api/create-chat-room", body: wire.CreateRoomRequest{
			Members: []string{s.m.boss.uuid, s.m.people[user].uuid, s.m.people[member].uuid},
		}}
	}},
	{"POST /api/direct-rooms", signedIn(), func(s *scene) request {
		return request{method: "POST", path: "/api/direct-rooms", body: wire.OpenDirectRequest{ReceiverUUID: s.m.boss.uuid}}
	}},
	{"GET /api/chat-rooms/{room_uuid}", members(), func(s *scene) request {
		return request{method: "GET", path: "/api/chat-rooms/" + s.room}
	}},
	{"POST /api/chat-rooms/{room_uuid}/mark-read", membersOr403(), func(s *scene) request {
		return request{method: "POST", path: "/api/chat-rooms/" + s.room + "/mark-read"}
	}},
	{"DELETE /api/delete-chat-room/{id} (leave)", membersOr403(), func(s *scene) request {
		return request{method: "DELETE", path: "/api/delete-chat-room/" + s.room}
	}},
	{"DELETE /api/delete-chat-room/{id} (for all)", membersOr403().and(forbidden, member, sender), func(s *scene) request {
		return request{method: "DELETE", path: "/api/delete-chat-room/" + s.room + "?for=all"}
	}},
	{"PUT /api/chat-rooms/{room_uuid}", roomOwners(), func(s *scene) request {
		name, history := "새 이름", wire.HistoryAll
		return request{method: "PUT", path: "/api/chat-rooms/" + s.room, body: wire.UpdateRoomRequest{Name: &name, History: &history}}
	}},
	{"GET /api/chat-rooms/{room_uuid}/members", members(), func(s *scene) request {
		return request{method: "GET", path: "/api/chat-rooms/" + s.room + "/members"}
	}},
	{"POST /api/chat-rooms/{room_uuid}/members", members(), func(s *scene) request {
		return request{method: "POST", path: "/api/chat-rooms/" + s.room + "/members", body: wire.InviteRequest{Members: []string{s.m.boss.uuid}}}
	}},
	{"PUT /api/chat-rooms/{room_uuid}/members/{user_uuid}", roomOwners(), func(s *scene) request {
		return request{method: "PUT", path: "/api/chat-rooms/" + s.room + "/members/" + s.m.people[member].uuid, body: wire.MemberRoleRequest{Role: wire.RoomOwner}}
	}},
	{"DELETE /api/chat-rooms/{room_uuid}/members/{user_uuid}", roomOwners(), func(s *scene) request {
		return request{method: "DELETE", path: "/api/chat-rooms/" + s.room + "/members/" + s.m.people[member].uuid}
	}},
	{"PUT /api/chat-rooms/{room_uuid}/picture", roomOwners(), func(s *scene) request {
		return request{method: "PUT", path: "/api/chat-rooms/" + s.room + "/picture", body: smallPNG}
	}},
	{"DELETE /api/chat-rooms/{room_uuid}/picture", roomOwners(), func(s *scene) request {
		return request{method: "DELETE", path: "/api/chat-rooms/" + s.room + "/picture"}
	}},
	{"GET /api/pictures/{picture_uuid}", members(), func(s *scene) request {
		return request{method: "GET", path: "/api/pictures/" + s.picture()}
	}},
	{"GET /api/pending-users", admins(), get("/api/pending-users")},
	{"PUT /api/approve-user/{id}", admins(), func(s *scene) request {
		return request{method: "PUT", path: fmt.Sprint("/api/approve-user/", s.waiting)}
	}},
	{"PUT /api/reject-user/{id}", admins(), func(s *scene) request {
		return request{method: "PUT", path: fmt.Sprint("/api/reject-user/", s.waiting), body: wire.RejectRequest{Reason: "x"}}
	}},
	// The last one: it ends the session of whoever gets through, and those signed out could not make another.
	{"POST /api/logout", signedIn(), func(s *scene) request {
		s.freshSession()
		return request{method: "POST", path: "/api/logout"}
	}},
}

func deletes() rule { return members().and(forbidden, member, creator) }

func deleting(path string) func(*scene) request {
	return func(s *scene) request { return request{method: "DELETE", path: fmt.Sprint(path, s.message)} }
}

type operation struct {
	op   wire.Op
	name string
	rule rule
	data func(s *scene) any
}

var opTable = []operation{
	{wire.OpSync, "", signedIn(), func(*scene) any { return wire.SyncRequest{} }},
	{wire.OpChanges, "", members(), func(s *scene) any { return wire.ChangesRequest{RoomUUID: s.room} }},
	{wire.OpHistory, "", members(), func(s *scene) any { return wire.HistoryRequest{RoomUUID: s.room} }},
	{wire.OpSearch, " (a room)", members(), func(s *scene) any {
		return wire.SearchRequest{Query: "geheim", RoomUUID: s.room}
	}},
	{wire.OpSearch, " (all rooms)", signedIn(), func(*scene) any { return wire.SearchRequest{Query: "geheim"} }},
	{wire.OpSend, " (to a room)", members(), func(s *scene) any {
		return wire.SendRequest{RoomUUID: s.room, ClientID: uuid.NewString(), Text: "x"}
	}},
	{wire.OpSend, " (to a person)", signedIn(), func(s *scene) any {
		return wire.SendRequest{ReceiverUUID: s.m.boss.uuid, ClientID: uuid.NewString(), Text: "x"}
	}},
	{wire.OpSend, " (to a room, forwarded)", members(), func(s *scene) any {
		return wire.SendRequest{RoomUUID: s.room, ClientID: uuid.NewString(), ForwardedFrom: s.message}
	}},
	{wire.OpSend, " (to a person, forwarded)", members(), func(s *scene) any {
		return wire.SendRequest{ReceiverUUID: s.m.boss.uuid, ClientID: uuid.NewString(), ForwardedFrom: s.message}
	}},
	{wire.OpSend, " (to everybody)", members().and(forbidden, member, sender), func(s *scene) any {
		return wire.SendRequest{RoomUUID: s.room, ClientID: uuid.NewString(), Text: "x", MentionAll: true}
	}},
	{wire.OpSend, " (to a room, own file)", members(), func(s *scene) any {
		return wire.SendRequest{RoomUUID: s.room, ClientID: uuid.NewString(), FileIDs: []string{s.m.s.file(s.who, "x.pdf")}}
	}},
	{wire.OpSend, " (to a room, another's file)", except(unknown, signIn, signedOut...), func(s *scene) any {
		return wire.SendRequest{RoomUUID: s.room, ClientID: uuid.NewString(), FileIDs: []string{s.m.s.file(s.m.boss, "x.pdf")}}
	}},
	{wire.OpMessages, "", members(), func(s *scene) any { return wire.MessagesRequest{RoomUUID: s.room, Seqs: []int64{1}} }},
	{wire.OpEdit, "", deletes(), func(s *scene) any { return wire.EditRequest{MessageID: s.message, Text: "y"} }},
	{wire.OpReact, "", members(), func(s *scene) any {
		return wire.ReactRequest{MessageID: s.message, Emoji: "👍", On: true}
	}},
	{wire.OpPin, "", members(), func(s *scene) any { return wire.PinRequest{MessageID: s.message, On: true} }},
	{wire.OpHide, "", members(), func(s *scene) any { return wire.HideRequest{MessageIDs: []int64{s.message}} }},
	{wire.OpHidden, "", members(), func(s *scene) any { return wire.HiddenRequest{RoomUUID: s.room} }},
	{wire.OpDelete, "", deletes(), func(s *scene) any { return wire.DeleteRequest{MessageID: s.message} }},
	{wire.OpRead, "", members(), func(s *scene) any { return wire.ReadRequest{RoomUUID: s.room, Seq: 1} }},
	{wire.OpReads, "", members(), func(s *scene) any { return wire.ReadsRequest{RoomUUID: s.room} }},
	{wire.OpReaders, "", members(), func(s *scene) any { return wire.ReadersRequest{RoomUUID: s.room, Seq: 2} }},
	{wire.OpMy, "", members(), func(s *scene) any {
		on := true
		return wire.MyRequest{RoomUUID: s.room, Favourite: &on}
	}},
	{wire.OpTyping, "", members(), func(s *scene) any { return wire.TypingRequest{RoomUUID: s.room} }},
	{wire.OpPresence, "", signedIn(), func(*scene) any { return wire.PresenceRequest{State: wire.PresenceAway} }},
}

// matrix holds one person of each role.
type matrix struct {
	s      *server
	boss   person
	people map[role]person
	watch  string // a register token
	serial int
	backup string // of somebody who was deleted
	handed string // an installer that is handed out
}

func newMatrix(t *testing.T) *matrix {
	m := &matrix{s: start(t, settings(t, "")), people: map[role]person{}}
	m.s.owner("boss")
	m.boss = m.s.login("boss")
	for _, r := range roles[1:] {
		m.people[r] = m.s.join(m.boss, "p-"+string(r))
	}
	var reply wire.RegisterReply
	m.s.must(201, request{method: "POST", path: "/api/register", body: form("watched")}).decode(t, &reply)
	m.watch = reply.RegisterToken
	for r, column := range map[role]string{
		auditor: "role = 'auditor'", manager: "role = 'admin'", chief: "role = 'owner'",
	} {
		m.s.exec("update users set "+column+" where id = ?", m.people[r].id)
		m.people[r] = m.s.login("p-" + string(r))
	}
	// These three keep a session that nobody revoked and tokens with a good signature: the account's state must stop
	// them.
	for _, r := range []role{pending, rejected, disabled} {
		m.s.exec("update users set state = ? where id = ?", string(r), m.people[r].id)
	}
	return m
}

// scene makes a room with everyone who belongs there, a message in it and a sign-up that waits.
func (m *matrix) scene(t *testing.T, r role) *scene {
	t.Helper()
	s := &scene{m: m, who: m.people[r], role: r}
	s.room = m.people[creator].room(m.people[member], m.people[sender], m.people[former])
	s.message = m.people[sender].say(s.room, "geheim").MessageID
	m.s.must(200, request{method: "DELETE", path: "/api/delete-chat-room/" + s.room, token: m.people[former].token})
	m.serial++
	name := fmt.Sprintf("waiting%d", m.serial)
	m.s.exec(`insert into users (user_uuid, username, username_key, employee_id, email, name, password_hash, role, state,
		created_at, updated_at) values (?, ?, ?, '', '', ?, '', 'user', 'pending', 1, 1)`, uuid.NewString(), name, name, name)
	row := m.s.bare.QueryRowContext(t.Context(), "select id from users where username_key = ?", name)
	if err := row.Scan(&s.waiting); err != nil {
		t.Fatal(err)
	}
	return s
}

// smallPNG is an image of one pixel, as a request's body.
const smallPNG = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU" +
	"\x00\x00\x00\nIDATx\x9cch\x00\x00\x00\x82\x00\x81w\xcdr\xb6\x00\x00\x00\x00IEND\xaeB`\x82"

// picture gives the scene's room a picture.
func (s *scene) picture() (uuid string) {
	s.m.s.t.Helper()
	var out wire.PictureReply
	s.m.s.must(200, request{
		method: "PUT", path: "/api/chat-rooms/" + s.room + "/picture", token: s.m.people[creator].token, body: smallPNG,
	}).decode(s.m.s.t, &out)
	return out.PictureUUID
}

// freshSession signs the caller in anew, for a request that ends his session. Who can't sign in keeps what he has.
func (s *scene) freshSession() {
	if s.who.token != "" && !slices.Contains(signedOut, s.m.roleOf(s.who)) {
		s.who = s.m.s.login(s.who.in.User.Username)
	}
}

func (m *matrix) roleOf(p person) role {
	for r, q := range m.people {
		if q.uuid == p.uuid {
			return r
		}
	}
	return nobody
}

func TestAuthorisationOfEveryRoute(t *testing.T) {
	m := newMatrix(t)
	served := map[string]bool{}
	err := chi.Walk(m.s.Handler().Routes(), func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		served[method+" "+path] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"GET /ws": true} // TestAuthorisationOfEveryOperation
	for _, r := range slices.Concat(fileRoutes, accountRoutes, peopleRoutes, noticeRoutes, retentionRoutes, hookRoutes, routeTable) {
		name, _, _ := strings.Cut(r.name, " (")
		listed[name] = true
	}
	compare(t, "route", served, listed)

	lines := make([][]string, 0, len(routeTable)+len(accountRoutes))
	for _, r := range slices.Concat(fileRoutes, accountRoutes, peopleRoutes, noticeRoutes, retentionRoutes, hookRoutes, routeTable) {
		line := []string{r.name}
		for _, who := range roles {
			s := m.scene(t, who)
			req := r.req(s)
			req.token = s.who.token
			a := m.s.do(req)
			got := ok
			if a.status >= 400 {
				got = cell(fmt.Sprint(a.status))
				if req.method != "HEAD" { // which has no body
					checkCode(t, got, a.refusal().Code)
				}
			}
			if want := r.rule.of(who); got != want {
				t.Errorf("%s as %s: got %s, want %s (%s)", r.name, who, got, want, a.body)
			}
			line = append(line, string(got))
		}
		lines = append(lines, line)
	}
	logTable(t, lines)
}

func TestAuthorisationOfEveryOperation(t *testing.T) {
	m := newMatrix(t)
	served, listed := map[string]bool{}, map[string]bool{}
	for _, op := range ws.Ops() {
		served[string(op)] = true
	}
	for _, o := range opTable {
		listed[string(o.op)] = true
	}
	compare(t, "operation", served, listed)

	lines := make([][]string, 0, len(opTable))
	for _, o := range opTable {
		line := []string{"ws " + string(o.op) + o.name}
		for _, who := range roles {
			s := m.scene(t, who)
			got := ok
			socket, refused := m.s.dial(s.who.token)
			if refused != 0 {
				got = cell(fmt.Sprint(refused))
			} else {
				reply := m.s.ask(socket, o.op, o.data(s))
				if reply.Err != nil {
					got = statusOf[reply.Err.Code]
				}
				_ = socket.Close()
			}
			if want := o.rule.of(who); got != want {
				t.Errorf("%s%s as %s: got %s, want %s", o.op, o.name, who, got, want)
			}
			line = append(line, string(got))
		}
		lines = append(lines, line)
	}
	logTable(t, lines)
}

var statusOf = map[wire.Code]cell{wire.NotFound: unknown, wire.Forbidden: forbidden, wire.Unauthenticated: signIn}

func checkCode(t *testing.T, got cell, code wire.Code) {
	t.Helper()
	if statusOf[code] != got {
		t.Errorf("status %s with code %q", got, code)
	}
}

func compare(t *testing.T, what string, served, listed map[string]bool) {
	t.Helper()
	for name := range served {
		if !listed[name] {
			t.Errorf("the %s %s is served, but the matrix does not say who may call it", what, name)
		}
	}
	for name := range listed {
		if !served[name] {
			t.Errorf("the %s %s is in the matrix, but nobody serves it", what, name)
		}
	}
}

func logTable(t *testing.T, lines [][]string) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%-48s", "")
	for _, r := range roles {
		fmt.Fprintf(&b, "%-9s", r)
	}
	sort.Slice(lines, func(i, j int) bool { return lines[i][0] < lines[j][0] })
	for _, line := range lines {
		fmt.Fprintf(&b, "\n%-48s", line[0])
		for _, c := range line[1:] {
			fmt.Fprintf(&b, "%-9s", c)
		}
	}
	t.Logf("%d cells\n%s", len(lines)*len(roles), b.String())
}
