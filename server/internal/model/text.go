package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// The texts of refusals that these rules give.
var (
	textEmpty    = errs.Text{KO: "내용을 입력해주세요.", EN: "Please write something."}
	textTooLong  = errs.Text{KO: "메시지는 10,000자를 넘을 수 없습니다.", EN: "A message can't be longer than 10,000 characters."}
	textInvalid  = errs.Text{KO: "사용할 수 없는 문자가 들어 있습니다.", EN: "It contains characters that are not allowed."}
	fieldEmpty   = errs.Text{KO: "필수 항목입니다.", EN: "This field is required."}
	fieldTooLong = errs.Text{KO: "너무 깁니다.", EN: "This is too long."}
)

// MessageText checks and normalises a message: a Caption that is not empty.
func MessageText(s string) (string, error) {
	s, err := Caption(s)
	if err == nil && s == "" {
		err = errs.E(wire.BadRequest, wire.ReasonTextEmpty, textEmpty)
	}
	return s, err
}

// Caption checks and normalises the text of a message that has files: valid UTF-8, NFC, at most 10,000 code points, no control
// characters but newline and tab. Line ends become "\n"; blanks around the text are the writer's own and stay, blanks alone are
// no text.
func Caption(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errs.E(wire.BadRequest, wire.ReasonTextInvalid, textInvalid)
	}
	// NFC never makes a text longer than 3 times in UTF-8 (UAX #15); refuse before spending time on what is far too long.
	if len(s) > wire.MaxTextRunes*12 {
		return "", errs.E(wire.BadRequest, wire.ReasonTextTooLong, textTooLong)
	}
	s = norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n"))
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	if utf8.RuneCountInString(s) > wire.MaxTextRunes {
		return "", errs.E(wire.BadRequest, wire.ReasonTextTooLong, textTooLong)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }) {
		return "", errs.E(wire.BadRequest, wire.ReasonTextInvalid, textInvalid)
	}
	return s, nil
}

// Line checks and normalises a one-line text of a form: NFC, trimmed, at most limit code points, no control characters, no
// direction overrides (they make a name look like another). Empty is allowed only when required is false.
func Line(field, s string, limit int, required bool) (string, error) {
	if !utf8.ValidString(s) {
		return "", errs.BadField(field, textInvalid)
	}
	if len(s) > limit*12 {
		return "", errs.BadField(field, fieldTooLong)
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	switch {
	case s == "" && required:
		return "", errs.BadField(field, fieldEmpty)
	case utf8.RuneCountInString(s) > limit:
		return "", errs.BadField(field, fieldTooLong)
	case strings.ContainsFunc(s, notInLine):
		return "", errs.BadField(field, textInvalid)
	}
	return s, nil
}

func notInLine(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
		(r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
}

// Key folds a text for comparing: NFC, lower case. Unique columns that must ignore case hold it.
func Key(s string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(s))) }

// Preview is the first line of a text, cut to limit code points.
func Preview(s string, limit int) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	n := 0
	for i := range s {
		if n == limit {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
