package sqlstore_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// These tests set by hand what no port can make yet: people who joined late, open history, reactions.

func setUp(t *testing.T, db *sqlstore.DB, query string, args ...any) {
	t.Helper()
	if _, err := sqlstore.Writer(db).ExecContext(context.Background(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func TestNewMemberSeesFromHisJoinOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		ctx, db := context.Background(), open(t)
		people := storetest.People(t, db, 2)
		room := storetest.Group(t, db, people...)
		var early model.Message
		for _, text := range []string{"전에 1", "전에 2"} {
			stored, err := db.Append(ctx, storetest.Draft(room, people[0], text))
			if err != nil {
				t.Fatal(err)
			}
			early = stored.Message
		}
		setUp(t, db, "update room_members set joined_seq = 3, last_read_seq = 3 where user_id = ?", people[1].UserID)

		see := func(open bool) (history, changes int, last bool) {
			t.Helper()
			r, m, err := db.RoomFor(ctx, people[1].UserID, room.UUID)
			if err != nil || r.OpenHistory != open {
				t.Fatalf("room %+v, %v", r, err)
			}
			page, _, err := db.History(ctx, r, m, 0, 50)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := db.Changes(ctx, r, m, 0, 50)
			if err != nil {
				t.Fatal(err)
			}
			views, err := db.RoomViews(ctx, people[1].UserID, []int64{room.ID})
			if err != nil || len(views) != 1 {
				t.Fatalf("views %v, %v", views, err)
			}
			return len(page), len(rows), views[0].Last != nil
		}
		if h, c, last := see(false); h != 0 || c != 0 || last {
			t.Errorf("he sees %d messages, %d changes, last %v from before his time", h, c, last)
		}
		if _, _, err := db.Delete(ctx, people[1], early.ID, 1); !errs.Is(err, wire.NotFound) {
			t.Errorf("he knows of a message from before his time: %v", err)
		}
		d := storetest.Draft(room, people[1], "답장")
		d.ReplyToSeq = early.Seq
		if _, err := db.Append(ctx, d); !errs.Is(err, wire.BadRequest) {
			t.Errorf("he replies to a message from before his time: %v", err)
		}
		if _, err := db.Append(ctx, storetest.Draft(room, people[0], "이제")); err != nil {
			t.Fatal(err)
		}
		if h, c, last := see(false); h != 1 || c != 1 || !last {
			t.Errorf("after his join he sees %d messages, %d changes, last %v", h, c, last)
		}
		setUp(t, db, "update rooms set history = 'all'")
		if h, c, last := see(true); h != 4 || c != 4 || !last {
			t.Errorf("with open history he sees %d messages, %d changes, last %v", h, c, last)
		}
	})
}

func TestReactionsComeWithMessages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		ctx, db := context.Background(), open(t)
		people := storetest.People(t, db, 3)
		room := storetest.Group(t, db, people...)
		stored, err := db.Append(ctx, storetest.Draft(room, people[0], "점심 뭐 먹을까요?"))
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range []struct {
			who   model.Actor
			emoji string
		}{{people[1], "👍"}, {people[2], "❤️"}, {people[2], "👍"}, {people[0], "👍🏽"}} {
			setUp(t, db, "insert into reactions (message_id, user_id, emoji, created_at) values (?, ?, ?, ?)",
				stored.Message.ID, r.who.UserID, r.emoji, i)
		}
		r, m, err := db.RoomFor(ctx, people[1].UserID, room.UUID)
		if err != nil {
			t.Fatal(err)
		}
		page, _, err := db.History(ctx, r, m, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := []wire.Reaction{
			{Emoji: "👍", UserUUIDs: []string{people[1].UserUUID, people[2].UserUUID}},
			{Emoji: "❤️", UserUUIDs: []string{people[2].UserUUID}},
			{Emoji: "👍🏽", UserUUIDs: []string{people[0].UserUUID}},
		}
		if diff := cmp.Diff(want, page[0].Reactions); diff != "" {
			t.Errorf("reactions (-want +got):\n%s", diff)
		}
		if gone, _, err := db.Delete(ctx, people[0], stored.Message.ID, 1); err != nil || len(gone.Reactions) != 0 {
			t.Errorf("deleted %+v, %v", gone, err)
		}
		if left := queryLines(t, sqlstore.Writer(db), "select count(*) from reactions"); left[0] != "0" {
			t.Errorf("%s reactions of a deleted message are left", left[0])
		}
	})
}
