package storetest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func figureCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"MessagesAreCountedOnce":   messagesAreCountedOnce,
		"OnlineSlotsKeepTheMost":   onlineSlotsKeepTheMost,
		"StatisticsTellWhatWaits":  statisticsTellWhatWaits,
		"StatisticsTellTheStorage": statisticsTellTheStorage,
	}
}

const hour = int64(3_600_000)

func statistics(t *testing.T, db *sqlstore.DB, from int64) wire.Statistics {
	t.Helper()
	s, err := db.Statistics(context.Background(), Start, from, from)
	check(t, err)
	return s
}

// wroteAt stores a message that was written at a time.
func wroteAt(t *testing.T, db *sqlstore.DB, room model.Room, sender model.Actor, at int64) {
	t.Helper()
	d := Draft(room, sender, "x")
	d.Now = at
	_, err := db.Append(context.Background(), d)
	check(t, err)
}

func messagesAreCountedOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...) // its own line is not a message of a person
	for _, at := range []int64{0, 1, hour, 2*hour - 1, 2 * hour} {
		wroteAt(t, db, room, people[0], Start+at)
	}
	first := Start / hour
	want := [][2]int64{{first, 2}, {first + 1, 2}, {first + 2, 1}}
	count := func(before int64, when string) {
		t.Helper()
		more, err := db.CountWritten(ctx, before)
		check(t, err)
		if more {
			t.Errorf("%s: more are to come", when)
		}
		if diff := cmp.Diff(want, statistics(t, db, Start).Messages); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	count(0, "none is old enough")
	count(Start+hour, "the first two are")
	count(Start+hour, "the same again")
	count(Start+9*hour, "all are")
	wroteAt(t, db, room, people[1], Start+2*hour)
	want[2][1]++
	count(0, "another, not counted yet")
	count(Start+9*hour, "and counted")
	if diff := cmp.Diff(want[2:], statistics(t, db, Start+2*hour).Messages); diff != "" {
		t.Errorf("from the last hour on (-want +got):\n%s", diff)
	}
}

func onlineSlotsKeepTheMost(t *testing.T, db *sqlstore.DB) {
	ctx, first := context.Background(), Start/300_000
	for _, note := range []struct {
		node   string
		slot   int64
		people int
	}{{"a", 0, 3}, {"a", 0, 5}, {"a", 0, 4}, {"b", 0, 2}, {"a", 1, 1}, {"a", 13, 2}} {
		check(t, db.NoteOnline(ctx, note.node, first+note.slot, 0, note.people))
	}
	s := statistics(t, db, Start)
	if diff := cmp.Diff([][2]int64{{first, 7}, {first + 1, 1}, {first + 13, 2}}, s.OnlineSlots); diff != "" {
		t.Errorf("slots (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][2]int64{{Start / hour, 7}, {Start/hour + 1, 2}}, s.OnlineHours); diff != "" {
		t.Errorf("hours (-want +got):\n%s", diff)
	}
	check(t, db.NoteOnline(ctx, "a", first+14, first+13, 2))
	if s := statistics(t, db, Start); len(s.OnlineSlots) != 2 {
		t.Errorf("old slots stayed: %v", s.OnlineSlots)
	}
}

func statisticsTellWhatWaits(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	People(t, db, 2)
	for i, name := range []string{"new1", "new2"} {
		_, err := db.CreateAccount(ctx, model.User{
			UUID: uuid.NewString(), Username: name, EmployeeID: name, Email: name, Name: name, Role: wire.RoleUser,
			State: wire.UserPending, CreatedAt: Start + int64(i+1)*hour,
		}, "", model.AuditEntry{At: Start, Action: "test"})
		check(t, err)
	}
	s := statistics(t, db, Start)
	if s.People != 2 || s.Waiting.Users != 2 || s.Waiting.OldestUser == nil || s.Waiting.OldestUser.UnixMilli() != Start+hour ||
		s.Waiting.Resets != 0 || s.Waiting.OldestReset != nil {
		t.Errorf("people %d, waiting %+v", s.People, s.Waiting)
	}
	first := Start / hour
	if diff := cmp.Diff([][2]int64{{first, 2}, {first + 1, 1}, {first + 2, 1}}, s.SignUps); diff != "" {
		t.Errorf("sign-ups (-want +got):\n%s", diff)
	}
}

func statisticsTellTheStorage(t *testing.T, db *sqlstore.DB) {
	who := People(t, db, 1)[0]
	for _, name := range []string{"a.pdf", "b.pdf", "c.pdf"} {
		FileOf(t, db, who, name)
	}
	s := statistics(t, db, Start).Storage
	var files, bytes int64
	kinds, err := db.FileKinds(context.Background())
	check(t, err)
	for _, k := range kinds {
		files, bytes = files+k.Files, bytes+k.Bytes
	}
	if len(kinds) != 1 || s.Files != 3 || files != 3 || bytes != s.Bytes || s.Bytes == 0 {
		t.Errorf("storage %+v", s)
	}
}
