package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/shared/wire"
)

var update = flag.Bool("update", false, "write testdata anew")

// transcript is what was asked and answered, with everything that differs from run to run replaced.
type transcript struct {
	s     *server
	b     strings.Builder
	names map[string]string // uuid → name
}

var (
	anyUUID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyTime   = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)
	anySecret = regexp.MustCompile(`"(token|refresh_token|register_token)": "[^"]{20,}"`)
	anyID     = regexp.MustCompile(`"(id|message_id)": \d+`)
	anyNumber = regexp.MustCompile(`/(approve-user|reject-user|messages|delete-message)/\d+`)
)

func (x *transcript) say(format string, args ...any) { fmt.Fprintf(&x.b, "\n# "+format+"\n", args...) }

func (x *transcript) do(p person, method, path string, body any) answer {
	a := x.s.do(request{method: method, path: path, token: p.token, body: body})
	who := "nobody"
	if p.uuid != "" {
		who = p.in.User.Username
	}
	fmt.Fprintf(&x.b, "%s: %s %s\n", who, method, x.clean(path))
	if s, isText := body.(string); isText {
		fmt.Fprintf(&x.b, "  %s\n", x.clean(s))
	} else if body != nil {
		sent, err := json.Marshal(body)
		if err != nil {
			x.s.t.Fatal(err)
		}
		fmt.Fprintf(&x.b, "  %s\n", x.clean(string(sent)))
	}
	more := ""
	if h := a.header.Get("X-Has-More"); h != "" {
		more = " X-Has-More: " + h
	}
	fmt.Fprintf(&x.b, "→ %d%s\n", a.status, more)
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(a.body), "", "  "); err != nil {
		x.s.t.Fatalf("%s %s: %s: %v", method, path, a.body, err)
	}
	fmt.Fprintf(&x.b, "%s\n", x.clean(out.String()))
	return a
}

func (x *transcript) clean(s string) string {
	s = anyUUID.ReplaceAllStringFunc(s, func(uuid string) string {
		if name, known := x.names[uuid]; known {
			return "<" + name + ">"
		}
		return "<uuid>"
	})
	s = anyTime.ReplaceAllString(s, "<time>")
	s = anySecret.ReplaceAllString(s, `"$1": "<secret>"`)
	s = anyNumber.ReplaceAllString(s, "/$1/<id>")
	return anyID.ReplaceAllString(s, `"$1": "<id>"`)
}

// TestTheOriginalsEndpoints holds fields and texts of the endpoints 1–13 and 16–18 of the original, on both databases.
func TestTheOriginalsEndpoints(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		x := &transcript{s: s, names: map[string]string{}}
		x.tell(t)
		golden := filepath.Join("testdata", "legacy.golden")
		if *update {
			if err := os.WriteFile(golden, []byte(x.b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(x.b.String(), "\n")); diff != "" {
			t.Errorf("the answers changed (-want +got; -update writes them anew):\n%s", diff)
		}
	})
}

func (x *transcript) tell(t *testing.T) {
	s := x.s
	anyone := person{s: s}
	s.owner("boss")
	boss := s.login("boss")
	x.names[boss.uuid] = "boss"

	x.accounts(t, anyone, boss)
	kim, lee := s.login("kim"), s.join(boss, "lee")
	x.names[kim.uuid], x.names[lee.uuid] = "kim", "lee"

	x.say("2. sign-in")
	x.do(anyone, "POST", "/api/login", wire.LoginRequest{Username: "kim", Password: password})
	x.do(anyone, "POST", "/api/login", wire.LoginRequest{Username: "kim", Password: "wrong"})
	x.do(anyone, "POST", "/api/login", wire.LoginRequest{Username: "nobody", Password: "wrong"})

	x.say("3, 4. people")
	x.do(kim, "GET", "/api/users", nil)
	x.do(kim, "GET", "/api/users/me", nil)

	x.say("5. password")
	x.do(kim, "PUT", "/api/users/me/password", `{}`)
	x.do(kim, "PUT", "/api/users/me/password", wire.PasswordRequest{CurrentPassword: "wrong", NewPassword: "neues Wort 42"})
	x.do(kim, "PUT", "/api/users/me/password", wire.PasswordRequest{CurrentPassword: password, NewPassword: "12345678"})
	x.do(kim, "PUT", "/api/users/me/password", wire.PasswordRequest{CurrentPassword: password, NewPassword: password})

	x.conversations(t, kim, lee, boss)
	x.rooms(t, kim, lee, boss)

	x.say("a token error has the same form")
	x.do(anyone, "GET", "/api/users/me", nil)
	x.do(person{s: s, token: "x.y.z"}, "GET", "/api/users/me", nil)
}

func (x *transcript) accounts(t *testing.T, anyone, boss person) {
	x.say("1. sign-up")
	x.do(anyone, "POST", "/api/register", form("kim"))
	x.do(anyone, "POST", "/api/register", form("kim"))
	other := form("kim2")
	other.Email = "KIM@example.com"
	x.do(anyone, "POST", "/api/register", other)
	other = form("kim2")
	other.EmployeeID = "e-kim"
	x.do(anyone, "POST", "/api/register", other)
	x.do(anyone, "POST", "/api/register", `{"username":"x"}`)
	x.do(anyone, "POST", "/api/login", wire.LoginRequest{Username: "kim", Password: password})

	x.say("16, 17, 18. approval")
	x.do(boss, "GET", "/api/pending-users", nil)
	var waiting []wire.PendingUser
	boss.get("/api/pending-users", &waiting)
	x.names[waiting[0].UUID] = "kim"
	kim := fmt.Sprint(waiting[0].ID)
	x.do(boss, "PUT", "/api/approve-user/"+kim, nil)
	x.do(boss, "PUT", "/api/approve-user/"+kim, nil)
	x.do(boss, "PUT", "/api/reject-user/"+kim, nil)
	x.do(boss, "PUT", "/api/approve-user/999999", nil)
	x.do(boss, "PUT", "/api/reject-user/999999", nil)
	var reply wire.RegisterReply
	x.do(anyone, "POST", "/api/register", form("park")).decode(t, &reply)
	x.do(boss, "PUT", "/api/reject-user/"+fmt.Sprint(x.s.idOf("park")), wire.RejectRequest{Reason: "사번을 확인해주세요."})
	x.do(anyone, "POST", "/api/register/status", wire.RegisterStatusRequest{RegisterToken: "unknown"})
	status := x.s.must(200, request{
		method: "POST", path: "/api/register/status", body: wire.RegisterStatusRequest{RegisterToken: reply.RegisterToken},
	})
	fmt.Fprintf(&x.b, "%s", status.body)
	x.do(anyone, "POST", "/api/login", wire.LoginRequest{Username: "park", Password: password})
	user := x.s.login("kim")
	x.names[user.uuid] = "kim"
	x.do(user, "GET", "/api/pending-users", nil)
	x.do(user, "PUT", "/api/approve-user/1", nil)
	x.do(user, "PUT", "/api/reject-user/1", nil)
}

func (s *server) idOf(username string) (id int64) {
	s.t.Helper()
	row := s.bare.QueryRowContext(s.t.(*testing.T).Context(), "select id from users where username_key = ?", username)
	if err := row.Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (x *transcript) conversations(t *testing.T, kim, lee, boss person) {
	x.say("6, 7, 8. messages between two")
	x.do(kim, "GET", "/api/messages/"+lee.uuid, nil)
	x.do(kim, "GET", "/api/messages/not-a-uuid", nil)
	var sent wire.PostMessageReply
	x.do(kim, "POST", "/api/messages", fmt.Sprintf(
		`{"receiver_uuid":%q,"text":"안녕하세요 😀","sender_uuid":"forged","timestamp":"ignored","room_uuid":null}`, lee.uuid)).
		decode(t, &sent)
	x.names[sent.RoomUUID] = "room of kim and lee"
	x.do(lee, "POST", "/api/messages", wire.PostMessageRequest{ReceiverUUID: kim.uuid, Text: "네, 안녕하세요"})
	x.do(kim, "POST", "/api/messages", wire.PostMessageRequest{Text: "wohin?"})
	x.do(kim, "POST", "/api/messages", wire.PostMessageRequest{ReceiverUUID: lee.uuid})
	x.do(kim, "POST", "/api/messages", wire.PostMessageRequest{
		ReceiverUUID: "00000000-0000-4000-8000-000000000000", Text: "nobody",
	})
	x.do(lee, "GET", "/api/messages/"+kim.uuid, nil)
	x.do(lee, "GET", "/api/messages/"+kim.uuid+"?limit=1", nil)
	x.do(lee, "GET", "/api/messages/"+kim.uuid+"?limit=1&before_seq=2", nil)
	x.do(lee, "DELETE", fmt.Sprint("/api/delete-message/", sent.MessageID), nil)
	x.do(boss, "DELETE", fmt.Sprint("/api/delete-message/", sent.MessageID), nil)
	x.do(kim, "DELETE", fmt.Sprint("/api/delete-message/", sent.MessageID), nil)
	x.do(kim, "DELETE", fmt.Sprint("/api/messages/", sent.MessageID), nil)
	x.do(kim, "DELETE", "/api/messages/999999", nil)
	x.do(lee, "GET", "/api/messages/"+kim.uuid, nil)
}

func (x *transcript) rooms(t *testing.T, kim, lee, boss person) {
	x.say("10. a group")
	var made wire.CreateRoomReply
	x.do(kim, "POST", "/api/create-chat-room", wire.CreateRoomRequest{Members: []string{lee.uuid, boss.uuid}}).decode(t, &made)
	x.names[made.RoomUUID] = "group"
	x.do(kim, "POST", "/api/create-chat-room", wire.CreateRoomRequest{Members: []string{}, Name: "혼자"})
	x.do(kim, "POST", "/api/create-chat-room", `{}`)
	x.do(kim, "POST", "/api/messages", wire.PostMessageRequest{RoomUUID: made.RoomUUID, Text: "회의 시작합니다"})

	x.say("9. rooms")
	x.do(lee, "GET", "/api/chat-rooms", nil)
	x.say("11. a room; it counts as read")
	x.do(lee, "GET", "/api/chat-rooms/"+made.RoomUUID, nil)
	x.do(lee, "GET", "/api/chat-rooms", nil)
	x.do(lee, "GET", "/api/chat-rooms/00000000-0000-4000-8000-000000000000", nil)
	x.say("12. mark read")
	x.do(boss, "POST", "/api/chat-rooms/"+made.RoomUUID+"/mark-read", nil)
	x.do(boss, "POST", "/api/chat-rooms/00000000-0000-4000-8000-000000000000/mark-read", nil)
	x.say("13. leave, hide, close")
	x.do(lee, "DELETE", "/api/delete-chat-room/"+made.RoomUUID, nil)
	x.do(lee, "DELETE", "/api/delete-chat-room/"+made.RoomUUID, nil)
	x.do(lee, "POST", "/api/messages", wire.PostMessageRequest{RoomUUID: made.RoomUUID, Text: "noch da?"})
	x.do(lee, "DELETE", "/api/delete-chat-room/"+kim.uuid, nil)
	x.do(lee, "GET", "/api/chat-rooms", nil)
	x.do(boss, "DELETE", "/api/delete-chat-room/"+made.RoomUUID+"?for=all", nil)
	x.do(kim, "DELETE", "/api/delete-chat-room/"+made.RoomUUID+"?for=all", nil)
	x.do(boss, "GET", "/api/chat-rooms/"+made.RoomUUID, nil)
}

func TestErrorsAreInTheLanguageAskedFor(t *testing.T) {
	s := start(t, settings(t, ""))
	for header, want := range map[string]string{
		"":                        "아이디 또는 비밀번호가 올바르지 않습니다.",
		"ko":                      "아이디 또는 비밀번호가 올바르지 않습니다.",
		"de-DE,fr":                "아이디 또는 비밀번호가 올바르지 않습니다.",
		"en-US,en;q=0.9,ko;q=0.8": "The user name or the password is wrong.",
		"ko-KR,ko;q=0.9,en;q=0.8": "아이디 또는 비밀번호가 올바르지 않습니다.",
		"en":                      "The user name or the password is wrong.",
		strings.Repeat("en,", 99): "아이디 또는 비밀번호가 올바르지 않습니다.",
	} {
		a := s.must(401, request{
			method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "x", Password: "y"},
			header: http.Header{"Accept-Language": {header}},
		})
		if got := a.refusal(); got.Error != want || got.Reason != wire.ReasonBadCredentials || got.RequestID == "" {
			t.Errorf("%q: %+v", header, got)
		}
	}
}
