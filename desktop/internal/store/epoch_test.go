package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// lived is a store that has everything in it, numbers of one history of the server everywhere.
func lived(t *testing.T, path string, messages int64) *store.Store {
	t.Helper()
	ctx, s := t.Context(), open(t, path)
	h := client.Held{Rev: messages, MyRev: 4, Lo: 1, Hi: messages, LastSeq: messages}
	addRoom(t, s, h)
	list := make([]wire.Message, messages)
	for i := range list {
		seq := int64(i) + 1
		list[i] = msg(seq, seq, other, "받은 회의록 "+strconv.FormatInt(seq, 10))
		list[i].Files = []wire.File{{FileID: fmt.Sprint("f", seq), Name: "회의록.pdf"}}
	}
	apply(t, s, h, list...)
	must(t, s.ApplyHidden(ctx, room, []int64{2}, 4))
	_, err := s.ApplyDirectory(ctx, wire.DirectoryPage{
		Users:       []wire.Profile{{UserUUID: other, Name: "이준호", Rev: 9}},
		Departments: []wire.Department{{DepartmentUUID: "d", Name: "기획팀", Rev: 9}}, Rev: 9,
	})
	must(t, err)
	must(t, s.SaveNotices(ctx, wire.NoticeList{Notices: []wire.Notice{{NoticeUUID: "n"}}, Unread: 1, Stamp: "s"}))
	must(t, s.NoteNoticeRead(ctx, store.NoticeRead{NoticeUUID: "n"}))
	_, moved, err := s.MarkRead(ctx, room, 3)
	if must(t, err); !moved {
		t.Fatal("nothing was read")
	}
	must(t, s.SetPlace(ctx, room, store.Place{Seq: 2, Offset: 5}))
	must(t, s.SavePicture(ctx, "p", store.Picture{Type: "image/png", Content: []byte("png")}, 1<<20))
	must(t, s.SaveDownload(ctx, store.Download{ID: "down", File: wire.File{FileID: "f1"}, Path: "/x", State: store.DownloadDone}))
	must(t, s.Keep(ctx, "lock", "kept"))

	must(t, s.SetDraft(ctx, room, store.Draft{Text: "쓰던 글", ReplyToSeq: 3, Mentions: []string{other}}))
	must(t, s.SetDraft(ctx, "other room", store.Draft{ReplyToSeq: 3}))
	for _, id := range []string{"held", "big", "done"} {
		must(t, s.Hold(ctx, store.Upload{ID: id, RoomUUID: room, Name: id + ".zip", Size: 3, Path: "/" + id}, nil))
	}
	must(t, s.EnqueueWithFiles(ctx, store.Outgoing{ClientID: "c1", RoomUUID: room, Text: "답", ReplyToSeq: 3, Mentions: []string{other}},
		[]string{"big", "done"}))
	must(t, s.SetUpload(ctx, store.Upload{ID: "big", FileID: "half", State: store.UploadWaiting}))
	must(t, s.SetUpload(ctx, store.Upload{ID: "done", FileID: "whole", SHA256: "ab", State: store.UploadReady}))
	must(t, s.Enqueue(ctx, store.Outgoing{ClientID: "c2", RoomUUID: room, Text: "받은 회의록 1", ForwardedFrom: 1001}))
	must(t, s.Enqueue(ctx, store.Outgoing{ClientID: "c3", RoomUUID: room, Text: "보낸 글"}))
	_, err = s.Confirm(ctx, "c3", wire.SendReply{RoomUUID: room, MessageID: 5000, Seq: messages + 1, Rev: messages + 1})
	must(t, err)
	must(t, s.Enqueue(ctx, store.Outgoing{ClientID: "c4", RoomUUID: room, Text: "거절된 글"}))
	must(t, s.Fail(ctx, "c4", `{"code":"forbidden"}`))
	return s
}

// isNew checks that nothing of a history is left but what exists only here.
func isNew(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	held, err := s.Held(ctx)
	must(t, err)
	rooms, err := s.Rooms(ctx)
	must(t, err)
	if len(held.Rooms)+len(rooms) > 0 || held.DirectoryRev != 0 {
		t.Errorf("held %+v", held)
	}
	people, err := s.People(ctx)
	must(t, err)
	departments, err := s.Departments(ctx)
	must(t, err)
	notices, err := s.Notices(ctx)
	must(t, err)
	marks, err := s.ReadMarks(ctx)
	must(t, err)
	hidden, err := s.Hidden(ctx, room)
	must(t, err)
	if len(people)+len(departments)+len(notices.Notices)+len(notices.Stamp)+notices.Unread+len(marks)+len(hidden) > 0 {
		t.Errorf("left: %v, %v, %v, %v, %v", people, departments, notices, marks, hidden)
	}
	if found := find(t, s, query(t, "회의록")); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	isOnlyHere(t, s)
}

// isOnlyHere checks that all is kept that no server has.
func isOnlyHere(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	out, err := s.Outbox(ctx, room)
	must(t, err)
	got := []string{}
	for _, o := range out {
		got = append(got, o.ClientID+" "+o.Text)
	}
	equal(t, "outbox", got, []string{"c1 답", "c2 받은 회의록 1", "c3 보낸 글", "c4 거절된 글"})
	held, err := s.HeldUploads(ctx, room)
	if err != nil || len(held) != 1 || held[0].ID != "held" {
		t.Errorf("held files %+v, %v", held, err)
	}
	reads, err := s.NoticeReads(ctx)
	if err != nil || len(reads) != 1 {
		t.Errorf("read notices %v, %v", reads, err)
	}
	if p, err := s.Picture(ctx, "p"); err != nil || string(p.Content) != "png" {
		t.Errorf("picture %+v, %v", p, err)
	}
	downloads, err := s.Downloads(ctx)
	if err != nil || len(downloads) != 1 {
		t.Errorf("downloads %v, %v", downloads, err)
	}
	if kept, err := s.Kept(ctx, "lock"); err != nil || kept != "kept" {
		t.Errorf("kept %q, %v", kept, err)
	}
}

func TestACopyStartsAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, ctx := lived(t, path, 20), t.Context()
	if held, err := s.Held(ctx); err != nil || held.Epoch != 0 || len(held.Rooms) != 1 {
		t.Fatalf("before: %+v, %v", held, err)
	}
	must(t, s.StartAnew(ctx, 7))
	must(t, s.Close())
	s = open(t, path)
	must(t, s.Check(ctx))
	isNew(t, s)
	if epoch, err := s.Epoch(ctx); err != nil || epoch != 7 {
		t.Errorf("epoch %d, %v", epoch, err)
	}

	out, err := s.Outbox(ctx, room)
	must(t, err)
	if o := out[0]; o.ReplyToSeq != 0 || len(o.Mentions) != 1 || len(o.Files) != 2 {
		t.Errorf("an answer: %+v", o)
	}
	for _, f := range out[0].Files {
		if f.State != store.UploadWaiting || f.FileID != "" {
			t.Errorf("a file: %+v", f)
		}
	}
	if o := out[1]; o.ForwardedFrom <= 1_000_000_000 {
		t.Errorf("passes on another message by now: %+v", o)
	}
	if o := out[2]; o.Sent() || o.SentID != 0 || o.Failure != "" {
		t.Errorf("a confirmed one: %+v", o)
	}
	if out[3].Failure == "" {
		t.Errorf("a refused one: %+v", out[3])
	}

	// The same numbers, for other messages.
	h := client.Held{Rev: 2, Lo: 1, Hi: 2, LastSeq: 2}
	addRoom(t, s, h)
	apply(t, s, h, msg(1, 1, other, "다른 글"), msg(2, 2, other, "다른 회의록"))
	equal(t, "messages", texts(read(t, s)), []string{"다른 글", "다른 회의록"})
	equal(t, "found", find(t, s, query(t, "회의록")), []string{"다른 회의록"})
	r, err := s.Room(ctx, room)
	if err != nil || r.Unread() != 2 || r.Place != (store.Place{}) || r.Draft.Text != "쓰던 글" || r.Draft.ReplyToSeq != 0 || len(r.Draft.Mentions) != 1 {
		t.Errorf("room %+v, %v", r, err)
	}
}

// TestRescuedWorkKnowsItsHistory: what is rescued into a new store keeps its quotes; one of another history can't.
func TestRescuedWorkKnowsItsHistory(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	path := filepath.Join(dir, "a.db")
	s := open(t, path)
	must(t, s.StartAnew(ctx, 7))
	must(t, s.Enqueue(ctx, store.Outgoing{ClientID: "c", RoomUUID: room, Text: "답", ReplyToSeq: 3}))
	must(t, s.SetDraft(ctx, room, store.Draft{Text: "쓰던 글", ReplyToSeq: 3}))
	must(t, s.Close())

	for _, row := range []struct{ epoch, want, reply int64 }{{0, 7, 3}, {7, 7, 3}, {8, 8, 0}} {
		s := open(t, filepath.Join(dir, strconv.FormatInt(row.epoch, 10)))
		if row.epoch > 0 {
			must(t, s.StartAnew(ctx, row.epoch))
		}
		must(t, s.Adopt(ctx, store.Rescue(ctx, path, keyA)))
		addRoom(t, s, client.Held{})
		epoch, err := s.Epoch(ctx)
		must(t, err)
		o, err := s.Outgoing(ctx, "c")
		must(t, err)
		r, err := s.Room(ctx, room)
		must(t, err)
		if epoch != row.want || o.ReplyToSeq != row.reply || r.Draft.ReplyToSeq != row.reply || r.Draft.Text == "" {
			t.Errorf("into %d: epoch %d, %+v, draft %+v", row.epoch, epoch, o, r.Draft)
		}
	}
}

// anewVictim has the path of a store whose copy the test's binary makes anew, until somebody kills it.
const anewVictim = "HIMSG_STORE_ANEW"

func startAnewUntilKilled(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, path, keyA, me)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, "begins"); err != nil {
		return err
	}
	return errors.Join(s.StartAnew(ctx, 7), s.Close())
}

// TestKilledWhileStartingAnew: the next start sees the old copy with the old epoch, or none with the new one; what exists only
// here in any case.
func TestKilledWhileStartingAnew(t *testing.T) {
	const messages, lives = 500, 5
	dir := t.TempDir()
	first := filepath.Join(dir, "first.db")
	whole := lived(t, first, messages)
	must(t, whole.Close())
	content, err := os.ReadFile(first)
	must(t, err)
	whole, began := open(t, first), time.Now()
	must(t, whole.StartAnew(t.Context(), 7))
	took := time.Since(began)
	olds, news := 0, 0
	for life := range lives {
		path := filepath.Join(dir, strconv.Itoa(life)+".db")
		must(t, os.WriteFile(path, content, 0o600))
		killAnew(t, path, took*time.Duration(life)/(lives-2)) // at once to later than it takes
		s := open(t, path)
		must(t, s.Check(t.Context()))
		held, err := s.Held(t.Context())
		must(t, err)
		switch {
		case held.Epoch == 7:
			isNew(t, s)
			news++
		case held.Epoch == 0 && held.Rooms[room].Hi == messages:
			if n, err := s.MessagesBySeq(t.Context(), room, []int64{1, messages / 2, messages}); err != nil || len(n) != 3 {
				t.Errorf("the old copy has %d of 3, %v", len(n), err)
			}
			isOnlyHere(t, s)
			olds++
		default:
			t.Fatalf("neither: %+v", held)
		}
		must(t, s.Close())
	}
	t.Logf("%d old, %d new; it takes %v", olds, news, took)
}

func killAnew(t *testing.T, path string, after time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), anewVictim+"="+path)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	must(t, err)
	word := make([]byte, 16)
	if n, _ := out.Read(word); !strings.HasPrefix(string(word[:n]), "begins") {
		t.Error("the victim does not begin")
	}
	time.Sleep(after)
	_ = cmd.Process.Kill() // it may be through
	_ = cmd.Wait()
}
