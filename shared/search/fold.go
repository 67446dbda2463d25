package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// noBlanks are scripts whose words stand in longer runs of letters: these are found anywhere.
var noBlanks = []*unicode.RangeTable{
	unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// The Hangul syllables, the most frequent letters here, and the last character of ASCII.
const (
	firstSyllable = '\uac00'
	lastSyllable  = '\ud7a3'
)

// Fold is a text as it is compared here: whoever looks for a part of a short text (a file's name) folds both.
func Fold(text string) string { return fold(text) }

// fold makes texts that mean the same equal: NFC, without case, without what can't be seen, a single blank for any.
// A part of a text in NFC folds to a part of the folded text.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	foldEach(text, func(_ int, r rune) { b.WriteRune(r) })
	return b.String()
}

// foldWithOrigin is fold, and for each byte of the folded text which code point of the text in NFC it came from.
func foldWithOrigin(text string) (folded string, origin []int) {
	var b strings.Builder
	foldEach(text, func(at int, r rune) {
		b.WriteRune(r)
		for len(origin) < b.Len() {
			origin = append(origin, at)
		}
	})
	return b.String(), origin
}

// foldEach hands out the runes of the folded text, and which code point of the text in NFC each one was.
func foldEach(text string, emit func(at int, r rune)) {
	blank, at := true, -1
	for _, r := range norm.NFC.String(text) {
		at++
		if r = foldRune(r); r < 0 || r == ' ' && blank {
			continue
		}
		blank = r == ' '
		emit(at, r)
	}
}

// foldRune is a rune without case; a blank for all that parts words, -1 for what can't be seen.
func foldRune(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r <= ' ', r == 0x7f:
		return ' '
	case r < utf8.RuneSelf, r >= firstSyllable && r <= lastSyllable:
		return r
	case unicode.IsSpace(r), unicode.IsControl(r):
		return ' '
	case invisible(r):
		return -1
	}
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return unicode.ToLower(least)
}

// invisible are characters that steer how others are shown: joiners, directions, variants. Someone who types what he
// sees doesn't type them.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u034f'
}

// inWord reports whether a folded rune belongs to words that are found from their beginning.
func inWord(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	case r >= firstSyllable && r <= lastSyllable:
		return false
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M) && !unicode.In(r, noBlanks...)
}
