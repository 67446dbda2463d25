package storetest

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/retention"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func retentionCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"RetentionLeavesTombstones":       retentionLeavesTombstones,
		"RetentionFollowsTheClass":        retentionFollowsTheClass,
		"RetentionTellsTheDryRunsFigures": retentionTellsTheDryRunsFigures,
		"RetentionGoesOnWhereItStopped":   retentionGoesOnWhereItStopped,
		"RetentionStopsWhenCancelled":     retentionStopsWhenCancelled,
		"RetentionMovesCursorsToItsEnd":   retentionMovesCursorsToItsEnd,
		"RetentionTakesFilesNobodyNeeds":  retentionTakesFilesNobodyNeeds,
		"HoldsWinOverRules":               holdsWinOverRules,
		"HoldsWinOverDeletion":            holdsWinOverDeletion,
		"HoldsAreEndedOnce":               holdsAreEndedOnce,
		"HoldsComeByPages":                holdsComeByPages,
		"RetentionRulesOfTwoAtOnce":       retentionRulesOfTwoAtOnce,
	}
}

const dayMilli = 24 * hour

// later is the time of tests' runs: 100 days after the company was founded.
const later = Start + 100*dayMilli

// janitor is a retention service at work, and what it told others.
type janitor struct {
	*retention.Service

	boss   model.Actor
	at     int64
	moved  []model.CursorMove
	bytes  []int64 // files whose bytes went
	during func()  // is called after each slice that moved a cursor
}

// CursorsMoved implements retention.Conversations.
func (j *janitor) CursorsMoved(_ context.Context, _ int64, _ string, moved []model.CursorMove) {
	j.moved = append(j.moved, moved...)
	if j.during != nil {
		j.during()
	}
}

// RemoveBytes implements retention.Bytes.
func (j *janitor) RemoveBytes(_ context.Context, f model.File) { j.bytes = append(j.bytes, f.ID) }

// Wake implements retention.Bytes.
func (*janitor) Wake() {}

func newJanitor(db *sqlstore.DB, boss model.Actor, worker string, alone bool) *janitor {
	j := &janitor{boss: boss, at: later}
	j.Service = retention.New(retention.Options{
		Store: db, Rooms: j, Bytes: j, Worker: worker, Alone: alone, Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.UnixMilli(j.at) },
	})
	return j
}

// keeps sets rules.
func (j *janitor) keeps(t testing.TB, rules ...wire.RetentionRule) wire.RetentionPolicy {
	t.Helper()
	now, err := j.Retention(context.Background(), j.boss)
	check(t, err)
	now.Rules = rules
	p, err := j.SetPolicy(context.Background(), j.boss, now.RetentionPolicy)
	check(t, err)
	return p
}

// begin begins a run; sweep does one from its beginning to its end.
func (j *janitor) begin(t testing.TB) {
	t.Helper()
	now, err := j.Retention(context.Background(), j.boss)
	check(t, err)
	check(t, j.Start(context.Background(), j.boss, wire.StartRetention{Rev: now.Rev}))
}

func (j *janitor) sweep(t testing.TB) wire.RetentionRun {
	t.Helper()
	j.begin(t)
	check(t, j.Look(context.Background()))
	r := j.last(t)
	if r.State != wire.RunDone || r.FinishedAt == nil {
		t.Fatalf("the run stands at %+v", r)
	}
	return r
}

func (j *janitor) last(t testing.TB) wire.RetentionRun {
	t.Helper()
	now, err := j.Retention(context.Background(), j.boss)
	check(t, err)
	return now.Runs[0]
}

func messageDays(class wire.RoomClass, days int) wire.RetentionRule {
	return wire.RetentionRule{Class: class, MessageDays: days}
}

// says stores a message so many days before the run.
func says(t testing.TB, db *sqlstore.DB, room model.Room, who model.Actor, text string, daysAgo int64) model.Message {
	t.Helper()
	d := Draft(room, who, text)
	d.Now = later - daysAgo*dayMilli
	stored, err := db.Append(context.Background(), d)
	check(t, err)
	return stored.Message
}

// left are the texts of a room that are there, as one sees them.
func left(t testing.TB, db *sqlstore.DB, who model.Actor, room model.Room) (texts []string) {
	t.Helper()
	for _, m := range everything(t, db, who, room) {
		if m.Kind == wire.MessageUser && m.DeletedAt == 0 {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func wantLeft(t testing.TB, what string, db *sqlstore.DB, who model.Actor, room model.Room, want ...string) {
	t.Helper()
	if got := left(t, db, who, room); !slices.Equal(got, want) {
		t.Errorf("%s: %q are left, want %q", what, got, want)
	}
}

func retentionLeavesTombstones(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	old := says(t, db, room, people[0], "오래된 계약서 이야기", 31)
	edited := says(t, db, room, people[0], "처음", 31)
	_, _, err := db.Edit(ctx, people[0], chat.Edit{MessageID: edited.ID, Text: "고친 글", Now: later - 31*dayMilli})
	check(t, err)
	_, _, err = db.React(ctx, people[1], chat.Reaction{MessageID: old.ID, Emoji: "👍", On: true, Now: Start})
	check(t, err)
	_, err = db.Pin(ctx, people[0], chat.Pin{MessageID: old.ID, On: true, Now: later - 31*dayMilli})
	check(t, err)
	young := Draft(room, people[1], "답장")
	young.ReplyToSeq, young.Now = old.Seq, later-29*dayMilli
	_, err = db.Append(ctx, young)
	check(t, err)
	catchUp(t, db)
	if n := len(found(t, db, people[0], "계약서", chat.Sought{})); n != 1 {
		t.Fatalf("%d found before", n)
	}
	before, _ := enter(t, db, people[0], room)

	j := newJanitor(db, bossOf(t, db), "a", true)
	j.keeps(t, messageDays(wire.ClassGroup, 30))
	if r := j.sweep(t); r.Messages != 2 || r.DueMessages != 2 || r.Phase != wire.PhaseFiles {
		t.Errorf("run %+v", r)
	}
	wantLeft(t, "after the run", db, people[0], room, "답장")
	gone := reread(t, db, people[0], old)
	if gone.Text != "" || gone.DeletedAt != later || gone.Reactions != nil || gone.Pinned || gone.Seq != old.Seq || gone.Rev <= before.Rev {
		t.Errorf("tombstone %+v", gone)
	}
	now, me := enter(t, db, people[0], room)
	if now.Rev != before.Rev+2 || now.LastSeq != before.LastSeq || now.MetaRev <= before.Rev {
		t.Errorf("room %+v, was %+v", now, before)
	}
	if _, other := enter(t, db, people[1], room); me.Unread(now.LastSeq) != 1 || other.Unread(now.LastSeq) != 0 {
		t.Errorf("unread %d and %d", me.Unread(now.LastSeq), other.Unread(now.LastSeq))
	}
	if pins, err := db.Pins(ctx, room.ID); err != nil || len(pins) != 0 {
		t.Errorf("pins %v, %v", pins, err)
	}
	catchUp(t, db)
	for _, word := range []string{"계약서", "고친"} {
		if texts := found(t, db, people[0], word, chat.Sought{}); len(texts) != 0 {
			t.Errorf("%q finds %q", word, texts)
		}
	}
	if r := j.sweep(t); r.Messages != 0 || r.DueMessages != 0 {
		t.Errorf("again: %+v", r)
	}
	if at, _ := enter(t, db, people[0], room); at.Rev != now.Rev {
		t.Errorf("a run with nothing to do changed the room: %d, was %d", at.Rev, now.Rev)
	}
}

func retentionFollowsTheClass(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	part := Department(t, db, "본부", "")
	Employ(t, db, part, people...)
	followed, _, err := db.SetDepartmentRoom(ctx, by(boss), part, newID(), false)
	check(t, err)
	department, _ := enter(t, db, people[0], model.Room{UUID: followed.RoomUUID})
	memo, err := db.DirectRoom(ctx, people[0], people[0].UserID, newID(), Start)
	check(t, err)
	rooms := map[wire.RoomClass]model.Room{
		wire.ClassGroup: Group(t, db, people...), wire.ClassDirect: direct(t, db, people[0], people[1]).Room, wire.ClassDepartment: department,
		wire.ClassSelf: memo.Room,
	}
	for _, room := range rooms {
		says(t, db, room, people[0], "오래된 것", 50)
		says(t, db, room, people[0], "새 것", 5)
	}
	j := newJanitor(db, boss, "a", true)
	for gone := range rooms {
		j.keeps(t, messageDays(gone, 10))
		if r := j.sweep(t); r.Messages != 1 {
			t.Errorf("%s: %d messages", gone, r.Messages)
		}
		wantLeft(t, string(gone), db, people[0], rooms[gone], "새 것")
	}
}

func retentionTellsTheDryRunsFigures(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 3)
	groups := []model.Room{Group(t, db, people...), Group(t, db, people[0], people[1])}
	for i := range 5 {
		says(t, db, groups[0], people[0], "가", 60-int64(i))
	}
	d := withFiles(groups[1], people[1], "", FileOf(t, db, people[1], "가.pdf"))
	d.Now = later - 40*dayMilli
	_, err := db.Append(ctx, d)
	check(t, err)
	says(t, db, groups[1], people[0], "새 것", 1)
	j := newJanitor(db, boss, "a", true)
	rules := wire.RetentionPolicy{Rules: []wire.RetentionRule{messageDays(wire.ClassGroup, 30), messageDays(wire.ClassDirect, 1)}}
	look := func(want wire.RetentionCount) {
		t.Helper()
		preview, err := j.Preview(ctx, boss, rules)
		check(t, err)
		for _, got := range preview.Classes {
			if got.Class != want.Class {
				want := wire.RetentionCount{Class: got.Class}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("of another class (-want +got):\n%s", diff)
				}
				continue
			}
			got.Bytes = min(got.Bytes, 1)
			if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b wire.Time) bool { return a.UnixMilli() == b.UnixMilli() })); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	}
	first, second := wire.TimeOfMilli(later-60*dayMilli), wire.TimeOfMilli(later-40*dayMilli)
	look(wire.RetentionCount{Class: wire.ClassGroup, Rooms: 2, Messages: 6, Files: 1, Bytes: 1, Oldest: &first})
	_, err = j.Hold(ctx, boss, wire.NewHold{SubjectKind: wire.AccessPerson, SubjectUUID: people[2].UserUUID, Reason: "소송"})
	check(t, err)
	look(wire.RetentionCount{Class: wire.ClassGroup, Rooms: 1, Messages: 1, Files: 1, Bytes: 1, Oldest: &second, HeldRooms: 1, HeldMessages: 5})
	wantLeft(t, "nothing is deleted", db, people[0], groups[0], "가", "가", "가", "가", "가")
	j.keeps(t, rules.Rules...)
	if r := j.sweep(t); r.Messages != 1 || r.Files != 1 || r.Bytes == 0 {
		t.Errorf("run %+v", r)
	}
	look(wire.RetentionCount{Class: wire.ClassGroup, HeldRooms: 1, HeldMessages: 5})
}

// retentionGoesOnWhereItStopped stops a run after each of its slices, and goes on with it on another node.
func retentionGoesOnWhereItStopped(t *testing.T, db *sqlstore.DB) {
	boss, people := bossOf(t, db), People(t, db, 2)
	var rooms []model.Room
	for range 4 {
		room := Group(t, db, people...)
		says(t, db, room, people[0], "오래된 것", 50)
		says(t, db, room, people[0], "새 것", 5)
		rooms = append(rooms, room)
	}
	newJanitor(db, boss, "a", true).keeps(t, messageDays(wire.ClassGroup, 10))
	newJanitor(db, boss, "a", true).begin(t)
	for i, worker := range []string{"a", "b", "c"} {
		j := newJanitor(db, boss, worker, false)
		j.at += int64(i) * 2 * 60_000 // the one before has given no sign of life
		ctx, stop := context.WithCancel(context.Background())
		j.during = stop
		if err := j.Look(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped: %v", err)
		}
		if r := j.last(t); r.State != wire.RunRunning || r.Messages != int64(i+1) {
			t.Errorf("stopped at %+v", r)
		}
		early := newJanitor(db, boss, "another", false)
		early.at = j.at
		check(t, early.Look(context.Background()))
		if r := early.last(t); r.Messages != int64(i+1) {
			t.Errorf("another node went on at once: %+v", r)
		}
	}
	last := newJanitor(db, boss, "d", true) // alone: it need not wait
	last.at += 4 * 60_000
	check(t, last.Look(context.Background()))
	if r := last.last(t); r.State != wire.RunDone || r.Messages != 4 || r.DueMessages != 4 {
		t.Errorf("done %+v", r)
	}
	for _, room := range rooms {
		wantLeft(t, "after all", db, people[1], room, "새 것")
	}
}

func retentionStopsWhenCancelled(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	rooms := []model.Room{Group(t, db, people...), Group(t, db, people...)}
	for _, room := range rooms {
		says(t, db, room, people[0], "오래된 것", 50)
	}
	j := newJanitor(db, boss, "a", true)
	j.keeps(t, messageDays(wire.ClassGroup, 10))
	j.begin(t)
	wantReason(t, "another run", j.Start(ctx, boss, wire.StartRetention{Rev: 1}), wire.Conflict, wire.ReasonDecided)
	j.during = func() { check(t, j.Cancel(ctx, boss, j.last(t).RunUUID)) }
	check(t, j.Look(ctx))
	r := j.last(t)
	if r.State != wire.RunCancelled || r.Messages != 1 || r.FinishedAt == nil {
		t.Errorf("cancelled at %+v", r)
	}
	check(t, j.Cancel(ctx, boss, r.RunUUID))
	wantCode(t, j.Cancel(ctx, boss, newID()), wire.NotFound)
	wantLeft(t, "the first room", db, people[0], rooms[0])
	wantLeft(t, "the second room", db, people[0], rooms[1], "오래된 것")
	wantReason(t, "rules of before", j.Start(ctx, boss, wire.StartRetention{Rev: 7}), wire.Conflict, wire.ReasonEditConflict)
}

// retentionMovesCursorsToItsEnd: of a room with more than a slice, each member who had not read so far hears once.
func retentionMovesCursorsToItsEnd(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 4)
	room := Group(t, db, people...)
	var last model.Message
	for range 70 {
		last = says(t, db, room, people[0], "오래된 것", 50)
	}
	young := says(t, db, room, people[0], "새 것", 5)
	_, _, err := db.MarkRead(ctx, chat.Mark{RoomID: room.ID, UserID: people[1].UserID, Seq: young.Seq, Now: later})
	check(t, err)
	_, _, err = db.MarkRead(ctx, chat.Mark{RoomID: room.ID, UserID: people[2].UserID, Seq: last.Seq - 65, Now: later})
	check(t, err)
	j := newJanitor(db, boss, "a", true)
	j.keeps(t, messageDays(wire.ClassGroup, 10))
	if r := j.sweep(t); r.Messages != 70 {
		t.Errorf("run %+v", r)
	}
	want := []model.CursorMove{
		{UserID: people[2].UserID, UserUUID: people[2].UserUUID, Seq: last.Seq},
		{UserID: people[3].UserID, UserUUID: people[3].UserUUID, Seq: last.Seq},
	}
	if diff := cmp.Diff(want, j.moved); diff != "" {
		t.Errorf("told of cursors (-want +got):\n%s", diff)
	}
	for i, unread := range []int64{0, 0, 1, 1} {
		if now, me := enter(t, db, people[i], room); me.Unread(now.LastSeq) != unread {
			t.Errorf("person %d has %d unread, want %d", i, me.Unread(now.LastSeq), unread)
		}
	}
}

func retentionTakesFilesNobodyNeeds(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	group, pair := Group(t, db, people...), direct(t, db, people[0], people[1]).Room
	post := func(room model.Room, daysAgo int64, f model.File) model.Message {
		t.Helper()
		d := withFiles(room, people[0], "", f)
		d.Now = later - daysAgo*dayMilli
		stored, err := db.Append(ctx, d)
		check(t, err)
		return stored.Message
	}
	alone := post(group, 50, FileOf(t, db, people[0], "가.pdf"))
	young := post(group, 5, FileOf(t, db, people[0], "나.pdf"))
	passed := post(group, 50, FileOf(t, db, people[0], "다.pdf"))
	again := forward(pair, people[0], passed)
	again.Now = later - 50*dayMilli
	stored, err := db.Append(ctx, again)
	check(t, err)
	gone := func(m model.Message) bool { return reread(t, db, people[1], m).Files[0].Gone }

	j := newJanitor(db, boss, "a", true)
	j.keeps(t, wire.RetentionRule{Class: wire.ClassGroup, FileDays: 10})
	if r := j.sweep(t); r.Files != 1 || r.Messages != 0 || r.DueFiles != 1 || len(j.bytes) != 1 {
		t.Errorf("run %+v, bytes %v", r, j.bytes)
	}
	if !gone(alone) || gone(young) || gone(passed) || gone(stored.Message) {
		t.Errorf("gone: %v, %v, %v, %v", gone(alone), gone(young), gone(passed), gone(stored.Message))
	}
	j.keeps(t, wire.RetentionRule{Class: wire.ClassGroup, FileDays: 10}, wire.RetentionRule{Class: wire.ClassDirect, FileDays: 20})
	if r := j.sweep(t); r.Files != 1 || !gone(passed) || !gone(stored.Message) || gone(young) {
		t.Errorf("run %+v", r)
	}
	if r := j.sweep(t); r.Files != 0 {
		t.Errorf("again: %+v", r)
	}
}

func retentionRulesOfTwoAtOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	j := newJanitor(db, bossOf(t, db), "a", true)
	p := j.keeps(t, messageDays(wire.ClassDirect, 30), messageDays(wire.ClassSelf, 0))
	if p.Rev != 1 || len(p.Rules) != 1 {
		t.Errorf("stored %+v", p)
	}
	p.Rev = 0
	_, err := j.SetPolicy(ctx, j.boss, p)
	wantReason(t, "an older rev", err, wire.Conflict, wire.ReasonEditConflict)
	for name, bad := range map[string]wire.RetentionPolicy{
		"an unknown class": {Rules: []wire.RetentionRule{{Class: "channel", MessageDays: 1}}},
		"a class twice":    {Rules: []wire.RetentionRule{messageDays(wire.ClassSelf, 1), messageDays(wire.ClassSelf, 2)}},
		"a negative age":   {Rules: []wire.RetentionRule{messageDays(wire.ClassSelf, -1)}},
		"too old":          {Rules: []wire.RetentionRule{{Class: wire.ClassSelf, FileDays: wire.MaxRetentionDays + 1}}},
		"no time of day":   {WindowFrom: 1440},
	} {
		bad.Rev = 1
		_, err := j.SetPolicy(ctx, j.boss, bad)
		wantReason(t, name, err, wire.BadRequest, "")
	}
	// The daily run, in a window over midnight, by itself once a day.
	p.Rev, p.Daily, p.WindowFrom, p.WindowTo = 1, true, 22*60, 4*60
	_, err = j.SetPolicy(ctx, j.boss, p)
	check(t, err)
	runs := func(at time.Time) int {
		t.Helper()
		j.at = at.UnixMilli()
		check(t, j.Look(ctx))
		now, err := j.Retention(ctx, j.boss)
		check(t, err)
		return len(now.Runs)
	}
	midnight := time.UnixMilli(later)
	midnight = time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, 0, 0, time.Local)
	for _, row := range []struct {
		after time.Duration
		want  int
	}{{12 * time.Hour, 0}, {22*time.Hour + time.Minute, 1}, {23 * time.Hour, 1}, {27 * time.Hour, 1}, {46 * time.Hour, 2}, {54 * time.Hour, 2}} {
		if n := runs(midnight.Add(row.after)); n != row.want {
			t.Errorf("%v after midnight: %d runs, want %d", row.after, n, row.want)
		}
	}
}
