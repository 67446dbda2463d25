package app_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// summaryOf returns a room as a person sees it over his socket.
func (p person) summaryOf(t *testing.T, room string) wire.RoomSummary {
	t.Helper()
	socket, _ := p.s.dial(p.token)
	defer func() { _ = socket.Close() }()
	var reply wire.SyncReply
	answer{body: p.s.ask(socket, wire.OpSync, wire.SyncRequest{}).D}.decode(t, &reply)
	for _, r := range reply.Rooms {
		if r.RoomUUID == room {
			return r
		}
	}
	t.Fatalf("%s does not see the room: %+v", p.in.User.Username, reply)
	return wire.RoomSummary{}
}

// TestALifeOfAGroup goes through all that can be done to a group, as its devices do it.
func TestALifeOfAGroup(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim, lee, han := s.join(boss, "kim"), s.join(boss, "lee"), s.join(boss, "han")
		room := boss.room(kim)
		path := "/api/chat-rooms/" + room
		old := boss.say(room, "옛 글")
		name, history := "이름", wire.HistoryAll
		s.must(200, request{method: "PUT", path: path, token: boss.token, body: wire.UpdateRoomRequest{Name: &name, History: &history}})
		s.must(200, request{method: "POST", path: path + "/members", token: kim.token, body: wire.InviteRequest{Members: []string{lee.uuid, han.uuid, kim.uuid}}})
		s.must(200, request{method: "PUT", path: path + "/members/" + lee.uuid, token: boss.token, body: wire.MemberRoleRequest{Role: wire.RoomOwner}})
		var made wire.PictureReply
		s.must(200, request{method: "PUT", path: path + "/picture", token: lee.token, body: smallPNG}).decode(t, &made)
		sum := han.summaryOf(t, room)
		owners := []string{boss.uuid, lee.uuid}
		if slices.Sort(owners); !slices.Equal(slices.Sorted(slices.Values(sum.Owners)), owners) || sum.Name != name ||
			sum.History != history || sum.Picture != made.PictureUUID || sum.MemberCount != 4 || sum.My.Role != wire.RoomMember {
			t.Errorf("summary %+v", sum)
		}
		socket, _ := s.dial(han.token)
		var page wire.HistoryReply
		answer{body: s.ask(socket, wire.OpHistory, wire.HistoryRequest{RoomUUID: room}).D}.decode(t, &page)
		if i := slices.IndexFunc(page.Messages, func(m wire.Message) bool { return m.MessageID == old.MessageID }); i < 0 {
			t.Errorf("with open history a newcomer does not see the old message: %+v", page)
		}
		var actions []string
		for _, m := range page.Messages {
			if m.System != nil {
				actions = append(actions, string(m.System.Action))
			}
		}
		if got := strings.Join(actions, " "); got != "created renamed history joined role picture" {
			t.Errorf("lines %s", got)
		}
		var list wire.RoomMembers
		lee.get(path+"/members?limit=3", &list)
		var rest wire.RoomMembers
		lee.get(path+"/members?limit=3&after="+list.Next, &rest)
		if len(list.Members) != 3 || list.Members[0].Role != wire.RoomOwner || list.Members[1].Role != wire.RoomOwner ||
			len(rest.Members) != 1 || rest.Next != "" {
			t.Errorf("members %+v, %+v", list, rest)
		}
		s.must(200, request{method: "DELETE", path: path + "/members/" + han.uuid, token: lee.token})
		s.must(404, request{method: "GET", path: "/api/pictures/" + made.PictureUUID, token: han.token})
		if reply := s.ask(socket, wire.OpHistory, wire.HistoryRequest{RoomUUID: room}); reply.Err == nil || reply.Err.Code != wire.NotFound {
			t.Errorf("who was removed gets %+v", reply)
		}
		s.must(200, request{method: "DELETE", path: path + "/picture", token: boss.token})
	})
}

func TestPicturesAreServedSafely(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	room := boss.room(s.join(boss, "kim"))
	var made wire.PictureReply
	s.must(200, request{method: "PUT", path: "/api/chat-rooms/" + room + "/picture", token: boss.token, body: smallPNG}).decode(t, &made)
	got := s.must(200, request{method: "GET", path: "/api/pictures/" + made.PictureUUID, token: boss.token})
	for header, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
		"Cache-Control":           "private, max-age=31536000, immutable", "Etag": `"` + made.PictureUUID + `"`,
	} {
		if have := got.header.Get(header); have != want {
			t.Errorf("%s: %q, want %q", header, have, want)
		}
	}
	if c, kind, err := image.DecodeConfig(bytes.NewReader(got.body)); err != nil || c.Width != 256 || c.Height != 256 || kind != "jpeg" {
		t.Errorf("%+v, %s, %v", c, kind, err)
	}
	again := s.do(request{
		method: "GET", path: "/api/pictures/" + made.PictureUUID, token: boss.token,
		header: http.Header{"If-None-Match": {`"` + made.PictureUUID + `"`}},
	})
	if again.status != 304 || len(again.body) != 0 {
		t.Errorf("asked again: %d with %d bytes", again.status, len(again.body))
	}
}

// bombPNG says that it has ten billion pixels.
func bombPNG() string {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), 100_000)
	head = append(binary.BigEndian.AppendUint32(head, 100_000), 8, 6, 0, 0, 0)
	return "\x89PNG\r\n\x1a\n\x00\x00\x00\r" + string(binary.BigEndian.AppendUint32(head, crc32.ChecksumIEEE(head)))
}

func TestBadInputAboutGroups(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim, lee := s.join(boss, "kim"), s.join(boss, "lee")
	s.exec("update users set state = 'disabled' where id = ?", s.join(boss, "gone").id)
	disabled := s.uuidOf(t, "gone")
	room := boss.room(kim)
	path := "/api/chat-rooms/" + room
	var memo wire.CreateRoomReply
	s.must(200, request{method: "POST", path: "/api/direct-rooms", token: boss.token, body: wire.OpenDirectRequest{ReceiverUUID: boss.uuid}}).decode(t, &memo)
	crowd := make([]string, wire.MaxRoomMembers+1)
	for i := range crowd {
		crowd[i] = uuid.NewString()
	}
	invite := func(uuids ...string) any { return wire.InviteRequest{Members: uuids} }
	name := func(s string) any { return wire.UpdateRoomRequest{Name: &s} }
	var whole bytes.Buffer
	if err := png.Encode(&whole, image.NewGray(image.Rect(0, 0, 50, 50))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name         string
		method, path string
		body         any
		status       int
		reason       wire.Reason
	}{
		{"invite nobody", "POST", path + "/members", invite(), 400, wire.ReasonTooFewPeople},
		{"invite who is not there", "POST", path + "/members", invite(lee.uuid, uuid.NewString()), 400, ""},
		{"invite who is disabled", "POST", path + "/members", invite(disabled), 400, ""},
		{"invite what is no uuid", "POST", path + "/members", invite("' or 1=1"), 400, ""},
		{"invite oneself", "POST", path + "/members", invite(boss.uuid), 200, ""},
		{"invite somebody twice", "POST", path + "/members", invite(kim.uuid, kim.uuid), 200, ""},
		{"invite 5,001", "POST", path + "/members", invite(crowd...), 400, wire.ReasonTooManyPeople},
		{"make a group of 5,001", "POST", "/api/create-chat-room", wire.CreateRoomRequest{Members: crowd}, 400, wire.ReasonTooManyPeople},
		{"invite into a memo", "POST", "/api/chat-rooms/" + memo.RoomUUID + "/members", invite(kim.uuid), 400, wire.ReasonNotGroup},
		{"rename a memo", "PUT", "/api/chat-rooms/" + memo.RoomUUID, name("x"), 400, wire.ReasonNotGroup},
		{"picture of a memo", "PUT", "/api/chat-rooms/" + memo.RoomUUID + "/picture", smallPNG, 400, wire.ReasonNotGroup},
		{"a room that is not there", "POST", "/api/chat-rooms/" + uuid.NewString() + "/members", invite(kim.uuid), 404, ""},
		{"no name", "PUT", path, name(" "), 400, ""},
		{"a name with a control character", "PUT", path, name("a\x07b"), 400, ""},
		{"a name that runs from right to left", "PUT", path, name("exe\u202egpj"), 400, ""},
		{"a name of 101", "PUT", path, name(strings.Repeat("가", 101)), 400, ""},
		{"a history of fun", "PUT", path, `{"history":"fun"}`, 400, ""},
		{"a change of nothing", "PUT", path, `{}`, 200, ""},
		{"the role of a non-member", "PUT", path + "/members/" + lee.uuid, wire.MemberRoleRequest{Role: wire.RoomOwner}, 404, ""},
		{"the role of nobody", "PUT", path + "/members/" + uuid.NewString(), wire.MemberRoleRequest{Role: wire.RoomOwner}, 404, ""},
		{"a role that is none", "PUT", path + "/members/" + kim.uuid, wire.MemberRoleRequest{Role: "king"}, 400, ""},
		{"demote the last owner", "PUT", path + "/members/" + boss.uuid, wire.MemberRoleRequest{Role: wire.RoomMember}, 409, wire.ReasonLastOwner},
		{"remove the last owner", "DELETE", path + "/members/" + boss.uuid, nil, 409, wire.ReasonLastOwner},
		{"remove a non-member", "DELETE", path + "/members/" + lee.uuid, nil, 404, ""},
		{"a page behind nonsense", "GET", path + "/members?after=king.1.x", nil, 400, ""},
		{"a page of 201", "GET", path + "/members?limit=201", nil, 400, ""},
		{"no picture", "PUT", path + "/picture", nil, 400, ""},
		{"HTML as a picture", "PUT", path + "/picture", "<html><script>alert(1)</script></html>", 415, wire.ReasonBadImage},
		{"SVG as a picture", "PUT", path + "/picture", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, 415, wire.ReasonBadImage},
		{"half a picture", "PUT", path + "/picture", whole.String()[:whole.Len()/2], 415, wire.ReasonBadImage},
		{"a bomb", "PUT", path + "/picture", bombPNG(), 413, wire.ReasonBadImage},
		{"a picture of 5 MiB", "PUT", path + "/picture", smallPNG + strings.Repeat("x", 5<<20), 413, ""},
		{"a picture that is not there", "GET", "/api/pictures/" + uuid.NewString(), nil, 404, ""},
		{"a picture that is no uuid", "GET", "/api/pictures/..%2f..%2fetc", nil, 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do(request{
				method: c.method, path: c.path, token: boss.token, body: c.body,
				header: http.Header{"Content-Type": {contentTypeOf(c.path)}},
			})
			if a.status != c.status || a.refusal().Reason != c.reason {
				t.Errorf("%d %s, want %d %s", a.status, a.body, c.status, c.reason)
			}
		})
	}
	socket, _ := s.dial(boss.token)
	loud := wire.RoomNotify("loud")
	minutes := func(n int) wire.MyRequest { return wire.MyRequest{RoomUUID: room, MuteMinutes: &n} }
	for _, c := range []struct {
		op   wire.Op
		d    any
		code wire.Code
	}{
		{wire.OpMy, minutes(-2), wire.BadRequest},
		{wire.OpMy, minutes(wire.MaxMuteMinutes + 1), wire.BadRequest},
		{wire.OpMy, wire.MyRequest{RoomUUID: "x"}, wire.BadRequest},
		{wire.OpMy, wire.MyRequest{RoomUUID: room, Notify: &loud}, wire.BadRequest},
		{wire.OpReaders, wire.ReadersRequest{RoomUUID: room, Seq: 99}, wire.NotFound},
		{wire.OpReaders, wire.ReadersRequest{RoomUUID: room, Seq: -1}, wire.BadRequest},
		{wire.OpReaders, wire.ReadersRequest{RoomUUID: room, Seq: 1, Limit: 101}, wire.BadRequest},
		{wire.OpReaders, wire.ReadersRequest{RoomUUID: room, Seq: 1, AfterUUID: "x"}, wire.BadRequest},
	} {
		if reply := s.ask(socket, c.op, c.d); reply.Err == nil || reply.Err.Code != c.code {
			t.Errorf("%s %+v: %+v", c.op, c.d, reply)
		}
	}
	for minutesOff, want := range map[int]string{-1: wire.MutedForever.String(), 0: "<nil>"} {
		var my wire.MyReply
		answer{body: s.ask(socket, wire.OpMy, minutes(minutesOff)).D}.decode(t, &my)
		if got := fmt.Sprint(my.My.MutedUntil); got != want {
			t.Errorf("muted for %d: %s, want %s", minutesOff, got, want)
		}
	}
}

func contentTypeOf(path string) string {
	if strings.HasSuffix(path, "/picture") {
		return "image/png" // whatever it is
	}
	return "application/json"
}

func (s *server) uuidOf(t *testing.T, username string) (uuid string) {
	t.Helper()
	row := s.bare.QueryRowContext(t.Context(), "select user_uuid from users where username_key = ?", username)
	if err := row.Scan(&uuid); err != nil {
		t.Fatal(err)
	}
	return uuid
}
