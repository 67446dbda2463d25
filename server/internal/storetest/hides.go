package storetest

import (
	"context"
	"slices"
	"testing"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func hidingIsForOneself(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room, other := Group(t, db, people...), Group(t, db, people...)
	one, two := send(t, db, room, people[0], "하나"), send(t, db, room, people[1], "둘")
	three := send(t, db, other, people[1], "셋")
	r, before := enter(t, db, people[0], room)
	changed, err := db.Hide(ctx, people[0], []int64{one.ID, three.ID, two.ID, one.ID})
	check(t, err)
	if len(changed) != 2 || changed[0].UUID != room.UUID || changed[1].UUID != other.UUID {
		t.Errorf("changed rooms %+v", changed)
	}
	r2, me := enter(t, db, people[0], room)
	if r2.Rev != r.Rev || me.MyRev != before.MyRev+1 || me.HidesRev != me.MyRev || me.LastReadSeq != before.LastReadSeq {
		t.Errorf("own row %+v, was %+v; room rev %d, was %d", me, before, r2.Rev, r.Rev)
	}
	if _, m := enter(t, db, people[1], room); m.HidesRev != 0 {
		t.Errorf("another's row %+v", m)
	}
	if again, err := db.Hide(ctx, people[0], []int64{one.ID, two.ID}); err != nil || len(again) != 0 {
		t.Errorf("a repeat changed %+v, %v", again, err)
	}
	if _, m := enter(t, db, people[0], room); m.MyRev != me.MyRev {
		t.Errorf("a repeat took a my_rev: %+v", m)
	}
	spots := []chat.Spot{{RoomID: room.ID, Seq: 1}, {RoomID: room.ID, Seq: one.Seq}, {RoomID: other.ID, Seq: three.Seq}}
	hidden, err := db.HiddenAmong(ctx, people[0].UserID, spots)
	if err != nil || len(hidden) != 2 || hidden[spots[0]] || !hidden[spots[1]] || !hidden[spots[2]] {
		t.Errorf("hidden %v, %v", hidden, err)
	}
	if hidden, err := db.HiddenAmong(ctx, people[1].UserID, spots); err != nil || len(hidden) != 0 {
		t.Errorf("hidden for another: %v, %v", hidden, err)
	}
	if page, _, err := db.History(ctx, r2, me, 0, 10); err != nil || len(page) != 3 {
		t.Errorf("pages are the client's to filter: %d, %v", len(page), err)
	}
	_, _, err = db.Delete(ctx, people[0], one.ID, Start+1)
	check(t, err)
	if got := reread(t, db, people[1], one); got.DeletedAt == 0 {
		t.Errorf("deleted for all after having been hidden: %+v", got)
	}
}

func hidingIsAllOrNone(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room, foreign := Group(t, db, people[:2]...), Group(t, db, people[2])
	mine := send(t, db, room, people[0], "내 글")
	theirs := send(t, db, foreign, people[2], "남의 글")
	left := Group(t, db, people...)
	old := send(t, db, left, people[1], "나간 방")
	_, err := db.LeaveRoom(ctx, people[0], left.UUID, Start)
	check(t, err)
	for name, id := range map[string]int64{"foreign": theirs.ID, "unknown": 9_999_999, "of a room that he left": old.ID} {
		if _, err := db.Hide(ctx, people[0], []int64{mine.ID, id}); err == nil {
			t.Errorf("%s was hidden", name)
		} else {
			wantCode(t, err, wire.NotFound)
		}
	}
	if _, m := enter(t, db, people[0], room); m.HidesRev != 0 {
		t.Errorf("half of a refused request was done: %+v", m)
	}
	_, _, err = db.Delete(ctx, people[0], mine.ID, Start)
	check(t, err)
	system := everything(t, db, people[0], room)[0]
	if changed, err := db.Hide(ctx, people[0], []int64{mine.ID, system.ID}); err != nil || len(changed) != 1 {
		t.Errorf("a tombstone and a system line: %v, %v", changed, err)
	}
}

func hiddenPages(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 1)
	room := Group(t, db, people...)
	var ids []int64
	for range 12 {
		ids = append(ids, send(t, db, room, people[0], "x").ID)
	}
	for _, part := range [][]int64{ids[10:], ids[2:7], ids[0:2], ids[7:8]} { // 2, 5, 2 and 1 of them
		_, err := db.Hide(ctx, people[0], part)
		check(t, err)
	}
	_, me := enter(t, db, people[0], room)
	var pages [][]int64
	var after int64
	for more := true; more; {
		var seqs []int64
		var err error
		seqs, after, more, err = db.Hidden(ctx, me, after, 3)
		check(t, err)
		pages = append(pages, seqs)
	}
	want := [][]int64{{12, 13, 4, 5, 6, 7, 8}, {2, 3, 9}} // what was hidden together comes together
	if !slices.EqualFunc(pages, want, slices.Equal[[]int64]) || after != me.MyRev {
		t.Errorf("pages %v up to %d, want %v up to %d", pages, after, want, me.MyRev)
	}
	if seqs, rev, more, err := db.Hidden(ctx, me, after, 3); err != nil || more || len(seqs) != 0 || rev != me.MyRev {
		t.Errorf("behind the end: %v, %d, %v, %v", seqs, rev, more, err)
	}
}

func mentionsAreUnread(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room, quiet := Group(t, db, people...), Group(t, db, people...)
	say := func(who model.Actor, all bool, names ...model.Actor) model.Message {
		t.Helper()
		d := Draft(room, who, "@")
		d.MentionAll = all
		for _, n := range names {
			d.Mentions = append(d.Mentions, n.UserID)
		}
		stored, err := db.Append(ctx, d)
		check(t, err)
		return stored.Message
	}
	unread := func(who model.Actor) []int64 {
		t.Helper()
		views, err := db.RoomViews(ctx, who.UserID, []int64{room.ID, quiet.ID})
		check(t, err)
		if len(views) != 2 || len(views[1].MentionSeqs) != 0 {
			t.Fatalf("views %+v", views)
		}
		return views[0].MentionSeqs
	}
	want := func(what string, who model.Actor, seqs ...int64) {
		t.Helper()
		if got := unread(who); !slices.Equal(got, seqs) {
			t.Errorf("%s: mentions %v, want %v", what, got, seqs)
		}
	}
	named := say(people[0], false, people[1])
	all := say(people[0], true)
	both := say(people[0], true, people[1], people[0])
	other := say(people[0], false, people[2])
	want("called three times", people[1], named.Seq, all.Seq, both.Seq)
	want("called by name and with all", people[2], all.Seq, both.Seq, other.Seq)
	want("one's own", people[0])
	_, err := db.Hide(ctx, people[1], []int64{all.ID})
	check(t, err)
	want("one hidden", people[1], named.Seq, both.Seq)
	want("hidden by another", people[2], all.Seq, both.Seq, other.Seq)
	_, _, err = db.Edit(ctx, people[0], chat.Edit{MessageID: other.ID, Text: "@1", Mentions: []string{people[1].UserUUID}})
	check(t, err)
	want("an edit calls another", people[1], named.Seq, both.Seq, other.Seq)
	want("and no longer him", people[2], all.Seq, both.Seq)
	_, _, err = db.Delete(ctx, people[0], both.ID, Start)
	check(t, err)
	want("one deleted", people[1], named.Seq, other.Seq)
	_, _, err = db.MarkRead(ctx, chat.Mark{RoomID: room.ID, UserID: people[1].UserID, Seq: named.Seq})
	check(t, err)
	want("one read", people[1], other.Seq)
	for range wire.MaxMentionSeqs + 3 {
		say(people[0], true, people[1])
	}
	if got := unread(people[1]); len(got) != wire.MaxMentionSeqs || got[0] <= other.Seq+3 || !slices.IsSorted(got) {
		t.Errorf("the newest %d: %v", wire.MaxMentionSeqs, got)
	}
}

func mentioningAllIsTheOwners(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	admin := people[0]
	admin.Role = wire.RoleAdmin
	group, pair := Group(t, db, people...), direct(t, db, people[0], people[1]).Room
	board, memo := Notice(t, db, admin, people[1]), direct(t, db, people[1], people[1]).Room
	owner := people[0]
	adminMember := people[1]
	adminMember.Role = wire.RoleAdmin
	for name, row := range map[string]struct {
		room   model.Room
		who    model.Actor
		reason wire.Reason
		called bool
	}{
		"owner of a group":         {group, owner, "", true},
		"member of a group":        {group, people[1], wire.ReasonMentionAll, false},
		"admin, but no owner":      {group, adminMember, wire.ReasonMentionAll, false},
		"admin in a notice room":   {board, admin, "", true},
		"user in a notice room":    {board, people[1], wire.ReasonReadOnly, false},
		"one of two, who is alone": {pair, people[1], "", false},
		"a memo":                   {memo, people[1], "", false},
	} {
		d := Draft(row.room, row.who, "@모두")
		d.MentionAll = true
		stored, err := db.Append(ctx, d)
		if row.reason != "" {
			wantReason(t, name, err, wire.Forbidden, row.reason)
			continue
		}
		if err != nil || stored.Message.MentionAll != row.called {
			t.Errorf("%s: %+v, %v", name, stored.Message, err)
			continue
		}
		if got := reread(t, db, row.who, stored.Message); got.MentionAll != row.called {
			t.Errorf("%s: stored %+v", name, got)
		}
	}
}
