package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// alterations is a room to which anything is done in any order, with what was seen of it at each rev.
type alterations struct {
	db     *sqlstore.DB
	people []model.Actor
	room   model.Room
	now    int64
	seen   map[int64]map[int64]model.Message // rev → seq → message
	gone   map[int64]model.Message           // tombstones by seq
	pins   []int64
}

// aDeleteIsNeverUndone holds against any order of sends, edits, reactions, pins, hides and deletes: a tombstone stays as it
// is; each change takes one rev (a pin two); and the changes after any rev, put over what was there at that rev, give what
// is there now.
func aDeleteIsNeverUndone(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 3)
	rapid.Check(t, func(rt *rapid.T) {
		a := &alterations{
			db: db, people: people, room: Group(t, db, people...), now: Start + 1000,
			seen: map[int64]map[int64]model.Message{}, gone: map[int64]model.Message{},
		}
		a.look(rt)
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			a.step(rt)
			a.look(rt)
		}
	})
}

func (a *alterations) step(rt *rapid.T) {
	ctx := context.Background()
	who := rapid.SampledFrom(a.people).Draw(rt, "who")
	a.now += rapid.Int64Range(-5, 5).Draw(rt, "clock") // it may go back
	what := rapid.SampledFrom([]string{"send", "edit", "edit", "react", "react", "pin", "pin", "delete", "hide"}).Draw(rt, "what")
	last := a.newest()
	if what == "send" || len(last) < 2 {
		_, err := a.db.Append(ctx, Draft(a.room, who, fmt.Sprint("글 ", a.now)))
		a.expect(rt, err, model.Message{})
		return
	}
	seqs := make([]int64, 0, len(last))
	for seq := range last {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	m := last[rapid.SampledFrom(seqs).Draw(rt, "seq")]
	on := rapid.Bool().Draw(rt, "on")
	var err error
	switch what {
	case "edit":
		text := rapid.SampledFrom([]string{"가", "나"}).Draw(rt, "text")
		mentions := rapid.SampledFrom([][]string{nil, {a.people[0].UserUUID}}).Draw(rt, "mentions")
		base := rapid.SampledFrom([]int64{0, m.Rev}).Draw(rt, "base")
		_, _, err = a.db.Edit(ctx, who, chat.Edit{MessageID: m.ID, Text: text, Mentions: mentions, BaseRev: base, Now: a.now})
	case "react":
		emoji := rapid.SampledFrom([]string{"👍", "❤️"}).Draw(rt, "emoji")
		_, _, err = a.db.React(ctx, who, chat.Reaction{MessageID: m.ID, Emoji: emoji, On: on, Now: a.now})
	case "pin":
		_, err = a.db.Pin(ctx, who, chat.Pin{MessageID: m.ID, On: on, Now: a.now})
	case "delete":
		_, _, err = a.db.Delete(ctx, who, m.ID, max(a.now, 1))
	case "hide":
		_, err = a.db.Hide(ctx, who, []int64{m.ID})
	}
	a.expect(rt, err, m)
}

// expect takes refusals that the rules give, and no other error.
func (a *alterations) expect(rt *rapid.T, err error, m model.Message) {
	switch {
	case err == nil:
	case errs.Is(err, wire.Forbidden) && errs.As(err).Reason == wire.ReasonNotYours:
	case errs.Is(err, wire.Conflict) && m.DeletedAt != 0:
	case errs.Is(err, wire.BadRequest) && m.Kind == wire.MessageSystem:
	default:
		rt.Fatalf("message %+v: %v", m, err)
	}
}

func (a *alterations) newest() map[int64]model.Message {
	var last int64
	for rev := range a.seen {
		last = max(last, rev)
	}
	return a.seen[last]
}

// look reads the room whole and holds it against all that was seen before.
func (a *alterations) look(rt *rapid.T) {
	ctx := context.Background()
	who := a.people[2]
	room, member, err := a.db.RoomFor(ctx, who.UserID, a.room.UUID)
	if err != nil {
		rt.Fatal(err)
	}
	page, _, err := a.db.History(ctx, room, member, 0, 100)
	if err != nil {
		rt.Fatal(err)
	}
	now := map[int64]model.Message{}
	var pinned []int64
	for _, m := range page {
		now[m.Seq] = m
		if m.Pinned {
			pinned = append(pinned, m.Seq)
		}
		if m.DeletedAt == 0 {
			continue
		}
		if m.Text != "" || len(m.Mentions)+len(m.Reactions) != 0 || m.Pinned || m.EditedAt != 0 {
			rt.Fatalf("not a tombstone: %+v", m)
		}
		a.gone[m.Seq] = m
	}
	for seq, tombstone := range a.gone {
		if diff := cmp.Diff(tombstone, now[seq], cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("a tombstone changed:\n%s", diff)
		}
	}
	a.checkPins(rt, room, pinned)
	a.seen[room.Rev] = now
	for rev, then := range a.seen {
		changes, err := a.db.Changes(ctx, room, member, rev, 100)
		if err != nil {
			rt.Fatal(err)
		}
		caughtUp := map[int64]model.Message{}
		for seq, m := range then {
			caughtUp[seq] = m
		}
		for _, m := range changes {
			caughtUp[m.Seq] = m
		}
		if diff := cmp.Diff(now, caughtUp, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("what was seen at rev %d and the changes after it give another room at %d:\n%s", rev, room.Rev, diff)
		}
	}
}

// checkPins: the list and the messages say the same, and a change of the list is a change of the room.
func (a *alterations) checkPins(rt *rapid.T, room model.Room, pinned []int64) {
	pins, err := a.db.Pins(context.Background(), room.ID)
	if err != nil {
		rt.Fatal(err)
	}
	if !slices.Equal(pins, a.pins) {
		if room.MetaRev+1 < room.Rev {
			rt.Fatalf("pins %v became %v without a change of the room: %+v", a.pins, pins, room)
		}
		a.pins = slices.Clone(pins)
	}
	slices.Sort(pins)
	if !slices.Equal(pins, pinned) {
		rt.Fatalf("pins %v, pinned messages %v", pins, pinned)
	}
}
