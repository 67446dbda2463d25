package legacy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"

	"himsg/shared/wire"
)

// repair says what was done to a text so that it can come.
type repair uint8

const (
	reencoded repair = 1 << iota // it was written in another character set, and could be read
	damaged                      // bytes that are no text in any character set were replaced
	cleaned                      // control characters were removed
	cut                          // it was too long
)

// readable makes UTF-8 of what the database gives.
func readable(s string) (string, repair) {
	if !utf8.ValidString(s) {
		if text, err := korean.EUCKR.NewDecoder().String(s); err == nil && !strings.ContainsRune(text, utf8.RuneError) && hangul(text) {
			return text, reencoded
		}
		return strings.ToValidUTF8(s, "\uFFFD"), damaged
	}
	if text, ok := unmojibake(s); ok {
		return text, reencoded
	}
	return s, 0
}

// unmojibake turns "ê¹€" back into "김": UTF-8 that was taken for Latin-1 and encoded again. It does so only if every character
// is one of Latin-1 (as MySQL means it: Windows-1252), their bytes are UTF-8, and what comes out holds Hangul or Chinese
// characters, which no text does by chance.
func unmojibake(s string) (string, bool) {
	high := false
	raw := make([]byte, 0, len(s))
	for _, r := range s {
		b, ok := latinByte(r)
		if !ok {
			return "", false
		}
		high = high || b >= 0x80
		raw = append(raw, b)
	}
	if !high || !utf8.Valid(raw) || !hangul(string(raw)) {
		return "", false
	}
	return string(raw), true
}

// latinByte is the byte of a character in MySQL's latin1: Windows-1252, with the five bytes that are none there as they are.
func latinByte(r rune) (byte, bool) {
	if r < 0x80 || r >= 0xa0 && r <= 0xff {
		return byte(r), true
	}
	switch r {
	case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}

func hangul(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Hangul, unicode.Han) })
}

// messageText is a text as model.MessageText wants it, but for its length; blank is empty.
func messageText(s string) (string, repair) {
	s, done := readable(s)
	s = norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n"))
	s = strings.ReplaceAll(s, "\r", "\n")
	clean := strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	if clean != s {
		done |= cleaned
	}
	if strings.TrimSpace(clean) == "" {
		return "", done
	}
	return clean, done
}

// split cuts a text into messages, at line ends where it can. A text that fits is one part.
func split(s string) []string {
	var parts []string
	for utf8.RuneCountInString(s) > wire.MaxTextRunes {
		at, n := 0, 0
		for i := range s {
			if n == wire.MaxTextRunes {
				at = i
				break
			}
			n++
		}
		if end := strings.LastIndexByte(s[:at], '\n'); end > at/2 && strings.TrimSpace(s[:end]) != "" {
			parts, s = append(parts, s[:end]), s[end+1:]
		} else {
			parts, s = append(parts, s[:at]), s[at:]
		}
		if strings.TrimSpace(s) == "" {
			return parts
		}
	}
	return append(parts, s)
}

// line is a one-line text as model.Line wants it: what is not allowed in one becomes nothing, a line end a blank.
func line(s string, limit int) (string, repair) {
	s, done := readable(s)
	clean := strings.TrimSpace(norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)))
	if clean != strings.TrimSpace(norm.NFC.String(s)) {
		done |= cleaned
	}
	if short := firstRunes(clean, limit); short != clean {
		clean, done = strings.TrimSpace(short), done|cut
	}
	return clean, done
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// fileLine is what the original wrote as the text of a file's message. A database of three-byte characters kept marks for the sign.
var fileLine = regexp.MustCompile(`^(?:📎|\?{1,4}|\x{FFFD})\s*파일: (.*)$`)

// saidName is the file's name in such a text.
func saidName(text string) (name string, is bool) {
	found := fileLine.FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	return strings.TrimSpace(found[1]), true
}
