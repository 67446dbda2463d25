package app_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"himsg/server/internal/app"
	"himsg/server/internal/hook"
	"himsg/shared/wire"
)

// hooked is a server with an owner, two colleagues and their room.
type hooked struct {
	*server
	boss, kim, lee person
	room           string
}

func newHooked(s *server) *hooked {
	s.t.Helper()
	s.owner("boss")
	h := &hooked{server: s, boss: s.login("boss")}
	h.kim, h.lee = s.join(h.boss, "kim"), s.join(h.boss, "lee")
	h.room = h.boss.room(h.kim, h.lee)
	return h
}

func (h *hooked) incoming() wire.IntegrationSecret {
	h.t.Helper()
	return h.boss.integration(wire.NewIntegration{Kind: wire.IntegrationIncoming, Name: "결재 알림", Icon: "🤖", RoomUUIDs: []string{h.room}})
}

func (h *hooked) token(scopes ...wire.Scope) wire.IntegrationSecret {
	h.t.Helper()
	in := wire.NewIntegration{Kind: wire.IntegrationToken, Name: "배포 봇", Scopes: scopes, ExpiresDays: 30}
	if slices.Contains(scopes, wire.ScopeMessagesRead) || slices.Contains(scopes, wire.ScopeMessagesWrite) {
		in.RoomUUIDs = []string{h.room}
	}
	return h.boss.integration(in)
}

func (h *hooked) history(p person) []wire.Message {
	h.t.Helper()
	var out wire.HistoryReply
	if refused := p.op(wire.OpHistory, wire.HistoryRequest{RoomUUID: h.room}, &out); refused != "" {
		h.t.Fatal(refused)
	}
	return out.Messages
}

func (h *hooked) summary(p person) wire.RoomSummary {
	h.t.Helper()
	var out wire.SyncReply
	if refused := p.op(wire.OpSync, wire.SyncRequest{}, &out); refused != "" {
		h.t.Fatal(refused)
	}
	for _, r := range out.Rooms {
		if r.RoomUUID == h.room {
			return r
		}
	}
	h.t.Fatal("no such room")
	return wire.RoomSummary{}
}

func TestAWebhookWritesAsABot(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := newHooked(s)
		before := h.summary(h.kim)
		made := h.incoming()
		if made.Integration.State != wire.IntegrationActive || made.Path != "/api/hooks/"+made.Secret || made.Integration.Icon != "🤖" {
			t.Fatalf("made %+v", made)
		}
		var posted wire.BotPosted
		h.must(200, request{method: "POST", path: made.Path, body: `{"text":"결재 1건","username":"김대표","icon_url":"http://x/y.png"}`}).decode(t, &posted)

		last := h.history(h.kim)
		line, said := last[len(last)-2], last[len(last)-1]
		if line.System == nil || line.System.Action != wire.SystemBotWrites || line.System.Name != "결재 알림" || line.System.ActorUUID != h.boss.uuid {
			t.Errorf("line %+v", line.System)
		}
		if said.Text != "결재 1건" || said.Seq != posted.Seq || said.SenderUUID != made.Integration.BotUUID || said.Kind != wire.MessageUser {
			t.Errorf("said %+v", said)
		}
		now := h.summary(h.kim)
		if now.MemberCount != before.MemberCount || now.My.UnreadCount != before.My.UnreadCount+2 {
			t.Errorf("members %d, unread %d; before %d, %d", now.MemberCount, now.My.UnreadCount, before.MemberCount, before.My.UnreadCount)
		}
		// All three have not read it, and the bot is nobody who could.
		var readers wire.ReadersReply
		if refused := h.kim.op(wire.OpReaders, wire.ReadersRequest{RoomUUID: h.room, Seq: said.Seq}, &readers); refused != "" {
			t.Fatal(refused)
		}
		if readers.UnreadCount != 3 || readers.ReadCount != 0 {
			t.Errorf("readers %+v", readers)
		}
		h.isNobody(made.Integration.BotUUID)
		h.takenBack(made, said)
	})
}

// isNobody: a bot is in the directory for its name, and nowhere else.
func (h *hooked) isNobody(bot string) {
	h.t.Helper()
	var page wire.DirectoryPage
	h.kim.get("/api/directory?after_rev=0", &page)
	at := slices.IndexFunc(page.Users, func(u wire.Profile) bool { return u.UserUUID == bot })
	if at < 0 || !page.Users[at].Bot || page.Users[at].State != wire.UserDisabled || page.Users[at].Name != "결재 알림" {
		h.t.Errorf("directory %+v", page.Users)
	}
	if a := h.must(200, request{method: "GET", path: "/api/users", token: h.kim.token}); strings.Contains(string(a.body), bot) {
		h.t.Error("a bot is listed as a person")
	}
	for name, r := range map[string]request{
		"a conversation with it": {method: "POST", path: "/api/direct-rooms", token: h.kim.token, body: wire.OpenDirectRequest{ReceiverUUID: bot}},
		"a message to it":        {method: "POST", path: "/api/messages", token: h.kim.token, body: wire.PostMessageRequest{ReceiverUUID: bot, Text: "x"}},
		"an invitation":          {method: "POST", path: "/api/chat-rooms/" + h.room + "/members", token: h.boss.token, body: wire.InviteRequest{Members: []string{bot}}},
		"a role":                 {method: "PUT", path: "/api/admin/users/" + bot + "/role", token: h.boss.token, body: wire.RoleRequest{Role: wire.RoleOwner, Reason: "x"}},
		"its account":            {method: "PUT", path: "/api/admin/users/" + bot + "/enable", token: h.boss.token},
		"its deletion":           {method: "POST", path: "/api/admin/users/" + bot + "/delete", token: h.boss.token, body: wire.DeleteUserRequest{Reason: "x"}},
		"a code":                 {method: "POST", path: "/api/admin/users/" + bot + "/reset-code", token: h.boss.token},
		"a picture":              {method: "PUT", path: "/api/users/" + bot + "/picture", token: h.boss.token, body: smallPNG},
	} {
		if a := h.do(r); a.status < 400 || a.status >= 500 {
			h.t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	var figures wire.Statistics
	h.boss.get("/api/admin/statistics", &figures)
	if figures.People != 3 {
		h.t.Errorf("%d people are counted", figures.People)
	}
}

// takenBack: only the owner of the room can take back what a webhook wrote.
func (h *hooked) takenBack(made wire.IntegrationSecret, said wire.Message) {
	h.t.Helper()
	path := fmt.Sprint("/api/messages/", said.MessageID)
	h.must(403, request{method: "DELETE", path: path, token: h.kim.token})
	h.must(200, request{method: "DELETE", path: path, token: h.boss.token})
	last := h.history(h.kim)
	if m := last[len(last)-1]; m.DeletedAt == nil || m.Text != "" || m.SenderUUID != made.Integration.BotUUID {
		h.t.Errorf("deleted %+v", m)
	}
}

func TestARepeatedWebhookWritesOnce(t *testing.T) {
	h := newHooked(start(t, settings(t, "")))
	made, other := h.incoming(), h.incoming()
	seqs := map[int64]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 12 {
		all.Go(func() {
			r := request{method: "POST", path: made.Path, body: wire.HookMessage{Text: "한 번", IdempotencyKey: "주문-7"}}
			if n%2 == 0 {
				r.body, r.header = wire.HookMessage{Text: "한 번"}, http.Header{wire.IdempotencyKeyHeader: {"주문-7"}}
			}
			var posted wire.BotPosted
			if err := json.Unmarshal(h.do(r).body, &posted); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			seqs[posted.Seq] = true
		})
	}
	all.Wait()
	if n := h.count("select count(*) from messages where text = '한 번'"); n != 1 || len(seqs) != 1 {
		t.Errorf("%d messages, numbers %v", n, seqs)
	}
	h.must(200, request{method: "POST", path: other.Path, body: wire.HookMessage{Text: "한 번", IdempotencyKey: "주문-7"}})
	h.must(200, request{method: "POST", path: made.Path, body: wire.HookMessage{Text: "한 번"}})
	if n := h.count("select count(*) from messages where text = '한 번'"); n != 3 {
		t.Errorf("%d messages: another hook's key, and none, are new ones", n)
	}
}

func TestWhatIsMadeForSlackIsWritten(t *testing.T) {
	h := newHooked(start(t, settings(t, "")))
	made := h.incoming()
	for name, c := range map[string]struct{ body, kind, want string }{
		"json":        {`{"text":"배포 <https://ci.example/7|#7> &lt;완료&gt;","channel":"#x"}`, "application/json", "배포 #7 (https://ci.example/7) <완료>"},
		"a form":      {"payload=" + url.QueryEscape(`{"text":"폼"}`), "application/x-www-form-urlencoded", "폼"},
		"attachments": {`{"attachments":[{"title":"경보","title_link":"https://g.example","text":"CPU 90%","fields":[{"title":"서버","value":3}]}]}`, "application/json", "경보 (https://g.example)\nCPU 90%\n서버: 3"},
	} {
		a := h.do(request{method: "POST", path: made.Path + "/slack", body: c.body, header: http.Header{"Content-Type": {c.kind}}})
		if a.status != 200 || string(a.body) != "ok" {
			t.Fatalf("%s: %d %s", name, a.status, a.body)
		}
		last := h.history(h.kim)
		if got := last[len(last)-1].Text; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestBadWebhooks(t *testing.T) {
	h := newHooked(start(t, settings(t, "")))
	made := h.incoming()
	wrong := strings.Replace(made.Path, wire.IncomingSecretPrefix, wire.IncomingSecretPrefix+"x", 1)
	big := `{"text":"` + strings.Repeat("가", 10<<20/3) + `"}`
	token := h.token(wire.ScopeMessagesWrite)
	for name, c := range map[string]struct {
		path, body string
		want       int
	}{
		"10 MB":                    {made.Path, big, 413},
		"10 MB for Slack":          {made.Path + "/slack", big, 413},
		"no text":                  {made.Path, `{}`, 422},
		"an empty text":            {made.Path, `{"text":" "}`, 400},
		"too long a text":          {made.Path, `{"text":"` + strings.Repeat("x", 10_001) + `"}`, 400},
		"control characters":       {made.Path, `{"text":"a\u0000b"}`, 400},
		"no JSON":                  {made.Path, `{"text"`, 400},
		"a list":                   {made.Path + "/slack", `[1]`, 400},
		"nested deep":              {made.Path + "/slack", strings.Repeat("[", 40), 400},
		"no words":                 {made.Path + "/slack", `{"blocks":[]}`, 400},
		"a wrong secret":           {wrong, `{"text":"x"}`, 404},
		"a wrong secret and 10 MB": {wrong, big, 413},
		"a token's secret":         {"/api/hooks/" + token.Secret, `{"text":"x"}`, 404},
		"a secret without an end":  {"/api/hooks/" + strings.Repeat("x", 5_000), `{"text":"x"}`, 422},
		"a very long key":          {made.Path, `{"text":"x","idempotency_key":"` + strings.Repeat("k", 201) + `"}`, 400},
	} {
		if a := h.do(request{method: "POST", path: c.path, body: c.body}); a.status != c.want && (c.want != 422 || a.status != 400) {
			t.Errorf("%s: %d %.200s, want %d", name, a.status, a.body, c.want)
		}
	}
	if n := h.count("select count(*) from messages where kind = 'user'"); n != 0 {
		t.Errorf("%d messages", n)
	}
	// Script is a text like any other.
	script := `<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1)`
	body, err := json.Marshal(wire.HookMessage{Text: script})
	if err != nil {
		t.Fatal(err)
	}
	h.must(200, request{method: "POST", path: made.Path, body: string(body)})
	last := h.history(h.kim)
	if got := last[len(last)-1].Text; got != script {
		t.Errorf("said %q", got)
	}
	for _, name := range []string{"", " ", strings.Repeat("가", 61), "a\nb", "김\u202e대표"} {
		h.must(400, request{method: "POST", path: "/api/admin/integrations", token: h.boss.token, body: wire.NewIntegration{
			Kind: wire.IntegrationIncoming, Name: name, RoomUUIDs: []string{h.room},
		}})
	}
}

func TestBadIntegrations(t *testing.T) {
	h := newHooked(start(t, settings(t, "")))
	direct := ""
	var opened struct {
		RoomUUID string `json:"room_uuid"`
	}
	h.must(200, request{method: "POST", path: "/api/direct-rooms", token: h.boss.token, body: wire.OpenDirectRequest{ReceiverUUID: h.kim.uuid}}).decode(t, &opened)
	direct = opened.RoomUUID
	others := h.kim.room(h.lee, h.lee)
	for name, in := range map[string]wire.NewIntegration{
		"no kind":                          {Name: "x", RoomUUIDs: []string{h.room}},
		"an icon that is none":             {Kind: wire.IntegrationIncoming, Name: "x", Icon: "<b>", RoomUUIDs: []string{h.room}},
		"no room":                          {Kind: wire.IntegrationIncoming, Name: "x"},
		"a room twice":                     {Kind: wire.IntegrationOutgoing, Name: "x", URL: "https://x.example", RoomUUIDs: []string{h.room, h.room}},
		"two rooms":                        {Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{h.room, others}},
		"a conversation of two":            {Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{direct}},
		"others' room":                     {Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{others}},
		"a webhook with scopes":            {Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{h.room}, Scopes: wire.Scopes},
		"a token without scopes":           {Kind: wire.IntegrationToken, Name: "x", ExpiresDays: 1},
		"a scope that is none":             {Kind: wire.IntegrationToken, Name: "x", Scopes: []wire.Scope{"admin"}, ExpiresDays: 1},
		"a scope twice":                    {Kind: wire.IntegrationToken, Name: "x", Scopes: []wire.Scope{wire.ScopePeopleRead, wire.ScopePeopleRead}, ExpiresDays: 1},
		"a token for ever":                 {Kind: wire.IntegrationToken, Name: "x", Scopes: []wire.Scope{wire.ScopePeopleRead}},
		"a token for too long":             {Kind: wire.IntegrationToken, Name: "x", Scopes: []wire.Scope{wire.ScopePeopleRead}, ExpiresDays: 731},
		"a token that reads nowhere":       {Kind: wire.IntegrationToken, Name: "x", Scopes: []wire.Scope{wire.ScopeMessagesRead}, ExpiresDays: 1},
		"rooms that it needs not":          {Kind: wire.IntegrationToken, Name: "x", Scopes: []wire.Scope{wire.ScopePeopleRead}, RoomUUIDs: []string{h.room}, ExpiresDays: 1},
		"no address":                       {Kind: wire.IntegrationOutgoing, Name: "x", RoomUUIDs: []string{h.room}},
		"an address without encryption":    {Kind: wire.IntegrationOutgoing, Name: "x", URL: "http://ci.example", RoomUUIDs: []string{h.room}},
		"this machine":                     {Kind: wire.IntegrationOutgoing, Name: "x", URL: "https://localhost:5050", RoomUUIDs: []string{h.room}},
		"this machine by number":           {Kind: wire.IntegrationOutgoing, Name: "x", URL: "https://127.0.0.1/x", RoomUUIDs: []string{h.room}},
		"the cloud's own address":          {Kind: wire.IntegrationOutgoing, Name: "x", URL: "https://169.254.169.254/latest", RoomUUIDs: []string{h.room}},
		"this machine as IPv6 in disguise": {Kind: wire.IntegrationOutgoing, Name: "x", URL: "https://[::ffff:127.0.0.1]/", RoomUUIDs: []string{h.room}},
	} {
		a := h.do(request{method: "POST", path: "/api/admin/integrations", token: h.boss.token, body: in})
		if a.status != 400 && (name != "others' room" || a.status != 404) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if n := h.count("select count(*) from integrations") + h.count("select count(*) from users where state = 'bot'"); n != 0 {
		t.Errorf("%d were left", n)
	}
}

func TestAWebhookIsTakenBackAtOnce(t *testing.T) {
	h := newHooked(start(t, settings(t, "")))
	made := h.incoming()
	path := "/api/admin/integrations/" + made.Integration.IntegrationUUID
	post := func(want int, address string) {
		t.Helper()
		h.must(want, request{method: "POST", path: address, body: wire.HookMessage{Text: "x"}})
	}
	post(200, made.Path)
	h.must(200, request{method: "POST", path: path + "/disable", token: h.boss.token})
	post(404, made.Path)
	h.must(200, request{method: "POST", path: path + "/enable", token: h.boss.token})
	post(200, made.Path)
	var fresh wire.IntegrationSecret
	h.must(200, request{method: "POST", path: path + "/rotate", token: h.boss.token}).decode(t, &fresh)
	post(404, made.Path)
	post(200, fresh.Path)
	h.must(200, request{method: "DELETE", path: path, token: h.boss.token})
	post(404, fresh.Path)
	h.must(404, request{method: "POST", path: path + "/enable", token: h.boss.token})
	h.must(404, request{method: "DELETE", path: path, token: h.boss.token})
	last := h.history(h.kim)
	if m := last[len(last)-1]; m.System == nil || m.System.Action != wire.SystemBotGone {
		t.Errorf("the room's last line %+v", m)
	}
	// Secrets are stored nowhere as they are.
	for _, secret := range []string{made.Secret, fresh.Secret} {
		if n := h.count("select count(*) from integrations where secret_hash = ?", secret); n != 0 {
			t.Error("a secret is stored as it is")
		}
	}
	// A room that is gone takes nothing more.
	again := h.incoming()
	h.must(200, request{method: "DELETE", path: "/api/delete-chat-room/" + h.room + "?for=all", token: h.boss.token})
	post(404, again.Path)
	var list wire.IntegrationList
	h.boss.get("/api/admin/integrations", &list)
	if len(list.Integrations) != 1 || list.Integrations[0].LastFailure != wire.FailureRoomGone || !list.Integrations[0].Rooms[0].Closed {
		t.Errorf("list %+v", list.Integrations)
	}
}

func TestAThousandWebhooksASecondHarmNobody(t *testing.T) {
	c := settings(t, "")
	c.RateLimits = "on"
	h := newHooked(start(t, c))
	made := h.incoming()
	var written, refused, other atomic.Int64
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for ctx.Err() == nil {
				switch h.do(request{method: "POST", path: made.Path, body: `{"text":"x"}`}).status {
				case 200:
					written.Add(1)
				case 429:
					refused.Add(1)
				default:
					other.Add(1)
				}
			}
		})
	}
	slowest := time.Duration(0)
	for ctx.Err() == nil {
		began := time.Now()
		h.kim.say(h.room, "사람의 말")
		slowest = max(slowest, time.Since(began))
	}
	all.Wait()
	t.Logf("%d written, %d refused with 429; the slowest message of a person took %v", written.Load(), refused.Load(), slowest)
	if n := written.Load(); n < wire.HookPostsBurst || n > wire.HookPostsBurst+5 || refused.Load() < 100 || other.Load() != 0 {
		t.Errorf("%d written, %d refused, %d otherwise", n, refused.Load(), other.Load())
	}
	if slowest > 2*time.Second {
		t.Errorf("a person waited %v", slowest)
	}
	a := h.do(request{method: "POST", path: made.Path, body: `{"text":"x"}`})
	if a.status == 429 && a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestWhatATokenMayDo(t *testing.T) {
	h := newHooked(start(t, settings(t, "")))
	h.kim.say(h.room, "전에 쓴 것")
	tokens := map[wire.Scope]wire.IntegrationSecret{}
	for _, scope := range wire.Scopes {
		tokens[scope] = h.token(scope)
	}
	h.kim.say(h.room, "뒤에 쓴 것")
	var posted wire.BotPosted
	h.must(201, request{
		method: "POST", path: "/api/bot/messages", token: tokens[wire.ScopeMessagesWrite].Secret,
		body: wire.BotMessage{RoomUUID: h.room, Text: "봇이 쓴 것", IdempotencyKey: "1"},
	}).decode(t, &posted)
	foreign := h.kim.say(h.room, "사람의 것").MessageID
	elsewhere := h.boss.room(h.kim, h.lee)
	calls := map[string]struct {
		scope wire.Scope
		req   request
		ok    int
	}{
		"me":       {"", request{method: "GET", path: "/api/bot/me"}, 200},
		"people":   {wire.ScopePeopleRead, request{method: "GET", path: "/api/bot/people"}, 200},
		"messages": {wire.ScopeMessagesRead, request{method: "GET", path: "/api/bot/rooms/" + h.room + "/messages"}, 200},
		"post":     {wire.ScopeMessagesWrite, request{method: "POST", path: "/api/bot/messages", body: wire.BotMessage{RoomUUID: h.room, Text: "x"}}, 201},
		"delete":   {wire.ScopeMessagesWrite, request{method: "DELETE", path: fmt.Sprint("/api/bot/messages/", posted.MessageID)}, 200},
	}
	for name, c := range calls {
		for scope, made := range tokens {
			want := 403
			if c.scope == "" || c.scope == scope {
				want = c.ok
			}
			c.req.token = made.Secret
			if a := h.do(c.req); a.status != want {
				t.Errorf("%s with %s: %d %s, want %d", name, scope, a.status, a.body, want)
			}
		}
	}
	reads, writes := tokens[wire.ScopeMessagesRead].Secret, tokens[wire.ScopeMessagesWrite].Secret
	for name, c := range map[string]struct {
		req  request
		want int
	}{
		"another room to read":     {request{method: "GET", path: "/api/bot/rooms/" + elsewhere + "/messages", token: reads}, 404},
		"another room to write in": {request{method: "POST", path: "/api/bot/messages", token: writes, body: wire.BotMessage{RoomUUID: elsewhere, Text: "x"}}, 404},
		"a person's message":       {request{method: "DELETE", path: fmt.Sprint("/api/bot/messages/", foreign), token: writes}, 404},
		"people's routes":          {request{method: "GET", path: "/api/users", token: tokens[wire.ScopePeopleRead].Secret}, 401},
		"administrators' routes":   {request{method: "GET", path: "/api/admin/integrations", token: writes}, 401},
		"a token that is none":     {request{method: "GET", path: "/api/bot/me", token: wire.TokenSecretPrefix + "x"}, 401},
		"no token":                 {request{method: "GET", path: "/api/bot/me"}, 401},
		"a webhook's secret":       {request{method: "GET", path: "/api/bot/me", token: h.incoming().Secret}, 401},
	} {
		if a := h.do(c.req); a.status != c.want {
			t.Errorf("%s: %d %s, want %d", name, a.status, a.body, c.want)
		}
	}
	if _, refused := h.dial(reads); refused != 401 {
		t.Errorf("a token opens a socket: %d", refused)
	}
	h.readsFromItsEntry(reads)
	h.peopleOf(tokens[wire.ScopePeopleRead].Secret)
}

// readsFromItsEntry: a token reads what came after it, without what was deleted.
func (h *hooked) readsFromItsEntry(token string) {
	h.t.Helper()
	var texts []string
	for after, more := int64(0), true; more; {
		var page wire.BotMessages
		h.must(200, request{method: "GET", path: fmt.Sprintf("/api/bot/rooms/%s/messages?limit=1&after_seq=%d", h.room, after), token: token}).decode(h.t, &page)
		for _, m := range page.Messages {
			texts = append(texts, m.SenderName+": "+m.Text)
			if m.Bot != (m.SenderName == "배포 봇") {
				h.t.Errorf("%+v", m)
			}
		}
		after, more = page.AfterSeq, page.More
	}
	all := strings.Join(texts, "|")
	if strings.Contains(all, "전에") || strings.Contains(all, "봇이 쓴 것") || !strings.Contains(all, "이kim: 뒤에 쓴 것|") || !strings.Contains(all, "배포 봇: x") {
		h.t.Errorf("read %q", all)
	}
}

func (h *hooked) peopleOf(token string) {
	h.t.Helper()
	a := h.must(200, request{method: "GET", path: "/api/bot/people", token: token})
	var people wire.BotPeople
	a.decode(h.t, &people)
	if len(people.People) != 3 || strings.Contains(string(a.body), "birth") || strings.Contains(string(a.body), "봇") {
		h.t.Errorf("people %s", a.body)
	}
}

func TestATokenEndsByItselfAndAtOnce(t *testing.T) {
	now := &atomic.Int64{}
	now.Store(time.Now().UnixMilli())
	s := startAt(t, settings(t, ""), func() time.Time { return time.UnixMilli(now.Load()) })
	h := newHooked(s)
	made := h.token(wire.ScopePeopleRead)
	me := func() int { return h.do(request{method: "GET", path: "/api/bot/me", token: made.Secret}).status }
	if me() != 200 {
		t.Fatal("it is not good")
	}
	path := "/api/admin/integrations/" + made.Integration.IntegrationUUID
	began := time.Now()
	h.must(200, request{method: "POST", path: path + "/disable", token: h.boss.token})
	if got := me(); got != 401 || time.Since(began) > time.Second {
		t.Errorf("%d after %v", got, time.Since(began))
	}
	h.must(200, request{method: "POST", path: path + "/enable", token: h.boss.token})
	if me() != 200 {
		t.Error("it is not good again")
	}
	now.Add((30 * 24 * time.Hour).Milliseconds())
	if got := me(); got != 401 {
		t.Errorf("%d when its time is over", got)
	}
	var list wire.IntegrationList
	h.boss = h.login("boss")
	h.boss.get("/api/admin/integrations", &list)
	if i := list.Integrations[0]; i.State != wire.IntegrationExpired || i.LastFailure != wire.FailureExpired || i.LastUsedAt == nil {
		t.Errorf("%+v", i)
	}
}

// receiver is a target of outgoing hooks.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	events []wire.HookEvent
	ids    map[string]int
	secret string
	status atomic.Int64
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{ids: map[string]int{}}
	r.status.Store(200)
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		var e wire.HookEvent
		if err == nil {
			err = json.Unmarshal(body, &e)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if want := hook.Sign(r.secret, req.Header.Get(wire.HookTimestampHeader), body); err != nil || req.Header.Get(wire.HookSignatureHeader) != want {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if status := int(r.status.Load()); status != 200 {
			w.WriteHeader(status)
			return
		}
		if r.ids[e.DeliveryID]++; r.ids[e.DeliveryID] == 1 {
			r.events = append(r.events, e)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) texts() (texts []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		texts = append(texts, e.Message.Text)
	}
	return texts
}

// startTrusting runs a server that may post to this machine and trusts a receiver.
func startTrusting(t *testing.T, r *receiver) (*server, func() *server) {
	c := settings(t, "")
	c.HookHosts = []string{"127.0.0.1"}
	roots := x509.NewCertPool()
	roots.AddCert(r.Certificate())
	run := func() *server { return startWith(t, app.Options{Config: c, Now: time.Now, HookRoots: roots}) }
	return run(), run
}

func TestMessagesGoOutSignedAndInOrderAlsoOverARestart(t *testing.T) {
	r := newReceiver(t)
	s, again := startTrusting(t, r)
	h := newHooked(s)
	made := h.boss.integration(wire.NewIntegration{Kind: wire.IntegrationOutgoing, Name: "CI", URL: r.URL + "/in", RoomUUIDs: []string{h.room}})
	r.mu.Lock()
	r.secret = made.Secret
	r.mu.Unlock()
	bot := h.incoming()
	var want []string
	for n := range 25 {
		want = append(want, fmt.Sprint("메시지 ", n))
		h.kim.say(h.room, want[n])
	}
	h.must(200, request{method: "POST", path: bot.Path, body: wire.HookMessage{Text: "봇의 말은 나가지 않는다"}})
	eventually(t, "all to come", func() bool { return slices.Equal(r.texts(), want) })
	r.mu.Lock()
	e := r.events[0]
	r.mu.Unlock()
	if e.Event != wire.HookEventMessage || e.RoomUUID != h.room || e.Message.SenderName != "이kim" || e.Company != "하이컴퍼니" {
		t.Errorf("event %+v", e)
	}

	// The target fails, the server stops in the middle, and nothing is lost.
	r.status.Store(500)
	for n := range 5 {
		want = append(want, fmt.Sprint("나중 ", n))
		h.kim.say(h.room, want[25+n])
	}
	deleted := h.kim.say(h.room, "지운 것")
	h.must(200, request{method: "DELETE", path: fmt.Sprint("/api/messages/", deleted.MessageID), token: h.kim.token})
	eventually(t, "a failure", func() bool {
		return h.count("select count(*) from integrations where last_status = 500 and failures > 0") == 1
	})
	var list wire.IntegrationList
	h.boss.get("/api/admin/integrations", &list)
	for _, i := range list.Integrations {
		if i.Kind == wire.IntegrationOutgoing && (i.LastFailure != wire.FailureStatus || i.LastStatus != 500 || i.Waiting == 0 || i.NextTryAt == nil) {
			t.Errorf("%+v", i)
		}
	}
	s.stop()
	r.status.Store(200)
	s2 := again()
	s2.exec("update integrations set next_try_at = 0")
	eventually(t, "what waited to come", func() bool { return slices.Equal(r.texts(), want) })
	for id, n := range r.ids {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
}

func TestTheLogHoldsNoSecretOfIntegrations(t *testing.T) {
	r := newReceiver(t)
	s, _ := startTrusting(t, r)
	h := newHooked(s)
	const canary = "kanarienvogel-9f2b"
	in := h.boss.integration(wire.NewIntegration{Kind: wire.IntegrationIncoming, Name: canary, RoomUUIDs: []string{h.room}})
	out := h.boss.integration(wire.NewIntegration{Kind: wire.IntegrationOutgoing, Name: "x", URL: r.URL + "/" + canary, RoomUUIDs: []string{h.room}})
	token := h.token(wire.ScopeMessagesWrite, wire.ScopeMessagesRead)
	h.must(200, request{method: "POST", path: in.Path, body: wire.HookMessage{Text: canary, IdempotencyKey: canary}})
	h.must(200, request{method: "POST", path: in.Path + "/slack", body: wire.HookMessage{Text: canary}})
	h.must(400, request{method: "POST", path: in.Path, body: `{"text":"` + canary + `\u0000"}`})
	h.must(400, request{method: "POST", path: in.Path + "/slack", body: canary})
	h.must(404, request{method: "POST", path: in.Path + "x", body: wire.HookMessage{Text: canary}})
	h.must(405, request{method: "GET", path: in.Path})
	h.must(404, request{method: "GET", path: in.Path + "/" + canary})
	h.must(201, request{method: "POST", path: "/api/bot/messages", token: token.Secret, body: wire.BotMessage{RoomUUID: h.room, Text: canary}})
	h.must(401, request{method: "GET", path: "/api/bot/me", token: token.Secret + "x"})
	h.kim.say(h.room, canary)
	eventually(t, "the target to refuse it", func() bool { // it has another secret
		return h.count("select count(*) from integrations where last_status = 403") == 1
	})
	s.stop()
	log := s.log.String()
	if !strings.Contains(log, "/api/hooks/{secret}") || !strings.Contains(log, "a hook's target failed") {
		t.Fatalf("the log does not tell of it: %s", log)
	}
	for name, secret := range map[string]string{"canary": canary, "webhook": in.Secret, "signing key": out.Secret, "token": token.Secret} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds the %s", name)
		}
	}
	if n := h.count("select count(*) from audit where detail like ? or detail like ? or detail like ?", "%"+in.Secret+"%", "%"+out.Secret+"%", "%"+token.Secret+"%"); n != 0 {
		t.Error("the audit holds a secret")
	}
}
