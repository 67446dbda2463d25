package files

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// longestSaidName bounds what is looked at: NFC never makes a text longer than three times.
const longestSaidName = 4 * wire.MaxFileNameBytes

// maxExtension is more than any of the known extensions has.
const maxExtension = 10

// cleanName makes a name that can be shown and stored on any system out of what somebody said: the last part of a path, NFC,
// no control or invisible characters, no marks of direction, none of the characters and names that Windows reserves, at most
// wire.MaxFileNameBytes, cut between runes with the extension kept.
//
// It returns wire.BadRequest (file_name) for what has no usable character.
func cleanName(said string) (string, error) {
	if !utf8.ValidString(said) || len(said) > longestSaidName*3 {
		return "", errs.E(wire.BadRequest, wire.ReasonFileName, textBadName)
	}
	if i := strings.LastIndexAny(said, `/\`); i >= 0 {
		said = said[i+1:]
	}
	name := norm.NFC.String(strings.Map(nameRune, said))
	name = strings.TrimRight(strings.TrimSpace(name), ". ")
	if strings.Trim(name, "._ ") == "" {
		return "", errs.E(wire.BadRequest, wire.ReasonFileName, textBadName)
	}
	name = cutName(unreserved(name))
	if name == "" {
		return "", errs.E(wire.BadRequest, wire.ReasonFileName, textBadName)
	}
	return name, nil
}

// nameRune says what becomes of a rune: itself, "_", or nothing (-1).
func nameRune(r rune) rune {
	switch {
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	case r == '\u200d' || r == '\u200c': // joiners: emoji and scripts need them inside a word, and they hide nothing there
		return -1
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
		return -1 // Cf holds the marks and overrides of direction, zero-width characters and tags
	case unicode.In(r, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
		return -1
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// unreserved marks names that Windows takes for a device, whatever their extension.
func unreserved(name string) string {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimSpace(stem))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return "_" + name
	}
	if number, ok := strings.CutPrefix(stem, "COM"); ok && isPortNumber(number) {
		return "_" + name
	}
	if number, ok := strings.CutPrefix(stem, "LPT"); ok && isPortNumber(number) {
		return "_" + name
	}
	return name
}

func isPortNumber(s string) bool {
	const numbers = "0123456789¹²³"
	return utf8.RuneCountInString(s) == 1 && strings.Contains(numbers, s)
}

// cutName shortens a name to wire.MaxFileNameBytes, between runes, and keeps its extension.
func cutName(name string) string {
	if len(name) <= wire.MaxFileNameBytes {
		return name
	}
	ext := ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= maxExtension+1 {
		name, ext = name[:i], name[i:]
	}
	keep := wire.MaxFileNameBytes - len(ext)
	for keep > 0 && !utf8.RuneStart(name[keep]) {
		keep--
	}
	stem := strings.TrimRight(name[:keep], ". ")
	return stem + ext
}

// extensionOf is a name's extension in lower case, without the dot; empty if it has none.
func extensionOf(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || len(name)-i-1 > maxExtension {
		return ""
	}
	return strings.ToLower(name[i+1:])
}
