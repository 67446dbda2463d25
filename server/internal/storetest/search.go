package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// seek searches as a person, with 20 results a page unless the request says otherwise.
func seek(t testing.TB, db *sqlstore.DB, who model.Actor, query string, s chat.Sought) ([]model.Message, bool) {
	t.Helper()
	parsed, reason := search.Parse(query)
	if reason != "" {
		t.Fatalf("%q is refused: %s", query, reason)
	}
	s.UserID, s.Query = who.UserID, parsed
	if s.Limit == 0 {
		s.Limit = 20
	}
	page, more, err := db.Search(context.Background(), s)
	check(t, err)
	return page, more
}

// found are the texts that a search yields.
func found(t testing.TB, db *sqlstore.DB, who model.Actor, query string, s chat.Sought) (texts []string) {
	t.Helper()
	page, _ := seek(t, db, who, query, s)
	for _, m := range page {
		texts = append(texts, m.Text)
	}
	return texts
}

func catchUp(t testing.TB, db *sqlstore.DB) {
	t.Helper()
	_, err := db.CatchUp(context.Background())
	check(t, err)
}

func searchFindsWords(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	room := Group(t, db, people...)
	const meeting, file, loud = "내일 오후 주간업무회의 합니다", "계약서_최종 Report-v2.PDF 100% 완료", "진짜?? ㅋㅋㅋ API서버"
	for _, text := range []string{meeting, file, loud} {
		send(t, db, room, people[0], text)
	}
	catchUp(t, db)
	for query, want := range map[string][]string{
		"업무회":                      {meeting},
		"업무 의":                     {meeting},
		`"오후 주간"`:                  {meeting},
		`"주간 오후"`:                  nil,
		"report":                   {file},
		"REP":                      {file},
		"eport":                    nil,
		"v2.pdf":                   {file},
		"100%":                     {file},
		"10%":                      nil,
		"계약%":                      nil,
		"계약_":                      nil,
		"계약*":                      nil,
		"서_최":                      {file},
		"ㅋㅋ":                       {loud},
		"??":                       {loud},
		"api서버 진짜":                 {loud},
		"\u1112\u116c\u110b\u1174": {meeting},
		"없는말":                      nil,
		"내일 없는말":                   nil,
		"' or 1=1 --":              nil,
		`" AND "`:                  nil,
	} {
		if got := found(t, db, people[1], query, chat.Sought{}); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

// searchPages walks all pages of a frequent and of a rare word over many rooms, of which the reader is in every second.
func searchPages(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	var want []string
	var rooms []model.Room
	for i := range 60 {
		rooms = append(rooms, Group(t, db, people[:1+i%2]...))
	}
	for i := range 400 {
		n, text := i*17%60, fmt.Sprintf("회의록 %d번", i)
		if i%50 == 49 {
			text += " 특별"
		}
		send(t, db, rooms[n], people[0], text)
		if n%2 == 1 {
			want = append(want, text)
		}
	}
	catchUp(t, db)
	if len(want) != 200 {
		t.Fatalf("%d of 400 messages are in his rooms", len(want))
	}
	slices.Reverse(want)
	rare := slices.DeleteFunc(slices.Clone(want), func(s string) bool { return s[len(s)-len("특별"):] != "특별" })
	for query, want := range map[string][]string{"회의록": want, "특별": rare, "의록 특별": rare} {
		for _, limit := range []int{1, 7, 50} {
			var got []string
			for before, more := int64(0), true; more; {
				var page []model.Message
				page, more = seek(t, db, people[1], query, chat.Sought{Before: before, Limit: limit})
				for _, m := range page {
					got, before = append(got, m.Text), m.ID
				}
				if len(page) == 0 && more || len(page) > limit {
					t.Fatalf("%q: a page of %d with more %v", query, len(page), more)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q by %d: got %d, want %d; %q", query, limit, len(got), len(want), got)
			}
		}
	}
}

func searchFilters(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 3)
	first, second := Group(t, db, people...), Group(t, db, people...)
	for i, room := range []model.Room{first, second, first, second} {
		d := Draft(room, people[i/2], fmt.Sprintf("견적서 %d", i))
		d.Now = Start + int64(i)*1000
		_, err := db.Append(context.Background(), d)
		check(t, err)
	}
	catchUp(t, db)
	for name, c := range map[string]struct {
		sought chat.Sought
		want   []string
	}{
		"none":              {chat.Sought{}, []string{"견적서 3", "견적서 2", "견적서 1", "견적서 0"}},
		"a room":            {chat.Sought{RoomUUID: first.UUID}, []string{"견적서 2", "견적서 0"}},
		"a sender":          {chat.Sought{SenderUUID: people[0].UserUUID}, []string{"견적서 1", "견적서 0"}},
		"a silent sender":   {chat.Sought{SenderUUID: people[2].UserUUID}, nil},
		"an unknown sender": {chat.Sought{SenderUUID: uuid.NewString()}, nil},
		"from":              {chat.Sought{From: Start + 2000}, []string{"견적서 3", "견적서 2"}},
		"to":                {chat.Sought{To: Start + 2000}, []string{"견적서 1", "견적서 0"}},
		"from and to":       {chat.Sought{From: Start + 1000, To: Start + 2000}, []string{"견적서 1"}},
		"all":               {chat.Sought{RoomUUID: second.UUID, SenderUUID: people[1].UserUUID, From: Start + 1}, []string{"견적서 3"}},
		"with a file":       {chat.Sought{HasFile: true}, nil},
	} {
		if got := found(t, db, people[2], "견적", c.sought); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func searchForgetsWhatWasDeleted(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	room := Group(t, db, people...)
	gone := send(t, db, room, people[0], "비밀번호 geheim")
	kept := send(t, db, room, people[0], "비밀번호 변경")
	catchUp(t, db)
	if got := found(t, db, people[1], "비밀번호", chat.Sought{}); len(got) != 2 {
		t.Errorf("before: %q", got)
	}
	_, _, err := db.Delete(context.Background(), people[0], gone.ID, Start)
	check(t, err)
	for _, state := range []string{"at once", "when the index followed"} {
		if got := found(t, db, people[1], "비밀번호", chat.Sought{}); !slices.Equal(got, []string{kept.Text}) {
			t.Errorf("%s: %q", state, got)
		}
		catchUp(t, db)
	}
}

func searchFollowsEditsAndHides(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	m := send(t, db, room, people[0], "월요일 회식")
	catchUp(t, db)
	_, _, err := db.Edit(ctx, people[0], chat.Edit{MessageID: m.ID, Text: "금요일 회식 confirmed", Now: Start + 2000})
	check(t, err)
	if got := found(t, db, people[1], "월요일", chat.Sought{}); len(got) != 0 {
		t.Errorf("the old text is found while the index is stale: %q", got)
	}
	catchUp(t, db)
	for query, want := range map[string]int{"월요일": 0, "금요일": 1, "회식 conf": 1} {
		if got := found(t, db, people[1], query, chat.Sought{}); len(got) != want {
			t.Errorf("%q finds %q", query, got)
		}
	}
	_, err = db.Hide(ctx, people[1], []int64{m.ID})
	check(t, err)
	for i, want := range []int{1, 0} {
		if got := found(t, db, people[i], "금요일", chat.Sought{}); len(got) != want {
			t.Errorf("after person 1 hid it, person %d finds %q", i, got)
		}
	}
}

func searchEndsWithMembership(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	group, closed := Group(t, db, people[:3]...), Group(t, db, people[:3]...)
	send(t, db, group, people[0], "인사발령 하나")
	send(t, db, closed, people[0], "인사발령 둘")
	catchUp(t, db)
	_, err := db.LeaveRoom(ctx, people[1], group.UUID, Start)
	check(t, err)
	_, err = db.CloseRoom(ctx, people[0], closed.UUID, Start)
	check(t, err)
	for i, want := range [][]string{{"인사발령 하나"}, nil, {"인사발령 하나"}, nil} {
		if got := found(t, db, people[i], "인사발령", chat.Sought{}); !slices.Equal(got, want) {
			t.Errorf("person %d finds %q, want %q", i, got, want)
		}
	}
	query, _ := search.Parse("인사발령")
	for _, room := range []string{group.UUID, closed.UUID, uuid.NewString()} {
		_, _, err := db.Search(ctx, chat.Sought{UserID: people[1].UserID, Query: query, RoomUUID: room, Limit: 20})
		if !errs.Is(err, wire.NotFound) {
			t.Errorf("search in a room that is not his: %v", err)
		}
	}
}

// searchLeavesSystemLinesOut: they carry names of people and rooms, which are no messages.
func searchLeavesSystemLinesOut(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 3)
	room := Group(t, db, people...)
	_, err := db.LeaveRoom(context.Background(), people[2], room.UUID, Start)
	check(t, err)
	send(t, db, room, people[0], "사람 구합니다")
	catchUp(t, db)
	if got := found(t, db, people[0], "사람", chat.Sought{}); len(got) != 1 {
		t.Errorf("found %q", got)
	}
	if got := found(t, db, people[0], "created", chat.Sought{}); len(got) != 0 {
		t.Errorf("found %q", got)
	}
}

// searchTakesAnyText: what is long, without blanks or odd is found by its end too.
func searchTakesAnyText(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 1)
	room := Group(t, db, people...)
	long := make([]rune, wire.MaxTextRunes)
	for i := range long {
		long[i] = rune(0xac00 + i*7919%11172)
	}
	odd := "h\u0334\u0321\u0334 \u202e거꾸로\u202c 👨\u200d👩\u200d👧 끝"
	for _, text := range []string{string(long), odd, "가"} {
		send(t, db, room, people[0], text)
	}
	catchUp(t, db)
	if got := found(t, db, people[0], string(long[len(long)-20:]), chat.Sought{}); len(got) != 1 {
		t.Errorf("the end of a long text: %d found", len(got))
	}
	if got := found(t, db, people[0], string(long[:wire.MaxQueryRunes]), chat.Sought{}); len(got) != 1 {
		t.Errorf("a long query: %d found", len(got))
	}
	if got := found(t, db, people[0], "거꾸로 👨👩", chat.Sought{}); !slices.Equal(got, []string{odd}) {
		t.Errorf("odd: %q", got)
	}
}
