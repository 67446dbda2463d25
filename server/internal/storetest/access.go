package storetest

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/admin"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func accessCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"AccessIsDecidedOnce":        accessIsDecidedOnce,
		"AccessReadsOnlyThePeriod":   accessReadsOnlyThePeriod,
		"AccessToNobodyIsNotStored":  accessToNobodyIsNotStored,
		"AccessToARoomIsOfAllOfThem": accessToARoomIsOfAllOfThem,
	}
}

func askFor(t testing.TB, db *sqlstore.DB, by model.Actor, kind wire.AccessKind, subject string) model.Access {
	t.Helper()
	a, err := db.AddAccess(context.Background(), request(by, kind, subject), audited(model.AuditAccessRequested))
	check(t, err)
	return a
}

func request(by model.Actor, kind wire.AccessKind, subject string) model.Access {
	return model.Access{
		UUID: uuid.NewString(), Kind: kind, SubjectUUID: subject, Reason: "감사", From: Start, To: Start + 10_000,
		State: wire.AccessPending, RequestedBy: by.UserUUID, RequestedByID: by.UserID, RequestedAt: Start, ExpiresAt: Start + 100,
	}
}

func decision(a model.Access, to wire.AccessState, by model.Actor, at int64) admin.AccessDecision {
	return admin.AccessDecision{
		UUID: a.UUID, From: []wire.AccessState{wire.AccessPending}, To: to, By: by.UserID, ExpiresAt: at + 1000,
		Entry: model.AuditEntry{At: at, ActorID: by.UserID, Action: model.AuditAccessApproved},
	}
}

func accessIsDecidedOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	a := askFor(t, db, people[0], wire.AccessPerson, people[1].UserUUID)
	late := askFor(t, db, people[0], wire.AccessPerson, people[1].UserUUID)
	done, err := db.DecideAccess(ctx, decision(a, wire.AccessApproved, people[2], Start+1))
	if err != nil || done.State != wire.AccessApproved || done.ExpiresAt != Start+1001 || done.SubjectID != people[1].UserID {
		t.Errorf("%+v, %v", done, err)
	}
	for name, d := range map[string]admin.AccessDecision{
		"a second time": decision(a, wire.AccessRejected, people[2], Start+2),
		"too late":      decision(late, wire.AccessApproved, people[2], Start+100),
	} {
		if _, err := db.DecideAccess(ctx, d); err == nil {
			t.Errorf("%s: it was decided", name)
		} else {
			wantCode(t, err, wire.Conflict)
		}
	}
	_, err = db.DecideAccess(ctx, decision(model.Access{UUID: uuid.NewString()}, wire.AccessApproved, people[2], Start))
	wantCode(t, err, wire.NotFound)
	list, err := db.AccessList(ctx)
	if err != nil || len(list) != 2 || list[1].DecidedBy != people[2].UserUUID || list[0].UUID != late.UUID {
		t.Errorf("%+v, %v", list, err)
	}
}

func accessReadsOnlyThePeriod(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[0], people[1])
	for i, at := range []int64{-1, 0, 5000, 9999, 10_000} {
		d := Draft(room, people[0], string(rune('a'+i)))
		d.Now = Start + at
		_, err := db.Append(ctx, d)
		check(t, err)
	}
	a := askFor(t, db, people[2], wire.AccessPerson, people[1].UserUUID)
	rooms, err := db.AccessRooms(ctx, a)
	if err != nil || len(rooms) != 1 || rooms[0].UUID != room.UUID {
		t.Fatalf("%+v, %v", rooms, err)
	}
	var got string
	for before := int64(0); ; {
		page, err := db.AccessPage(ctx, a, rooms[0], before, 2)
		check(t, err)
		for _, m := range page {
			if m.Kind == wire.MessageUser {
				got += m.Text
			}
			before = m.Seq
		}
		if len(page) < 2 {
			break
		}
	}
	if got != "dcb" {
		t.Errorf("it reads %q", got)
	}
}

func accessToNobodyIsNotStored(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	erase(t, db, boss, people[1].UserUUID)
	for name, a := range map[string]model.Access{
		"an unknown person": request(boss, wire.AccessPerson, uuid.NewString()),
		"a deleted person":  request(boss, wire.AccessPerson, people[1].UserUUID),
		"an unknown room":   request(boss, wire.AccessRoom, uuid.NewString()),
		"a person as room":  request(boss, wire.AccessRoom, people[0].UserUUID),
	} {
		if _, err := db.AddAccess(ctx, a, audited(model.AuditAccessRequested)); err == nil {
			t.Errorf("%s can be asked for", name)
		} else {
			wantCode(t, err, wire.NotFound)
		}
	}
	if list, err := db.AccessList(ctx); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func accessToARoomIsOfAllOfThem(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[0], people[1])
	send(t, db, room, people[0], "1")
	rooms, err := db.AccessRooms(ctx, askFor(t, db, people[2], wire.AccessRoom, room.UUID))
	if err != nil || len(rooms) != 1 || rooms[0].UUID != room.UUID || len(rooms[0].Members) != 2 || rooms[0].UpTo < 1 || rooms[0].After != 0 {
		t.Errorf("%+v, %v", rooms, err)
	}
}
