package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	me    = "00000000-0000-7000-8000-00000000000a"
	other = "00000000-0000-7000-8000-00000000000b"
	room  = "00000000-0000-7000-8000-000000000001"
)

var (
	keyA = store.Key{1, 2, 3}
	base = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, keyA, me)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fresh(t *testing.T) *store.Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "a.db"))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func msg(seq, rev int64, sender, text string) wire.Message {
	return wire.Message{
		MessageID: 1000 + seq, RoomUUID: room, Seq: seq, Rev: rev, Kind: wire.MessageUser, SenderUUID: sender,
		ClientID: "client-" + text, Text: text, Timestamp: wire.TimeOf(base.Add(time.Duration(seq) * time.Second)),
	}
}

func addRoom(t *testing.T, s *store.Store, h client.Held) {
	t.Helper()
	_, err := s.ApplyRooms(t.Context(), []client.RoomChange{{
		Summary: wire.RoomSummary{
			RoomUUID: room, Kind: wire.RoomGroup, Name: "방", Members: []string{me, other}, MemberCount: 2,
			LastSeq: h.LastSeq, Rev: h.Rev, My: &wire.My{Role: wire.RoomOwner, Rev: h.MyRev},
		},
		Held: h,
	}}, nil)
	must(t, err)
}

func apply(t *testing.T, s *store.Store, h client.Held, ms ...wire.Message) []store.Applied {
	t.Helper()
	out, err := s.ApplyMessages(t.Context(), []client.MessageBatch{{RoomUUID: room, Messages: ms, Held: h}})
	must(t, err)
	return out
}

func read(t *testing.T, s *store.Store) []wire.Message {
	t.Helper()
	page, err := s.Page(t.Context(), room, 0, 100)
	must(t, err)
	return page.Messages
}

func texts(ms []wire.Message) []string {
	out := []string{}
	for _, m := range ms {
		out = append(out, m.Text)
	}
	return out
}

func equal[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%s: got %v, want %v", what, got, want)
		}
	}
}

func TestFileHoldsNoReadableText(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "a.db"))
	const canary = "카나리아-canary-7531"
	addRoom(t, s, client.Held{Rev: 1, Lo: 1, Hi: 1, LastSeq: 1})
	apply(t, s, client.Held{Rev: 1, Lo: 1, Hi: 1, LastSeq: 1}, msg(1, 1, other, canary))
	must(t, s.Enqueue(t.Context(), store.Outgoing{ClientID: "c", RoomUUID: room, Text: canary}))
	must(t, s.SetDraft(t.Context(), room, store.Draft{Text: canary}))
	search := func(when string) {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		must(t, err)
		if len(files) == 0 {
			t.Fatal("no files")
		}
		for _, f := range files {
			content, err := os.ReadFile(f)
			must(t, err)
			for _, needle := range [][]byte{[]byte(canary), []byte("canary-7531"), []byte("SQLite format 3"), keyA[:]} {
				if bytes.Contains(content, needle) {
					t.Errorf("%s: %s holds %q", when, filepath.Base(f), needle)
				}
			}
		}
	}
	search("open, with its journal")
	must(t, s.Close())
	search("closed")
}

func TestReopenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	h := client.Held{Rev: 2, MyRev: 1, Lo: 1, Hi: 2, LastSeq: 2}
	addRoom(t, s, h)
	apply(t, s, h, msg(1, 1, other, "하나"), msg(2, 2, other, "둘"))
	must(t, s.Enqueue(t.Context(), store.Outgoing{ClientID: "c1", RoomUUID: room, Text: "셋"}))
	must(t, s.Close())

	s = open(t, path)
	page := read(t, s)
	equal(t, "page", texts(page), []string{"하나", "둘"})
	r, err := s.Room(t.Context(), room)
	must(t, err)
	if r.Unsent != 1 || r.Unread() != 2 || r.Last.Text != "둘" || r.Held.Hi != 2 || r.Held.MyRev != 1 {
		t.Errorf("room = %+v", r)
	}
}

func TestUnusableFiles(t *testing.T) {
	cases := map[string]func(t *testing.T, path string) (store.Key, string){
		"wrong key":     func(*testing.T, string) (store.Key, string) { return store.Key{9}, me },
		"other's store": func(*testing.T, string) (store.Key, string) { return keyA, other },
		"garbage": func(t *testing.T, path string) (store.Key, string) {
			must(t, os.WriteFile(path, bytes.Repeat([]byte("no database "), 5000), 0o600))
			return keyA, me
		},
		"broken in the middle": func(t *testing.T, path string) (store.Key, string) {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			must(t, err)
			_, err = f.WriteAt(bytes.Repeat([]byte{0xAA}, 3*4096), 4096)
			must(t, errors.Join(err, f.Close()))
			return keyA, me
		},
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			must(t, open(t, path).Close())
			key, user := prepare(t, path)
			if err := openAndCheck(t, path, key, user); !errors.Is(err, store.ErrDamaged) {
				t.Fatalf("open: %v, want ErrDamaged", err)
			}
			aside, err := store.SetAside(path, store.Damaged, base)
			must(t, err)
			if !store.Exists(aside) || store.Exists(path) {
				t.Error("the file was not moved")
			}
			must(t, open(t, path).Close())
		})
	}
}

func openAndCheck(t *testing.T, path string, key store.Key, user string) error {
	t.Helper()
	s, err := store.Open(t.Context(), path, key, user)
	if err != nil {
		return err
	}
	return errors.Join(s.Check(t.Context()), s.Close())
}

func TestRescueReadsWhatIsLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	addRoom(t, s, client.Held{Rev: 400, Lo: 1, Hi: 400, LastSeq: 400})
	for _, c := range []string{"c1", "c2", "c3"} {
		must(t, s.Enqueue(t.Context(), store.Outgoing{ClientID: c, RoomUUID: room, Text: c, CreatedAt: 5}))
	}
	must(t, s.SetDraft(t.Context(), room, store.Draft{Text: "쓰다 만 글", ReplyToSeq: 3, Mentions: []string{other}}))
	var many []wire.Message
	for i := int64(1); i <= 400; i++ {
		many = append(many, msg(i, i, other, "filling filling filling filling filling"))
	}
	apply(t, s, client.Held{Rev: 400, Lo: 1, Hi: 400, LastSeq: 400}, many...)
	must(t, s.Close())
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	end, err := f.Seek(0, 2)
	must(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte{0x55}, 4096*3), end-4096*4) // pages of messages
	must(t, errors.Join(err, f.Close()))

	if err := openAndCheck(t, path, keyA, me); !errors.Is(err, store.ErrDamaged) {
		t.Fatalf("open: %v, want ErrDamaged", err)
	}
	saved := store.Rescue(t.Context(), path, keyA)
	if len(saved.Outgoing) != 3 || saved.Drafts[room].Text != "쓰다 만 글" || saved.Drafts[room].ReplyToSeq != 3 {
		t.Fatalf("rescued %+v", saved)
	}
	again := fresh(t)
	must(t, again.Adopt(t.Context(), saved))
	must(t, again.Adopt(t.Context(), saved))
	list, err := again.Outbox(t.Context(), room)
	must(t, err)
	got := []string{}
	for _, o := range list {
		got = append(got, o.ClientID)
	}
	equal(t, "adopted", got, []string{"c1", "c2", "c3"})
	if lost := store.Rescue(t.Context(), path, store.Key{7}); len(lost.Outgoing) != 0 {
		t.Error("rescued with a wrong key")
	}
}

func TestRevisionNeverFallsAndTombstonesStay(t *testing.T) {
	s := fresh(t)
	h := client.Held{Rev: 3, Lo: 1, Hi: 1, LastSeq: 1}
	addRoom(t, s, h)
	deleted := msg(1, 3, other, "the server should not have sent this")
	at := wire.TimeOf(base)
	deleted.DeletedAt, deleted.ClientID = &at, "x"
	apply(t, s, h, deleted)
	if late := apply(t, s, h, msg(1, 2, other, "old text")); len(late[0].Changed) != 0 {
		t.Errorf("an older revision changed something: %+v", late)
	}
	page := read(t, s)
	if len(page) != 1 || page[0].Text != "" || page[0].DeletedAt == nil || page[0].Rev != 3 {
		t.Errorf("page = %+v", page)
	}
	r, err := s.Room(t.Context(), room)
	must(t, err)
	if r.Last.Text != "" || r.Last.DeletedAt == nil {
		t.Errorf("preview = %+v", r.Last)
	}
}

func TestOutboxLeavesInTheTransactionOfTheMessage(t *testing.T) {
	send := store.Outgoing{ClientID: "client-mine", RoomUUID: room, Text: "mine"}
	reply := wire.SendReply{MessageID: 1001, RoomUUID: room, Seq: 1, Rev: 1, Timestamp: wire.TimeOf(base)}
	h := client.Held{Rev: 1, Lo: 1, Hi: 1, LastSeq: 1}
	event := func(t *testing.T, s *store.Store) { apply(t, s, h, msg(1, 1, me, "mine")) }
	answer := func(t *testing.T, s *store.Store) {
		_, err := s.Confirm(t.Context(), send.ClientID, reply)
		must(t, err)
	}
	cases := map[string][]func(*testing.T, *store.Store){
		"answer, event":         {answer, event},
		"event, answer":         {event, answer},
		"event, no answer":      {event},
		"answer, event, repeat": {answer, event, answer, event},
	}
	for name, steps := range cases {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			addRoom(t, s, client.Held{})
			must(t, s.Enqueue(t.Context(), send))
			for _, do := range steps {
				do(t, s)
			}
			left, err := s.Outbox(t.Context(), "")
			must(t, err)
			page := read(t, s)
			r, err := s.Room(t.Context(), room)
			must(t, err)
			if len(left) != 0 || len(page) != 1 || r.Unread() != 0 || r.Unsent != 0 {
				t.Errorf("outbox %v, page %v, room %+v", left, texts(page), r)
			}
		})
	}
}

func TestConfirmedMessageStaysUntilPassed(t *testing.T) {
	s := fresh(t)
	addRoom(t, s, client.Held{Rev: 1, Lo: 1, Hi: 1, LastSeq: 1})
	must(t, s.Enqueue(t.Context(), store.Outgoing{ClientID: "c", RoomUUID: room, Text: "x"}))
	reply := wire.SendReply{MessageID: 7, RoomUUID: room, Seq: 3, Rev: 3, Timestamp: wire.TimeOf(base)}
	if passed, err := s.Confirm(t.Context(), "c", reply); passed || err != nil {
		t.Fatalf("confirm: passed %v, %v", passed, err)
	}
	if _, err := s.NextOutgoing(t.Context(), room); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a confirmed message would be sent again: %v", err)
	}
	if err := s.Discard(t.Context(), "c"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("discard of a confirmed message: %v", err)
	}
	apply(t, s, client.Held{Rev: 2, Lo: 1, Hi: 2, LastSeq: 2}, msg(2, 2, other, "y"))
	if o, err := s.Outgoing(t.Context(), "c"); err != nil || o.SentSeq != 3 {
		t.Errorf("confirmed message went too early: %+v %v", o, err)
	}
	out := apply(t, s, client.Held{Rev: 5, Lo: 4, Hi: 4, LastSeq: 4}, msg(4, 5, other, "z"))
	if !out[0].Dropped {
		t.Error("nobody is told that the confirmed message is gone")
	}
	if _, err := s.Outgoing(t.Context(), "c"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("confirmed message stayed: %v", err)
	}
}

func TestOutboxOrderFailRetry(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	for _, c := range []string{"1", "2", "3"} {
		must(t, s.Enqueue(ctx, store.Outgoing{ClientID: c, RoomUUID: room, Text: c}))
	}
	next := func() string {
		o, err := s.NextOutgoing(ctx, room)
		must(t, err)
		return o.ClientID
	}
	if next() != "1" {
		t.Error("not the oldest")
	}
	must(t, s.Fail(ctx, "1", `{"code":"forbidden"}`))
	if next() != "2" {
		t.Error("a failed one holds up the next")
	}
	must(t, s.Retry(ctx, "1"))
	if next() != "1" {
		t.Error("a retried one lost its place")
	}
	if err := s.Retry(ctx, "2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("retry of one that did not fail: %v", err)
	}
	must(t, s.Discard(ctx, "1"))
	if next() != "2" {
		t.Error("discarded one is still there")
	}
}

func TestReadMarksOnlyGrow(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	h := client.Held{Rev: 9, Lo: 1, Hi: 9, LastSeq: 9}
	addRoom(t, s, h)
	mark := func(seq int64, want bool) {
		t.Helper()
		_, moved, err := s.MarkRead(ctx, room, seq)
		must(t, err)
		if moved != want {
			t.Errorf("MarkRead(%d) moved = %v", seq, moved)
		}
	}
	unread := func(want int64) {
		t.Helper()
		n, err := s.UnreadTotal(ctx, 0)
		must(t, err)
		if n != want {
			t.Errorf("unread = %d, want %d", n, want)
		}
	}
	unread(9)
	mark(5, true)
	mark(3, false)
	unread(4)
	must(t, s.ReadConfirmed(ctx, store.ReadMark{RoomUUID: room, Seq: 5}, 5))
	mark(5, false)
	mark(100, true) // bounded by the last message
	unread(0)
	marks, err := s.ReadMarks(ctx)
	must(t, err)
	if len(marks) != 1 || marks[0].Seq != 9 {
		t.Errorf("marks = %+v", marks)
	}
	must(t, s.ReadConfirmed(ctx, store.ReadMark{RoomUUID: room, Seq: 6}, 6)) // an old answer
	unread(0)
	must(t, s.ApplyRead(ctx, room, 9)) // another device was faster
	if marks, _ := s.ReadMarks(ctx); len(marks) != 0 {
		t.Errorf("marks = %+v", marks)
	}
	must(t, s.ApplyRead(ctx, room, 2)) // late
	unread(0)
	if _, _, err := s.MarkRead(ctx, other, 1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown room: %v", err)
	}
}

func TestPruneKeepsTheNewest(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	h := client.Held{Rev: 20, Lo: 11, Hi: 20, LastSeq: 20}
	addRoom(t, s, h)
	var ms []wire.Message
	for i := int64(11); i <= 20; i++ {
		ms = append(ms, msg(i, i, other, "m"))
	}
	apply(t, s, h, ms...)
	n, err := s.Prune(ctx, 4)
	must(t, err)
	page := read(t, s)
	held, err := s.Held(ctx)
	must(t, err)
	if n != 6 || len(page) != 4 || page[0].Seq != 17 || held.Rooms[room].Lo != 17 || held.Rooms[room].Hi != 20 {
		t.Errorf("dropped %d, page from %d (%d), held %+v", n, page[0].Seq, len(page), held.Rooms[room])
	}
	if n, err = s.Prune(ctx, 4); n != 0 || err != nil {
		t.Errorf("second prune: %d %v", n, err)
	}
}

func TestRemovedRoomTakesAllWithIt(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	h := client.Held{Rev: 1, Lo: 1, Hi: 1, LastSeq: 1}
	addRoom(t, s, h)
	apply(t, s, h, msg(1, 1, other, "x"))
	must(t, s.Enqueue(ctx, store.Outgoing{ClientID: "c", RoomUUID: room, Text: "x"}))
	must(t, s.SetDraft(ctx, room, store.Draft{Text: "x"}))
	_, err := s.ApplyRooms(ctx, nil, []string{room})
	must(t, err)
	if _, err := s.Room(ctx, room); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("room: %v", err)
	}
	if _, err := s.MessageByID(ctx, 1001); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("message: %v", err)
	}
	if out, _ := s.Outbox(ctx, ""); len(out) != 0 {
		t.Errorf("outbox: %+v", out)
	}
}

func TestDirectoryKeepsTheNewest(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	person := func(name string, rev int64) wire.DirectoryPage {
		return wire.DirectoryPage{Users: []wire.Profile{{UserUUID: other, Name: name, Rev: rev}}, Rev: rev}
	}
	_, err := s.ApplyDirectory(ctx, person("새 이름", 5))
	must(t, err)
	late, err := s.ApplyDirectory(ctx, person("옛 이름", 4))
	must(t, err)
	p, err := s.Person(ctx, other)
	must(t, err)
	rev, err := s.DirectoryRev(ctx)
	must(t, err)
	if p.Name != "새 이름" || len(late.Users) != 0 || rev != 5 {
		t.Errorf("person %+v, late %+v, rev %d", p, late, rev)
	}
}

func TestCancelledContextChangesNothing(t *testing.T) {
	s := fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Enqueue(ctx, store.Outgoing{ClientID: "c", RoomUUID: room}); err == nil {
		t.Error("stored with a cancelled context")
	}
	must(t, s.Enqueue(t.Context(), store.Outgoing{ClientID: "d", RoomUUID: room}))
}

func TestCloseLeavesNobodyAtTheFile(t *testing.T) {
	for range 50 {
		path := filepath.Join(t.TempDir(), "a.db")
		s := open(t, path)
		addRoom(t, s, client.Held{})
		ctx, cancel := context.WithCancel(t.Context())
		var calls sync.WaitGroup
		for range 4 {
			calls.Go(func() {
				for ctx.Err() == nil {
					_, _ = s.Rooms(ctx)
					_ = s.SetDraft(ctx, room, store.Draft{Text: "x"})
				}
			})
		}
		time.Sleep(time.Millisecond) // let them be in the midst of it; any moment will do
		cancel()
		calls.Wait()
		must(t, s.Close())
		if store.Exists(path + "-wal") {
			t.Fatal("the journal was not taken in: somebody has the file open")
		}
	}
}
