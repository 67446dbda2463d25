package search

import "himsg/shared/wire"

// MaxTermBytes bounds a term.
const MaxTermBytes = 1 + longestPrefix*codeDigits

// prefixes are the lengths of the beginnings of a word that are terms; all of 2 and more find the longest of them that
// they reach. More lengths would make finer candidates and a larger index.
var prefixes = [...]int{2, 3, longestPrefix}

const longestPrefix = 6

// Terms returns the terms of a text, and of the names of files that come with it, for an index, each once, in the order in
// which they occur: lower-case ASCII letters and digits, at most MaxTermBytes each, no more than there are code points. What
// is beyond wire.MaxTextRunes code points of one of them is left out; none is longer.
func Terms(text string, names ...string) []string {
	out := terms([]rune(fold(text)), wire.MaxTextRunes, false)
	if len(names) == 0 {
		return out
	}
	seen := make(map[string]struct{}, len(out))
	for _, term := range out {
		seen[term] = struct{}{}
	}
	for _, name := range names {
		for _, term := range terms([]rune(fold(name)), wire.MaxTextRunes, false) {
			if _, ok := seen[term]; !ok {
				seen[term] = struct{}{}
				out = append(out, term)
			}
		}
	}
	return out
}

// terms are those of a folded text. Of a query fewer are wanted, since each costs time: the longest beginning of a word,
// which implies the others, and of neighbouring pairs only so many that each letter is in one.
func terms(folded []rune, limit int, query bool) []string {
	folded = folded[:min(len(folded), limit)]
	var out []string
	seen := make(map[string]struct{}, len(folded))
	add := func(term string) {
		if _, ok := seen[term]; !ok {
			seen[term] = struct{}{}
			out = append(out, term)
		}
	}
	paired := -1 // the last letter that is in a pair
	for i := 0; i < len(folded); i++ {
		if i > 0 && arePair(folded[i-1:]) {
			if spare := query && paired == i-1 && arePair(folded[i:]); !spare {
				add(pair(folded[i-1], folded[i]))
				paired = i
			}
		}
		if hasSeam(folded, i) {
			add(seam(folded[i-1], folded[i+1], folded[i+2]))
		}
		n := wordLength(folded[i:])
		if n == 0 {
			continue
		}
		for p, length := range prefixes {
			longest := p == len(prefixes)-1 || n < prefixes[p+1]
			if n >= length && (longest || !query) {
				add(prefix(folded[i : i+length]))
			}
		}
		i += n - 1
	}
	return out
}

// arePair reports whether the first two of s are neighbours that are not both letters of one word.
func arePair(s []rune) bool {
	return len(s) > 1 && s[0] != ' ' && s[1] != ' ' && (!inWord(s[0]) || !inWord(s[1]))
}

// wordLength is how many runes of a word's letters s begins with.
func wordLength(s []rune) int {
	for i, r := range s {
		if !inWord(r) {
			return i
		}
	}
	return len(s)
}

// codeDigits are the digits of a rune's code: 36⁴ is more than there are runes.
const codeDigits = 4

const digits = "0123456789abcdefghijklmnopqrstuvwxyz"

// pair is the term of two neighbours that are not both letters of one word: 9 characters, which no beginning of an ASCII
// word has.
func pair(a, b rune) string {
	return string(appendCode(appendCode([]byte{'x'}, a), b))
}

// hasSeam reports whether at i is a blank with the neighbours that make a term.
func hasSeam(s []rune, i int) bool { return s[i] == ' ' && i > 0 && i+2 < len(s) }

// seam is the term of a blank with its neighbours, which makes candidates of a phrase few: the last letter of a word and the
// first two of the next. A word of one letter counts with the blank after it, so that all texts with a phrase have its seams.
func seam(last, first, second rune) string {
	return string(appendCode(appendCode(appendCode([]byte{'y'}, last), first), second))
}

// prefix is the term of a word's beginning: itself if it is ASCII.
func prefix(word []rune) string {
	out := make([]byte, 0, MaxTermBytes)
	for _, r := range word {
		if r >= 0x80 {
			return encoded(word)
		}
		out = append(out, byte(r))
	}
	return string(out)
}

func encoded(word []rune) string {
	out := append(make([]byte, 0, MaxTermBytes), 'z')
	for _, r := range word {
		out = appendCode(out, r)
	}
	return string(out)
}

func appendCode(out []byte, r rune) []byte {
	const n = len(digits)
	v := int(r)
	return append(out, digits[v/(n*n*n)%n], digits[v/(n*n)%n], digits[v/n%n], digits[v%n])
}
