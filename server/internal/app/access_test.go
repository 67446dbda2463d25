package app_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"himsg/shared/wire"
)

func TestReadingOthersTakesTwoPersons(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			l := newLeaver(t, database)
			admin := l.join(l.boss, "admin")
			l.boss.role(admin, wire.RoleAdmin)
			socket, _ := l.dial(l.kim.token)
			l.ask(socket, wire.OpSync, wire.SyncRequest{})
			period := wire.AccessRequest{
				SubjectKind: wire.AccessPerson, SubjectUUID: l.kim.uuid, Reason: "감사 2026-17",
				From: wire.TimeOf(time.Now().Add(-time.Hour)), To: wire.TimeOf(time.Now().Add(time.Hour)),
			}
			ask := func(by person, in wire.AccessRequest) (a wire.Access) {
				l.must(201, request{method: "POST", path: "/api/admin/access-requests", token: by.token, body: in}).decode(t, &a)
				return a
			}
			put := func(by person, a wire.Access, verb string) int {
				return l.do(request{method: "PUT", path: "/api/admin/access-requests/" + a.AccessUUID + "/" + verb, token: by.token}).status
			}
			read := func(by person, a wire.Access, room string) answer {
				return l.do(request{
					method: "GET", path: fmt.Sprintf("/api/admin/access-requests/%s/messages?room_uuid=%s", a.AccessUUID, room), token: by.token,
				})
			}
			watching, _ := l.dial(l.eye.token)
			a := ask(admin, period)
			var changed wire.AccessChanged
			if await(t, watching, wire.EvAccess, &changed); changed.AccessUUID != a.AccessUUID || changed.State != wire.AccessPending {
				t.Errorf("told %+v", changed)
			}
			listed := func(by person) (list wire.AccessList) {
				by.get("/api/admin/access-requests", &list)
				return list
			}
			if list := listed(l.eye); list.Pending != 1 || !list.Requests[0].MayDecide || list.Requests[0].MayRead {
				t.Errorf("the second person sees %+v", list)
			}
			if list := listed(admin); list.Pending != 0 || list.Requests[0].MayDecide || !list.Requests[0].MayEnd {
				t.Errorf("the asker sees %+v", list)
			}
			for what, got := range map[string]int{
				"reading before the approval":      read(admin, a, l.group).status,
				"approving alone":                  put(admin, a, "approve"),
				"approved by a user":               put(l.lee, a, "approve"),
				"an auditor approves his own":      put(l.eye, ask(l.eye, period), "approve"),
				"an owner approves what is of him": put(l.boss, ask(admin, aboutWho(period, l.boss)), "approve"),
				"a user asks":                      l.do(request{method: "POST", path: "/api/admin/access-requests", token: l.lee.token, body: period}).status,
				"searching before the approval":    l.do(request{method: "GET", path: search(a, "회의", ""), token: admin.token}).status,
				"an owner reads alone, unasked":    read(l.boss, a, l.group).status,
			} {
				if got != 403 {
					t.Errorf("%s: %d", what, got)
				}
			}
			if a := l.do(request{method: "GET", path: "/api/chat-rooms/" + l.memo, token: admin.token}); a.status != 404 {
				t.Errorf("an administrator opens the room itself: %d", a.status)
			}
			if got := put(l.eye, a, "approve"); got != 200 {
				t.Fatalf("the second person: %d", got)
			}
			if got := put(l.boss, a, "approve"); got != 409 {
				t.Errorf("a third: %d", got)
			}
			var rooms wire.AccessRooms
			admin.get("/api/admin/access-requests/"+a.AccessUUID+"/rooms", &rooms)
			if len(rooms.Rooms) != 3 {
				t.Errorf("rooms %+v", rooms)
			}
			var page wire.AccessedMessages
			read(admin, a, l.group).decode(t, &page)
			if len(page.Messages) < 3 {
				t.Errorf("%+v", page)
			}
			if list := listed(admin); !list.Requests[2].MayRead || list.Requests[2].Hours != wire.UsualAccessHours {
				t.Errorf("the asker sees %+v", list)
			}
			var hits wire.AccessedMessages
			admin.get(search(a, "nothing-like-it", ""), &hits)
			if n := l.count("select count(*) from audit where action = 'content_read' and detail like '%search \"nothing-like-it\"'"); n != 1 || len(hits.Messages) != 0 {
				t.Errorf("%d searches are in the audit, %+v", n, hits)
			}
			if got := l.do(request{method: "GET", path: search(a, "회의", l.boss.room(l.lee, l.eye)), token: admin.token}).status; got != 404 {
				t.Errorf("a search in a room of others: %d", got)
			}
			if got := read(l.eye, a, l.group).status; got != 403 {
				t.Errorf("who approved reads: %d", got)
			}
			if got := read(admin, a, l.boss.room(l.lee, l.eye)).status; got != 404 {
				t.Errorf("a room of others: %d", got)
			}
			if n := l.count("select count(*) from audit where action = 'content_read' and subject = ?", l.group); n != 1 {
				t.Errorf("%d readings are in the audit", n)
			}
			old := period
			old.From, old.To = wire.TimeOfMilli(1), wire.TimeOfMilli(2)
			past := ask(admin, old)
			put(l.eye, past, "approve")
			if got := read(admin, past, l.group).status; got != 404 {
				t.Errorf("a room where nothing was written in the period: %d", got)
			}
			put(admin, past, "end")
			if got := read(admin, past, l.group).status; got != 403 {
				t.Errorf("after its end: %d", got)
			}
			l.ahead.Store(int64(25 * time.Hour))
			admin = l.login("admin")
			if got := read(admin, a, l.group).status; got != 403 {
				t.Errorf("a day later: %d", got)
			}
		})
	}
}

func search(a wire.Access, text, room string) string {
	query := url.Values{"q": {text}, "room_uuid": {room}}
	return "/api/admin/access-requests/" + a.AccessUUID + "/search?" + query.Encode()
}

func aboutWho(in wire.AccessRequest, who person) wire.AccessRequest {
	in.SubjectUUID = who.uuid
	return in
}
