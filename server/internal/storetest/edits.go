package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// messageCases are the cases of what can be done with stored messages.
func messageCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"EditReplacesTextAndMentions":  editReplacesTextAndMentions,
		"EditIsTheSenders":             editIsTheSenders,
		"EditsOfTwoDevices":            editsOfTwoDevices,
		"ReactionsAreASet":             reactionsAreASet,
		"ReactionsOfManyAtOnce":        reactionsOfManyAtOnce,
		"PinsAreTheRooms":              pinsAreTheRooms,
		"PinsAreBounded":               pinsAreBounded,
		"PinInANoticeRoom":             pinInANoticeRoom,
		"DeletedTakesNoChange":         deletedTakesNoChange,
		"HidingIsForOneself":           hidingIsForOneself,
		"HidingIsAllOrNone":            hidingIsAllOrNone,
		"HiddenPages":                  hiddenPages,
		"MentionsAreUnread":            mentionsAreUnread,
		"MentioningAllIsTheOwners":     mentioningAllIsTheOwners,
		"ForwardNeedsItsSource":        forwardNeedsItsSource,
		"RepliesStayInTheirRoom":       repliesStayInTheirRoom,
		"PagesFromAnywhere":            pagesFromAnywhere,
		"ADeleteIsNeverUndone":         aDeleteIsNeverUndone,
		"ClosingIsAuditedWithTheClose": closingIsAudited,
	}
}

// reread reads one message as a member sees it.
func reread(t testing.TB, db *sqlstore.DB, who model.Actor, m model.Message) model.Message {
	t.Helper()
	r, member := enter(t, db, who, model.Room{UUID: m.RoomUUID})
	page, err := db.MessagesAt(context.Background(), r, member, []int64{m.Seq})
	if err != nil || len(page) != 1 {
		t.Fatalf("message %d: %d, %v", m.Seq, len(page), err)
	}
	return page[0]
}

// Notice makes a notice room of an administrator and some users.
func Notice(t testing.TB, db *sqlstore.DB, admin model.Actor, members ...model.Actor) model.Room {
	t.Helper()
	r := chat.NewRoom{UUID: uuid.NewString(), Kind: wire.RoomNotice, Name: "공지", Creator: admin, Now: Start}
	for _, m := range members {
		r.Members = append(r.Members, m.UserID)
	}
	c, err := db.CreateRoom(context.Background(), r)
	check(t, err)
	return c.Room
}

func wantReason(t testing.TB, what string, err error, code wire.Code, reason wire.Reason) {
	t.Helper()
	if e := errs.As(err); err == nil || e.Code != code || e.Reason != reason {
		t.Errorf("%s: %v, want %s (%s)", what, err, code, reason)
	}
}

func editReplacesTextAndMentions(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	room := Group(t, db, people[:3]...)
	d := Draft(room, people[0], "처음")
	d.Mentions, d.MentionAll = []int64{people[1].UserID}, true
	first, err := db.Append(ctx, d)
	check(t, err)
	e := chat.Edit{
		MessageID: first.Message.ID, Text: "나중", Now: Start + 5000, BaseRev: first.Message.Rev,
		Mentions: []string{people[2].UserUUID, people[3].UserUUID, people[2].UserUUID, uuid.NewString()},
	}
	m, changed, err := db.Edit(ctx, people[0], e)
	check(t, err)
	if !changed || m.Text != "나중" || m.Rev != first.Message.Rev+1 || m.EditedAt != e.Now || m.MentionAll ||
		!slices.Equal(m.Mentions, []string{people[2].UserUUID}) || m.Seq != first.Message.Seq {
		t.Errorf("edited %+v, changed %v", m, changed)
	}
	if diff := cmp.Diff(m, reread(t, db, people[1], m), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("stored differs (-returned +stored):\n%s", diff)
	}
	again, changed, err := db.Edit(ctx, people[0], e)
	if err != nil || changed || again.Rev != m.Rev || again.EditedAt != m.EditedAt {
		t.Errorf("a repeat after a lost reply: %+v, %v, %v", again, changed, err)
	}
	stale := e
	stale.Text = "셋째"
	_, _, err = db.Edit(ctx, people[0], stale)
	wantReason(t, "on an old version", err, wire.Conflict, wire.ReasonEditConflict)
	if _, _, err := db.React(ctx, people[1], chat.Reaction{MessageID: m.ID, Emoji: "👍", On: true}); err != nil {
		t.Fatal(err)
	}
	stale.BaseRev = m.Rev // a reaction since then is no other text
	if m, changed, err := db.Edit(ctx, people[0], stale); err != nil || !changed || len(m.Reactions) != 1 {
		t.Errorf("after a reaction: %+v, %v, %v", m, changed, err)
	}
	unasked := chat.Edit{MessageID: m.ID, Text: "넷째", Now: Start + 6000}
	if _, changed, err := db.Edit(ctx, people[0], unasked); err != nil || !changed {
		t.Errorf("without a base: %v, %v", changed, err)
	}
	if r, _ := enter(t, db, people[0], room); r.Rev != first.Message.Rev+4 || r.LastSeq != first.Message.Seq {
		t.Errorf("each change takes one rev and no seq: %+v after %+v", r, first.Message)
	}
}

func editIsTheSenders(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 5)
	room := Group(t, db, people[:4]...)
	m := send(t, db, room, people[1], "내 글")
	system := everything(t, db, people[0], room)[0]
	late := send(t, db, room, people[3], "나가기 전")
	_, err := db.LeaveRoom(ctx, people[3], room.UUID, Start)
	check(t, err)
	admin := people[0]
	admin.Role = wire.RoleAdmin
	board := Notice(t, db, admin, people[1])
	announced := send(t, db, board, admin, "공지")
	demoted := people[0]
	for name, row := range map[string]struct {
		who    model.Actor
		edit   chat.Edit
		code   wire.Code
		reason wire.Reason
	}{
		"another member":        {people[0], chat.Edit{MessageID: m.ID}, wire.Forbidden, wire.ReasonNotYours},
		"an admin in the room":  {admin, chat.Edit{MessageID: m.ID}, wire.Forbidden, wire.ReasonNotYours},
		"a stranger":            {people[4], chat.Edit{MessageID: m.ID}, wire.NotFound, ""},
		"a former member":       {people[3], chat.Edit{MessageID: late.ID}, wire.NotFound, ""},
		"no message":            {people[0], chat.Edit{MessageID: 9_999_999}, wire.NotFound, ""},
		"a system line":         {people[0], chat.Edit{MessageID: system.ID}, wire.Forbidden, wire.ReasonNotYours},
		"everybody, no owner":   {people[1], chat.Edit{MessageID: m.ID, MentionAll: true}, wire.Forbidden, wire.ReasonMentionAll},
		"no administrator more": {demoted, chat.Edit{MessageID: announced.ID}, wire.Forbidden, wire.ReasonReadOnly},
	} {
		row.edit.Text, row.edit.Now = "고친 글", Start+7000
		_, _, err := db.Edit(ctx, row.who, row.edit)
		wantReason(t, name, err, row.code, row.reason)
	}
	if got := reread(t, db, people[1], m); got.Text != "내 글" || got.EditedAt != 0 {
		t.Errorf("changed all the same: %+v", got)
	}
}

// editsOfTwoDevices has one person edit on several devices at once: one wins, the others hear of it, and every version but
// the last is kept.
func editsOfTwoDevices(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	m := send(t, db, room, people[0], "0")
	for round := range 5 {
		var mu sync.Mutex
		var wg sync.WaitGroup
		won := []string{}
		for device := range 4 {
			wg.Go(func() {
				text := fmt.Sprint("판 ", round, " 기기 ", device)
				_, changed, err := db.Edit(ctx, people[0], chat.Edit{MessageID: m.ID, Text: text, BaseRev: m.Rev, Now: Start + 1})
				mu.Lock()
				defer mu.Unlock()
				if changed {
					won = append(won, text)
				} else {
					wantReason(t, "the slower device", err, wire.Conflict, wire.ReasonEditConflict)
				}
			})
		}
		wg.Wait()
		now := reread(t, db, people[1], m)
		if len(won) != 1 || now.Text != won[0] || now.Rev != m.Rev+1 {
			t.Fatalf("%d devices won (%v), the text is %q at rev %d after %d", len(won), won, now.Text, now.Rev, m.Rev)
		}
		m = now
	}
}

func reactionsAreASet(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	m := send(t, db, room, people[0], "점심?")
	now := Start + 2000
	react := func(who model.Actor, emoji string, on bool) (model.Message, bool) {
		t.Helper()
		now++
		got, changed, err := db.React(ctx, who, chat.Reaction{MessageID: m.ID, Emoji: emoji, On: on, Now: now})
		check(t, err)
		if diff := cmp.Diff(got, reread(t, db, people[2], m), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("stored differs (-returned +stored):\n%s", diff)
		}
		return got, changed
	}
	want := func(what string, got model.Message, rev int64, reactions ...wire.Reaction) {
		t.Helper()
		if diff := cmp.Diff(reactions, got.Reactions, cmpopts.EquateEmpty()); diff != "" || got.Rev != rev {
			t.Errorf("%s: rev %d, want %d; reactions (-want +got):\n%s", what, got.Rev, rev, diff)
		}
	}
	a, b := people[0].UserUUID, people[1].UserUUID
	got, _ := react(people[1], "👍", true)
	want("first", got, m.Rev+1, wire.Reaction{Emoji: "👍", UserUUIDs: []string{b}})
	if got, changed := react(people[1], "👍", true); changed || got.Rev != m.Rev+1 {
		t.Errorf("a repeat takes a rev: %+v", got)
	}
	react(people[0], "❤️", true)
	got, _ = react(people[0], "👍", true)
	want("three", got, m.Rev+3, wire.Reaction{Emoji: "👍", UserUUIDs: []string{b, a}}, wire.Reaction{Emoji: "❤️", UserUUIDs: []string{a}})
	got, _ = react(people[1], "👍", false)
	want("one cleared", got, m.Rev+4, wire.Reaction{Emoji: "❤️", UserUUIDs: []string{a}}, wire.Reaction{Emoji: "👍", UserUUIDs: []string{a}})
	if got, changed := react(people[1], "👍", false); changed || got.Rev != m.Rev+4 {
		t.Errorf("clearing twice takes a rev: %+v", got)
	}
	for i := range wire.MaxReactions - 2 {
		react(people[2], string(rune(0x1F600+i)), true)
	}
	_, _, err := db.React(ctx, people[2], chat.Reaction{MessageID: m.ID, Emoji: "🎉", On: true})
	wantReason(t, "one emoji too many", err, wire.BadRequest, wire.ReasonTooManyEmoji)
	if _, changed := react(people[1], "❤️", true); !changed {
		t.Error("one that is there already is refused")
	}
	system := everything(t, db, people[0], room)[0]
	_, _, err = db.React(ctx, people[0], chat.Reaction{MessageID: system.ID, Emoji: "👍", On: true})
	wantCode(t, err, wire.BadRequest)
}

func reactionsOfManyAtOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 20)
	room := Group(t, db, people...)
	m := send(t, db, room, people[0], "투표")
	var wg sync.WaitGroup
	for i, p := range people {
		wg.Go(func() {
			for range 3 { // repeats
				emoji := []string{"👍", "👎"}[i%2]
				if _, _, err := db.React(ctx, p, chat.Reaction{MessageID: m.ID, Emoji: emoji, On: true, Now: Start}); err != nil {
					t.Errorf("react: %v", err)
				}
			}
		})
		wg.Go(func() { send(t, db, room, p, "x") })
	}
	wg.Wait()
	got := reread(t, db, people[1], m)
	if len(got.Reactions) != 2 || len(got.Reactions[0].UserUUIDs) != 10 || len(got.Reactions[1].UserUUIDs) != 10 {
		t.Errorf("reactions %+v", got.Reactions)
	}
	if r, _ := enter(t, db, people[0], room); r.Rev != m.Rev+40 || r.LastSeq != m.Seq+20 {
		t.Errorf("room %+v after %+v: each real change takes one rev", r, m)
	}
}

func deletedTakesNoChange(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	m := send(t, db, room, people[0], "지울 글")
	gone, _, err := db.Delete(ctx, people[0], m.ID, Start+1)
	check(t, err)
	for what, try := range map[string]func() error{
		"edit": func() error {
			_, _, err := db.Edit(ctx, people[0], chat.Edit{MessageID: m.ID, Text: "다시"})
			return err
		},
		"the same text": func() error {
			_, _, err := db.Edit(ctx, people[0], chat.Edit{MessageID: m.ID})
			return err
		},
		"react": func() error {
			_, _, err := db.React(ctx, people[1], chat.Reaction{MessageID: m.ID, Emoji: "👍", On: true})
			return err
		},
		"pin": func() error {
			_, err := db.Pin(ctx, people[1], chat.Pin{MessageID: m.ID, On: true})
			return err
		},
	} {
		wantReason(t, what, try(), wire.Conflict, wire.ReasonMessageDeleted)
	}
	if got := reread(t, db, people[1], m); got.Rev != gone.Rev || got.Text != "" || got.DeletedAt != gone.DeletedAt {
		t.Errorf("tombstone %+v, was %+v", got, gone)
	}
}

func closingIsAudited(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	before, err := db.CheckAudit(ctx)
	check(t, err)
	for range 2 { // a repeat adds nothing
		_, err = db.CloseRoom(ctx, people[0], room.UUID, Start+1)
		check(t, err)
	}
	after, err := db.CheckAudit(ctx)
	if err != nil || !after.Whole() || after.Entries != before.Entries+1 {
		t.Errorf("audit %+v after %+v, %v", after, before, err)
	}
}
