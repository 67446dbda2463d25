package storetest

import (
	"context"
	"testing"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// readTimes returns who has read a message, with the time in milliseconds since Start, -1 without one.
func readTimes(t *testing.T, db *sqlstore.DB, who model.Actor, room model.Room, seq int64) map[string]int64 {
	t.Helper()
	r, m := enter(t, db, who, room)
	page, err := db.Readers(context.Background(), r, m, chat.ReadersQuery{Seq: seq, Read: true, Limit: 100, TimesFrom: Start})
	check(t, err)
	out := map[string]int64{}
	for _, u := range page.Users {
		out[u.UserUUID] = -1
		if u.ReadAt != nil {
			out[u.UserUUID] = u.ReadAt.UnixMilli() - Start
		}
	}
	if len(out) != page.Read {
		t.Errorf("%d readers, counted %d", len(out), page.Read)
	}
	return out
}

func markAt(t *testing.T, db *sqlstore.DB, who model.Actor, room model.Room, seq, at int64) {
	t.Helper()
	_, _, err := db.MarkRead(context.Background(), chat.Mark{RoomID: room.ID, UserID: who.UserID, Seq: seq, Now: Start + at})
	check(t, err)
}

func sendAt(t *testing.T, db *sqlstore.DB, who model.Actor, room model.Room, at int64) int64 {
	t.Helper()
	d := Draft(room, who, "x")
	d.Now = Start + at
	stored, err := db.Append(context.Background(), d)
	check(t, err)
	return stored.Message.Seq
}

func readersKnowWhen(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 5)
	room := Group(t, db, people[:4]...)
	first := sendAt(t, db, people[0], room, 1000) // seq 2
	second := sendAt(t, db, people[0], room, 1100)
	markAt(t, db, people[1], room, first, 2000)
	markAt(t, db, people[1], room, first, 2500) // again: nothing moves
	markAt(t, db, people[1], room, second, 3000)
	sendAt(t, db, people[2], room, 4000) // jumps over both
	sendAt(t, db, people[2], room, 5000) // jumps over nothing
	if got := readTimes(t, db, people[0], room, first); got[people[1].UserUUID] != 2000 || got[people[2].UserUUID] != 4000 || len(got) != 2 {
		t.Errorf("the first was read %v", got)
	}
	if got := readTimes(t, db, people[0], room, second); got[people[1].UserUUID] != 3000 || got[people[2].UserUUID] != 4000 || len(got) != 2 {
		t.Errorf("the second was read %v", got)
	}
	r, m := enter(t, db, people[0], room)
	unread, err := db.Readers(ctx, r, m, chat.ReadersQuery{Seq: first, Limit: 1})
	check(t, err)
	if len(unread.Users) != 1 || unread.Users[0].UserUUID != people[3].UserUUID || unread.Users[0].ReadAt != nil || unread.Unread != 1 || unread.Read != 2 {
		t.Errorf("unread %+v", unread)
	}
	// Who left counts no more; who comes later never counted.
	_, err = db.LeaveRoom(ctx, people[1], room.UUID, Start)
	check(t, err)
	_, err = db.Invite(ctx, people[0], room.UUID, users(people[4]), Start)
	check(t, err)
	if got := readTimes(t, db, people[0], room, first); len(got) != 1 {
		t.Errorf("after leaving and joining: %v", got)
	}
	r, m = enter(t, db, people[4], room)
	for name, seq := range map[string]int64{"from before he joined": first, "not there": 99, "none": 0} {
		if _, err := db.Readers(ctx, r, m, chat.ReadersQuery{Seq: seq, Limit: 10}); err == nil {
			t.Errorf("a message %s has readers", name)
		} else {
			wantCode(t, err, wire.NotFound)
		}
	}
}

func oldReadTimesGo(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	var seqs []int64
	for i := range int64(10) {
		seqs = append(seqs, sendAt(t, db, people[0], room, 1000+i))
	}
	for i, seq := range seqs {
		markAt(t, db, people[1], room, seq, 2000+int64(i))
	}
	total := 0
	for _, want := range []int{4, 3, 0} { // of 10 times, 7 are from before
		n, err := db.PurgeReadTimes(ctx, Start+2007, 4)
		check(t, err)
		if n != want {
			t.Errorf("purged %d, want %d", n, want)
		}
		total += n
	}
	// A message from before the border has no time: a later one would be a wrong one.
	r, m := enter(t, db, people[0], room)
	for seq, want := range map[int64]bool{seqs[0]: false, seqs[9]: true} {
		page, err := db.Readers(ctx, r, m, chat.ReadersQuery{Seq: seq, Read: true, Limit: 10, TimesFrom: Start + 1005})
		check(t, err)
		if len(page.Users) != 1 || (page.Users[0].ReadAt != nil) != want {
			t.Errorf("readers of %d: %+v", seq, page)
		}
	}
}
