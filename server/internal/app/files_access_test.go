package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// visitor is somebody who asks for files, as he stands to the room that they are in.
type visitor struct {
	name string
	person
	room string
	sent wire.UploadFileReply
}

// gallery is a room with a sent picture, and everybody who may ask for it.
type gallery struct {
	s        *server
	boss     person
	visitors []visitor
	upload   string // of the boss, not sent
	ready    string // likewise, with all its bytes
}

// newGallery makes the members before the picture is sent, lets those leave who leave, and the clock run for who kept a token
// for too long.
func newGallery(t *testing.T, clock *atomic.Int64) *gallery {
	t.Helper()
	s := startAt(t, settings(t, ""), func() time.Time { return time.Now().Add(time.Duration(clock.Load())) })
	s.owner("boss")
	boss := s.login("boss")
	late := s.join(boss, "late")
	clock.Add(int64(11 * time.Minute)) // an access token is good for ten
	boss = s.login("boss")
	people := map[string]person{"expired token": late, "no token": {s: s}}
	for _, name := range []string{"member", "newcomer", "former", "outsider", "disabled", "pending", "sender", "leaver"} {
		people[name] = s.join(boss, name)
	}
	room := boss.room(people["member"], people["former"], people["disabled"], people["pending"], people["sender"], people["leaver"], late)
	sent := people["sender"].sendFile(room, "그림.png", smallPNG)
	left := people["leaver"].sendFile(room, "그림.png", smallPNG)
	s.must(200, request{method: "DELETE", path: "/api/chat-rooms/" + room + "/members/" + people["former"].uuid, token: boss.token})
	s.must(200, request{method: "DELETE", path: "/api/delete-chat-room/" + room, token: people["leaver"].token})
	s.must(200, request{
		method: "POST", path: "/api/chat-rooms/" + room + "/members", token: boss.token,
		body: wire.InviteRequest{Members: []string{people["newcomer"].uuid}},
	})
	for _, state := range []string{"disabled", "pending"} {
		s.exec("update users set state = ? where id = ?", state, people[state].id)
	}
	g := &gallery{s: s, boss: boss, ready: s.file(boss, "x.pdf")}
	g.upload = strings.TrimPrefix(boss.with(newUpload("x.txt", 2, "")).header.Get("Location"), "/api/uploads/")
	for _, name := range []string{
		"member", "newcomer", "former", "outsider", "expired token", "no token", "disabled", "pending", "sender", "leaver",
	} {
		v := visitor{name, people[name], room, sent}
		if name == "leaver" {
			v.sent = left
		}
		g.visitors = append(g.visitors, v)
	}
	return g
}

// access is a line of the table: what each visitor gets, in their order.
type access struct {
	what string
	want string
	req  func(g *gallery, v visitor) request
}

const (
	seesFile = "200 404 403 404 401 401 401 401 200 403" // the newcomer came after it
	onlyHis  = "404 404 404 404 401 401 401 401 404 404"
	seesRoom = "200 200 403 404 401 401 401 401 200 403"
)

func fileOf(method, path string) func(*gallery, visitor) request {
	return func(_ *gallery, v visitor) request {
		return request{method: method, path: strings.NewReplacer("{file}", v.sent.FileID, "{message}", fmt.Sprint(v.sent.MessageID),
			"{room}", v.room).Replace(path)}
	}
}

func ofAnother(method, body string) func(*gallery, visitor) request {
	return func(g *gallery, _ visitor) request {
		r := request{method: method, path: "/api/uploads/" + g.upload, header: tusWith("Upload-Offset", "0", "Content-Type", tusBody)}
		if body != "" {
			r.body = body
		}
		return r
	}
}

var accesses = []access{
	{"GET download-file (file_id)", seesFile, fileOf("GET", "/api/download-file/{file}")},
	{"HEAD download-file (file_id)", seesFile, fileOf("HEAD", "/api/download-file/{file}")},
	{"GET download-file (message_id)", seesFile, fileOf("GET", "/api/download-file/{message}")},
	{"HEAD download-file (message_id)", seesFile, fileOf("HEAD", "/api/download-file/{message}")},
	{"GET files", seesFile, fileOf("GET", "/api/files/{file}")},
	{"GET thumbnail, 240", seesFile, fileOf("GET", "/api/files/{file}/thumbnail?size=240")},
	{"GET thumbnail, 960", seesFile, fileOf("GET", "/api/files/{file}/thumbnail?size=960")},
	{"GET the room's files", seesRoom, fileOf("GET", "/api/chat-rooms/{room}/files")},
	{"HEAD another's upload", onlyHis, ofAnother("HEAD", "")},
	{"PATCH another's upload", onlyHis, ofAnother("PATCH", "ab")},
	{"DELETE another's upload", onlyHis, ofAnother("DELETE", "")},
	{"GET files, another's not sent", onlyHis, func(g *gallery, _ visitor) request {
		return request{method: "GET", path: "/api/files/" + g.ready}
	}},
	{"GET download-file, another's not sent", onlyHis, func(g *gallery, _ visitor) request {
		return request{method: "GET", path: "/api/download-file/" + g.ready}
	}},
}

// TestWhoMayHaveAFile is the table of who gets what over HTTP, and over the socket for sending another's file.
func TestWhoMayHaveAFile(t *testing.T) {
	var clock atomic.Int64
	g := newGallery(t, &clock)
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-40s", "")
	for _, v := range g.visitors {
		fmt.Fprintf(&table, "%-14s", v.name)
	}
	line := func(what, want string, got []string) {
		if all := strings.Join(got, " "); all != want {
			t.Errorf("%s: %s, want %s", what, all, want)
		}
		fmt.Fprintf(&table, "\n%-40s", what)
		for _, one := range got {
			fmt.Fprintf(&table, "%-14s", one)
		}
	}
	for _, a := range accesses {
		var got []string
		for _, v := range g.visitors {
			r := a.req(g, v)
			answered := v.with(r)
			got = append(got, fmt.Sprint(answered.status))
			if answered.status >= 400 && r.method != "HEAD" && answered.refusal().Reason == "" {
				if v.name != "no token" && !strings.HasSuffix(r.path, "/files") {
					t.Errorf("%s as %s: no reason in %s", a.what, v.name, answered.body)
				}
			}
			if v.name == "expired token" && r.method != "HEAD" && answered.refusal().Reason != wire.ReasonTokenExpired {
				t.Errorf("%s: it is not the clock that refuses: %s", a.what, answered.body)
			}
		}
		line(a.what, a.want, got)
	}
	var got []string
	for _, v := range g.visitors {
		got = append(got, g.sendAnothers(v))
	}
	line("send another's file", onlyHis, got)
	t.Log(table.String())
}

// sendAnothers tries to send a file of the boss to the room.
func (g *gallery) sendAnothers(v visitor) string {
	socket, refused := g.s.dial(v.token)
	if refused != 0 {
		return fmt.Sprint(refused)
	}
	defer func() { _ = socket.Close() }()
	reply := g.s.ask(socket, wire.OpSend, wire.SendRequest{RoomUUID: v.room, ClientID: uuid.NewString(), FileIDs: []string{g.ready}})
	if reply.Err == nil {
		return "200"
	}
	return string(statusOf[reply.Err.Code])
}

// op asks over a socket of a person's own and returns the refusal's reason, or else its code.
func (p person) op(op wire.Op, d, into any) string {
	p.s.t.Helper()
	socket, refused := p.s.dial(p.token)
	if refused != 0 {
		p.s.t.Fatalf("dial: %d", refused)
	}
	defer func() { _ = socket.Close() }()
	reply := p.s.ask(socket, op, d)
	switch {
	case reply.Err != nil && reply.Err.Reason != "":
		return string(reply.Err.Reason)
	case reply.Err != nil:
		return string(reply.Err.Code)
	case into != nil:
		if err := json.Unmarshal(reply.D, into); err != nil {
			p.s.t.Fatal(err)
		}
	}
	return ""
}

func TestAFileIsSentWithOneMessage(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	room := boss.room(s.join(boss, "ann"), s.join(boss, "bob"))
	id := s.file(boss, "x.pdf")
	send := func(files ...string) string {
		return boss.op(wire.OpSend, wire.SendRequest{RoomUUID: room, ClientID: uuid.NewString(), FileIDs: files}, nil)
	}
	for _, c := range []struct{ what, got, want string }{
		{"twice in one", send(id, id), "bad_request"},
		{"once", send(id), ""},
		{"with another message", send(id), "file_used"},
		{"beside a new one", send(s.file(boss, "y.pdf"), id), "file_used"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

// TestWhatBecomesOfAFile follows files to where they can't be had any more, and the reasons that say so.
func TestWhatBecomesOfAFile(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		ann, bob, cat := s.join(boss, "ann"), s.join(boss, "bob"), s.join(boss, "cat")
		room, other := ann.room(bob, boss), ann.room(cat, boss)
		gets := func(who person, id, want string) {
			t.Helper()
			a := who.with(request{method: "GET", path: "/api/download-file/" + id})
			if got := strings.TrimSuffix(fmt.Sprint(a.status, " ", a.refusal().Reason), " "); got != want {
				t.Errorf("%s: %s, want %s", id, got, want)
			}
		}
		sent := ann.sendFile(room, "그림.png", smallPNG)
		byMessage := fmt.Sprint(sent.MessageID)

		// Deleted for himself only.
		if refused := bob.op(wire.OpHide, wire.HideRequest{MessageIDs: []int64{sent.MessageID}}, nil); refused != "" {
			t.Fatal(refused)
		}
		gets(bob, sent.FileID, "404 file_deleted")
		gets(bob, byMessage, "404 file_deleted")
		gets(ann, sent.FileID, "200")
		gets(boss, byMessage, "200")

		// Forwarded, and deleted for everyone where it came from.
		var passed wire.SendReply
		forward := wire.SendRequest{RoomUUID: other, ClientID: uuid.NewString(), ForwardedFrom: sent.MessageID}
		if refused := ann.op(wire.OpSend, forward, &passed); refused != "" {
			t.Fatal(refused)
		}
		s.must(200, request{method: "DELETE", path: "/api/messages/" + byMessage, token: ann.token})
		gets(cat, sent.FileID, "200")
		gets(boss, sent.FileID, "200") // in the other room
		gets(boss, byMessage, "404 file_deleted")
		gets(bob, sent.FileID, "404 file_unknown")
		if n := blobCount(t, s); n != 3 {
			t.Errorf("%d blobs, want the picture and its thumbnails", n)
		}

		// Deleted there too: the bytes go at once, and who saw it hears why.
		s.must(200, request{method: "DELETE", path: fmt.Sprint("/api/messages/", passed.MessageID), token: ann.token})
		for _, who := range []person{ann, boss, cat} {
			gets(who, sent.FileID, "404 file_deleted")
		}
		eventually(t, "the bytes go", func() bool { return blobCount(t, s) == 0 })
		gets(cat, sent.FileID, "404 file_deleted")
		gets(cat, uuid.NewString(), "404 file_unknown")
	})
}

// TestANewcomerSeesNoFilesFromBeforeHisTime asks for them by every way there is.
func TestANewcomerSeesNoFilesFromBeforeHisTime(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		ann, late := s.join(boss, "ann"), s.join(boss, "late")
		room := boss.room(ann, s.join(boss, "bob"))
		before := ann.sendFile(room, "견적서.png", smallPNG)
		s.must(200, request{
			method: "POST", path: "/api/chat-rooms/" + room + "/members", token: boss.token,
			body: wire.InviteRequest{Members: []string{late.uuid}},
		})
		after := ann.sendFile(room, "견적서.png", smallPNG)
		finds := func(who person) (n int) {
			var reply wire.SearchReply
			if refused := who.op(wire.OpSearch, wire.SearchRequest{Query: "견적서", HasFile: true}, &reply); refused != "" {
				t.Fatal(refused)
			}
			return len(reply.Messages)
		}
		eventually(t, "a member finds both", func() bool { return finds(ann) == 2 })
		if n := finds(late); n != 1 {
			t.Errorf("the newcomer finds %d", n)
		}
		var page wire.RoomFilesReply
		late.get("/api/chat-rooms/"+room+"/files", &page)
		if len(page.Files) != 1 || page.Files[0].File.FileID != after.FileID {
			t.Errorf("drawer: %+v", page)
		}
		for _, path := range []string{"/api/download-file/%s", "/api/files/%s", "/api/files/%s/thumbnail?size=240"} {
			for id, want := range map[string]int{before.FileID: 404, after.FileID: 200} {
				if a := late.with(request{method: "GET", path: fmt.Sprintf(path, id)}); a.status != want {
					t.Errorf(path+": %d, want %d", id, a.status, want)
				}
			}
		}
		forward := wire.SendRequest{RoomUUID: room, ClientID: uuid.NewString(), ForwardedFrom: before.MessageID}
		if refused := late.op(wire.OpSend, forward, nil); refused == "" {
			t.Error("he can forward it")
		}
	})
}
