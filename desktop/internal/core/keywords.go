package core

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	maxKeywords     = 20
	maxKeywordRunes = 40
)

// folded is a text as keywords are compared: composed, without case.
func folded(text string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}

// keywordIn returns the first of the keywords that a text holds, or "".
//
// A word in Latin letters or digits must not go on beyond the keyword ("AI" is not in "said" or "AI2"), but a Korean
// particle may follow it ("AI를"). Korean is found anywhere: "보고서" in "보고서를" and in "월간보고서".
func keywordIn(text string, keywords []string) string {
	if len(keywords) == 0 {
		return ""
	}
	whole := folded(text)
	for _, keyword := range keywords {
		if word := folded(keyword); word != "" && standsIn(whole, word) {
			return keyword
		}
	}
	return ""
}

func standsIn(text, word string) bool {
	for start := 0; ; {
		at := strings.Index(text[start:], word)
		if at < 0 {
			return false
		}
		begin, end := start+at, start+at+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		first, size := utf8.DecodeRuneInString(word)
		last, _ := utf8.DecodeLastRuneInString(word)
		after, _ := utf8.DecodeRuneInString(text[end:])
		goesOn := joins(before) && joins(first) || joins(last) && joins(after)
		if !goesOn {
			return true
		}
		start = begin + size
	}
}

// joins reports whether two such runes beside each other are one word. Hangul, kana and Chinese characters are written
// without spaces, or with particles.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) &&
		!unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// checkKeywords wants each to be a short line of its own.
func checkKeywords(keywords []string) bool {
	if len(keywords) > maxKeywords {
		return false
	}
	for i, word := range keywords {
		bad := word == "" || word != strings.TrimSpace(word) || !utf8.ValidString(word) ||
			utf8.RuneCountInString(word) > maxKeywordRunes || strings.ContainsFunc(word, unicode.IsControl)
		if bad {
			return false
		}
		for _, other := range keywords[:i] {
			if folded(other) == folded(word) {
				return false
			}
		}
	}
	return true
}
