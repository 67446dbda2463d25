package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"himsg/server/internal/chat"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// filesAreSeenWithMessages asks as everybody who may or may not see a message.
func filesAreSeenWithMessages(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 6)
	member, leaver, late, hider, outsider := people[1], people[2], people[3], people[4], people[5]
	room := Group(t, db, people[0], member, leaver, hider)
	f := FileOf(t, db, people[0], "보고서.pdf")
	m := sendFiles(t, db, room, people[0], "", f, FileOf(t, db, people[0], "둘째.pdf"))
	plain := send(t, db, room, people[0], "글")
	_, err := db.LeaveRoom(ctx, leaver, room.UUID, Start+1)
	check(t, err)
	_, err = db.Hide(ctx, hider, []int64{m.ID})
	check(t, err)
	invite(t, db, people[0], room, late)
	see := func(state string, who model.Actor, want wire.Reason) {
		t.Helper()
		one, err := db.VisibleFile(ctx, who.UserID, f.UUID)
		first, err2 := db.MessageFile(ctx, who.UserID, m.ID)
		switch {
		case want != "":
			wantReason(t, state+": file", err, fileRefusals[want], want)
			wantReason(t, state+": file of the message", err2, fileRefusals[want], want)
		case err != nil || err2 != nil || one.ID != f.ID || first.ID != f.ID:
			t.Errorf("%s: %+v, %v; of the message %+v, %v", state, one, err, first, err2)
		}
	}
	see("sender", people[0], "")
	see("member", member, "")
	see("former member", leaver, wire.ReasonFileForbidden)
	see("joined later", late, wire.ReasonFileUnknown)
	see("hid it", hider, wire.ReasonFileDeleted)
	see("outsider", outsider, wire.ReasonFileUnknown)
	_, err = db.MessageFile(ctx, member.UserID, plain.ID)
	wantCode(t, err, wire.NotFound)
	_, err = db.MessageFile(ctx, member.UserID, 9_999_999)
	wantCode(t, err, wire.NotFound)
	openHistory(t, db, people[0], room)
	see("joined later, open history", late, "")
	_, err = db.CloseRoom(ctx, people[0], room.UUID, Start+2)
	check(t, err)
	see("closed", member, wire.ReasonFileForbidden)
	see("closed, the uploader", people[0], wire.ReasonFileForbidden)
	see("closed, hid it", hider, wire.ReasonFileUnknown)
	see("closed, outsider", outsider, wire.ReasonFileUnknown)
}

var fileRefusals = map[wire.Reason]wire.Code{
	wire.ReasonFileForbidden: wire.Forbidden, wire.ReasonFileUnknown: wire.NotFound, wire.ReasonFileDeleted: wire.NotFound,
}

// drawer reads all pages of a room's files.
func drawer(t testing.TB, db *sqlstore.DB, who model.Actor, room model.Room, asked files.RoomFiles) []wire.RoomFile {
	t.Helper()
	asked.UserID, asked.RoomUUID = who.UserID, room.UUID
	var all []wire.RoomFile
	for {
		page, err := db.RoomFiles(context.Background(), asked)
		check(t, err)
		all = append(all, page.Files...)
		if page.Next == "" {
			return all
		}
		if len(page.Files) != asked.Limit {
			t.Fatalf("a page of %d with a next one", len(page.Files))
		}
		asked.Before = page.Next
	}
}

func namesOf(list []wire.RoomFile) []string {
	names := []string{}
	for _, f := range list {
		names = append(names, f.File.Name)
	}
	return names
}

func roomFilesPages(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[:2]...)
	var want []string
	var sent []model.Message
	for i := range 4 {
		a, b := fmt.Sprint(i, "a.pdf"), fmt.Sprint(i, "b.pdf")
		sent = append(sent, sendFiles(t, db, room, people[0], "", FileOf(t, db, people[0], a), FileOf(t, db, people[0], b)))
		send(t, db, room, people[1], "사이")
		want = append([]string{a, b}, want...)
	}
	for limit := 1; limit <= 9; limit++ {
		if got := namesOf(drawer(t, db, people[1], room, files.RoomFiles{Limit: limit})); !slices.Equal(got, want) {
			t.Errorf("by %d: %v, want %v", limit, got, want)
		}
	}
	first := drawer(t, db, people[1], room, files.RoomFiles{Limit: 100})[0]
	if last := sent[3]; first.MessageID != last.ID || first.Seq != last.Seq || first.SenderUUID != people[0].UserUUID ||
		first.File != last.Files[0] || first.Timestamp != wire.TimeOfMilli(last.CreatedAt) {
		t.Errorf("newest %+v, want of %+v", first, last)
	}
	_, _, err := db.Delete(ctx, people[0], sent[1].ID, Start+1)
	check(t, err)
	_, err = db.Hide(ctx, people[1], []int64{sent[2].ID})
	check(t, err)
	if got := namesOf(drawer(t, db, people[1], room, files.RoomFiles{Limit: 100})); !slices.Equal(got, []string{"3a.pdf", "3b.pdf", "0a.pdf", "0b.pdf"}) {
		t.Errorf("one deleted, one hidden: %v", got)
	}
	invite(t, db, people[0], room, people[2])
	if got := drawer(t, db, people[2], room, files.RoomFiles{Limit: 100}); len(got) != 0 {
		t.Errorf("from before he joined: %v", got)
	}
	_, err = db.LeaveRoom(ctx, people[1], room.UUID, Start+1)
	check(t, err)
	_, err = db.RoomFiles(ctx, files.RoomFiles{UserID: people[1].UserID, RoomUUID: room.UUID, Limit: 10})
	wantReason(t, "the drawer of a room that was left", err, wire.Forbidden, wire.ReasonFileForbidden)
	for _, place := range []string{"x", "1", "1.x", "-1.0", "1.-1", "1.1.1", "01.1", " 1.1", "99999999999999999999.1"} {
		_, err := db.RoomFiles(ctx, files.RoomFiles{UserID: people[0].UserID, RoomUUID: room.UUID, Limit: 10, Before: place})
		wantCode(t, err, wire.BadRequest)
	}
}

func roomFilesFilters(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	room := Group(t, db, people...)
	sendFiles(t, db, room, people[0], "", upload(t, db, people[0], "화면 100%.PNG", 5, asPhoto), FileOf(t, db, people[0], "보고서_최종.pdf"))
	sendFiles(t, db, room, people[0], "", FileOf(t, db, people[0], "보고서.pdf"), upload(t, db, people[0], "보고서.png", 5, asPhoto))
	for name, row := range map[string]struct {
		asked files.RoomFiles
		want  []string
	}{
		"photos":            {files.RoomFiles{Kind: "photo"}, []string{"보고서.png", "화면 100%.PNG"}},
		"others":            {files.RoomFiles{Kind: "other"}, []string{"보고서.pdf", "보고서_최종.pdf"}},
		"a name":            {files.RoomFiles{Query: "보고서"}, []string{"보고서.pdf", "보고서.png", "보고서_최종.pdf"}},
		"inside a name":     {files.RoomFiles{Query: "고서_"}, []string{"보고서_최종.pdf"}},
		"in another case":   {files.RoomFiles{Query: search.Fold("Png")}, []string{"보고서.png", "화면 100%.PNG"}},
		"no wildcard":       {files.RoomFiles{Query: "0%"}, []string{"화면 100%.PNG"}},
		"a name and a kind": {files.RoomFiles{Query: "보고서", Kind: "photo"}, []string{"보고서.png"}},
		"nothing":           {files.RoomFiles{Query: "없는 것"}, []string{}},
	} {
		row.asked.Limit = 1
		if got := namesOf(drawer(t, db, people[1], room, row.asked)); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

// wasteByItsReasons walks each reason over its edge.
func wasteByItsReasons(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	who := People(t, db, 1)[0]
	room := Group(t, db, who)
	receiving, err := db.AddFile(ctx, newFile(who, "끊김.pdf", 10), wire.FilePolicy{})
	check(t, err)
	check(t, db.Received(ctx, receiving.ID, 5, Start+10))
	unsent := FileOf(t, db, who, "안 보냄.pdf")
	refused, err := db.AddFile(ctx, newFile(who, "거절.pdf", 10), wire.FilePolicy{})
	check(t, err)
	check(t, db.Refuse(ctx, refused.ID, wire.Error{Code: wire.UnsupportedType}, Start+20))
	kept, unused := FileOf(t, db, who, "보냄.pdf"), FileOf(t, db, who, "지움.pdf")
	sendFiles(t, db, room, who, "", kept) // at Start+1000
	m := sendFiles(t, db, room, who, "", unused)
	reasons := func(before, retained int64, limit int) map[int64]files.WasteReason {
		t.Helper()
		waste, err := db.Waste(ctx, before, retained, limit)
		check(t, err)
		got := map[int64]files.WasteReason{}
		for _, w := range waste {
			got[w.File.ID] = w.Reason
		}
		return got
	}
	want := func(what string, got, want map[int64]files.WasteReason) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	type waste = map[int64]files.WasteReason
	want("nothing yet", reasons(Start, 0, 10), waste{})
	want("the unsent", reasons(Start+1, 0, 10), waste{unsent.ID: files.WasteAbandoned})
	want("the broken off", reasons(Start+11, 0, 10), waste{unsent.ID: files.WasteAbandoned, receiving.ID: files.WasteAbandoned})
	want("retention, a moment before", reasons(Start, Start+1000, 10), waste{})
	want("retention", reasons(Start, Start+1001, 10), waste{kept.ID: files.WasteRetention, unused.ID: files.WasteRetention})
	_, _, err = db.Delete(ctx, who, m.ID, Start+2000)
	check(t, err)
	all := waste{
		unused.ID: files.WasteUnused, unsent.ID: files.WasteAbandoned, receiving.ID: files.WasteAbandoned,
		refused.ID: files.WasteRefused, kept.ID: files.WasteRetention,
	}
	want("all", reasons(Start+21, Start+1001, 10), all)
	if got := reasons(Start+21, Start+1001, 2); len(got) != 2 || got[unused.ID] == "" {
		t.Errorf("of two: %v", got)
	}
	list, err := db.Waste(ctx, Start+11, 0, 10)
	check(t, err)
	check(t, db.Received(ctx, receiving.ID, 6, Start+3000)) // its uploader went on
	for _, w := range list {
		if mine, err := db.Forget(ctx, w, Start+3001); err != nil || mine == (w.File.ID == receiving.ID) {
			t.Errorf("forget %+v: %v, %v", w, mine, err)
		}
	}
	want("what was forgotten is no waste", reasons(Start+21, 0, 10), waste{refused.ID: files.WasteRefused})
}

func retentionTellsDevices(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room, other := Group(t, db, people...), Group(t, db, people...)
	f := upload(t, db, people[0], "오래된.png", 100, asPhoto)
	m := sendFiles(t, db, room, people[0], "", f)
	passed, err := db.Append(ctx, forward(other, people[0], m))
	check(t, err)
	before, _ := enter(t, db, people[1], room)
	waste, err := db.Waste(ctx, 0, Start+5000, 10)
	if err != nil || len(waste) != 1 || waste[0].Reason != files.WasteRetention {
		t.Fatalf("waste %+v, %v", waste, err)
	}
	for i := range 2 {
		if mine, err := db.Forget(ctx, waste[0], Start+9000); err != nil || mine != (i == 0) {
			t.Errorf("forget: %v, %v", mine, err)
		}
	}
	wantAudited(t, db, model.AuditFileRetired, f.UUID)
	for _, sent := range []model.Message{m, passed.Message} {
		got := reread(t, db, people[1], sent)
		if len(got.Files) != 1 || !got.Files[0].Gone || got.Files[0].Thumbnail || got.Rev != sent.Rev+1 || got.EditedAt != 0 {
			t.Errorf("message %+v, was %+v", got, sent)
		}
	}
	r, member := enter(t, db, people[1], room)
	if page, err := db.Changes(ctx, r, member, before.Rev, 10); err != nil || len(page) != 1 || r.Rev != before.Rev+1 {
		t.Errorf("changes %+v, %v; room %+v", page, err, r)
	}
	_, err = db.VisibleFile(ctx, people[1].UserID, f.UUID)
	wantReason(t, "its bytes", err, wire.NotFound, wire.ReasonFileGone)
	_, err = db.MessageFile(ctx, people[1].UserID, m.ID)
	wantReason(t, "the message's bytes", err, wire.NotFound, wire.ReasonFileGone)
	wantUsage(t, "it takes nothing", db, 0, 0)
	if known, err := db.Blobs(ctx, []string{f.Blob}); err != nil || len(known) != 0 {
		t.Errorf("blobs %v, %v", known, err)
	}
	if list := drawer(t, db, people[1], room, files.RoomFiles{Limit: 10, Kind: "photo"}); len(list) != 1 || !list[0].File.Gone {
		t.Errorf("drawer %+v", list)
	}
	if waste, err := db.Waste(ctx, 0, Start+5000, 10); err != nil || len(waste) != 0 {
		t.Errorf("waste again %+v, %v", waste, err)
	}
	for _, sent := range []model.Message{m, passed.Message} {
		_, _, err := db.Delete(ctx, people[0], sent.ID, Start+9500)
		check(t, err)
	}
	waste, err = db.Waste(ctx, 0, 0, 10)
	check(t, err)
	if mine, err := db.Forget(ctx, waste[0], Start+9600); err != nil || !mine {
		t.Errorf("its row: %v, %v", mine, err)
	}
	wantUsage(t, "counted once", db, 0, 0)
}

func searchFindsFiles(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	silent := sendFiles(t, db, room, people[0], "", FileOf(t, db, people[0], "첫째.pdf"), FileOf(t, db, people[0], "견적서_최종v2.PDF"))
	captioned := sendFiles(t, db, room, people[0], "견적서 초안입니다", FileOf(t, db, people[0], "draft.pdf"))
	plain := send(t, db, room, people[0], "견적서 언제 주세요?")
	catchUp(t, db)
	seqs := func(query string, sought chat.Sought) []int64 {
		t.Helper()
		parsed, reason := search.ParseNarrowed(query, sought.HasFile)
		if reason != "" {
			t.Fatalf("%q: %s", query, reason)
		}
		sought.UserID, sought.Query, sought.Limit = people[1].UserID, parsed, 50
		page, more, err := db.Search(ctx, sought)
		if err != nil || more {
			t.Fatalf("search: %v, %v", more, err)
		}
		out := []int64{}
		for _, m := range page {
			out = append(out, m.Seq)
		}
		return out
	}
	for query, want := range map[string][]int64{
		"견적서": {plain.Seq, captioned.Seq, silent.Seq}, "최종": {silent.Seq}, "첫째 최종": {silent.Seq},
		"초안 draft": {captioned.Seq}, `"입니다 draft"`: {}, "최종v2.pdf": {silent.Seq}, "pdf": {captioned.Seq, silent.Seq},
	} {
		if got := seqs(query, chat.Sought{}); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
	if got := seqs("견적서", chat.Sought{HasFile: true}); !slices.Equal(got, []int64{captioned.Seq, silent.Seq}) {
		t.Errorf("with a file: %v", got)
	}
	elsewhere := Group(t, db, people...)
	away := sendFiles(t, db, elsewhere, people[0], "", FileOf(t, db, people[0], "다른 방.pdf"))
	foreign := Group(t, db, people[0])
	sendFiles(t, db, foreign, people[0], "", FileOf(t, db, people[0], "남의 것.pdf"))
	if got := seqs("", chat.Sought{HasFile: true}); !slices.Equal(got, []int64{away.Seq, captioned.Seq, silent.Seq}) {
		t.Errorf("all with a file: %v", got)
	}
	if got := seqs("", chat.Sought{HasFile: true, RoomUUID: room.UUID, Before: captioned.ID}); !slices.Equal(got, []int64{silent.Seq}) {
		t.Errorf("those of a room, on from one: %v", got)
	}
	_, _, err := db.Delete(ctx, people[0], away.ID, Start+4)
	check(t, err)
	_, _, err = db.Edit(ctx, people[0], chat.Edit{MessageID: captioned.ID, Text: "", Now: Start + 5})
	check(t, err)
	_, _, err = db.Delete(ctx, people[0], silent.ID, Start+6)
	check(t, err)
	for range 2 { // at once, and when the index followed
		if got := seqs("pdf", chat.Sought{}); !slices.Equal(got, []int64{captioned.Seq}) {
			t.Errorf("after an edit and a delete: %v", got)
		}
		if got := seqs("", chat.Sought{HasFile: true}); !slices.Equal(got, []int64{captioned.Seq}) {
			t.Errorf("with a file, after a delete: %v", got)
		}
		catchUp(t, db)
	}
}

func invite(t testing.TB, db *sqlstore.DB, owner model.Actor, room model.Room, who model.Actor) {
	t.Helper()
	_, err := db.Invite(context.Background(), owner, room.UUID, users(who), Start)
	check(t, err)
}

func openHistory(t testing.TB, db *sqlstore.DB, owner model.Actor, room model.Room) {
	t.Helper()
	open := true
	_, err := db.UpdateRoom(context.Background(), owner, room.UUID, chat.RoomUpdate{OpenHistory: &open}, Start)
	check(t, err)
}
