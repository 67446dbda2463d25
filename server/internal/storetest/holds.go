package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// This file holds what holds keep: their cases are among those of retention.go.

func holdsWinOverRules(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 4)
	ofPerson, itself, free := Group(t, db, people[0], people[1]), Group(t, db, people[2], people[3]), Group(t, db, people[2], people[3])
	for _, room := range []model.Room{ofPerson, itself, free} {
		sender := people[0]
		if room.ID != ofPerson.ID {
			sender = people[2]
		}
		d := withFiles(room, sender, "오래된 것", FileOf(t, db, sender, "가.pdf"))
		d.Now = later - 50*dayMilli
		_, err := db.Append(ctx, d)
		check(t, err)
	}
	_, err := db.LeaveRoom(ctx, people[1], ofPerson.UUID, later-40*dayMilli)
	check(t, err)
	j := newJanitor(db, boss, "a", true)
	var placed []wire.Hold
	for kind, subject := range map[wire.AccessKind]string{wire.AccessPerson: people[1].UserUUID, wire.AccessRoom: itself.UUID} {
		h, err := j.Hold(ctx, boss, wire.NewHold{SubjectKind: kind, SubjectUUID: subject, Reason: "소송"})
		check(t, err)
		placed = append(placed, h)
	}
	j.keeps(t, wire.RetentionRule{Class: wire.ClassGroup, MessageDays: 10, FileDays: 5})
	if r := j.sweep(t); r.Messages != 1 || r.Files != 1 {
		t.Errorf("run %+v", r)
	}
	wantLeft(t, "a room of who left it", db, people[0], ofPerson, "오래된 것")
	wantLeft(t, "a room", db, people[2], itself, "오래된 것")
	wantLeft(t, "another room", db, people[2], free)
	waste := func() (n int) {
		t.Helper()
		list, err := db.Waste(ctx, 0, later, 10)
		check(t, err)
		for _, w := range list {
			if w.Reason == files.WasteRetention {
				n++
			}
		}
		return n
	}
	if n := waste(); n != 0 {
		t.Errorf("the file policy finds %d held files", n)
	}
	for _, h := range placed {
		_, err := j.EndHold(ctx, boss, h.HoldUUID, "끝남")
		check(t, err)
	}
	if n := waste(); n != 2 {
		t.Errorf("the file policy finds %d files", n)
	}
	if r := j.sweep(t); r.Messages != 2 || r.Files != 2 {
		t.Errorf("after the end %+v", r)
	}
}

func holdsWinOverDeletion(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	j := newJanitor(db, boss, "a", true)
	h, err := j.Hold(ctx, boss, wire.NewHold{SubjectKind: wire.AccessPerson, SubjectUUID: people[0].UserUUID, Reason: "소송"})
	check(t, err)
	_, _, _, err = db.StartBackup(ctx, boss, people[0].UserUUID, model.Backup{UUID: newID(), Reason: "퇴사"}, audited(model.AuditDeleteRequested))
	wantReason(t, "deletion", err, wire.Conflict, wire.ReasonHeld)
	if s := stateOf(t, db, people[0]); s != wire.UserActive {
		t.Errorf("he is %s", s)
	}
	// Placed while the archive is written.
	b, _ := beginDeletion(t, db, boss, people[1].UserUUID)
	_, err = j.Hold(ctx, boss, wire.NewHold{SubjectKind: wire.AccessPerson, SubjectUUID: people[1].UserUUID, Reason: "소송"})
	check(t, err)
	b.State = wire.BackupDone
	_, _, err = db.RemovePerson(ctx, b, audited(model.AuditUserDeleted))
	wantReason(t, "erasure", err, wire.Conflict, wire.ReasonHeld)
	_, err = j.EndHold(ctx, boss, h.HoldUUID, "끝남")
	check(t, err)
	erase(t, db, boss, people[0].UserUUID)
}

func holdsAreEndedOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	j := newJanitor(db, boss, "a", true)
	auditor := people[0]
	auditor.Role = wire.RoleAuditor
	own, err := j.Hold(ctx, boss, wire.NewHold{SubjectKind: wire.AccessPerson, SubjectUUID: auditor.UserUUID, Reason: "소송"})
	check(t, err)
	group := Group(t, db, people...)
	room, err := j.Hold(ctx, auditor, wire.NewHold{SubjectKind: wire.AccessRoom, SubjectUUID: group.UUID, Reason: " 조사 "})
	if err != nil || room.Rooms != 1 || room.Reason != "조사" || room.PlacedBy != auditor.UserUUID || room.SubjectName != "방" {
		t.Errorf("placed %+v, %v", room, err)
	}
	admin := people[1]
	admin.Role = wire.RoleAdmin
	for name, row := range map[string]struct {
		do     func() error
		code   wire.Code
		reason wire.Reason
	}{
		"by an administrator": {func() error { _, err := j.EndHold(ctx, admin, room.HoldUUID, "x"); return err }, wire.Forbidden, wire.ReasonRank},
		"on himself":          {func() error { _, err := j.EndHold(ctx, auditor, own.HoldUUID, "x"); return err }, wire.Forbidden, wire.ReasonOneself},
		"without a reason":    {func() error { _, err := j.EndHold(ctx, boss, room.HoldUUID, " "); return err }, wire.BadRequest, ""},
		"an unknown one":      {func() error { _, err := j.EndHold(ctx, boss, newID(), "x"); return err }, wire.NotFound, ""},
		"placed on nobody": {func() error {
			_, err := j.Hold(ctx, boss, wire.NewHold{SubjectKind: wire.AccessPerson, SubjectUUID: newID(), Reason: "x"})
			return err
		}, wire.NotFound, ""},
	} {
		wantReason(t, name, row.do(), row.code, row.reason)
	}
	ended, err := j.EndHold(ctx, boss, room.HoldUUID, "끝남")
	if err != nil || ended.EndedAt == nil || ended.EndedBy != boss.UserUUID || ended.EndReason != "끝남" || ended.Rooms != 0 {
		t.Errorf("ended %+v, %v", ended, err)
	}
	_, err = j.EndHold(ctx, boss, room.HoldUUID, "끝남")
	wantReason(t, "again", err, wire.Conflict, wire.ReasonDecided)
	list, err := j.HoldList(ctx, auditor, 0)
	holds := list.Holds
	if err != nil || len(holds) != 2 || holds[0].HoldUUID != own.HoldUUID || holds[0].Rooms != 1 || holds[1].HoldUUID != room.HoldUUID {
		t.Errorf("list %+v, %v", list, err)
	}
}

// holdsComeByPages: those that hold first, then those that ended, each the newest first, whatever the size of a page.
func holdsComeByPages(t *testing.T, db *sqlstore.DB) {
	ctx, boss, people := context.Background(), bossOf(t, db), People(t, db, 7)
	j := newJanitor(db, boss, "a", true)
	var open, ended []string
	for i, p := range people {
		h, err := j.Hold(ctx, boss, wire.NewHold{SubjectKind: wire.AccessPerson, SubjectUUID: p.UserUUID, Reason: "소송"})
		check(t, err)
		if i%3 == 1 {
			open = append([]string{h.HoldUUID}, open...)
			continue
		}
		_, err = j.EndHold(ctx, boss, h.HoldUUID, "끝남")
		check(t, err)
		ended = append([]string{h.HoldUUID}, ended...)
	}
	for limit := 1; limit <= 8; limit++ {
		var got []string
		for before, first := int64(0), true; first || before != 0; first = false {
			page, err := db.HoldList(ctx, before, limit)
			check(t, err)
			for _, h := range page.Holds {
				got = append(got, h.HoldUUID)
			}
			if len(page.Holds) > limit || page.Next != 0 && len(page.Holds) == 0 {
				t.Fatalf("a page of %d, next %d", len(page.Holds), page.Next)
			}
			before = page.Next
		}
		if diff := cmp.Diff(append(slices.Clone(open), ended...), got); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", limit, diff)
		}
	}
}
