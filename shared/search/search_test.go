package search_test

import (
	"slices"
	"strings"
	"testing"

	"himsg/shared/search"
	"himsg/shared/wire"
)

func parse(t testing.TB, query string) search.Query {
	t.Helper()
	q, reason := search.Parse(query)
	if reason != "" {
		t.Fatalf("%q is refused: %s", query, reason)
	}
	return q
}

// candidate reports whether an index that holds the text's terms yields the text for the query.
func candidate(q search.Query, text string) bool {
	terms := search.Terms(text)
	for _, term := range q.Terms() {
		if !slices.Contains(terms, term) {
			return false
		}
	}
	return true
}

func TestMatch(t *testing.T) {
	const minutes = "내일 오후 3시에 주간업무회의를 합니다. 자료는 Report_final-v2.PDF, API서버 점검 100% 완료!"
	for name, c := range map[string]struct {
		text, query string
		want        bool
	}{
		"a word":                     {minutes, "내일", true},
		"inside a longer word":       {minutes, "업무회", true},
		"across a blank":             {minutes, "내일오후", false},
		"several words, any order":   {minutes, "점검 회의", true},
		"one of them is missing":     {minutes, "점검 회의 취소", false},
		"a syllable beside a word":   {minutes, "업무 의", true},
		"a syllable that is missing": {minutes, "업무 왜", false},
		"a letter beside a word":     {minutes, "업무 v", true},
		"Latin in another case":      {minutes, "REPORT", true},
		"Latin from its beginning":   {minutes, "repo", true},
		"Latin from its middle":      {minutes, "port", false},
		"behind a sign":              {minutes, "final", true},
		"an abbreviation":            {minutes, "api", true},
		"Latin and Korean together":  {minutes, "api서버", true},
		"Latin's end and Korean":     {minutes, "pi서버", false},
		"digits and Korean":          {minutes, "3시", true},
		"a file's name":              {minutes, "report_final-v2.pdf", true},
		"percent is no wildcard":     {minutes, "100%", true},
		"nor here":                   {minutes, "내%후", false},
		"underline is no wildcard":   {minutes, "내_", false},
		"star is no wildcard":        {minutes, "주간*", false},
		"a phrase":                   {minutes, `"오후 3시에"`, true},
		"a phrase, blanks differ":    {"오후\n\t3시", `"오후 3시"`, true},
		"a phrase, turned round":     {minutes, `"3시에 오후"`, false},
		"a phrase and a word":        {minutes, `"오후 3시" 점검`, true},
		"a mark that ends no phrase": {`크기 5"x7" 액자`, `5"x7"`, true},
		"one mark alone":             {`그는 "네" 했다`, `"네`, true},
		"decomposed query":           {minutes, "\u1112\u116c\u110b\u1174", true},
		"decomposed text":            {"\u1112\u116c\u110b\u1174록", "회의록", true},
		"jamo":                       {"ㅋㅋㅋㅋ 좋아요", "ㅋㅋ", true},
		"emoji":                      {"수고하셨습니다👍👍", "👍👍", true},
		"emoji with a variant":       {"사랑❤️해요", "❤해", true},
		"signs":                      {"진짜?? ^^", "^^", true},
		"Chinese characters":         {"大韓民國 만세", "民國", true},
		"Japanese":                   {"東京へ行きます", "へ行", true},
		"Cyrillic, another case":     {"Привет, мир", "ПРИВ", true},
		"Cyrillic from its middle":   {"Привет, мир", "ивет", false},
		"accents":                    {"le CAFÉ", "cafe\u0301", true},
		"sigma at a word's end":      {"Οδυσσευς", "ΟΔΥΣΣΕΥΣ", true},
		"joiners between":            {"비\u200b밀", "비밀", true},
		"a direction turned":         {"계약\u202e서", "계약서", true},
		"nothing written":            {"", "회의", false},
	} {
		t.Run(name, func(t *testing.T) {
			q := parse(t, c.query)
			if got := q.Match(c.text); got != c.want {
				t.Errorf("match: %v, want %v", got, c.want)
			}
			if c.want && !candidate(q, c.text) {
				t.Errorf("the index misses it: %q not all in %q", q.Terms(), search.Terms(c.text))
			}
			if got := len(q.Ranges(c.text)) > 0; got != c.want {
				t.Errorf("ranges: %v", q.Ranges(c.text))
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		want  wire.Reason
	}{
		"nothing":               {"", wire.ReasonQueryTooShort},
		"blanks":                {" \t\n ", wire.ReasonQueryTooShort},
		"a letter":              {" 가 ", wire.ReasonQueryTooShort},
		"a composed letter":     {"\u1112\u116c", wire.ReasonQueryTooShort},
		"single letters":        {"가 나 c", wire.ReasonQueryTooShort},
		"only invisible":        {"\u200b\u200d\u202e", wire.ReasonQueryTooShort},
		"two letters":           {"가나", ""},
		"as long as may be":     {strings.Repeat("가", wire.MaxQueryRunes), ""},
		"the same, decomposed":  {strings.Repeat("\u1112\u116c", wire.MaxQueryRunes), ""},
		"blanks around":         {strings.Repeat(" ", 500) + "가나" + strings.Repeat(" ", 500), ""},
		"too long":              {strings.Repeat("가", wire.MaxQueryRunes+1), wire.ReasonQueryTooLong},
		"too long by words":     {strings.Repeat("가나 ", 100), wire.ReasonQueryTooLong},
		"far too long":          {strings.Repeat("e\u0301", 1<<20), wire.ReasonQueryTooLong},
		"not UTF-8":             {"\xff\xfe", ""},
		"an unfinished phrase":  {`"가나`, ""},
		"a phrase of one":       {`"가"`, wire.ReasonQueryTooShort},
		"an empty phrase":       {`""`, ""}, // two signs
		"control characters in": {"가\x00나다", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := search.Parse(c.query); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestZeroQueryFindsNothing(t *testing.T) {
	if (search.Query{}).Match("가나다") {
		t.Error("it matches")
	}
}

func TestRanges(t *testing.T) {
	for name, c := range map[string]struct {
		text, query string
		want        []search.Range
	}{
		"each occurrence":        {"회의 전 회의실", "회의", []search.Range{{0, 2}, {5, 7}}},
		"overlapping words":      {"주간업무회의", "주간업 업무", []search.Range{{0, 4}}},
		"only where words begin": {"import port", "port", []search.Range{{7, 11}}},
		"blanks shown in a row":  {"오후   3시", `"오후 3시"`, []search.Range{{0, 7}}},
		"invisible within":       {"a 비\u200b밀", "비밀", []search.Range{{2, 5}}},
		"not all words":          {"회의", "회의 취소", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse(t, c.query).Ranges(c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestTermsAreBounded looks at texts that someone writes to make an index large.
func TestTermsAreBounded(t *testing.T) {
	for name, text := range map[string]string{
		"no blanks":          strings.Repeat("가나다라마바사", wire.MaxTextRunes/7),
		"all different":      allDifferent(),
		"one long word":      strings.Repeat("a", wire.MaxTextRunes),
		"many short words":   strings.Repeat("ab ", wire.MaxTextRunes/3),
		"marks upon marks":   "h" + strings.Repeat("\u0334\u0321", wire.MaxTextRunes/2-1),
		"turned directions":  strings.Repeat("\u202e가\u202c", wire.MaxTextRunes/3),
		"longer than may be": strings.Repeat(allDifferent(), 3),
	} {
		t.Run(name, func(t *testing.T) { checkTerms(t, text) })
	}
}

func allDifferent() string {
	var b strings.Builder
	for i := range wire.MaxTextRunes {
		b.WriteRune(rune(0xac00 + i*7919%11172))
	}
	return b.String()
}

// checkTerms holds what an index relies on.
func checkTerms(t testing.TB, text string) {
	t.Helper()
	terms := search.Terms(text)
	if len(terms) > wire.MaxTextRunes {
		t.Fatalf("%d terms", len(terms))
	}
	seen := make(map[string]bool, len(terms))
	for _, term := range terms {
		if term == "" || len(term) > search.MaxTermBytes || strings.Trim(term, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
			t.Fatalf("term %q", term)
		}
		if seen[term] {
			t.Fatalf("term %q twice", term)
		}
		seen[term] = true
	}
}

// TestNamesBesideTheText: each word is in the text or in one name, a phrase in one of them.
func TestNamesBesideTheText(t *testing.T) {
	const text = "초안입니다"
	names := []string{"견적서_최종.PDF", "draft v2.hwp"}
	for query, want := range map[string]bool{
		"초안": true, "견적": true, "초안 draft": true, "최종 v2": true, `"draft v2"`: true,
		`"입니다 견적서"`: false, `"PDF draft"`: false, "raft": false, "초안 없음": false,
	} {
		q, reason := search.Parse(query)
		if reason != "" {
			t.Fatalf("%q: %s", query, reason)
		}
		if got := q.Match(text, names...); got != want {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
		terms := search.Terms(text, names...)
		for _, term := range q.Terms() {
			if want && !slices.Contains(terms, term) {
				t.Errorf("%q: no term %q", query, term)
			}
		}
	}
}
