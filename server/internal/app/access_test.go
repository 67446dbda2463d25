package app_test

import (
	"fmt"
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
			a := ask(admin, period)
			for what, got := range map[string]int{
				"reading before the approval":        read(admin, a, l.group).status,
				"approving alone":                    put(admin, a, "approve"),
				"approved by a user":                 put(l.lee, a, "approve"),
				"an auditor approves his own":        put(l.eye, ask(l.eye, period), "approve"),
				"an owner approves what is of him":   put(l.boss, ask(admin, aboutWho(period, l.boss)), "approve"),
				"a user asks":                        l.do(request{method: "POST", path: "/api/admin/access-requests", token: l.lee.token, body: period}).status,
				"an owner reads alone, unasked":      read(l.boss, a, l.group).status,
				"an administrator opens it the room": l.do(request{method: "GET", path: "/api/chat-rooms/" + l.memo, token: admin.token}).status / 404 * 403,
			} {
				if got != 403 {
					t.Errorf("%s: %d", what, got)
				}
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
			if read(admin, past, l.group).decode(t, &page); len(page.Messages) != 0 {
				t.Errorf("outside of the period: %+v", page)
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

func aboutWho(in wire.AccessRequest, who person) wire.AccessRequest {
	in.SubjectUUID = who.uuid
	return in
}
