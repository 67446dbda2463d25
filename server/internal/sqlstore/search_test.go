package sqlstore_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/search"
)

func say(t testing.TB, db *sqlstore.DB, room model.Room, who model.Actor, text string) model.Message {
	t.Helper()
	stored, err := db.Append(context.Background(), storetest.Draft(room, who, text))
	if err != nil {
		t.Fatal(err)
	}
	return stored.Message
}

func hits(t testing.TB, db *sqlstore.DB, who model.Actor, words string) (texts []string) {
	t.Helper()
	query, reason := search.Parse(words)
	if reason != "" {
		t.Fatal(reason)
	}
	page, _, err := db.Search(context.Background(), chat.Sought{UserID: who.UserID, Query: query, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range page {
		texts = append(texts, m.Text)
	}
	return texts
}

func catchUp(t testing.TB, db *sqlstore.DB) int {
	t.Helper()
	n, err := db.CatchUp(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSearchShowsWhatANewMemberMaySee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		people := storetest.People(t, db, 2)
		room := storetest.Group(t, db, people...)
		say(t, db, room, people[0], "연봉 협상 전")
		setUp(t, db, "update room_members set joined_seq = 2, last_read_seq = 2 where user_id = ?", people[1].UserID)
		say(t, db, room, people[0], "연봉 협상 후")
		catchUp(t, db)
		if got := hits(t, db, people[1], "연봉"); !slices.Equal(got, []string{"연봉 협상 후"}) {
			t.Errorf("he finds %q", got)
		}
		setUp(t, db, "update rooms set history = 'all'")
		if got := hits(t, db, people[1], "연봉"); !slices.Equal(got, []string{"연봉 협상 후", "연봉 협상 전"}) {
			t.Errorf("with open history he finds %q", got)
		}
	})
}

func TestSearchFollowsEdits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		people := storetest.People(t, db, 1)
		room := storetest.Group(t, db, people...)
		m := say(t, db, room, people[0], "월요일 회식")
		catchUp(t, db)
		setUp(t, db, "update messages set text = '금요일 회식 confirmed', rev = rev + 1 where id = ?", m.ID)
		setUp(t, db, "update rooms set rev = rev + 1 where id = ?", room.ID)
		if got := hits(t, db, people[0], "월요일"); len(got) != 0 {
			t.Errorf("the old text is found while the index is stale: %q", got)
		}
		if n := catchUp(t, db); n != 1 {
			t.Errorf("%d messages were indexed", n)
		}
		for words, want := range map[string]int{"월요일": 0, "금요일": 1, "회식 conf": 1} {
			if got := hits(t, db, people[0], words); len(got) != want {
				t.Errorf("%q finds %q", words, got)
			}
		}
		if n := catchUp(t, db); n != 0 {
			t.Errorf("%d messages were indexed again", n)
		}
	})
}

func TestDeletedMessagesLeaveTheIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		ctx, db := context.Background(), open(t)
		people := storetest.People(t, db, 1)
		room := storetest.Group(t, db, people...)
		gone, kept := say(t, db, room, people[0], "주민등록번호 secret"), say(t, db, room, people[0], "주민등록번호 양식")
		catchUp(t, db)
		if _, _, err := db.Delete(ctx, people[0], gone.ID, 1); err != nil {
			t.Fatal(err)
		}
		catchUp(t, db)
		if ids, err := sqlstore.Indexed(ctx, db); err != nil || !slices.Equal(ids, []int64{kept.ID}) {
			t.Errorf("the index holds %v, want %d; %v", ids, kept.ID, err)
		}
	})
}

// TestWaysOfAskingTheIndexAgree compares the two ways with each other and with the texts.
func TestWaysOfAskingTheIndexAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		ctx, db := context.Background(), open(t)
		people := storetest.People(t, db, 2)
		var rooms []model.Room
		for i := range 90 {
			rooms = append(rooms, storetest.Group(t, db, people[:1+i%2]...))
		}
		want := map[string][]int64{}
		for i := range 1500 {
			n := i * 37 % 90
			text := []string{"회의", "회의 자료", "자료 report", "report 회의 자료 공유", "공유"}[i*7%5]
			m := say(t, db, rooms[n], people[0], text)
			for _, words := range []string{"회의", "회의 자료", "자료 공유 rep", "회의 자료 공유 report"} {
				query, _ := search.Parse(words)
				if n%2 == 1 && query.Match(text) {
					want[words] = append(want[words], m.ID)
				}
			}
		}
		catchUp(t, db)
		if len(want) != 4 {
			t.Fatalf("only %d queries have something to find", len(want))
		}
		for words, ids := range want {
			slices.Reverse(ids)
			query, _ := search.Parse(words)
			ways, err := sqlstore.Candidates(ctx, db, chat.Sought{UserID: people[1].UserID, Query: query, Limit: 3})
			if err != nil {
				t.Fatal(err)
			}
			for way, got := range ways {
				if !slices.IsSortedFunc(got, func(a, b int64) int { return cmp.Compare(b, a) }) {
					t.Errorf("%q, way %d: not the newest first", words, way)
				}
				all := len(got)
				got = slices.DeleteFunc(got, func(id int64) bool { return !slices.Contains(ids, id) }) // more are allowed
				if !slices.Equal(got, ids) || len(query.Terms()) == 1 && all != len(ids) {
					t.Errorf("%q, way %d: %d of %d candidates are right, want %d", words, way, len(got), all, len(ids))
				}
			}
		}
	})
}

// reopen gives databases on the same data and with the same index file, each with connections of its own, as restarts have.
func reopen(t *testing.T, run func(t *testing.T, open func() *sqlstore.DB, dir string)) {
	dir := t.TempDir()
	t.Run("sqlite", func(t *testing.T) {
		run(t, func() *sqlstore.DB { return storetest.SQLiteIn(t, dir) }, dir)
	})
	t.Run("mariadb", func(t *testing.T) { // in the directory that was the other database's
		url := storetest.SharedMariaDB(t).URL(t)
		run(t, func() *sqlstore.DB { return storetest.OpenURL(t, url, dir) }, dir)
	})
}

func TestIndexingGoesOnAfterARestart(t *testing.T) {
	reopen(t, func(t *testing.T, open func() *sqlstore.DB, _ string) {
		ctx, db := context.Background(), open()
		people := storetest.People(t, db, 1)
		room := storetest.Group(t, db, people...)
		for i := range 450 {
			say(t, db, room, people[0], fmt.Sprintf("주문번호%03d", i))
		}
		first, err := sqlstore.IndexPart(ctx, db)
		if err != nil || first == 0 || first >= 450 {
			t.Fatalf("the first part has %d messages, %v", first, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = open()
		if rest := catchUp(t, db); first+rest != 451 { // the room's first line too
			t.Errorf("%d and %d messages were indexed", first, rest)
		}
		for i := range 450 {
			if got := hits(t, db, people[0], fmt.Sprintf("호%03d", i)); len(got) != 1 {
				t.Fatalf("message %d: %q", i, got)
			}
		}
	})
}

// TestManyRoomsAreIndexedTogether: a few messages in each of many rooms are one transaction, and the rest another.
func TestManyRoomsAreIndexedTogether(t *testing.T) {
	reopen(t, func(t *testing.T, open func() *sqlstore.DB, _ string) {
		ctx, db := context.Background(), open()
		people := storetest.People(t, db, 2)
		catchUp(t, db)
		for i := range 60 {
			say(t, db, storetest.Group(t, db, people...), people[0], fmt.Sprintf("주문번호%03d", i))
		}
		for part, want := range []int{100, 20, 0} { // each room's first line too
			if n, err := sqlstore.IndexPart(ctx, db); err != nil || n != want {
				t.Errorf("part %d has %d messages, want %d; %v", part, n, want, err)
			}
		}
		for i := range 60 {
			if got := hits(t, db, people[0], fmt.Sprintf("호%03d", i)); len(got) != 1 {
				t.Errorf("message %d: %q", i, got)
			}
		}
	})
}

// TestNodesIndexAtOnce: two processes with one data directory store, delete and index together, and the index ends up as if
// one had.
func TestNodesIndexAtOnce(t *testing.T) {
	reopen(t, func(t *testing.T, open func() *sqlstore.DB, _ string) {
		ctx, nodes := context.Background(), []*sqlstore.DB{open(), open()}
		people := storetest.People(t, nodes[0], 2)
		rooms := []model.Room{storetest.Group(t, nodes[0], people...), storetest.Group(t, nodes[0], people...)}
		var mu sync.Mutex
		var kept []int64
		var work sync.WaitGroup
		for n, db := range nodes {
			work.Go(func() {
				for i := range 120 {
					m := say(t, db, rooms[i%2], people[n], fmt.Sprintf("공지 %d-%d", n, i))
					if i%5 == 4 {
						if _, _, err := db.Delete(ctx, people[n], m.ID, storetest.Start+2000); err != nil {
							t.Error(err)
						}
						continue
					}
					mu.Lock()
					kept = append(kept, m.ID)
					mu.Unlock()
				}
			})
			work.Go(func() {
				for range 30 {
					if _, err := db.CatchUp(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		work.Wait()
		catchUp(t, nodes[0])
		slices.Sort(kept)
		if ids, err := sqlstore.Indexed(ctx, nodes[1]); err != nil || !slices.Equal(ids, kept) {
			t.Errorf("the index holds %d messages, want %d; %v", len(ids), len(kept), err)
		}
	})
}

// TestIndexOfAnOlderCopyIsMadeAnew: a database that was put back from a copy has rooms that the index is ahead of.
func TestIndexOfAnOlderCopyIsMadeAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		people := storetest.People(t, db, 1)
		room := storetest.Group(t, db, people...)
		m := say(t, db, room, people[0], "이전 내용")
		say(t, db, room, people[0], "사라질 내용")
		catchUp(t, db)
		setUp(t, db, "delete from messages where id > ?", m.ID)
		setUp(t, db, "update messages set text = '다른 글' where id = ?", m.ID)
		setUp(t, db, "update rooms set rev = rev - 1, last_seq = last_seq - 1")
		catchUp(t, db)
		if got := hits(t, db, people[0], "다른"); len(got) != 1 {
			t.Errorf("found %q", got)
		}
		if got := hits(t, db, people[0], "내용"); len(got) != 0 {
			t.Errorf("found %q", got)
		}
	})
}

// TestIndexerFollows: what is stored is found soon, without anybody asking for it.
func TestIndexerFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		people := storetest.People(t, db, 1)
		room := storetest.Group(t, db, people...)
		say(t, db, room, people[0], "시작 전에 쓴 글")
		x := sqlstore.StartIndexer(db)
		defer x.Close()
		say(t, db, room, people[0], "시작 후에 쓴 글")
		x.Wake()
		giveUp := time.After(30 * time.Second)
		look := time.NewTicker(20 * time.Millisecond)
		defer look.Stop()
		// The figures follow what they count.
		for len(hits(t, db, people[0], "쓴글")) != 0 || len(hits(t, db, people[0], "시작")) != 2 || db.Stats().Indexed < 3 {
			select {
			case <-look.C:
			case <-giveUp:
				t.Fatalf("not indexed: %+v", db.Stats())
			}
		}
		x.Close() // once more is harmless
	})
}
