package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

func TestBadInput(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim := s.join(boss, "kim")
	room := boss.room(kim)
	long := strings.Repeat("가", 10_000)
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	for _, c := range []struct {
		name   string
		req    request
		status int
		code   wire.Code
		reason wire.Reason
	}{
		{"no JSON", request{"POST", "/api/messages", kim.token, `hello`, nil}, 400, wire.BadRequest, ""},
		{"half a JSON", request{"POST", "/api/messages", kim.token, `{"text":"x`, nil}, 400, wire.BadRequest, ""},
		{"nothing", request{"POST", "/api/messages", kim.token, ``, nil}, 400, wire.BadRequest, ""},
		{"null", request{"POST", "/api/messages", kim.token, `null`, nil}, 400, wire.BadRequest, ""},
		{"a list", request{"POST", "/api/messages", kim.token, `[]`, nil}, 400, wire.BadRequest, ""},
		{"a number for a text", request{"POST", "/api/messages", kim.token, `{"text":7,"room_uuid":"` + room + `"}`, nil}, 400, wire.BadRequest, ""},
		{"nested deep", request{"POST", "/api/messages", kim.token, deep[:60_000], nil}, 400, wire.BadRequest, ""},
		{"nested deep, small", request{"POST", "/api/messages", kim.token, `{"text":"x","y":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}`, nil}, 400, wire.BadRequest, ""},
		{"broken UTF-8", request{"POST", "/api/messages", kim.token, "{\"text\":\"\xff\xfe\",\"room_uuid\":\"" + room + "\"}", nil}, 400, wire.BadRequest, ""},
		{"a form", request{"POST", "/api/login", "", `username=x`, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}}, 415, wire.UnsupportedType, ""},
		{"65 KiB", request{"POST", "/api/messages", kim.token, `{"text":"` + strings.Repeat("x", 65<<10) + `"}`, nil}, 413, wire.TooLarge, ""},
		{"10 MB", request{"POST", "/api/login", "", strings.Repeat("x", 10<<20), nil}, 413, wire.TooLarge, ""},
		{"a text of 10,001", request{"POST", "/api/messages", kim.token, wire.PostMessageRequest{RoomUUID: room, Text: long + "!"}, nil}, 400, wire.BadRequest, wire.ReasonTextTooLong},
		{"a text of blanks", request{"POST", "/api/messages", kim.token, wire.PostMessageRequest{RoomUUID: room, Text: " \n\t"}, nil}, 400, wire.BadRequest, wire.ReasonTextEmpty},
		{"a text with NUL", request{"POST", "/api/messages", kim.token, wire.PostMessageRequest{RoomUUID: room, Text: "a\x00b"}, nil}, 400, wire.BadRequest, wire.ReasonTextInvalid},
		{"a client_id that is none", request{"POST", "/api/messages", kim.token, wire.PostMessageRequest{RoomUUID: room, Text: "x", ClientID: "1"}, nil}, 400, wire.BadRequest, ""},
		{"a room that is none", request{"POST", "/api/messages", kim.token, wire.PostMessageRequest{RoomUUID: "' or 1=1", Text: "x"}, nil}, 400, wire.BadRequest, ""},
		{"a name of 10,000", request{"POST", "/api/create-chat-room", kim.token, wire.CreateRoomRequest{Name: long, Members: []string{boss.uuid, kim.uuid}}, nil}, 400, wire.BadRequest, ""},
		{"members as a text", request{"POST", "/api/create-chat-room", kim.token, `{"members":"all"}`, nil}, 400, wire.BadRequest, ""},
		{"members of null", request{"POST", "/api/create-chat-room", kim.token, `{"members":[null,null]}`, nil}, 400, wire.BadRequest, ""},
		{"unknown members", request{"POST", "/api/create-chat-room", kim.token, wire.CreateRoomRequest{Members: []string{"00000000-0000-4000-8000-000000000000", boss.uuid}}, nil}, 400, wire.BadRequest, ""},
		{"an id that is none", request{"DELETE", "/api/messages/abc", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"id 0", request{"DELETE", "/api/messages/0", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"an id beyond 64 bits", request{"DELETE", "/api/messages/99999999999999999999", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"a negative page", request{"GET", "/api/messages/" + boss.uuid + "?before_seq=-1", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"a page of 101", request{"GET", "/api/messages/" + boss.uuid + "?limit=101", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"a limit in words", request{"GET", "/api/directory?limit=all", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"leave for whom", request{"DELETE", "/api/delete-chat-room/" + room + "?for=fun", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"broken UTF-8 in a path", request{"GET", "/api/chat-rooms/%ff%fe", kim.token, nil, nil}, 400, wire.BadRequest, ""},
		{"NUL in a path", request{"GET", "/api/messages/%00", kim.token, nil, nil}, 200, "", ""},
		{"a path that climbs", request{"GET", "/api/../../etc/passwd", "", nil, nil}, 404, wire.NotFound, ""},
		{"no such path", request{"GET", "/api/nothing", kim.token, nil, nil}, 404, wire.NotFound, ""},
		{"no such method", request{"PATCH", "/api/messages", kim.token, nil, nil}, 405, wire.BadRequest, ""},
		{"a preflight of a page", request{"OPTIONS", "/api/login", "", nil, http.Header{"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"POST"}}}, 405, wire.BadRequest, ""},
		{"an unknown field", request{"POST", "/api/messages", kim.token, `{"text":"x","room_uuid":"` + room + `","colour":"red"}`, nil}, 201, "", ""},
		{"a text of 10,000", request{"POST", "/api/messages", kim.token, wire.PostMessageRequest{RoomUUID: room, Text: long}, nil}, 201, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do(c.req)
			e := a.refusal()
			if a.status != c.status || e.Code != c.code || e.Reason != c.reason {
				t.Fatalf("got %d %.300s", a.status, a.body)
			}
			if c.code != "" && (e.Error == "" || e.RequestID == "" || a.header.Get("X-Request-ID") != e.RequestID) {
				t.Errorf("the answer lacks text or request id: %s", a.body)
			}
			if h := a.header; h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", h)
			}
			if a.header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("a page of others may call us")
			}
		})
	}
	if a := s.do(request{method: "PATCH", path: "/api/messages"}); a.header.Get("Allow") != "POST" {
		t.Errorf("Allow: %q", a.header.Get("Allow"))
	}
	for _, line := range strings.Split(s.log.String(), "\n") {
		if strings.Contains(line, "level=ERROR") {
			t.Errorf("bad input is no fault of the server: %s", line)
		}
	}
}

func TestTheLogHoldsNoSecretsAndNoTexts(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	const canary = "kanarienvogel-7c1e"
	f := form("kim")
	f.Name, f.Password = canary+"-name", canary+"-password"
	s.must(201, request{method: "POST", path: "/api/register", body: f})
	s.must(401, request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: canary, Password: canary}})
	s.must(404, request{method: "GET", path: "/" + canary + "?token=" + canary, token: canary})
	s.must(201, request{method: "POST", path: "/api/messages?q=" + canary, token: boss.token, body: wire.PostMessageRequest{ReceiverUUID: boss.uuid, Text: canary}})
	s.must(400, request{method: "POST", path: "/api/messages", token: boss.token, body: `{"text":"` + canary + `",`})
	s.must(405, request{method: canary, path: "/api/login"})
	boss.canaryOverTheSocket(canary)
	s.must(200, request{method: "POST", path: "/api/token/refresh", body: wire.RefreshRequest{RefreshToken: boss.in.RefreshToken}})
	s.stop()
	log := s.log.String()
	for name, secret := range map[string]string{"canary": canary, "access token": boss.token, "refresh token": boss.in.RefreshToken} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds the %s:\n%s", name, log)
		}
	}
	if n := strings.Count(log, "msg=listening"); n != 1 || !strings.Contains(log, "addr="+s.Addr()) {
		t.Errorf("%d lines say listening:\n%s", n, log)
	}
}

// canaryOverTheSocket sends a text in all that a socket carries: what is taken, what is refused, and what can't be read.
func (p person) canaryOverTheSocket(canary string) {
	p.s.t.Helper()
	socket, _ := p.s.dial(p.token)
	var sent wire.SendReply
	if refused := p.op(wire.OpSend, wire.SendRequest{ReceiverUUID: p.uuid, ClientID: uuid.NewString(), Text: canary}, &sent); refused != "" {
		p.s.t.Fatalf("it was not sent: %s", refused)
	}
	for _, c := range []struct {
		op   wire.Op
		d    any
		code wire.Code // empty: it is done
	}{
		{wire.OpEdit, wire.EditRequest{MessageID: sent.MessageID, Text: canary + " edited"}, ""},
		{wire.OpSearch, wire.SearchRequest{Query: canary}, ""},
		{wire.OpReact, wire.ReactRequest{MessageID: sent.MessageID, Emoji: canary, On: true}, wire.BadRequest},
		{wire.OpSend, wire.SendRequest{ReceiverUUID: canary, ClientID: canary, Text: canary}, wire.BadRequest},
		{wire.OpSend, map[string]any{"text": []string{canary}}, wire.BadRequest},
		{wire.Op(canary), map[string]string{canary: canary}, wire.BadRequest},
	} {
		reply := p.s.ask(socket, c.op, c.d)
		if (reply.Err == nil) != (c.code == "") || reply.Err != nil && reply.Err.Code != c.code {
			p.s.t.Errorf("%s: %+v, want %q", c.op, reply.Err, c.code)
		}
	}
	if err := socket.WriteMessage(websocket.TextMessage, []byte(`{"id":2,"op":"send","d":{"text":"`+canary)); err != nil {
		p.s.t.Fatal(err)
	}
	if code := closeCode(p.s.t, socket, 5*time.Second); code != wire.CloseProtocol {
		p.s.t.Errorf("half a frame closed the line with %d", code)
	}
	if _, refused := p.s.dial(canary); refused != 401 {
		p.s.t.Errorf("a token that is none: %d", refused)
	}
}

func TestMetricsAreForThisMachine(t *testing.T) {
	c := settings(t, "")
	c.MetricsListen = "127.0.0.1:0"
	s := start(t, c)
	a := s.must(200, request{method: "GET", path: "/metrics"})
	for _, name := range []string{"himsg_http_requests_total", "himsg_ws_sessions 0", "himsg_append_queue", "go_goroutines"} {
		if name == "himsg_http_requests_total" {
			continue // this is the first request; the next one counts it
		}
		if !strings.Contains(string(a.body), name) {
			t.Errorf("%s is missing", name)
		}
	}
	if a = s.must(200, request{method: "GET", path: "/metrics"}); !strings.Contains(string(a.body), `himsg_http_requests_total{method="GET",route="/metrics",status="200"} 1`) {
		t.Errorf("requests are not counted:\n%.2000s", a.body)
	}
	a = s.do(request{method: "GET", path: "/metrics", header: http.Header{"X-Forwarded-For": {"203.0.113.9"}}})
	if a.status != 404 || a.refusal().Code != wire.NotFound {
		t.Errorf("through a proxy: %d", a.status)
	}
}

func TestTooManyRequestsAreRefused(t *testing.T) {
	c := settings(t, "")
	c.RateLimits = "on"
	s := start(t, c)
	var last answer
	for range 30 {
		last = s.do(request{method: "POST", path: "/api/register", body: `{}`})
		if last.status == http.StatusTooManyRequests {
			break
		}
	}
	if last.refusal().Code != wire.RateLimited || last.header.Get("Retry-After") == "" {
		t.Fatalf("30 sign-ups from one address: %d %s", last.status, last.body)
	}
	s.must(200, request{method: "GET", path: "/api/server"}) // other calls go on
	for i := range 7 {
		last = s.do(request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "boss", Password: fmt.Sprint("guess", i)}})
	}
	if last.refusal().Code != wire.RateLimited || last.header.Get("Retry-After") == "" {
		t.Errorf("7 guesses: %d %s", last.status, last.body)
	}
}
