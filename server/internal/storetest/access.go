package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/admin"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/search"
	"himsg/shared/wire"
)

func accessCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"AccessIsDecidedOnce":          accessIsDecidedOnce,
		"AccessReadsOnlyThePeriod":     accessReadsOnlyThePeriod,
		"AccessToNobodyIsNotStored":    accessToNobodyIsNotStored,
		"AccessToARoomIsOfAllOfThem":   accessToARoomIsOfAllOfThem,
		"AccessSearchesOnlyThePeriod":  accessSearchesOnlyThePeriod,
		"AccessIsCountedForWhoDecides": accessIsCountedForWhoDecides,
		"AccessListsByPage":            accessListsByPage,
		"AccessNamesTheSubject":        accessNamesTheSubject,
		"AccessOpensFilesOfThePeriod":  accessOpensFilesOfThePeriod,
		"RoomsAreFoundByTheirPeople":   roomsAreFoundByTheirPeople,
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
		Hours: 3,
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
	list, err := db.AccessList(ctx, 0, 10)
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
	for after := int64(0); ; {
		page, err := db.AccessPage(ctx, a, rooms[0], after, 2)
		check(t, err)
		for _, m := range page {
			if m.Kind == wire.MessageUser {
				got += m.Text
			}
			after = m.Seq
		}
		if len(page) < 2 {
			break
		}
	}
	if got != "bcd" {
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
	if list, err := db.AccessList(ctx, 0, 10); err != nil || len(list) != 0 {
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

// accessSearchesOnlyThePeriod also looks for what the person saw before he left, and not for what came after.
func accessSearchesOnlyThePeriod(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	mine, others := Group(t, db, people[0], people[1]), Group(t, db, people[0], people[2])
	for room, offsets := range map[*model.Room][]int64{&mine: {-1, 10, 20, 9_999, 10_000}, &others: {15}} {
		for _, at := range offsets {
			d := Draft(*room, people[0], fmt.Sprintf("계약 %d", at))
			d.Now = Start + at
			_, err := db.Append(ctx, d)
			check(t, err)
		}
	}
	catchUp(t, db)
	a := askFor(t, db, people[3], wire.AccessPerson, people[1].UserUUID)
	rooms, err := db.AccessRooms(ctx, a)
	check(t, err)
	query, _ := search.Parse("계약")
	var got []string
	for sought := (admin.AccessSought{Query: query, Limit: 2}); ; {
		page, more, err := db.AccessSearch(ctx, a, rooms, sought)
		check(t, err)
		for _, m := range page {
			got = append(got, m.Text)
			sought.Before = m.ID
		}
		if !more {
			break
		}
	}
	if want := []string{"계약 9999", "계약 20", "계약 10"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if page, more, err := db.AccessSearch(ctx, a, nil, admin.AccessSought{Query: query, Limit: 2}); err != nil || len(page) > 0 || more {
		t.Errorf("in no room: %v, %v", page, err)
	}
	empty := a
	empty.From, empty.To = Start+1_000, Start+2_000
	if rooms, err := db.AccessRooms(ctx, empty); err != nil || len(rooms) != 0 {
		t.Errorf("of a silent hour: %+v, %v", rooms, err)
	}
}

func accessIsCountedForWhoDecides(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	askFor(t, db, people[0], wire.AccessPerson, people[1].UserUUID)
	done := askFor(t, db, people[0], wire.AccessPerson, people[2].UserUUID)
	for _, c := range []struct {
		who  int
		at   int64
		want int
	}{
		{0, Start, 0}, // made both
		{1, Start, 1}, // one is about him
		{3, Start, 2},
		{3, Start + 100, 0}, // they waited too long
	} {
		if n, err := db.CountAccess(ctx, people[c.who].UserID, c.at); err != nil || n != c.want {
			t.Errorf("person %d at %d: %d, %v", c.who, c.at-Start, n, err)
		}
	}
	_, err := db.DecideAccess(ctx, decision(done, wire.AccessRejected, people[3], Start+1))
	check(t, err)
	if n, err := db.CountAccess(ctx, people[3].UserID, Start); err != nil || n != 1 {
		t.Errorf("after a decision: %d, %v", n, err)
	}
	boss := bossOf(t, db)
	if ids, err := db.AccessWatchers(ctx); err != nil || !slices.Equal(ids, []int64{boss.UserID}) {
		t.Errorf("watchers %v, %v", ids, err)
	}
}

func accessListsByPage(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	var asked, listed []string
	for range 5 {
		asked = append([]string{askFor(t, db, people[0], wire.AccessPerson, people[1].UserUUID).UUID}, asked...)
	}
	for before := int64(0); ; {
		page, err := db.AccessList(ctx, before, 2)
		check(t, err)
		for _, a := range page {
			listed, before = append(listed, a.UUID), a.ID
			if a.Hours != 3 {
				t.Errorf("hours %d", a.Hours)
			}
		}
		if len(page) < 2 {
			break
		}
	}
	if !slices.Equal(asked, listed) {
		t.Errorf("listed %v, want %v", listed, asked)
	}
}
