package storetest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func readsOnlyGrow(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	last := int64(1) // the system line
	cursor := map[int64]int64{people[0].UserID: 1, people[1].UserID: 0, people[2].UserID: 0}
	rapid.Check(t, func(rt *rapid.T) {
		who := rapid.SampledFrom(people).Draw(rt, "who")
		if rapid.Bool().Draw(rt, "write") {
			last = send(t, db, room, who, "x").Seq
			cursor[who.UserID] = last
		}
		seq := rapid.Int64Range(-3, last+3).Draw(rt, "seq")
		at, moved, err := db.MarkRead(ctx, chat.Mark{RoomID: room.ID, UserID: who.UserID, Seq: seq, Now: Start + 9000})
		if err != nil {
			rt.Fatal(err)
		}
		want := max(cursor[who.UserID], min(seq, last))
		if at != want || moved != (want > cursor[who.UserID]) {
			rt.Fatalf("mark %d: cursor %d moved %v, want %d (was %d)", seq, at, moved, want, cursor[who.UserID])
		}
		cursor[who.UserID] = want
		if _, m, err := db.RoomFor(ctx, who.UserID, room.UUID); err != nil || m.LastReadSeq != want {
			rt.Fatalf("stored cursor %d, want %d (%v)", m.LastReadSeq, want, err)
		}
	})
	stranger := chat.Mark{RoomID: room.ID, UserID: 999_999, Seq: 1}
	_, _, err := db.MarkRead(ctx, stranger)
	wantCode(t, err, wire.NotFound)
	_, err = db.LeaveRoom(ctx, people[2], room.UUID, Start)
	check(t, err)
	_, _, err = db.MarkRead(ctx, chat.Mark{RoomID: room.ID, UserID: people[2].UserID, Seq: last})
	wantCode(t, err, wire.NotFound)
}

// readsOfManyAtOnce marks from several devices of many people while others write, in any order.
func readsOfManyAtOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 30)
	rooms := []model.Room{Group(t, db, people...), Group(t, db, people...)}
	for range 20 {
		send(t, db, rooms[0], people[0], "x")
		send(t, db, rooms[1], people[1], "y")
	}
	var wg sync.WaitGroup
	for i, p := range people {
		for device := range 3 {
			wg.Go(func() {
				seen := int64(0)
				for step := range 10 {
					seq := int64((step*7+device*5+i)%20 + 1)
					at, _, err := db.MarkRead(ctx, chat.Mark{RoomID: rooms[i%2].ID, UserID: p.UserID, Seq: seq, Now: Start})
					if err != nil || at < seq || at < seen {
						t.Errorf("mark %d: cursor %d after %d, %v", seq, at, seen, err)
					}
					seen = at
				}
			})
		}
		wg.Go(func() { send(t, db, rooms[(i+1)%2], p, "z") })
	}
	wg.Wait()
	for _, room := range rooms {
		reads, err := db.Cursors(ctx, room.ID)
		check(t, err)
		if len(reads) != len(people) {
			t.Errorf("%d cursors, want %d", len(reads), len(people))
		}
	}
}

// unreadIsDerived compares unread counts with counting by hand, for any order of sends and reads.
func unreadIsDerived(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	rapid.Check(t, func(rt *rapid.T) {
		room := Group(t, db, people...)
		seen := map[int64]int{} // by person: how many messages he has read
		total := 1
		seen[people[0].UserID] = 1
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			who := rapid.SampledFrom(people).Draw(rt, "who")
			if rapid.Bool().Draw(rt, "send") {
				send(t, db, room, who, "x")
				total++
				seen[who.UserID] = total
				continue
			}
			seq := rapid.IntRange(0, total).Draw(rt, "seq")
			if _, _, err := db.MarkRead(ctx, chat.Mark{RoomID: room.ID, UserID: who.UserID, Seq: int64(seq)}); err != nil {
				rt.Fatal(err)
			}
			seen[who.UserID] = max(seen[who.UserID], seq)
		}
		for _, p := range people {
			r, m, err := db.RoomFor(ctx, p.UserID, room.UUID)
			if err != nil || m.Unread(r.LastSeq) != int64(total-seen[p.UserID]) {
				rt.Fatalf("unread %d of %d, read %d, %v", m.Unread(r.LastSeq), total, seen[p.UserID], err)
			}
		}
	})
}

func historyPages(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	for range 25 {
		send(t, db, room, people[0], "x")
	}
	r, m := enter(t, db, people[1], room)
	var seqs []int64
	before := int64(0)
	for range 10 {
		page, more, err := db.History(ctx, r, m, before, 10)
		check(t, err)
		var part []int64
		for _, msg := range page {
			part = append(part, msg.Seq)
		}
		if !slices.IsSorted(part) || len(part) > 10 {
			t.Fatalf("page %v", part)
		}
		seqs = append(part, seqs...)
		if !more {
			break
		}
		before = part[0]
	}
	for i := range 26 {
		if len(seqs) != 26 || seqs[i] != int64(i+1) {
			t.Fatalf("pages give %v", seqs)
		}
	}
	if page, more, err := db.History(ctx, r, m, 1, 10); err != nil || more || len(page) != 0 {
		t.Errorf("before the first: %v, %v, %v", page, more, err)
	}
}

func changesPages(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	var sent []model.Message
	for range 12 {
		sent = append(sent, send(t, db, room, people[0], "x"))
	}
	r, m := enter(t, db, people[1], room)
	_, _, err := db.Delete(ctx, people[0], sent[3].ID, Start+5000)
	check(t, err)
	page, err := db.Changes(ctx, r, m, sent[9].Rev, 200)
	check(t, err)
	var got []int64
	for _, msg := range page {
		got = append(got, msg.Seq)
	}
	want := []int64{sent[10].Seq, sent[11].Seq, sent[3].Seq} // by rev: the deleted one changed last
	if !slices.Equal(got, want) || page[2].DeletedAt == 0 {
		t.Errorf("changes %v, want %v", got, want)
	}
	if all := everything(t, db, people[1], room); len(all) != 13 {
		t.Errorf("%d changes in all, want each of 13 rows once", len(all))
	}
}

func deleteLeavesATombstone(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	first := send(t, db, room, people[0], "먼저")
	d := Draft(room, people[0], "비밀")
	d.ReplyToSeq, d.Mentions = first.Seq, []int64{people[1].UserID}
	stored, err := db.Append(ctx, d)
	check(t, err)
	gone, changed, err := db.Delete(ctx, people[0], stored.Message.ID, Start+5000)
	check(t, err)
	if !changed || gone.DeletedAt != Start+5000 || gone.Text != "" || gone.Rev != stored.Message.Rev+1 ||
		gone.Seq != stored.Message.Seq || gone.ReplyToSeq != 0 || len(gone.Mentions) != 0 || gone.SenderUUID == "" {
		t.Errorf("tombstone %+v, changed %v", gone, changed)
	}
	again, changed, err := db.Delete(ctx, people[0], stored.Message.ID, Start+6000)
	if err != nil || changed || again.Rev != gone.Rev || again.DeletedAt != gone.DeletedAt {
		t.Errorf("second delete: %+v, %v, %v", again, changed, err)
	}
	r, m := enter(t, db, people[1], room)
	page, _, err := db.History(ctx, r, m, 0, 1)
	check(t, err)
	if len(page) != 1 || page[0].Text != "" || page[0].DeletedAt == 0 || len(page[0].Mentions) != 0 || r.Rev != gone.Rev {
		t.Errorf("history %+v in %+v", page, r)
	}
	views, err := db.RoomViews(ctx, people[1].UserID, []int64{room.ID})
	check(t, err)
	if len(views) != 1 || views[0].Last == nil || views[0].Last.Text != "" || views[0].Last.DeletedAt == 0 {
		t.Errorf("preview of a deleted message: %+v", views)
	}
}

func deleteIsTheSenders(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	room := Group(t, db, people[:3]...)
	m := send(t, db, room, people[0], "내 글")
	for name, row := range map[string]struct {
		who  model.Actor
		id   int64
		want wire.Code
	}{
		"another member": {people[1], m.ID, wire.Forbidden},
		"a stranger":     {people[3], m.ID, wire.NotFound},
		"no message":     {people[0], 9_999_999, wire.NotFound},
	} {
		if _, _, err := db.Delete(ctx, row.who, row.id, Start); err == nil {
			t.Errorf("%s may delete", name)
		} else {
			wantCode(t, err, row.want)
		}
	}
	system := everything(t, db, people[0], room)[0]
	_, _, err := db.Delete(ctx, people[0], system.ID, Start)
	wantCode(t, err, wire.Forbidden)
	_, err = db.LeaveRoom(ctx, people[0], room.UUID, Start)
	check(t, err)
	_, _, err = db.Delete(ctx, people[0], m.ID, Start)
	wantCode(t, err, wire.NotFound)
}
