package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// nameless is the conversation of two people.
func nameless(t testing.TB, db *sqlstore.DB, a, b model.Actor) string {
	t.Helper()
	id := uuid.NewString()
	_, err := db.DirectRoom(context.Background(), a, b.UserID, id, Start)
	check(t, err)
	return id
}

func accessNamesTheSubject(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	group, direct := Group(t, db, people[0], people[1]), nameless(t, db, people[0], people[1])
	askFor(t, db, people[2], wire.AccessPerson, people[1].UserUUID)
	askFor(t, db, people[2], wire.AccessRoom, group.UUID)
	askFor(t, db, people[2], wire.AccessRoom, direct)
	list, err := db.AccessList(ctx, 0, 10)
	check(t, err)
	if list[2].SubjectName == "" || list[2].People != nil {
		t.Errorf("a person: %+v", list[2])
	}
	if list[1].SubjectName != group.Name || list[1].People != nil {
		t.Errorf("a group: %+v", list[1])
	}
	if both := slices.Sorted(slices.Values(list[0].People)); list[0].SubjectName != "" || !slices.Equal(both, pairOf(people[0], people[1])) {
		t.Errorf("two people's conversation: %+v", list[0])
	}
	_, err = db.AddHold(ctx, uuid.NewString(), wire.NewHold{SubjectKind: wire.AccessRoom, SubjectUUID: direct, Reason: "소송"},
		model.AuditEntry{At: Start, ActorID: people[2].UserID, Action: model.AuditHoldPlaced})
	check(t, err)
	holds, err := db.HoldList(ctx, 0, 10)
	check(t, err)
	if both := slices.Sorted(slices.Values(holds.Holds[0].People)); !slices.Equal(both, pairOf(people[0], people[1])) {
		t.Errorf("a hold on it: %+v", holds.Holds[0])
	}
}

func pairOf(a, b model.Actor) []string {
	return slices.Sorted(slices.Values([]string{a.UserUUID, b.UserUUID}))
}

// roomsAreFoundByTheirPeople: also by those who left, by page, and never those of others.
func roomsAreFoundByTheirPeople(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	all, two := Group(t, db, people[0], people[1], people[2]), Group(t, db, people[0], people[1])
	direct := nameless(t, db, people[0], people[1])
	Group(t, db, people[0], people[3])
	_, err := db.LeaveRoom(ctx, people[1], two.UUID, Start+2000)
	check(t, err)
	find := func(before int64, limit int, who ...model.Actor) (uuids []string, last int64) {
		ids := make([]string, len(who))
		for i, p := range who {
			ids[i] = p.UserUUID
		}
		list, err := db.FindRooms(ctx, ids, before, limit)
		check(t, err)
		for _, r := range list {
			uuids, last = append(uuids, r.UUID), r.ID
			if len(r.Members) < 2 {
				t.Errorf("%s has the people %v", r.UUID, r.Members)
			}
		}
		return uuids, last
	}
	if got, _ := find(0, 10, people[0], people[1]); !slices.Equal(got, []string{direct, two.UUID, all.UUID}) {
		t.Errorf("of two: %v", got)
	}
	if got, _ := find(0, 10, people[2], people[1], people[0]); !slices.Equal(got, []string{all.UUID}) {
		t.Errorf("of three: %v", got)
	}
	if got, _ := find(0, 10, people[2], people[3]); len(got) != 0 {
		t.Errorf("of two who share none: %v", got)
	}
	first, last := find(0, 2, people[0], people[1])
	rest, _ := find(last, 2, people[0], people[1])
	if got := slices.Concat(first, rest); !slices.Equal(got, []string{direct, two.UUID, all.UUID}) {
		t.Errorf("by page: %v", got)
	}
	_, err = db.FindRooms(ctx, []string{uuid.NewString()}, 0, 10)
	wantCode(t, err, wire.NotFound)
}

// accessOpensFilesOfThePeriod: neither earlier nor later ones, nor those of other rooms, nor what was deleted.
func accessOpensFilesOfThePeriod(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	mine, others := Group(t, db, people[0], people[1]), Group(t, db, people[0], people[2])
	hang := func(room model.Room, name string, offset int64) (model.File, model.Message) {
		f := FileOf(t, db, people[0], name)
		d := withFiles(room, people[0], name, f)
		d.Now = Start + offset
		stored, err := db.Append(ctx, d)
		check(t, err)
		return f, stored.Message
	}
	early, _ := hang(mine, "early.pdf", -1)
	open, message := hang(mine, "open.pdf", 10)
	late, _ := hang(mine, "late.pdf", 10_000)
	other, _ := hang(others, "other.pdf", 10)
	a := askFor(t, db, people[3], wire.AccessPerson, people[1].UserUUID)
	rooms, err := db.AccessRooms(ctx, a)
	check(t, err)
	if f, err := db.AccessFile(ctx, a, rooms, open.UUID); err != nil || f.Name != "open.pdf" {
		t.Errorf("%+v, %v", f, err)
	}
	for name, id := range map[string]string{
		"before the period": early.UUID, "after it": late.UUID, "of another room": other.UUID, "of nobody": uuid.NewString(),
		"not sent": FileOf(t, db, people[0], "held.pdf").UUID,
	} {
		_, err := db.AccessFile(ctx, a, rooms, id)
		if err == nil {
			t.Errorf("%s: it is opened", name)
			continue
		}
		wantCode(t, err, wire.NotFound)
	}
	_, _, err = db.Delete(ctx, people[0], message.ID, Start+20)
	check(t, err)
	_, err = db.AccessFile(ctx, a, rooms, open.UUID)
	if err == nil {
		t.Fatal("the file of a deleted message is opened")
	}
	wantCode(t, err, wire.NotFound)
}
