package core_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

const canary = "카나리아 은밀한내용"

// accessServer has one approved request of the signed-in administrator, and a room of others that it opens.
func accessServer(t *testing.T) *server {
	s := newServer(t)
	s.admin.answer = map[string]any{}
	s.me.Role, s.me.IsAdmin = wire.RoleAdmin, true
	s.people[0].Role = wire.RoleAdmin
	at := wire.TimeOf(time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC))
	s.admin.answer["GET /api/admin/access-requests?before=0"] = wire.AccessList{Pending: 2, Requests: []wire.Access{{
		AccessUUID: third, SubjectKind: wire.AccessPerson, SubjectUUID: other, State: wire.AccessApproved, ExpiresAt: at, MayRead: true,
	}}}
	path := "/api/admin/access-requests/" + third
	s.admin.answer["GET "+path+"/rooms"] = wire.AccessRooms{Rooms: []wire.AccessedRoom{{RoomUUID: roomB, Kind: wire.RoomGroup, Name: "비밀", Messages: 1}}}
	page := wire.AccessedMessages{Next: 7, Messages: []wire.Message{{
		MessageID: 99, RoomUUID: roomB, Seq: 7, Rev: 9, Kind: wire.MessageUser, SenderUUID: other, Text: canary, Timestamp: at,
		Files: []wire.File{{FileID: third, Name: canary + ".png", Type: "image/png", Width: 10, Height: 10, Thumbnail: true}},
	}}}
	s.admin.answer["GET "+path+"/messages?after_seq=0&room_uuid="+roomB] = page
	s.admin.answer["GET "+path+"/search?before=0&q=%EC%B9%B4%EB%82%98%EB%A6%AC%EC%95%84&room_uuid="] = page
	return s
}

// What is read of others' conversations is looked at and gone: no store, no index, no picture, no room has it afterwards.
func TestWhatIsReadOfOthersStaysNowhere(t *testing.T) {
	s := accessServer(t)
	a := signedIn(t, s)
	a.until(t, "the rooms", func() bool { return len(a.rooms) > 0 })
	rooms, err := a.AccessRooms(third)
	if err != nil || len(rooms) != 1 || rooms[0].Messages != 1 {
		t.Fatalf("%+v, %v", rooms, err)
	}
	read, err := a.AccessMessages(third, roomB, 0)
	if err != nil || len(read.Messages) != 1 || read.Messages[0].Text != canary || read.Next != 7 {
		t.Fatalf("%+v, %v", read, err)
	}
	found, err := a.SearchAccess(third, "", "카나리아", 0)
	if err != nil || len(found.Messages) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	a.offline() // now the device has only what it kept
	if hits, err := a.Search(core.SearchQuery{Text: "카나리아"}); err != nil || len(hits.Hits) != 0 {
		t.Errorf("the index of this device finds %+v, %v", hits.Hits, err)
	}
	if page, err := a.OpenRoom(roomB, 0); err == nil && slices.ContainsFunc(page.Messages, func(m core.Message) bool {
		return strings.Contains(m.Text, "카나리아")
	}) {
		t.Errorf("the store holds %+v", page.Messages)
	}
	for room, messages := range a.now().messages {
		for _, m := range messages {
			if strings.Contains(m.Text, "카나리아") {
				t.Errorf("the page was told of it in %s", room)
			}
		}
	}
	for _, call := range s.asked() {
		if strings.Contains(call, "/thumbnail") || strings.Contains(call, "/files/") {
			t.Errorf("a file of it was fetched: %s", call)
		}
	}
}

// Who may decide hears at each connection how much waits, and again when the server says that something changed.
func TestRequestsToReadAreCounted(t *testing.T) {
	s := accessServer(t)
	a := signedIn(t, s)
	a.until(t, "two that wait", func() bool { return a.access.Pending == 2 })
	s.with(func() { s.admin.answer["GET /api/admin/access-requests?before=0"] = wire.AccessList{Pending: 3} })
	s.event(wire.EvAccess, wire.AccessChanged{AccessUUID: third, State: wire.AccessPending})
	a.until(t, "a third", func() bool { return a.access.Pending == 3 && a.access.Changes == 2 })
}

func TestRequestsToReadAreAskedForProperly(t *testing.T) {
	s := accessServer(t)
	a := signedIn(t, s)
	good := core.AccessOrder{SubjectKind: "person", SubjectUUID: other, Reason: "감사", From: 1000, To: 2000, Hours: 8}
	if _, err := a.AskAccess(good); err != nil {
		t.Fatal(err)
	}
	if err := a.DecideAccess(third, "end"); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`POST /api/admin/access-requests {"subject_kind":"person","subject_uuid":"` + other +
			`","reason":"감사","from":"1970-01-01T00:00:01.000Z","to":"1970-01-01T00:00:02.000Z","hours":8}`,
		"PUT /api/admin/access-requests/" + third + "/end",
	}
	for _, call := range want {
		if got := s.asked(); !slices.Contains(got, call) {
			t.Errorf("no %s among %q", call, got)
		}
	}
	bad := map[string]error{}
	for name, change := range map[string]func(*core.AccessOrder){
		"nobody": func(o *core.AccessOrder) { o.SubjectUUID = "../x" }, "a negative time": func(o *core.AccessOrder) { o.From = -1 },
		"a week":        func(o *core.AccessOrder) { o.Hours = 168 },
		"a long reason": func(o *core.AccessOrder) { o.Reason = strings.Repeat("가", wire.MaxFieldRunes+1) },
	} {
		order := good
		change(&order)
		_, bad[name] = a.AskAccess(order)
	}
	_, bad["rooms of nobody"] = a.FindRooms(nil, 0)
	_, bad["rooms of somebody of no id"] = a.FindRooms([]string{other, "x"}, 0)
	_, bad["rooms of six people"] = a.FindRooms([]string{other, other, other, other, other, other}, 0)
	_, bad["rooms before the first"] = a.FindRooms([]string{other}, -1)
	_, bad["a file of no id"] = a.SaveAccessFile(third, "../x", "a.pdf")
	_, bad["a file of a long name"] = a.SaveAccessFile(third, other, strings.Repeat("가", 300))
	bad["another verb"] = a.DecideAccess(third, "approve/../end")
	_, bad["no request"] = a.AccessRooms("x")
	_, bad["no room"] = a.AccessMessages(third, "", 0)
	_, bad["a place before the first"] = a.AccessMessages(third, roomB, -1)
	_, bad["a long query"] = a.SearchAccess(third, "", strings.Repeat("가", wire.MaxQueryRunes+1), 0)
	for name, err := range bad {
		if f := failure(t, err); f.Code != string(wire.BadRequest) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A room is found by its people, and a file of what was released goes where the user says and nowhere else.
func TestRoomsAreFoundAndReleasedFilesSaved(t *testing.T) {
	s := accessServer(t)
	s.answers("GET /api/admin/rooms?before=0&member="+other+"&member="+third, wire.FoundRooms{Next: 5, Rooms: []wire.FoundRoom{
		{RoomUUID: roomB, Kind: wire.RoomDirect, Members: []string{other, third}},
	}})
	a := signedIn(t, s)
	found, err := a.FindRooms([]string{other, third}, 0)
	if err != nil || found.Next != 5 || len(found.Rooms) != 1 || !slices.Equal(found.Rooms[0].Members, []string{other, third}) {
		t.Errorf("%+v, %v", found, err)
	}
	target := filepath.Join(t.TempDir(), "계약.pdf")
	a.change(func() { a.picked = []string{target} })
	s.with(func() { s.admin.file = []byte(canary) })
	if saved, err := a.SaveAccessFile(third, roomA, "../계약.pdf"); err != nil || !saved {
		t.Fatalf("saved %v, %v", saved, err)
	}
	if held, err := os.ReadFile(target); err != nil || string(held) != canary {
		t.Errorf("%q, %v", held, err)
	}
	if call := "GET /api/admin/access-requests/" + third + "/files/" + roomA; !slices.Contains(s.asked(), call) {
		t.Errorf("no %s among %q", call, s.asked())
	}
}
