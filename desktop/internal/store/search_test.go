package store_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/search"
	"himsg/shared/wire"
)

func query(t testing.TB, text string) store.LocalQuery {
	t.Helper()
	q, reason := search.Parse(text)
	if reason != "" {
		t.Fatalf("%q is refused: %s", text, reason)
	}
	return store.LocalQuery{Query: q, Limit: 20}
}

func find(t *testing.T, s *store.Store, q store.LocalQuery) []string {
	t.Helper()
	found, _, err := s.Search(t.Context(), q)
	must(t, err)
	return texts(found)
}

func TestSearch(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	h := client.Held{Rev: 30, Lo: 10, Hi: 13, LastSeq: 13}
	addRoom(t, s, h)
	apply(t, s, h,
		msg(10, 10, other, "주간 회의 자료입니다"), msg(11, 11, me, "Server report"), msg(12, 12, other, "회의록 and 보고서"),
		msg(13, 13, other, "100%"))
	must(t, s.SaveLoose(ctx, room, []wire.Message{msg(3, 3, other, "옛 회의")}, 30))
	second := "00000000-0000-7000-8000-000000000002"
	_, err := s.ApplyRooms(ctx, []client.RoomChange{{Summary: wire.RoomSummary{RoomUUID: second, My: &wire.My{}}}}, nil)
	must(t, err)
	at := func(seconds int) int64 { return base.Add(time.Duration(seconds) * time.Second).UnixMilli() }
	with := func(text string, change func(*store.LocalQuery)) store.LocalQuery {
		q := query(t, text)
		change(&q)
		return q
	}
	for name, c := range map[string]struct {
		query store.LocalQuery
		want  []string
	}{
		"held and loose":  {query(t, "회의"), []string{"회의록 and 보고서", "주간 회의 자료입니다", "옛 회의"}},
		"all words":       {query(t, "회의 보고"), []string{"회의록 and 보고서"}},
		"an operator":     {query(t, "AND 회의록"), []string{"회의록 and 보고서"}},
		"latin, any case": {query(t, "SERV"), []string{"Server report"}},
		"no wildcard":     {query(t, "00%"), []string{}},
		"signs":           {query(t, "100%"), []string{"100%"}},
		"sender":          {with("report", func(q *store.LocalQuery) { q.SenderUUID = other }), []string{}},
		"room":            {with("회의", func(q *store.LocalQuery) { q.RoomUUID = second }), []string{}},
		"own room":        {with("회의록", func(q *store.LocalQuery) { q.RoomUUID = room }), []string{"회의록 and 보고서"}},
		"unknown room":    {with("회의", func(q *store.LocalQuery) { q.RoomUUID = other }), []string{}},
		"from, to":        {with("회의", func(q *store.LocalQuery) { q.From, q.To = at(3), at(12) }), []string{"주간 회의 자료입니다", "옛 회의"}},
		"before":          {with("회의", func(q *store.LocalQuery) { q.Before = 1010 }), []string{"옛 회의"}},
		"the zero query":  {store.LocalQuery{Limit: 5}, []string{}},
	} {
		t.Run(name, func(t *testing.T) { equal(t, "found", find(t, s, c.query), c.want) })
	}
	first, next, err := s.Search(ctx, with("회의", func(q *store.LocalQuery) { q.Limit = 2 }))
	must(t, err)
	if len(first) != 2 || next != first[1].MessageID {
		t.Errorf("first page %v, next %d", texts(first), next)
	}
	if rest, next, err := s.Search(ctx, with("회의", func(q *store.LocalQuery) { q.Before = next })); err != nil || len(rest) != 1 || next != 0 {
		t.Errorf("second page %v, next %d, %v", texts(rest), next, err)
	}
}

// TestSearchFollowsWhatIsHeld: an edit, a delete, a hidden one, a dropped one are found no more, at once.
func TestSearchFollowsWhatIsHeld(t *testing.T) {
	h := client.Held{Rev: 30, Lo: 1, Hi: 2, LastSeq: 2}
	for name, c := range map[string]struct {
		do   func(t *testing.T, s *store.Store)
		want []string
	}{
		"edited": {func(t *testing.T, s *store.Store) { apply(t, s, h, msg(2, 31, other, "다른 말")) }, []string{"비밀 하나"}},
		"edited into": {func(t *testing.T, s *store.Store) {
			apply(t, s, h, msg(2, 31, other, "새 비밀"))
		}, []string{"새 비밀", "비밀 하나"}},
		"deleted":      {func(t *testing.T, s *store.Store) { apply(t, s, h, deleted(2, 31)) }, []string{"비밀 하나"}},
		"an older one": {func(t *testing.T, s *store.Store) { apply(t, s, h, msg(2, 1, other, "옛말")) }, []string{"비밀 둘", "비밀 하나"}},
		"hidden": {func(t *testing.T, s *store.Store) {
			must(t, s.ApplyHidden(t.Context(), room, []int64{2}, 0))
		}, []string{"비밀 하나"}},
		"room gone": {func(t *testing.T, s *store.Store) {
			_, err := s.ApplyRooms(t.Context(), nil, []string{room})
			must(t, err)
		}, []string{}},
		"pruned": {func(t *testing.T, s *store.Store) {
			_, err := s.Prune(t.Context(), 1)
			must(t, err)
		}, []string{"비밀 둘"}},
		"reset and held again": {func(t *testing.T, s *store.Store) {
			_, err := s.ApplyMessages(t.Context(), []client.MessageBatch{{RoomUUID: room, Held: h, Reset: true}})
			must(t, err)
			equal(t, "after the reset", find(t, s, query(t, "비밀")), []string{})
			apply(t, s, h, msg(2, 2, other, "비밀 둘"))
		}, []string{"비밀 둘"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			addRoom(t, s, h)
			apply(t, s, h, msg(1, 1, other, "비밀 하나"), msg(2, 2, other, "비밀 둘"))
			c.do(t, s)
			equal(t, "found", find(t, s, query(t, "비밀")), c.want)
		})
	}
}

const firstRelease = `
insert into meta (key, value) values ('owner', '` + me + `');
insert into rooms values (1, '` + room + `', 'group', '방', 2, '[]', '', 6, 0, '', 'member', 2, 3, 0, 0, 6, 9, 1, 6, 6, 2);
insert into messages
select 1, value + 2, value + 2, 1002 + value, 'c' || value, 'user', '` + other + `', '옛날 글 ' || value, 0, 0, 0, 0, '{}'
from json_each('[1,2,3,4]');
insert into people values ('` + other + `', 5, '{"user_uuid":"` + other + `","name":"이준호","rev":5}');
insert into meta (key, value) values ('directory_rev', '5');
insert into outbox (client_id, room_uuid, text, reply_to_seq, created_at) values ('c', '` + room + `', '보낼 글', 2, 5);
insert into drafts values ('` + room + `', '쓰다 만 글');`

// TestStoreOfTheFirstRelease: its file goes on as it is, asks for what it lacks, and is searched piece by piece.
func TestStoreOfTheFirstRelease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	must(t, store.MakeFirst(t.Context(), path, keyA, firstRelease))
	saved := store.Rescue(t.Context(), path, keyA)
	if len(saved.Outgoing) != 1 || saved.Outgoing[0].ReplyToSeq != 2 || saved.Drafts[room].Text != "쓰다 만 글" {
		t.Errorf("rescued %+v", saved)
	}
	s := open(t, path)
	r, err := s.Room(t.Context(), room)
	must(t, err)
	if h := r.Held; h.MyRev != 0 || h.Border != 2 || h.Lo != 3 || h.Hi != 6 || h.HasOlder() {
		t.Errorf("held %+v", h)
	}
	if r.Draft.Text != "쓰다 만 글" || r.Unsent != 1 || len(read(t, s)) != 4 {
		t.Errorf("room %+v", r)
	}
	if p, err := s.Person(t.Context(), other); err != nil || p.Name != "이준호" {
		t.Errorf("person %+v, %v", p, err)
	}
	rev, err := s.DirectoryRev(t.Context())
	must(t, err)
	fresh, err := s.ApplyDirectory(t.Context(), wire.DirectoryPage{Rev: 5, Users: []wire.Profile{{UserUUID: other, Number: 12, Name: "이준호", Rev: 5}}})
	must(t, err)
	numbers, err := s.PeopleByNumber(t.Context())
	must(t, err)
	if rev != 0 || len(fresh.Users) != 1 || len(numbers) != 1 || numbers[12] != other {
		t.Errorf("directory held up to %d; told of the same people again, with numbers: %+v, %v", rev, fresh.Users, numbers)
	}
	apply(t, s, r.Held, msg(4, 9, other, "옛날 글, 고침")) // before its turn to be indexed
	var seen []int
	for more := true; more; {
		more, err = s.IndexSome(t.Context(), 2)
		must(t, err)
		seen = append(seen, len(find(t, s, query(t, "옛날 글"))))
	}
	if !slices.Equal(seen, []int{3, 4, 4}) {
		t.Errorf("found after each slice: %v", seen)
	}
	if more, err := s.IndexSome(t.Context(), 2); more || err != nil {
		t.Errorf("once more: %v, %v", more, err)
	}
}

// BenchmarkSearch is a search of 100,000 messages in 200 rooms; it reports the 99th percentile.
func BenchmarkSearch(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.db")
	fillWords(b, path)
	s, err := store.Open(b.Context(), path, keyA, me)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	inRoom := query(b, "회의")
	inRoom.RoomUUID = fmt.Sprintf("00000000-0000-7000-8000-%012d", 150)
	for name, q := range map[string]store.LocalQuery{
		"frequent": query(b, "회의"), "rare": query(b, "희귀7"), "phrase": query(b, `"보고서 자료"`), "two words": query(b, "회의 자료"),
		"latin": query(b, "report"), "none": query(b, "없는말"), "in a room": inRoom,
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				if _, _, err := s.Search(b.Context(), q); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

func fillWords(b *testing.B, path string) {
	b.Helper()
	s, err := store.Open(b.Context(), path, keyA, me)
	if err != nil {
		b.Fatal(err)
	}
	words := []string{
		"회의", "자료", "보고서", "확인", "부탁드립니다", "내일", "점심", "report", "server", "일정", "감사합니다", "프로젝트", "검토", "완료", "메일",
		"고객사", "미팅", "견적", "계약서", "출장", "휴가", "결재", "공유", "파일", "수정",
	}
	const perRoom = 500
	for i := range 200 {
		id := fmt.Sprintf("00000000-0000-7000-8000-%012d", i)
		h := client.Held{Rev: perRoom, Lo: 1, Hi: perRoom, LastSeq: perRoom}
		batch := client.MessageBatch{RoomUUID: id, Held: h}
		for seq := 1; seq <= perRoom; seq++ {
			n := i*perRoom + seq
			text := ""
			for k := range 8 {
				text += words[(n*(k+3)+k*k+n/7)%len(words)] + " "
			}
			if n%9973 == 0 {
				text += "희귀7"
			}
			m := msg(int64(seq), int64(seq), other, text)
			m.RoomUUID, m.MessageID = id, int64(n)
			batch.Messages = append(batch.Messages, m)
		}
		change := client.RoomChange{Summary: wire.RoomSummary{RoomUUID: id, LastSeq: perRoom, My: &wire.My{}}, Held: h}
		if _, err = s.ApplyRooms(b.Context(), []client.RoomChange{change}, nil); err != nil {
			b.Fatal(err)
		}
		if _, err = s.ApplyMessages(b.Context(), []client.MessageBatch{batch}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// TestSearchFindsFilesByName: a message is found by its text and by the names of its files.
func TestSearchFindsFilesByName(t *testing.T) {
	s := fresh(t)
	h := client.Held{Rev: 30, Lo: 10, Hi: 11, LastSeq: 11}
	addRoom(t, s, h)
	silent := msg(10, 10, other, "")
	silent.Files = []wire.File{{FileID: "a", Name: "첫째.pdf"}, {FileID: "b", Name: "견적서_최종.PDF"}}
	captioned := msg(11, 11, other, "초안입니다")
	captioned.Files = []wire.File{{FileID: "c", Name: "draft.pdf"}}
	apply(t, s, h, silent, captioned)
	for asked, want := range map[string][]string{
		"견적서": {""}, "첫째 최종": {""}, "pdf": {"초안입니다", ""}, "초안 draft": {"초안입니다"}, `"초안입니다 draft"`: {},
	} {
		equal(t, asked, find(t, s, query(t, asked)), want)
	}
	apply(t, s, client.Held{Rev: 31, Lo: 10, Hi: 11, LastSeq: 11}, deleted(10, 31))
	equal(t, "deleted", find(t, s, query(t, "견적서")), []string{})
}
