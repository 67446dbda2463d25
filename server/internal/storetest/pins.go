package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func pinsAreTheRooms(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	one, two := send(t, db, room, people[0], "하나"), send(t, db, room, people[1], "둘")
	pin := func(m model.Message, on bool) chat.PinChange {
		t.Helper()
		c, err := db.Pin(ctx, people[1], chat.Pin{MessageID: m.ID, On: on, Now: Start + 4000}) // the clock stands still
		check(t, err)
		if got := reread(t, db, people[2], m); got.Pinned != on || got.Rev != c.Message.Rev {
			t.Errorf("stored %+v after %+v", got, c)
		}
		return c
	}
	pins := func(want ...int64) {
		t.Helper()
		got, err := db.Pins(ctx, room.ID)
		check(t, err)
		views, err := db.RoomViews(ctx, people[2].UserID, []int64{room.ID})
		check(t, err)
		if !slices.Equal(got, want) || !slices.Equal(views[0].Pins, want) {
			t.Errorf("pins %v, in the summary %v, want %v", got, views[0].Pins, want)
		}
	}
	c := pin(two, true)
	if r, _ := enter(t, db, people[0], room); !c.Changed || c.Message.Rev != two.Rev+1 || r.MetaRev != c.Message.Rev ||
		c.System == nil || c.System.Rev != two.Rev+2 || r.Rev != c.System.Rev || c.System.Seq != two.Seq+1 ||
		c.System.System.Action != wire.SystemPinned || c.System.System.Seq != two.Seq ||
		c.System.System.ActorUUID != people[1].UserUUID {
		t.Errorf("pinned %+v in %+v", c, r)
	}
	if again := pin(two, true); again.Changed || again.System != nil || again.Message.Rev != c.Message.Rev {
		t.Errorf("a repeat: %+v", again)
	}
	pin(one, true)
	pins(two.Seq, one.Seq) // the latest last, not by seq
	before, _ := enter(t, db, people[0], room)
	off := pin(two, false)
	if r, _ := enter(t, db, people[0], room); !off.Changed || off.System != nil || r.Rev != before.Rev+1 ||
		r.MetaRev != r.Rev || r.LastSeq != before.LastSeq {
		t.Errorf("unpinned %+v in %+v", off, r)
	}
	pins(one.Seq)
	gone, _, err := db.Delete(ctx, people[0], one.ID, Start+5000)
	check(t, err)
	pins()
	if r, _ := enter(t, db, people[0], room); r.MetaRev != gone.Rev || gone.Pinned {
		t.Errorf("a deleted pin is a change of the room: %+v after %+v", r, gone)
	}
	_, err = db.Pin(ctx, model.Actor{UserID: 999_999}, chat.Pin{MessageID: two.ID, On: true})
	wantCode(t, err, wire.NotFound)
	_, err = db.Pin(ctx, people[0], chat.Pin{MessageID: c.System.ID, On: true})
	wantCode(t, err, wire.BadRequest)
}

func pinsAreBounded(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 1)
	room := Group(t, db, people...)
	var last model.Message
	for i := range wire.MaxPins + 1 {
		last = send(t, db, room, people[0], fmt.Sprint(i))
		_, err := db.Pin(ctx, people[0], chat.Pin{MessageID: last.ID, On: true, Now: Start})
		if i < wire.MaxPins {
			check(t, err)
		} else {
			wantReason(t, "one pin too many", err, wire.BadRequest, wire.ReasonTooManyPins)
		}
	}
	if got := reread(t, db, people[0], last); got.Pinned || got.Rev != last.Rev {
		t.Errorf("refused and done: %+v", got)
	}
}

func pinInANoticeRoom(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	admin := people[0]
	admin.Role = wire.RoleAdmin
	room := Notice(t, db, admin, people[1])
	m := send(t, db, room, admin, "공지")
	_, err := db.Pin(ctx, people[1], chat.Pin{MessageID: m.ID, On: true})
	wantReason(t, "a user", err, wire.Forbidden, wire.ReasonReadOnly)
	if c, err := db.Pin(ctx, admin, chat.Pin{MessageID: m.ID, On: true}); err != nil || !c.Changed {
		t.Errorf("an administrator: %+v, %v", c, err)
	}
	memo := direct(t, db, people[1], people[1]).Room
	note := send(t, db, memo, people[1], "메모")
	if c, err := db.Pin(ctx, people[1], chat.Pin{MessageID: note.ID, On: true}); err != nil || !c.Changed {
		t.Errorf("in one's own memo: %+v, %v", c, err)
	}
	if _, _, err := db.React(ctx, people[1], chat.Reaction{MessageID: m.ID, Emoji: "👍", On: true}); err != nil {
		t.Errorf("a reader may react to an announcement: %v", err)
	}
}
