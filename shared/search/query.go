package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/shared/wire"
)

// Query is what someone looks for. The zero Query finds nothing.
type Query struct {
	words []string // folded; a phrase has blanks inside
	terms []string
}

// Parse reads a query: words parted by blanks, all of which must be in a text; what stands between quotation marks is one
// phrase, whose words must follow each other. Every other sign means itself.
//
// It refuses with wire.ReasonQueryTooShort what has no word of wire.MinQueryRunes letters, and with
// wire.ReasonQueryTooLong what has more than wire.MaxQueryRunes code points; the reason is empty otherwise. A single
// letter beside a longer word is looked for too.
func Parse(query string) (Query, wire.Reason) {
	if len(query) > wire.MaxQueryRunes*maxLetterBytes { // refuse before spending time on what is far too long
		return Query{}, wire.ReasonQueryTooLong
	}
	query = strings.TrimSpace(norm.NFC.String(query))
	if utf8.RuneCountInString(query) > wire.MaxQueryRunes {
		return Query{}, wire.ReasonQueryTooLong
	}
	var q Query
	for _, word := range split(query) {
		if word = strings.TrimSpace(fold(word)); word != "" && !slices.Contains(q.words, word) {
			q.words = append(q.words, word)
			q.terms = append(q.terms, terms([]rune(word), wire.MaxQueryRunes, true)...)
		}
	}
	if len(q.terms) == 0 {
		return Query{}, wire.ReasonQueryTooShort
	}
	slices.Sort(q.terms)
	q.terms = slices.Compact(q.terms)
	return q, ""
}

// ParseNarrowed is Parse for a search that something else narrows too, such as messages with files: no word at all is fine
// then, and gives an Empty query.
func ParseNarrowed(query string, narrowed bool) (Query, wire.Reason) {
	if narrowed && len(query) <= wire.MaxQueryRunes && strings.TrimSpace(query) == "" {
		return Query{}, ""
	}
	return Parse(query)
}

// Empty reports whether there is no word to look for.
func (q Query) Empty() bool { return len(q.words) == 0 }

// maxLetterBytes is more than a letter takes before it is composed.
const maxLetterBytes = 32

// split parts a query into words and phrases. A quotation mark begins a phrase at the beginning of a word, and ends it at
// the end of one; others mean themselves.
func split(query string) []string {
	var out []string
	for query != "" {
		if rest, ok := strings.CutPrefix(query, `"`); ok {
			if phrase, rest, ok := cutPhrase(rest); ok {
				out, query = append(out, phrase), strings.TrimSpace(rest)
				continue
			}
		}
		word, rest := query, ""
		if i := strings.IndexFunc(query, blank); i >= 0 {
			word, rest = query[:i], query[i:]
		}
		out, query = append(out, word), strings.TrimFunc(rest, blank)
	}
	return out
}

// cutPhrase cuts at the first quotation mark that ends a word.
func cutPhrase(s string) (phrase, rest string, ok bool) {
	for i := range len(s) {
		if s[i] != '"' {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+1:])
		if i > 0 && (i+1 == len(s) || blank(next)) {
			return s[:i], s[i+1:], true
		}
	}
	return "", "", false
}

func blank(r rune) bool { return foldRune(r) == ' ' }

// Terms returns the terms that every text has which the query matches: at least one, sorted. Texts that have them all are
// candidates; Match decides.
func (q Query) Terms() []string { return slices.Clone(q.terms) }

// Match reports whether all words of the query are in a message: in its text or in the names of its files, each word or
// phrase within one of them.
func (q Query) Match(text string, names ...string) bool {
	if len(q.words) == 0 {
		return false
	}
	folded := []string{fold(text)}
	for _, name := range names {
		folded = append(folded, fold(name))
	}
	for _, word := range q.words {
		if !slices.ContainsFunc(folded, func(part string) bool { return find(part, word, 0) >= 0 }) {
			return false
		}
	}
	return true
}

// find is where a word is in a folded text at or after an index; -1 if it isn't.
func find(folded, word string, from int) int {
	first, _ := utf8.DecodeRuneInString(word)
	begins := inWord(first)
	for from <= len(folded) {
		i := strings.Index(folded[from:], word)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(folded[:i])
		if i == 0 || !begins || !inWord(before) {
			return i
		}
		from = i + utf8.RuneLen(first)
	}
	return -1
}

// Range is a part of a text: from Start up to but not with End, in code points of the text in NFC (as messages are stored).
type Range struct{ Start, End int }

// Ranges returns where the words of the query are in a text, in order, without overlap: what a snippet shows in bold.
// It is empty if the query doesn't match.
func (q Query) Ranges(text string) []Range {
	if !q.Match(text) {
		return nil
	}
	folded, origin := foldWithOrigin(text)
	var found []Range
	for _, word := range q.words {
		for i := find(folded, word, 0); i >= 0; i = find(folded, word, i+len(word)) {
			found = append(found, Range{origin[i], origin[i+len(word)-1] + 1})
		}
	}
	return merge(found)
}

// merge sorts ranges and joins those that overlap or touch.
func merge(ranges []Range) []Range {
	slices.SortFunc(ranges, func(a, b Range) int { return a.Start - b.Start })
	var out []Range
	for _, r := range ranges {
		if n := len(out); n > 0 && r.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, r.End)
			continue
		}
		out = append(out, r)
	}
	return out
}
