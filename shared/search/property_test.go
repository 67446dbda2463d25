package search_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"himsg/shared/search"
	"himsg/shared/wire"
)

// letters has what people and attackers write; few of each, so that texts repeat themselves.
var letters = []rune("가각나다회의록한ㅋㅎㅠ韓國へアaAbBzK019éÉßẞñЖжσςΣ  \n\t.,!?%_*\"'-/#@👍❤\ufe0f\u200d\u200b\u202e\u0301\u0334\u1112\u1161\u11ab\ufffd\u034fไทย")

func text(t *rapid.T, label string) string {
	return norm.NFC.String(string(rapid.SliceOfN(rapid.SampledFrom(letters), 0, 60).Draw(t, label)))
}

// TestEveryPartOfAWordIsFound takes any two or more neighbouring letters of any text.
func TestEveryPartOfAWordIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := text(t, "text")
		runes := []rune(written)
		if len(runes) < 2 {
			return
		}
		from := rapid.IntRange(0, len(runes)-2).Draw(t, "from")
		part := string(runes[from:rapid.IntRange(from+2, len(runes)).Draw(t, "to")])
		if strings.ContainsFunc(part, unicode.IsSpace) || strings.Contains(part, `"`) || insideLatin(runes, from) {
			return
		}
		q, reason := search.Parse(part)
		if reason != "" {
			if visible(part) >= wire.MinQueryRunes {
				t.Fatalf("%q is refused: %s", part, reason)
			}
			return
		}
		if !q.Match(written) {
			t.Fatalf("%q does not match %q", part, written)
		}
		if !candidate(q, written) {
			t.Fatalf("%q: %q not all among %q of %q", part, q.Terms(), search.Terms(written), written)
		}
	})
}

// insideLatin reports whether the letter at i goes on a word that is found from its beginning only.
func insideLatin(runes []rune, i int) bool {
	word := func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.M) &&
			!unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
	}
	if !word(runes[i]) && !hidden(runes[i]) {
		return false
	}
	for i--; i >= 0 && hidden(runes[i]); i-- { // they part no words
	}
	return i >= 0 && word(runes[i])
}

func hidden(r rune) bool { return unicode.Is(unicode.Cf, r) || r == '\ufe0f' || r == '\u034f' }

func visible(s string) int {
	n := 0
	for _, r := range s {
		if !hidden(r) {
			n++
		}
	}
	return n
}

// TestEveryPhraseOfATextIsACandidate takes any part of any text, blanks and all, as one phrase.
func TestEveryPhraseOfATextIsACandidate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := text(t, "text")
		runes := []rune(written)
		from := rapid.IntRange(0, len(runes)).Draw(t, "from")
		part := string(runes[from:rapid.IntRange(from, len(runes)).Draw(t, "to")])
		q, reason := search.Parse(`"` + part + `"`)
		if reason == "" && q.Match(written) && !candidate(q, written) {
			t.Fatalf("%q: %q not all among %q of %q", part, q.Terms(), search.Terms(written), written)
		}
	})
}

// TestNoMatchWithoutTerms: what matches is a candidate, for queries that are no part of the text too.
func TestNoMatchWithoutTerms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := text(t, "text")
		q, reason := search.Parse(text(t, "query"))
		if reason == "" && q.Match(written) && !candidate(q, written) {
			t.Fatalf("%q not all among %q", q.Terms(), search.Terms(written))
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("회의 자료", "주간 회의 자료입니다")
	f.Add(`"a b" 100%`, "A\tB 100%!")
	f.Add("\xff\u0334", "h\u0334\xff")
	f.Fuzz(func(t *testing.T, query, written string) {
		q, reason := search.Parse(query)
		if (reason == "") != (len(q.Terms()) > 0) {
			t.Fatalf("%q with %q", reason, q.Terms())
		}
		if utf8.RuneCountInString(written) > wire.MaxTextRunes/3 { // beyond it NFC may pass the limit of a message
			return
		}
		if reason == "" && q.Match(written) && !candidate(q, written) {
			t.Fatalf("%q not all among %q", q.Terms(), search.Terms(written))
		}
		length := utf8.RuneCountInString(norm.NFC.String(written))
		end := -1
		for _, r := range q.Ranges(written) {
			if r.Start <= end || r.End <= r.Start || r.End > length {
				t.Fatalf("ranges %v of %d", q.Ranges(written), length)
			}
			end = r.End
		}
	})
}

func FuzzTerms(f *testing.F) {
	f.Add("주간업무회의 Report_final-v2.PDF 100%")
	f.Add("h\u0334\u0321\u202e\x00\xff👨‍👩‍👧")
	f.Fuzz(func(t *testing.T, written string) { checkTerms(t, written) })
}
