package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// This file goes again the ways in which one broke into the original, each in its words: what one asked for there, and
// what one must not get here. The matrix says who may do what; this says what it was once like.

// companyOfOld is ann and bob, who talk, and eve, who has an account and wants more than it gives.
type companyOfOld struct {
	*server
	t                   *testing.T
	boss, ann, bob, eve person
	room                string // ann and bob are in it
	said                wire.PostMessageReply
}

func TestWhatTheOriginalGotWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		c := &companyOfOld{server: s, boss: s.login("boss")}
		c.ann, c.bob, c.eve = s.join(c.boss, "ann"), s.join(c.boss, "bob"), s.join(c.boss, "eve")
		c.room = c.ann.room(c.bob)
		c.said = c.ann.say(c.room, "우리끼리만")
		for _, row := range []struct {
			name   string
			breaks func(c *companyOfOld)
		}{
			{"anyone reads any room", readsAnyRoom},
			{"anyone posts into any room", postsIntoAnyRoom},
			{"anyone uploads into any room", uploadsIntoAnyRoom},
			{"a message is forged over the socket", forgesOverTheSocket},
			{"a socket without a login listens", listensWithoutALogin},
			{"a member deletes a room for all", deletesARoomForAll},
			{"a sign-in deletes a rejected account", signInDeletesARejectedAccount},
			{"three facts and an approval set a password", setsAPasswordByFacts},
			{"HTML is uploaded as .png", uploadsHTMLAsPNG},
			{"errors tell paths and exceptions", learnsFromErrors},
			{"a token outlives its person", usesATokenAfterBeingDeleted},
			{"others are put into a room that one is not in", putsOthersIntoARoom},
			{"a user name leaves its folder", walksOutOfAFolder},
			{"two files of one second are mixed up", losesAFileOfTheSameSecond},
			{"times are nine hours off", timesAreOff},
		} {
			t.Run(row.name, func(t *testing.T) {
				c.t, c.server.t = t, t
				row.breaks(c)
			})
		}
		c.server.t = t
	})
}

// refused asks, and fails the test unless the answer is want; nothing that ann and bob said may be in it.
func (c *companyOfOld) refused(want int, r request) {
	c.t.Helper()
	a := c.do(r)
	if a.status != want {
		c.t.Errorf("%s %s: %d %s, want %d", r.method, r.path, a.status, a.body, want)
	}
	if strings.Contains(string(a.body), "우리끼리만") {
		c.t.Errorf("%s %s tells what they said: %s", r.method, r.path, a.body)
	}
}

// texts are what bob sees in the room.
func (c *companyOfOld) texts() (out []string) {
	c.t.Helper()
	var detail wire.RoomDetail
	c.bob.get("/api/chat-rooms/"+c.room, &detail)
	for _, m := range detail.Messages {
		out = append(out, m.Text)
	}
	return out
}

func readsAnyRoom(c *companyOfOld) {
	c.refused(404, request{method: "GET", path: "/api/chat-rooms/" + c.room, token: c.eve.token})
	c.refused(404, request{method: "GET", path: "/api/chat-rooms/" + c.room + "/members", token: c.eve.token})
	if code := c.eve.op(wire.OpHistory, wire.HistoryRequest{RoomUUID: c.room, Limit: 50}, nil); code != string(wire.NotFound) {
		c.t.Errorf("history over the socket: %q", code)
	}
	var talk []wire.LegacyMessage // the original gave the talk of any two whose uuid one knew
	c.eve.get("/api/messages/"+c.ann.uuid, &talk)
	if len(talk) != 0 {
		c.t.Errorf("eve's talk with ann: %+v", talk)
	}
}

func postsIntoAnyRoom(c *companyOfOld) {
	before := len(c.texts())
	c.refused(404, request{
		method: "POST", path: "/api/messages", token: c.eve.token, body: wire.PostMessageRequest{RoomUUID: c.room, Text: "나도"},
	})
	send := wire.SendRequest{RoomUUID: c.room, ClientID: uuid.NewString(), Text: "나도"}
	if code := c.eve.op(wire.OpSend, send, nil); code != string(wire.NotFound) {
		c.t.Errorf("over the socket: %q", code)
	}
	if after := len(c.texts()); after != before {
		c.t.Errorf("the room has %d messages, before %d", after, before)
	}
}

func uploadsIntoAnyRoom(c *companyOfOld) {
	before := len(c.texts())
	upload := formUpload("계약서.pdf", pdf("eve"), "room_uuid", c.room)
	upload.token = c.eve.token
	c.refused(404, upload)
	if after := len(c.texts()); after != before {
		c.t.Errorf("the room has %d messages, before %d", after, before)
	}
	eventually(c.t, "the bytes of the refused file go", func() bool { return blobCount(c.t, c.server) == 0 })
}

func forgesOverTheSocket(c *companyOfOld) {
	socket, _ := c.dial(c.eve.token)
	defer func() { _ = socket.Close() }()
	text := "사장님 말씀입니다"
	reply := c.ask(socket, wire.OpSend, map[string]any{ // fields of the original's event beside ours
		"receiver_uuid": c.bob.uuid, "client_id": uuid.NewString(), "text": text,
		"sender_uuid": c.boss.uuid, "sender": "김대표", "message_id": 1, "timestamp": "2001-01-01T00:00:00Z",
	})
	if reply.Err != nil {
		c.t.Fatal(reply.Err)
	}
	var talk []wire.LegacyMessage
	c.bob.get("/api/messages/"+c.eve.uuid, &talk)
	if len(talk) != 1 || talk[0].SenderUUID != c.eve.uuid {
		c.t.Errorf("bob's talk with eve: %+v", talk)
	}
	var forged []wire.LegacyMessage
	c.bob.get("/api/messages/"+c.boss.uuid, &forged)
	if len(forged) != 0 {
		c.t.Errorf("bob's talk with the boss: %+v", forged)
	}
}

func listensWithoutALogin(c *companyOfOld) {
	for _, token := range []string{"", "x.y.z"} {
		if socket, status := c.dial(token); socket != nil || status != 401 {
			c.t.Errorf("token %q: socket %v, status %d", token, socket != nil, status)
		}
	}
	c.refused(404, request{method: "GET", path: "/socket.io/?EIO=4&transport=polling"})
}

func deletesARoomForAll(c *companyOfOld) {
	c.refused(403, request{method: "DELETE", path: "/api/delete-chat-room/" + c.room + "?for=all", token: c.bob.token})
	c.refused(403, request{method: "DELETE", path: "/api/delete-chat-room/" + c.room + "?for=all", token: c.eve.token})
	direct := c.ann.say(c.ann.openDirect(c.bob), "둘만")
	c.must(200, request{method: "DELETE", path: "/api/delete-chat-room/" + c.bob.uuid, token: c.ann.token})
	var talk []wire.LegacyMessage
	c.bob.get("/api/messages/"+c.ann.uuid, &talk)
	if len(talk) != 1 || talk[0].MessageID != direct.MessageID {
		c.t.Errorf("ann put the conversation away, and bob has %+v", talk)
	}
}

func signInDeletesARejectedAccount(c *companyOfOld) {
	id := c.signUp("dora")
	c.must(200, request{method: "PUT", path: fmt.Sprint("/api/reject-user/", id), token: c.boss.token, body: wire.RejectRequest{Reason: "사번"}})
	for _, with := range []string{"wrong", password} {
		c.refused(map[string]int{"wrong": 401, password: 403}[with], request{
			method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "dora", Password: with},
		})
	}
	if got := c.idOf("dora"); got != id {
		c.t.Errorf("the account is %d, it was %d", got, id)
	}
}

func setsAPasswordByFacts(c *companyOfOld) {
	facts := factsOf("bob")
	var asked wire.ResetReceived
	c.must(201, request{method: "POST", path: "/api/password-reset/request", body: facts}).decode(c.t, &asked)
	c.must(200, request{method: "PUT", path: fmt.Sprint("/api/password-reset/approve/", asked.RequestID), token: c.boss.token})
	c.refused(403, request{method: "POST", path: "/api/password-reset/reset", body: map[string]string{
		"username": facts.Username, "employee_id": facts.EmployeeID, "department": facts.Department, "new_password": newPassword,
	}})
	c.refused(401, request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "bob", Password: newPassword}})
	// The original told who exists by 404 and 200.
	c.must(201, request{method: "POST", path: "/api/password-reset/request", body: factsOf("no-such-person")})
}

func uploadsHTMLAsPNG(c *companyOfOld) {
	for _, name := range []string{"그림.png", "그림.jpg", "그림.gif"} {
		upload := formUpload(name, "<html><script>alert(document.domain)</script></html>", "room_uuid", c.room)
		upload.token = c.ann.token
		c.refused(415, upload)
	}
}

func learnsFromErrors(c *companyOfOld) {
	inside := []string{c.c.Data, "/go/", ".go:", "goroutine", "sqlite", "SQL", "mysql", "Error 1", "runtime error", "<html"}
	for _, r := range []request{
		{method: "POST", path: "/api/register", body: map[string]any{"birth_date": "tomorrow", "username": "x"}},
		{method: "POST", path: "/api/login", body: `{"username":`},
		{method: "POST", path: "/api/messages", token: c.ann.token, body: map[string]any{"room_uuid": uuid.NewString()}},
		{method: "GET", path: "/api/chat-rooms/" + uuid.NewString(), token: c.ann.token},
		{method: "GET", path: "/api/download-file/999999", token: c.ann.token},
		{method: "GET", path: "/api/download-file/..%2f..%2fsecret.key", token: c.ann.token},
		{method: "POST", path: "/api/create-chat-room", token: c.ann.token, body: map[string]any{"members": []string{"' or 1=1 --", "x"}}},
	} {
		a := c.do(r)
		if a.status < 400 || a.status >= 500 {
			c.t.Errorf("%s %s: %d", r.method, r.path, a.status)
		}
		for _, word := range inside {
			if strings.Contains(string(a.body), word) {
				c.t.Errorf("%s %s tells %q: %s", r.method, r.path, word, a.body)
			}
		}
	}
	sent := c.ann.sendFile(c.room, "명단.txt", "하나")
	told, err := json.Marshal(sent)
	if err != nil || strings.Contains(string(told), c.c.Data) {
		c.t.Errorf("the answer of an upload tells where it lies: %s, %v", told, err)
	}
}

func usesATokenAfterBeingDeleted(c *companyOfOld) {
	gone := c.join(c.boss, "gone")
	c.must(200, request{method: "DELETE", path: fmt.Sprint("/api/delete-user/", gone.id), token: c.boss.token})
	for _, path := range []string{"/api/users", "/api/messages/" + c.ann.uuid, "/api/chat-rooms", "/api/chat-rooms/" + c.room} {
		c.refused(401, request{method: "GET", path: path, token: gone.token})
	}
	if socket, status := c.dial(gone.token); socket != nil || status != 401 {
		c.t.Errorf("socket %v, status %d", socket != nil, status)
	}
}

func putsOthersIntoARoom(c *companyOfOld) {
	var made wire.CreateRoomReply
	c.must(201, request{method: "POST", path: "/api/create-chat-room", token: c.eve.token, body: wire.CreateRoomRequest{
		Members: []string{c.ann.uuid, c.bob.uuid, c.bob.uuid}, Name: "몰래",
	}}).decode(c.t, &made)
	var detail wire.RoomDetail
	c.ann.get("/api/chat-rooms/"+made.RoomUUID, &detail)
	in := map[string]int{}
	for _, m := range detail.Members {
		in[m.UUID]++
	}
	if len(in) != 3 || in[c.eve.uuid] != 1 || in[c.bob.uuid] != 1 {
		c.t.Errorf("members %v: who makes a room is in it, and each once", in)
	}
	c.refused(404, request{method: "POST", path: "/api/chat-rooms/" + c.room + "/members", token: c.eve.token, body: wire.InviteRequest{Members: []string{c.boss.uuid}}})
	c.refused(400, request{method: "POST", path: "/api/create-chat-room", token: c.eve.token, body: wire.CreateRoomRequest{
		Members: []string{c.ann.uuid, uuid.NewString()},
	}})
}

func walksOutOfAFolder(c *companyOfOld) {
	f := form("walker")
	f.Username = "../walker"
	c.refused(400, request{method: "POST", path: "/api/register", body: f})
	// A name may hold nearly anything; nothing on the disk is called by it.
	f.Username, f.Name = "walker", "../../밖"
	c.must(201, request{method: "POST", path: "/api/register", body: f})
	id := c.idOf("walker")
	c.must(200, request{method: "PUT", path: fmt.Sprint("/api/approve-user/", id), token: c.boss.token})
	walker := c.login("walker")
	walker.sendFile(walker.room(c.ann, c.bob), "../../../밖.txt", "밖으로")
	c.must(200, request{method: "DELETE", path: fmt.Sprint("/api/delete-user/", id), token: c.boss.token})
	for _, dir := range []string{c.c.Data, filepath.Dir(c.c.Data)} {
		err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err == nil && strings.Contains(filepath.Base(path), "밖") {
				c.t.Errorf("a name is on the disk: %s", path)
			}
			return err
		})
		if err != nil {
			c.t.Error(err)
		}
	}
}

func losesAFileOfTheSameSecond(c *companyOfOld) {
	contents := map[string]string{"보고서.pdf": pdf("보고"), "계약서.pdf": pdf("계약")}
	var sent []wire.UploadFileReply
	for _, name := range []string{"보고서.pdf", "계약서.pdf"} {
		sent = append(sent, c.ann.sendFile(c.room, name, contents[name]))
	}
	for _, f := range sent {
		a := c.bob.with(request{method: "GET", path: fmt.Sprint("/api/download-file/", f.MessageID)})
		if a.status != http.StatusOK || string(a.body) != contents[f.FileName] {
			c.t.Errorf("%s: %d, %q", f.FileName, a.status, a.body)
		}
	}
	c.must(200, request{method: "DELETE", path: fmt.Sprint("/api/messages/", sent[0].MessageID), token: c.ann.token})
	if a := c.bob.with(request{method: "GET", path: fmt.Sprint("/api/download-file/", sent[1].MessageID)}); a.status != http.StatusOK {
		c.t.Errorf("the other's message was deleted, and %s is gone: %d", sent[1].FileName, a.status)
	}
}

func timesAreOff(c *companyOfOld) {
	before := time.Now().Add(-time.Second)
	sent := c.ann.say(c.room, "지금")
	encoded, err := json.Marshal(sent)
	if err != nil {
		c.t.Fatal(err)
	}
	var told struct {
		Timestamp string `json:"timestamp"`
	}
	if err := json.Unmarshal(encoded, &told); err != nil {
		c.t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339Nano, told.Timestamp) // without a zone it is an error
	if err != nil || at.Before(before) || at.After(time.Now().Add(time.Second)) {
		c.t.Errorf("%q is not now: %v", told.Timestamp, err)
	}
}
