package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// place puts a person into a department, as an administrator.
func (p person) place(department string, people ...person) {
	p.s.t.Helper()
	in := wire.AssignRequest{DepartmentUUID: &department}
	for _, q := range people {
		in.UserUUIDs = append(in.UserUUIDs, q.uuid)
	}
	p.s.must(200, request{method: "POST", path: "/api/admin/users/assign", token: p.token, body: in})
}

// membersOf lists who is in a room, as one of its members sees it.
func (p person) membersOf(room string) (uuids []string) {
	p.s.t.Helper()
	var page wire.RoomMembers
	p.get("/api/chat-rooms/"+room+"/members", &page)
	for _, m := range page.Members {
		uuids = append(uuids, m.UserUUID)
	}
	slices.Sort(uuids)
	return uuids
}

func sorted(people ...person) (uuids []string) {
	for _, p := range people {
		uuids = append(uuids, p.uuid)
	}
	slices.Sort(uuids)
	return uuids
}

// TestADepartmentsRoomFollowsIt goes through what can happen to a department and its people, over HTTP.
func TestADepartmentsRoomFollowsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim, lee, han := s.join(boss, "kim"), s.join(boss, "lee"), s.join(boss, "han")
		sales := boss.department("영업본부", "")
		team := boss.department("영업1팀", sales)
		boss.place(sales, kim)
		boss.place(team, lee)
		path := "/api/admin/departments/" + sales
		var room wire.DepartmentRoom
		s.must(200, request{method: "PUT", path: path + "/room", token: boss.token, body: wire.DepartmentRoomRequest{Whole: true}}).decode(t, &room)
		if room.MemberCount != 2 || !slices.Equal(kim.membersOf(room.RoomUUID), sorted(kim, lee)) {
			t.Fatalf("%+v with %v", room, kim.membersOf(room.RoomUUID))
		}
		open, _ := s.dial(lee.token)

		boss.place(team, han)
		if got := han.membersOf(room.RoomUUID); !slices.Equal(got, sorted(kim, lee, han)) {
			t.Errorf("after han came: %v", got)
		}
		name := "영업부문"
		s.must(200, request{method: "PUT", path: path, token: boss.token, body: wire.DepartmentRequest{Name: &name, HeadUUID: &kim.uuid}})
		sum := lee.summaryOf(t, room.RoomUUID)
		if sum.Name != name || sum.DepartmentUUID != sales || !slices.Equal(sum.Owners, []string{kim.uuid}) {
			t.Errorf("renamed, with a head: %+v", sum)
		}
		for by, req := range map[string]request{
			"leave":  {method: "DELETE", path: "/api/delete-chat-room/" + room.RoomUUID, token: lee.token},
			"close":  {method: "DELETE", path: "/api/delete-chat-room/" + room.RoomUUID + "?for=all", token: kim.token},
			"remove": {method: "DELETE", path: "/api/chat-rooms/" + room.RoomUUID + "/members/" + lee.uuid, token: kim.token},
			"invite": {method: "POST", path: "/api/chat-rooms/" + room.RoomUUID + "/members", token: kim.token, body: wire.InviteRequest{Members: []string{boss.uuid}}},
			"rename": {method: "PUT", path: "/api/chat-rooms/" + room.RoomUUID, token: kim.token, body: wire.UpdateRoomRequest{Name: &name}},
		} {
			a := s.do(req)
			if by == "rename" { // to what it is called already: nothing to refuse
				continue
			}
			if a.status != 409 || a.refusal().Reason != wire.ReasonDepartmentRoom {
				t.Errorf("%s by hand: %d %s", by, a.status, a.body)
			}
		}
		boss.place("", lee)
		if reply := s.ask(open, wire.OpHistory, wire.HistoryRequest{RoomUUID: room.RoomUUID}); reply.Err == nil || reply.Err.Code != wire.NotFound {
			t.Errorf("who was moved away gets %+v", reply)
		}
		if a := s.do(request{method: "DELETE", path: path, token: boss.token}); a.status != 409 || a.refusal().Reason != wire.ReasonDepartmentUsed {
			t.Errorf("delete what is in use: %d %s", a.status, a.body)
		}
		s.must(200, request{method: "DELETE", path: path + "?move_to=top", token: boss.token})
		if sum = kim.summaryOf(t, room.RoomUUID); !sum.ReadOnly || sum.DepartmentUUID != "" || sum.MemberCount != 2 {
			t.Errorf("of a deleted department: %+v", sum)
		}
		a := s.do(request{method: "POST", path: "/api/messages", token: kim.token, body: wire.PostMessageRequest{RoomUUID: room.RoomUUID, Text: "x"}})
		if a.status != 403 || a.refusal().Reason != wire.ReasonReadOnly {
			t.Errorf("write there: %d %s", a.status, a.body)
		}
		s.must(200, request{method: "DELETE", path: "/api/delete-chat-room/" + room.RoomUUID, token: han.token})
	})
}

func TestOneLineTellsOfManyPeople(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	one := s.join(boss, "one")
	team := boss.department("팀", "")
	boss.place(team, one)
	for i := range 120 {
		s.exec(`insert into users (user_uuid, username, username_key, employee_id, email, name, password_hash, role, state,
			created_at, updated_at, department_id, rev) select ?, ?, ?, '', '', 'x', '', 'user', 'active', 1, 1, id, 0 from departments`,
			uuid.NewString(), fmt.Sprint("u", i), fmt.Sprint("u", i))
	}
	var room wire.DepartmentRoom
	s.must(200, request{method: "PUT", path: "/api/admin/departments/" + team + "/room", token: boss.token, body: wire.DepartmentRoomRequest{}}).decode(t, &room)
	sum := one.summaryOf(t, room.RoomUUID)
	if sum.MemberCount != 121 || sum.LastSeq != 1 || sum.LastMessage.System.Action != wire.SystemCreated || sum.LastMessage.System.Count != 121 {
		t.Errorf("%+v, %+v", sum, sum.LastMessage)
	}
}

// TestProfilesAreChanged by the people themselves as far as they may, and by administrators.
func TestProfilesAreChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim, lee := s.join(boss, "kim"), s.join(boss, "lee")
		s.must(200, request{method: "PUT", path: "/api/users/me", token: kim.token, body: `{"phone":"02-1","status_text":"외근","birth_date":"1990-03-01"}`})
		var me wire.Me
		kim.get("/api/users/me", &me)
		if me.Phone != "02-1" || me.StatusText != "외근" || me.BirthDate != "1990-03-01" {
			t.Errorf("%+v", me)
		}
		if a := s.do(request{method: "PUT", path: "/api/users/me", token: kim.token, body: `{"name":"딴이름"}`}); a.status != 403 || a.refusal().Reason != wire.ReasonFieldLocked {
			t.Errorf("a locked field: %d %s", a.status, a.body)
		}
		s.must(200, request{method: "PUT", path: "/api/users/me", token: kim.token, body: `{"name":"이kim"}`}) // as it is
		s.must(200, request{method: "PUT", path: "/api/admin/profile-fields", token: boss.token, body: `{"fields":["name"]}`})
		s.must(200, request{method: "PUT", path: "/api/users/me", token: kim.token, body: `{"name":"딴이름"}`})
		s.must(403, request{method: "PUT", path: "/api/users/me", token: kim.token, body: `{"phone":"02-2"}`})
		s.must(403, request{method: "PUT", path: "/api/users/me/picture", token: kim.token, body: smallPNG})

		path := "/api/admin/users/" + kim.uuid
		for body, reason := range map[string]wire.Reason{
			`{"username":"LEE"}`:          wire.ReasonUsernameTaken,
			`{"email":"lee@example.com"}`: wire.ReasonEmailTaken,
			`{"employee_id":"e-lee"}`:     wire.ReasonEmployeeIDTaken,
			`{"birth_date":"1990-02-30"}`: "",
			`{"username":"../x"}`:         "",
			`{"name":""}`:                 "",
			`{"phone":"a\u202eb"}`:        "",
		} {
			if a := s.do(request{method: "PUT", path: path, token: boss.token, body: body}); a.status != 400 || a.refusal().Reason != reason {
				t.Errorf("%s: %d %s", body, a.status, a.body)
			}
		}
		var p wire.Person
		s.must(200, request{method: "PUT", path: path, token: boss.token, body: `{"username":"kim2","employee_id":"K-2","birth_date":""}`}).decode(t, &p)
		if p.Username != "kim2" || p.EmployeeID != "K-2" || p.BirthDate != "" || !p.HasPassword {
			t.Errorf("%+v", p)
		}
		s.must(404, request{method: "PUT", path: "/api/admin/users/" + uuid.NewString(), token: boss.token, body: `{"name":"x"}`})

		var made wire.PictureReply
		s.must(200, request{method: "PUT", path: "/api/users/" + kim.uuid + "/picture", token: boss.token, body: smallPNG}).decode(t, &made)
		s.must(200, request{method: "GET", path: "/api/pictures/" + made.PictureUUID, token: lee.token})
		var page wire.DirectoryPage
		lee.get("/api/directory", &page)
		i := slices.IndexFunc(page.Users, func(u wire.Profile) bool { return u.UserUUID == kim.uuid })
		if page.Users[i].Picture != made.PictureUUID {
			t.Errorf("%+v", page.Users[i])
		}
		s.must(200, request{method: "DELETE", path: "/api/users/" + kim.uuid + "/picture", token: boss.token})
		s.must(404, request{method: "GET", path: "/api/pictures/" + made.PictureUUID, token: lee.token})
		if got := s.must(200, request{method: "GET", path: "/api/directory", token: lee.token}); strings.Contains(string(got.body), "birth") {
			t.Error("the directory shows birth dates")
		}
	})
}

func TestBadInputAboutDepartments(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim := s.join(boss, "kim")
	gone := s.join(boss, "gone")
	s.exec("update users set state = 'disabled' where id = ?", gone.id)
	a := boss.department("가", "")
	b := boss.department("나", a)
	deep := boss.department("깊이", "")
	for i := range wire.MaxDepartmentDepth - 1 {
		deep = boss.department(fmt.Sprint("깊이", i), deep)
	}
	crowd := make([]string, wire.MaxAssigned+1)
	for i := range crowd {
		crowd[i] = uuid.NewString()
	}
	text := func(s string) *string { return &s }
	const path = "/api/admin/departments"
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
		reason             wire.Reason
	}{
		{"below itself", "PUT", path + "/" + a, wire.DepartmentRequest{ParentUUID: &a}, 409, wire.ReasonDepartmentCycle},
		{"below its child", "PUT", path + "/" + a, wire.DepartmentRequest{ParentUUID: &b}, 409, wire.ReasonDepartmentCycle},
		{"too deep", "POST", path, wire.NewDepartment{Name: "더", ParentUUID: deep}, 400, wire.ReasonDepartmentDepth},
		{"moved too deep", "PUT", path + "/" + a, wire.DepartmentRequest{ParentUUID: &deep}, 400, wire.ReasonDepartmentDepth},
		{"a sibling's name", "POST", path, wire.NewDepartment{Name: " 가 "}, 409, wire.ReasonDepartmentName},
		{"a sibling's name, decomposed", "POST", path, wire.NewDepartment{Name: "\u1100\u1161"}, 409, wire.ReasonDepartmentName},
		{"no name", "POST", path, wire.NewDepartment{Name: " "}, 400, ""},
		{"a path as a name", "POST", path, wire.NewDepartment{Name: "가 > 나"}, 400, ""},
		{"101 characters", "POST", path, wire.NewDepartment{Name: strings.Repeat("가", 101)}, 400, ""},
		{"below nothing", "POST", path, wire.NewDepartment{Name: "x", ParentUUID: uuid.NewString()}, 404, ""},
		{"unknown", "PUT", path + "/" + uuid.NewString(), wire.DepartmentRequest{Name: text("x")}, 404, ""},
		{"before nothing", "PUT", path + "/" + a, wire.DepartmentRequest{BeforeUUID: text(uuid.NewString())}, 404, ""},
		{"head is disabled", "PUT", path + "/" + a, wire.DepartmentRequest{HeadUUID: &gone.uuid}, 400, wire.ReasonDepartmentHead},
		{"head is nobody", "PUT", path + "/" + a, wire.DepartmentRequest{HeadUUID: text("x")}, 400, wire.ReasonDepartmentHead},
		{"deleted into itself", "DELETE", path + "/" + a + "?move_to=" + b, nil, 409, wire.ReasonDepartmentCycle},
		{"deleted with departments", "DELETE", path + "/" + a, nil, 409, wire.ReasonDepartmentUsed},
		{"many of nobody", "POST", "/api/admin/users/assign", wire.AssignRequest{UserUUIDs: []string{}}, 400, ""},
		{"too many", "POST", "/api/admin/users/assign", wire.AssignRequest{UserUUIDs: crowd}, 400, ""},
		{"one of many unknown", "POST", "/api/admin/users/assign", wire.AssignRequest{UserUUIDs: []string{kim.uuid, crowd[0]}, DepartmentUUID: &a}, 404, ""},
		{"many to nowhere", "POST", "/api/admin/users/assign", wire.AssignRequest{UserUUIDs: []string{kim.uuid}, DepartmentUUID: &crowd[0]}, 404, ""},
		{"fields that are none", "PUT", "/api/admin/profile-fields", `{"fields":["role"]}`, 400, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := s.do(request{method: c.method, path: c.path, token: boss.token, body: c.body})
			if got.status != c.status || got.refusal().Reason != c.reason {
				t.Errorf("%d %s, want %d %s", got.status, got.body, c.status, c.reason)
			}
		})
	}
}

// TestAChangeOfADepartmentIsOneEvent: who listens hears of it at once, with the revision that the directory has.
func TestAChangeOfADepartmentIsOneEvent(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim := s.join(boss, "kim")
	socket, _ := s.dial(kim.token)
	s.ask(socket, wire.OpSync, wire.SyncRequest{}) // the session is attached
	made := boss.department("새 부서", "")
	if err := socket.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		_, frame, err := socket.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		list, err := wire.DecodeEnvelopes(frame)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Ev != wire.EvDepartment {
				continue
			}
			var change wire.DepartmentChanged
			answer{body: e.D}.decode(t, &change)
			var page wire.DirectoryPage
			kim.get("/api/directory?after_rev="+fmt.Sprint(change.DirectoryRev-1), &page)
			if change.Department.DepartmentUUID != made || len(page.Departments) != 1 || page.Rev != change.DirectoryRev {
				t.Errorf("%+v, %+v", change, page)
			}
			return
		}
	}
}
