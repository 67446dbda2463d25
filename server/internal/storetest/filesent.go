package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func filesHangOnMessages(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	room := Group(t, db, people...)
	second, first := FileOf(t, db, people[0], "계약서.pdf"), upload(t, db, people[0], "화면.png", 5, asPhoto)
	m := sendFiles(t, db, room, people[0], "", first, second)
	if len(m.Files) != 2 || m.Files[0] != first.Wire() || m.Files[1] != second.Wire() || m.Text != "" {
		t.Fatalf("stored %+v", m)
	}
	equalMessages(t, "history", m, reread(t, db, people[1], m))
	all := everything(t, db, people[1], room)
	equalMessages(t, "changes", m, all[len(all)-1])
	views, err := db.RoomViews(context.Background(), people[1].UserID, []int64{room.ID})
	check(t, err)
	equalMessages(t, "the room's last", m, *views[0].Last)
	wantAllInTheList(t, db, people, room)
	if f := own(t, db, people[0], first); f.SentAt != Start+1000 {
		t.Errorf("sent %+v", f)
	}
	if w := m.Wire(); len(w.Files) != 2 || !w.Files[0].Thumbnail || w.Files[0].Width != 40 {
		t.Errorf("on the wire %+v", w.Files)
	}
}

// wantAllInTheList sends as many files as one message has: a list of rooms can name and count all of them.
func wantAllInTheList(t *testing.T, db *sqlstore.DB, people []model.Actor, room model.Room) {
	t.Helper()
	var many []model.File
	for i := range wire.MaxMessageFiles {
		many = append(many, upload(t, db, people[0], fmt.Sprint(i, ".png"), 5, asPhoto))
	}
	m := sendFiles(t, db, room, people[0], "", many...)
	views, err := db.RoomViews(context.Background(), people[1].UserID, []int64{room.ID})
	check(t, err)
	if last := views[0].Last; last == nil || last.ID != m.ID || len(last.Files) != wire.MaxMessageFiles || last.Files[19].Width == 0 {
		t.Errorf("the room's last %+v", last)
	}
}

func filesThatCantBeSent(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	add := func() model.File {
		f, err := db.AddFile(ctx, newFile(people[0], "x.pdf", 10), wire.FilePolicy{})
		check(t, err)
		return f
	}
	receiving, checking, refused := add(), add(), add()
	_, err := db.Checking(ctx, checking.ID, 10, Start)
	check(t, err)
	check(t, db.Refuse(ctx, refused.ID, wire.Error{Code: wire.UnsupportedType, Reason: wire.ReasonFileInfected}, Start))
	used := FileOf(t, db, people[0], "보냄.pdf")
	sendFiles(t, db, room, people[0], "", used)
	ready := FileOf(t, db, people[0], "준비.pdf")
	before, _ := enter(t, db, people[0], room)
	for name, row := range map[string]struct {
		file   model.File
		code   wire.Code
		reason wire.Reason
	}{
		"another's":    {FileOf(t, db, people[1], "남의 것.pdf"), wire.NotFound, wire.ReasonFileUnknown},
		"unknown":      {model.File{UUID: uuid.NewString()}, wire.NotFound, wire.ReasonFileUnknown},
		"not all here": {receiving, wire.Conflict, wire.ReasonFileNotReady},
		"unchecked":    {checking, wire.Conflict, wire.ReasonFileNotReady},
		"refused":      {refused, wire.UnsupportedType, wire.ReasonFileInfected},
		"used":         {used, wire.Conflict, wire.ReasonFileUsed},
	} {
		_, err := db.Append(ctx, withFiles(room, people[0], "글", ready, row.file))
		wantReason(t, name, err, row.code, row.reason)
	}
	if r, _ := enter(t, db, people[0], room); r.LastSeq != before.LastSeq || r.Rev != before.Rev {
		t.Errorf("room %+v after %+v", r, before)
	}
	sendFiles(t, db, room, people[0], "글", ready) // no refused draft took it
}

// aFileIsSentOnce has one person send one file from several devices at once, to several rooms.
func aFileIsSentOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	rooms := []model.Room{Group(t, db, people...), Group(t, db, people...), Group(t, db, people...)}
	for range 5 {
		f, g := FileOf(t, db, people[0], "한 번.pdf"), FileOf(t, db, people[0], "두 번.pdf")
		var mu sync.Mutex
		var won []chat.Appended
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				d := withFiles(rooms[i%3], people[0], "x", f, g)
				if i%2 == 0 {
					d.FileIDs[0], d.FileIDs[1] = d.FileIDs[1], d.FileIDs[0]
				}
				a, err := db.Append(ctx, d)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won = append(won, a)
				} else {
					wantReason(t, "the slower one", err, wire.Conflict, wire.ReasonFileUsed)
				}
			})
		}
		wg.Wait()
		if len(won) != 1 || len(won[0].Message.Files) != 2 {
			t.Fatalf("%d messages took the file: %+v", len(won), won)
		}
	}
	for _, room := range rooms {
		for i, m := range everything(t, db, people[1], room) {
			if m.Seq != int64(i+1) || m.Kind == wire.MessageUser && len(m.Files) != 2 {
				t.Fatalf("at place %d: %+v", i+1, m)
			}
		}
	}
}

func repeatsWithFilesAreTheFirst(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room, other := Group(t, db, people...), Group(t, db, people...)
	d := withFiles(room, people[0], "한 번만", FileOf(t, db, people[0], "보고서.pdf"))
	var mu sync.Mutex
	var got []chat.Appended
	var wg sync.WaitGroup
	for i := range 20 { // the same at once, some through another committer
		wg.Go(func() {
			d := d
			d.RoomID = []int64{room.ID, other.ID}[i%2]
			a, err := db.Append(ctx, d)
			if err != nil {
				t.Errorf("repeat: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			got = append(got, a)
		})
	}
	wg.Wait()
	firsts := 0
	for _, a := range got {
		if !a.Duplicate {
			firsts++
		}
		equalMessages(t, "repeat", got[0].Message, a.Message)
	}
	if firsts != 1 || len(got[0].Message.Files) != 1 {
		t.Errorf("%d of %d stored it: %+v", firsts, len(got), got[0])
	}
	_, _, err := db.Delete(ctx, people[0], got[0].Message.ID, Start+1)
	check(t, err)
	again, err := db.Append(ctx, d)
	if err != nil || !again.Duplicate || again.Message.DeletedAt == 0 || len(again.Message.Files) != 0 {
		t.Errorf("after it was deleted: %+v, %v", again, err)
	}
}

func forwardTakesFilesAlong(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room, other := Group(t, db, people[:2]...), Group(t, db, people[1:]...)
	f := FileOf(t, db, people[0], "보고서.pdf")
	first := sendFiles(t, db, room, people[0], "", f, FileOf(t, db, people[0], "둘째.pdf"))
	source, err := db.Source(ctx, people[1].UserID, first.ID)
	check(t, err)
	passed, err := db.Append(ctx, forward(other, people[1], source))
	check(t, err)
	if m := passed.Message; len(m.Files) != 2 || m.Files[0] != first.Files[0] || m.ForwardedFrom != first.ID {
		t.Errorf("forwarded %+v", m)
	}
	equalMessages(t, "history", passed.Message, reread(t, db, people[2], passed.Message))
	if got, err := db.VisibleFile(ctx, people[2].UserID, f.UUID); err != nil || got.ID != f.ID {
		t.Errorf("who sees the second message: %+v, %v", got, err)
	}
	_, _, err = db.Delete(ctx, people[0], first.ID, Start+5)
	check(t, err)
	if waste, err := db.Waste(ctx, 0, 0, 10); err != nil || len(waste) != 0 {
		t.Errorf("waste while another message has it: %+v, %v", waste, err)
	}
	if _, err := db.VisibleFile(ctx, people[2].UserID, f.UUID); err != nil {
		t.Errorf("the second message's file: %v", err)
	}
	_, err = db.VisibleFile(ctx, people[0].UserID, f.UUID)
	wantCode(t, err, wire.NotFound) // its uploader sees neither message
}

// forwardOrDeleteOfFiles has a message forwarded and deleted at once: either both messages had the files, or the forward
// is refused. No file hangs on a message and is waste too.
func forwardOrDeleteOfFiles(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room, other := Group(t, db, people...), Group(t, db, people...)
	for round := range 20 {
		f := FileOf(t, db, people[0], fmt.Sprint(round, ".pdf"))
		m := sendFiles(t, db, room, people[0], "", f)
		var passed chat.Appended
		var forwarded, deleted error
		var wg sync.WaitGroup
		wg.Go(func() { passed, forwarded = db.Append(ctx, forward(other, people[1], m)) })
		wg.Go(func() { _, _, deleted = db.Delete(ctx, people[0], m.ID, Start+1) })
		wg.Wait()
		check(t, deleted)
		waste, err := db.Waste(ctx, 0, 0, 10)
		check(t, err)
		if forwarded == nil {
			if len(waste) != 0 || len(reread(t, db, people[0], passed.Message).Files) != 1 {
				t.Fatalf("forwarded %+v, waste %+v", passed.Message, waste)
			}
			continue
		}
		wantReason(t, "forward", forwarded, wire.NotFound, wire.ReasonSourceGone)
		if len(waste) != 1 || waste[0].File.ID != f.ID {
			t.Fatalf("waste %+v, want file %d", waste, f.ID)
		}
		if mine, err := db.Forget(ctx, waste[0], Start+2); err != nil || !mine {
			t.Fatalf("forget: %v, %v", mine, err)
		}
	}
}

func editKeepsFiles(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	m := sendFiles(t, db, room, people[0], "설명", FileOf(t, db, people[0], "보고서.pdf"))
	for _, text := range []string{"새 설명", "", "다시"} {
		got, changed, err := db.Edit(ctx, people[0], chat.Edit{MessageID: m.ID, Text: text, Now: Start + 5})
		if err != nil || !changed || got.Text != text || len(got.Files) != 1 {
			t.Errorf("edit to %q: %+v, %v", text, got, err)
		}
		equalMessages(t, "stored", got, reread(t, db, people[1], m))
	}
	plain := send(t, db, room, people[0], "글")
	_, _, err := db.Edit(ctx, people[0], chat.Edit{MessageID: plain.ID, Text: "", Now: Start + 5})
	wantReason(t, "no text and no file", err, wire.BadRequest, wire.ReasonTextEmpty)
}

func filesEndWithTheirLastMessage(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people, outsider := People(t, db, 2), MorePeople(t, db, 3, 1)[0]
	room := Group(t, db, people...)
	f := FileOf(t, db, people[0], "비밀.pdf")
	m := sendFiles(t, db, room, people[0], "글", f)
	tombstone, _, err := db.Delete(ctx, people[0], m.ID, Start+9)
	check(t, err)
	if len(tombstone.Files) != 0 || len(reread(t, db, people[1], m).Files) != 0 {
		t.Errorf("tombstone %+v", tombstone)
	}
	for _, who := range people {
		_, err := db.VisibleFile(ctx, who.UserID, f.UUID)
		wantReason(t, "a deleted file", err, wire.NotFound, wire.ReasonFileDeleted)
		_, err = db.MessageFile(ctx, who.UserID, m.ID)
		wantReason(t, "a deleted message's file", err, wire.NotFound, wire.ReasonFileDeleted)
	}
	_, err = db.VisibleFile(ctx, outsider.UserID, f.UUID)
	wantReason(t, "of a room that he is not in", err, wire.NotFound, wire.ReasonFileUnknown)
	waste, err := db.Waste(ctx, 0, 0, 10)
	if err != nil || len(waste) != 1 || waste[0].Reason != files.WasteUnused || waste[0].File.Blob != f.Blob {
		t.Errorf("waste %+v, %v", waste, err)
	}
	_, err = db.Append(ctx, withFiles(room, people[0], "다시", f))
	wantReason(t, "sent anew", err, wire.Conflict, wire.ReasonFileUsed)
}

// forgetOrSend has the collector take an old file while its uploader sends it: one of them gets it.
func forgetOrSend(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	for round := range 20 {
		f := FileOf(t, db, people[0], fmt.Sprint(round, ".pdf"))
		waste, err := db.Waste(ctx, Start+1, 0, 10)
		if err != nil || len(waste) != 1 || waste[0].Reason != files.WasteAbandoned {
			t.Fatalf("waste %+v, %v", waste, err)
		}
		var stored chat.Appended
		var sent, forgot error
		var mine bool
		var wg sync.WaitGroup
		wg.Go(func() { stored, sent = db.Append(ctx, withFiles(room, people[0], "", f)) })
		wg.Go(func() { mine, forgot = db.Forget(ctx, waste[0], Start+2) })
		wg.Wait()
		check(t, forgot)
		switch {
		case mine && errs.Is(sent, wire.NotFound):
		case !mine && sent == nil && len(reread(t, db, people[1], stored.Message).Files) == 1:
		default:
			t.Fatalf("forgotten %v, sent %v", mine, sent)
		}
	}
}
