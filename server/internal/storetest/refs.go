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

func forwardNeedsItsSource(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	from, to := Group(t, db, people[:3]...), Group(t, db, people[0], people[1])
	source := send(t, db, from, people[2], "퍼뜨릴 글")
	found, err := db.Source(ctx, people[0].UserID, source.ID)
	if err != nil || found.Text != source.Text {
		t.Errorf("source %+v, %v", found, err)
	}
	system := everything(t, db, people[0], from)[0]
	for name, row := range map[string]struct {
		who model.Actor
		id  int64
	}{
		"a stranger": {people[3], source.ID}, "a system line": {people[0], system.ID}, "no message": {people[0], 9_999_999},
	} {
		_, err := db.Source(ctx, row.who.UserID, row.id)
		wantReason(t, name, err, wire.NotFound, wire.ReasonSourceGone)
	}
	d := Draft(to, people[0], found.Text)
	d.ForwardedFrom = source.ID
	first, err := db.Append(ctx, d)
	check(t, err)
	if got := reread(t, db, people[1], first.Message); got.ForwardedFrom != source.ID || got.Text != source.Text {
		t.Errorf("forwarded %+v", got)
	}
	edited, _, err := db.Edit(ctx, people[0], chat.Edit{MessageID: first.Message.ID, Text: "meine Worte"})
	if err != nil || edited.ForwardedFrom != 0 || reread(t, db, people[1], edited).ForwardedFrom != 0 {
		t.Errorf("other words under another's name: %+v, %v", edited, err)
	}
	_, _, err = db.Delete(ctx, people[2], source.ID, Start+1)
	check(t, err)
	_, err = db.Source(ctx, people[0].UserID, source.ID)
	wantReason(t, "deleted", err, wire.NotFound, wire.ReasonSourceGone)
	late := Draft(to, people[0], found.Text) // looked up before it was deleted
	late.ForwardedFrom = source.ID
	_, err = db.Append(ctx, late)
	wantReason(t, "deleted on the way", err, wire.NotFound, wire.ReasonSourceGone)
	if again, err := db.Append(ctx, d); err != nil || !again.Duplicate || again.Message.ID != first.Message.ID {
		t.Errorf("a repeat whose source is gone: %+v, %v", again, err)
	}
	other := send(t, db, from, people[1], "noch da")
	_, err = db.LeaveRoom(ctx, people[0], from.UUID, Start)
	check(t, err)
	_, err = db.Source(ctx, people[0].UserID, other.ID)
	wantReason(t, "of a room that he left", err, wire.NotFound, wire.ReasonSourceGone)
}

func repliesStayInTheirRoom(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	long, short := Group(t, db, people...), Group(t, db, people...)
	var last model.Message
	for range 5 {
		last = send(t, db, long, people[0], "x")
	}
	reply := func(room model.Room, seq int64) error {
		d := Draft(room, people[1], "답장")
		d.ReplyToSeq = seq
		_, err := db.Append(ctx, d)
		return err
	}
	wantCode(t, reply(short, last.Seq), wire.BadRequest) // it is a seq of the other room
	check(t, reply(long, last.Seq))
	check(t, reply(long, 1)) // a system line: "welcome!"
	_, _, err := db.Delete(ctx, people[0], last.ID, Start)
	check(t, err)
	wantCode(t, reply(long, last.Seq), wire.BadRequest)
	answered := everything(t, db, people[0], long)
	if r := answered[len(answered)-3]; r.ReplyToSeq != last.Seq {
		t.Errorf("the reply that was first no longer says to what: %+v", r)
	}
}

func pagesFromAnywhere(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	for i := range int64(20) { // seqs 2…21, one a minute, two at once at the end
		d := Draft(room, people[0], "x")
		d.Now = Start + min(i, 18)*60_000
		_, err := db.Append(ctx, d)
		check(t, err)
	}
	r, m := enter(t, db, people[1], room)
	seqs := func(page []model.Message) (out []int64) {
		for _, msg := range page {
			out = append(out, msg.Seq)
		}
		return out
	}
	page, more, err := db.HistoryFrom(ctx, r, m, 18, 3)
	if err != nil || !more || !slices.Equal(seqs(page), []int64{18, 19, 20}) {
		t.Errorf("from 18: %v, %v, %v", seqs(page), more, err)
	}
	page, more, err = db.HistoryFrom(ctx, r, m, 19, 3)
	if err != nil || more || !slices.Equal(seqs(page), []int64{19, 20, 21}) {
		t.Errorf("from 19: %v, %v, %v", seqs(page), more, err)
	}
	for at, want := range map[int64]int64{
		Start - 1: 1, Start: 1, Start + 1: 3, Start + 60_000: 3, Start + 18*60_000: 20, Start + 18*60_000 + 1: 0, 1 << 50: 0, -1: 1,
	} {
		if seq, err := db.FirstAt(ctx, r, m, at); err != nil || seq != want {
			t.Errorf("first at %d: %d, %v, want %d", at-Start, seq, err, want)
		}
	}
	late := m
	late.JoinedSeq = 10
	if seq, err := db.FirstAt(ctx, r, late, Start); err != nil || seq != 11 {
		t.Errorf("first at, of a newcomer: %d, %v", seq, err)
	}
	page, err = db.MessagesAt(ctx, r, late, []int64{21, 5, 12, 99, 12})
	if err != nil || !slices.Equal(seqs(page), []int64{12, 21}) {
		t.Errorf("single messages of a newcomer: %v, %v", seqs(page), err)
	}
	page, _, err = db.HistoryFrom(ctx, r, late, 1, 2)
	if err != nil || !slices.Equal(seqs(page), []int64{11, 12}) {
		t.Errorf("from 1, of a newcomer: %v, %v", seqs(page), err)
	}
}
