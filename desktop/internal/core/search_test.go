package core_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"himsg/desktop/internal/core"
)

// pieces is a snippet with its hits in brackets.
func pieces(snippet []core.Piece) string {
	var b strings.Builder
	for _, p := range snippet {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

func TestSearchOnTheServerOrHere(t *testing.T) {
	s := newServer(t)
	for _, text := range []string{"주간회의 자료", "점심", "회의 끝\n다음 <b>회의</b>는 월요일"} {
		s.say(roomA, other, text)
	}
	for range 25 {
		s.say(roomB, other, "반복되는 회의록")
	}
	a := signedIn(t, s)
	find := func(q core.SearchQuery) core.SearchPage {
		t.Helper()
		page, err := a.Search(q)
		a.ok(err)
		return page
	}
	page := find(core.SearchQuery{Text: " 회의 ", RoomUUID: roomA})
	if page.Local || page.Next != 0 || len(page.Hits) != 2 {
		t.Fatalf("server: %+v", page)
	}
	if got := pieces(page.Hits[0].Snippet); got != "[회의] 끝 다음 <b>[회의]</b>는 월요일" {
		t.Errorf("snippet %q", got)
	}
	a.ok(a.React(page.Hits[1].Message.MessageID, "👍", true)) // what was found can be acted on
	first := find(core.SearchQuery{Text: "회의"})
	if second := find(core.SearchQuery{Text: "회의", Before: first.Next}); len(first.Hits) != 20 || len(second.Hits) != 7 || second.Next != 0 {
		t.Errorf("pages of %d and %d", len(first.Hits), len(second.Hits))
	}
	a.ok(a.MarkRead(roomA))
	a.until(t, "read", func() bool { return a.rooms[roomA].UnreadCount == 0 })
	a.openRoom(roomA) // held from now on
	local := func(when string) {
		t.Helper()
		if page := find(core.SearchQuery{Text: "회의", SenderUUID: other}); !page.Local || len(page.Hits) != 2 || page.Hits[0].Message.Seq != 3 {
			t.Errorf("%s: %+v", when, page)
		}
	}
	s.with(func() { s.searchSleeps = true })
	local("no answer in time")
	a.offline()
	local("offline")
	if page := find(core.SearchQuery{Text: "회의", HasFile: true}); !page.Local || len(page.Hits) != 0 {
		t.Errorf("files: %+v", page)
	}
	for name, q := range map[string]core.SearchQuery{
		"short": {Text: "회"}, "long": {Text: strings.Repeat("가", 201)}, "room": {Text: "회의", RoomUUID: "x"},
		"sender": {Text: "회의", SenderUUID: "x"}, "from": {Text: "회의", From: -1}, "to": {Text: "회의", To: 1 << 62},
		"place": {Text: "회의", Before: -1},
	} {
		if _, err := a.Search(q); failure(t, err).Code != "bad_request" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSnippetsAreShort(t *testing.T) {
	s := newServer(t)
	s.say(roomA, other, strings.Repeat("앞 ", 300)+"바늘"+strings.Repeat(" 뒤", 300))
	s.say(roomA, other, strings.Repeat("앞 ", 300)+"바늘")
	a := signedIn(t, s)
	page, err := a.Search(core.SearchQuery{Text: "바늘"})
	a.ok(err)
	for _, hit := range page.Hits {
		got := pieces(hit.Snippet)
		if n := utf8.RuneCountInString(got); n > 86 || !strings.Contains(got, "[바늘]") || !strings.HasPrefix(got, "…") {
			t.Errorf("%d: %q", n, got)
		}
	}
}
