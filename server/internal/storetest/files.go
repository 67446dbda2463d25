package storetest

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// fileCases are the suite of files.Store and of messages with files.
func fileCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"FileGoesItsWay":                fileGoesItsWay,
		"FilesAreTheirUploaders":        filesAreTheirUploaders,
		"FileIsDecidedOnce":             fileIsDecidedOnce,
		"QuotasHoldAtTheirEdge":         quotasHoldAtTheirEdge,
		"UsageIsWhatIsKept":             usageIsWhatIsKept,
		"FilePolicyIsAudited":           filePolicyIsAudited,
		"FilePolicyOfTwoAtOnce":         filePolicyOfTwoAtOnce,
		"FilesHangOnMessages":           filesHangOnMessages,
		"FilesThatCantBeSent":           filesThatCantBeSent,
		"AFileIsSentOnce":               aFileIsSentOnce,
		"RepeatsWithFilesAreTheFirst":   repeatsWithFilesAreTheFirst,
		"ForwardTakesFilesAlong":        forwardTakesFilesAlong,
		"ForwardOrDeleteOfFiles":        forwardOrDeleteOfFiles,
		"EditKeepsFiles":                editKeepsFiles,
		"FilesEndWithTheirLastMessage":  filesEndWithTheirLastMessage,
		"FilesAreSeenWithMessages":      filesAreSeenWithMessages,
		"RoomFilesPages":                roomFilesPages,
		"RoomFilesFilters":              roomFilesFilters,
		"WasteByItsReasons":             wasteByItsReasons,
		"ForgetOrSend":                  forgetOrSend,
		"RetentionTellsDevices":         retentionTellsDevices,
		"SearchFindsFiles":              searchFindsFiles,
		"FileUsageIsWhatAnyOrderLeaves": usageIsWhatAnyOrderLeaves,
		"FileUploadHasOneWriter":        uploadHasOneWriter,
		"FileCollectorsShareTheWaste":   collectorsShareTheWaste,
	}
}

// newFile is a file that a person is going to upload.
func newFile(who model.Actor, name string, size int64) model.File {
	id := uuid.New()
	return model.File{
		UUID: id.String(), UploaderID: who.UserID, Name: name, Extension: "pdf", Size: size, Blob: hex.EncodeToString(id[:]),
		CreatedAt: Start, UpdatedAt: Start,
	}
}

// upload stores a file and makes it ready.
func upload(t testing.TB, db *sqlstore.DB, who model.Actor, name string, size int64, change func(*model.File)) model.File {
	t.Helper()
	ctx := context.Background()
	f, err := db.AddFile(ctx, newFile(who, name, size), wire.FilePolicy{})
	check(t, err)
	if mine, err := db.Checking(ctx, f.ID, size, Start); err != nil || !mine {
		t.Fatalf("checking: %v, %v", mine, err)
	}
	f.Type, f.SHA256 = "application/pdf", "00ff"
	if change != nil {
		change(&f)
	}
	check(t, db.Ready(ctx, f, Start))
	return own(t, db, who, f)
}

// FileOf uploads a small ready file.
func FileOf(t testing.TB, db *sqlstore.DB, who model.Actor, name string) model.File {
	t.Helper()
	return upload(t, db, who, name, 100, nil)
}

func asPhoto(f *model.File) { f.Type, f.Width, f.Height, f.Thumbnail = "image/png", 40, 30, true }

func own(t testing.TB, db *sqlstore.DB, who model.Actor, f model.File) model.File {
	t.Helper()
	f, err := db.OwnFile(context.Background(), who.UserID, f.UUID)
	check(t, err)
	return f
}

// withFiles is a draft that sends files.
func withFiles(room model.Room, who model.Actor, text string, sent ...model.File) chat.Draft {
	d := Draft(room, who, text)
	for _, f := range sent {
		d.FileIDs = append(d.FileIDs, f.UUID)
	}
	return d
}

func sendFiles(t testing.TB, db *sqlstore.DB, room model.Room, who model.Actor, text string, sent ...model.File) model.Message {
	t.Helper()
	stored, err := db.Append(context.Background(), withFiles(room, who, text, sent...))
	check(t, err)
	return stored.Message
}

// forward is a draft that passes a message on as its reader got it.
func forward(room model.Room, who model.Actor, m model.Message) chat.Draft {
	d := Draft(room, who, m.Text)
	d.ForwardedFrom, d.ForwardedFiles = m.ID, len(m.Files)
	return d
}

func wantUsage(t testing.TB, what string, db *sqlstore.DB, bytes, count int64) {
	t.Helper()
	b, n, err := db.FileUsage(context.Background())
	if err != nil || b != bytes || n != count {
		t.Errorf("%s: usage %d bytes of %d files, %v; want %d of %d", what, b, n, err, bytes, count)
	}
}

func fileGoesItsWay(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	who := People(t, db, 1)[0]
	f := newFile(who, "보고서.pdf", 1000)
	f.SaidSHA256 = "abcd"
	added, err := db.AddFile(ctx, f, wire.FilePolicy{})
	check(t, err)
	f.ID, f.State = added.ID, wire.FileReceiving
	if diff := cmp.Diff(f, added); diff != "" || added.ID == 0 {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	check(t, db.Received(ctx, f.ID, 400, Start+1))
	f.Received, f.UpdatedAt = 400, Start+1
	if diff := cmp.Diff(f, own(t, db, who, f)); diff != "" {
		t.Errorf("receiving (-want +got):\n%s", diff)
	}
	mine, err := db.Checking(ctx, f.ID, 900, Start+2)
	check(t, err)
	again, err := db.Checking(ctx, f.ID, 900, Start+2)
	if !mine || again || err != nil {
		t.Errorf("checking: %v, again %v, %v", mine, again, err)
	}
	wantUsage(t, "a size that was announced too large", db, 900, 1)
	wantCode(t, db.Received(ctx, f.ID, 1000, Start+2), wire.NotFound)
	if list, err := db.Unfinished(ctx, 10); err != nil || len(list) != 1 || list[0].ID != f.ID || list[0].Received != 900 {
		t.Errorf("unfinished %+v, %v", list, err)
	}
	f.Type, f.SHA256, f.Width, f.Height, f.Thumbnail, f.Unscanned = "image/png", "ef01", 40, 30, true, true
	for range 2 { // a repeat is harmless
		check(t, db.Ready(ctx, f, Start+3))
	}
	f.State, f.Size, f.Received, f.UpdatedAt = wire.FileReady, 900, 900, Start+3
	if diff := cmp.Diff(f, own(t, db, who, f)); diff != "" {
		t.Errorf("ready (-want +got):\n%s", diff)
	}
	if list, err := db.Unfinished(ctx, 10); err != nil || len(list) != 0 {
		t.Errorf("unfinished %+v, %v", list, err)
	}
	if r, err := db.CheckAudit(ctx); err != nil || !r.Whole() || r.Entries != 2 { // his registration, and the unscanned file
		t.Errorf("audit %+v, %v", r, err)
	}
	wantAudited(t, db, model.AuditFileUnscanned, f.UUID)
	known, err := db.Blobs(ctx, []string{"0123456789abcdef0123456789abcdef", f.Blob})
	if err != nil || !slices.Equal(known, []string{f.Blob}) {
		t.Errorf("known blobs %v, %v", known, err)
	}
}

func filesAreTheirUploaders(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	f := FileOf(t, db, people[0], "계약서.pdf")
	_, err := db.OwnFile(ctx, people[1].UserID, f.UUID)
	wantCode(t, err, wire.NotFound)
	_, err = db.VisibleFile(ctx, people[1].UserID, f.UUID)
	wantCode(t, err, wire.NotFound)
	if got, err := db.VisibleFile(ctx, people[0].UserID, f.UUID); err != nil || got.ID != f.ID {
		t.Errorf("his own: %+v, %v", got, err)
	}
	_, err = db.Drop(ctx, people[1].UserID, f.UUID)
	wantCode(t, err, wire.NotFound)
	dropped, err := db.Drop(ctx, people[0].UserID, f.UUID)
	if err != nil || dropped.Blob != f.Blob {
		t.Errorf("dropped %+v, %v", dropped, err)
	}
	_, err = db.OwnFile(ctx, people[0].UserID, f.UUID)
	wantCode(t, err, wire.NotFound)
	_, err = db.Drop(ctx, people[0].UserID, f.UUID)
	wantCode(t, err, wire.NotFound)
	sent := FileOf(t, db, people[0], "보낸 것.pdf")
	sendFiles(t, db, Group(t, db, people...), people[0], "", sent)
	_, err = db.Drop(ctx, people[0].UserID, sent.UUID)
	wantReason(t, "drop a file that was sent", err, wire.Conflict, wire.ReasonFileUsed)
	wantUsage(t, "one is left", db, 100, 1)
}

// fileIsDecidedOnce has two nodes check one file: what the first says stays, and the second must not remove the bytes.
func fileIsDecidedOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	who := People(t, db, 1)[0]
	for round := range 10 {
		f, err := db.AddFile(ctx, newFile(who, fmt.Sprint(round), 10), wire.FilePolicy{})
		check(t, err)
		_, err = db.Checking(ctx, f.ID, 10, Start)
		check(t, err)
		var ready, refused error
		var wg sync.WaitGroup
		wg.Go(func() { ready = db.Ready(ctx, f, Start+1) })
		wg.Go(func() {
			refused = db.Refuse(ctx, f.ID, wire.Error{Code: wire.UnsupportedType, Reason: wire.ReasonFileContent}, Start+1)
		})
		wg.Wait()
		got := own(t, db, who, f)
		switch {
		case ready == nil && errs.Is(refused, wire.Conflict) && got.State == wire.FileReady && got.Refusal == nil:
		case refused == nil && errs.Is(ready, wire.Conflict) && got.State == wire.FileRefused &&
			got.Refusal.Reason == wire.ReasonFileContent:
		default:
			t.Errorf("ready %v, refused %v, the file is %+v", ready, refused, got)
		}
	}
}

func quotasHoldAtTheirEdge(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	for name, row := range map[string]struct {
		policy wire.FilePolicy
		fits   int
		reason wire.Reason
	}{
		"a person's":  {wire.FilePolicy{PersonQuota: 1000}, 20, wire.ReasonPersonQuota}, // 10 each
		"everybody's": {wire.FilePolicy{TotalQuota: 1500}, 15, wire.ReasonTotalQuota},
	} {
		var mu sync.Mutex
		var added []model.File
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				who := people[i%2]
				f, err := db.AddFile(ctx, newFile(who, "x.pdf", 100), row.policy)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					added = append(added, f)
				} else {
					wantReason(t, name, err, wire.TooLarge, row.reason)
				}
			})
		}
		wg.Wait()
		if len(added) != row.fits {
			t.Errorf("%s quota: %d files fit, want %d", name, len(added), row.fits)
		}
		wantUsage(t, name, db, int64(len(added))*100, int64(len(added)))
		for _, f := range added {
			_, err := db.Drop(ctx, f.UploaderID, f.UUID)
			check(t, err)
		}
	}
	wantUsage(t, "all dropped", db, 0, 0)
}

// usageIsWhatIsKept counts receiving, ready and sent files, and no refused, dropped or collected ones.
func usageIsWhatIsKept(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	who := People(t, db, 1)[0]
	room := Group(t, db, who)
	add := func(size int64) model.File {
		f, err := db.AddFile(ctx, newFile(who, "x.pdf", size), wire.FilePolicy{})
		check(t, err)
		return f
	}
	add(1)
	refused := add(10)
	for range 2 { // a repeat is harmless
		check(t, db.Refuse(ctx, refused.ID, wire.Error{Code: wire.UnsupportedType}, Start))
	}
	wantUsage(t, "one of two refused", db, 1, 1)
	_, err := db.Drop(ctx, who.UserID, refused.UUID)
	check(t, err)
	wantUsage(t, "the refused one dropped", db, 1, 1)
	if known, err := db.Blobs(ctx, []string{refused.Blob}); err != nil || len(known) != 0 {
		t.Errorf("blobs of the refused file: %v, %v", known, err)
	}
	sent := upload(t, db, who, "y.pdf", 100, nil)
	m := sendFiles(t, db, room, who, "", sent)
	forwarded, err := db.Append(ctx, forward(room, who, m))
	check(t, err)
	wantUsage(t, "a file counts once", db, 101, 2)
	for _, id := range []int64{m.ID, forwarded.Message.ID} {
		_, _, err := db.Delete(ctx, who, id, Start+5)
		check(t, err)
	}
	wantUsage(t, "its bytes are there yet", db, 101, 2)
	waste, err := db.Waste(ctx, 0, 0, 10)
	check(t, err)
	for _, w := range waste {
		mine, err := db.Forget(ctx, w, Start+6)
		again, err2 := db.Forget(ctx, w, Start+6)
		if err != nil || err2 != nil || !mine || again || w.Reason != files.WasteUnused {
			t.Errorf("forget %+v: %v, again %v, %v, %v", w, mine, again, err, err2)
		}
	}
	wantUsage(t, "collected", db, 1, 1)
}

func filePolicyIsAudited(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss := People(t, db, 1)[0]
	p, err := db.FilePolicy(ctx)
	check(t, err)
	usual := wire.FilePolicy{
		MaxBytes: wire.UsualFileBytes, Types: wire.UsualFileTypes, Unscanned: wire.UnscannedRefuse,
		EncryptedArchives: wire.EncryptedAllow,
	}
	if diff := cmp.Diff(usual, p); diff != "" {
		t.Errorf("usual policy (-want +got):\n%s", diff)
	}
	p.MaxBytes, p.Types, p.PersonQuota, p.TotalQuota = 5<<30, []string{"pdf", "hwp"}, 1<<40, 1<<50
	p.RetentionDays, p.Unscanned, p.EncryptedArchives = 365, wire.UnscannedAllow, wire.EncryptedRefuse
	for range 2 {
		before, err := db.CheckAudit(ctx)
		check(t, err)
		set, err := db.SetFilePolicy(ctx, boss, p, Start)
		check(t, err)
		read, err := db.FilePolicy(ctx)
		check(t, err)
		p.Rev++
		if diff := cmp.Diff(p, set); diff != "" || !cmp.Equal(set, read) {
			t.Errorf("set (-want +got):\n%sread %+v", diff, read)
		}
		if after, err := db.CheckAudit(ctx); err != nil || !after.Whole() || after.Entries != before.Entries+1 {
			t.Errorf("audit %+v after %+v, %v", after, before, err)
		}
	}
	p.Rev--
	_, err = db.SetFilePolicy(ctx, boss, p, Start)
	wantCode(t, err, wire.Conflict)
}

func filePolicyOfTwoAtOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss := People(t, db, 1)[0]
	for range 3 {
		seen, err := db.FilePolicy(ctx)
		check(t, err)
		var mu sync.Mutex
		won := 0
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				p := seen
				p.RetentionDays = i + 1
				_, err := db.SetFilePolicy(ctx, boss, p, Start)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else {
					wantCode(t, err, wire.Conflict)
				}
			})
		}
		wg.Wait()
		if now, err := db.FilePolicy(ctx); err != nil || won != 1 || now.Rev != seen.Rev+1 {
			t.Errorf("%d won, policy %+v after %+v, %v", won, now, seen, err)
		}
	}
}

func equalMessages(t testing.TB, what string, want, got model.Message) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
