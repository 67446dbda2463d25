package core

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"himsg/shared/wire"
)

// The checks of what the page hands over. The page is hostile until checked: it shows texts of other people.

// Bounds of arguments that the server does not see.
const (
	maxDraftRunes   = wire.MaxTextRunes
	maxAddressBytes = 512
	maxLinkBytes    = 4096
	maxSecretRunes  = 1024 // a typed password, right or wrong
	minZoom         = 80
	maxZoom         = 200
	maxCursorRunes  = 200     // a place in a list, as the server gave it
	maxOffset       = 1 << 24 // pixels of one message above the view
	maxRecentEmoji  = 32
	maxSkinTone     = 5
)

func checkID(id string) error {
	if len(id) != 36 || uuid.Validate(id) != nil {
		return refuse(wire.BadRequest, "", "not an id")
	}
	return nil
}

// checkIDs bounds a list of ids.
func checkIDs(ids []string, most int) error {
	if err := checkCount(len(ids), most); err != nil {
		return err
	}
	for _, id := range ids {
		if err := checkID(id); err != nil {
			return err
		}
	}
	return nil
}

// checkCount bounds how many things a call is about.
func checkCount(n, most int) error {
	if n < 1 || n > most {
		return refuse(wire.BadRequest, "", "none, or too many at a time")
	}
	return nil
}

func checkMentions(d Draft) error {
	if len(d.Mentions) > wire.MaxMentions {
		return refuse(wire.BadRequest, wire.ReasonTooManyMentions, "too many people are mentioned")
	}
	if len(d.Mentions) == 0 {
		return nil
	}
	return checkIDs(d.Mentions, wire.MaxMentions)
}

// unique drops repeats; the first of each stays where it is.
func unique[T comparable](list []T) []T {
	out, seen := make([]T, 0, len(list)), make(map[T]bool, len(list))
	for _, v := range list {
		if !seen[v] {
			out, seen[v] = append(out, v), true
		}
	}
	return out
}

// cleanText brings a message's text to the form in which the server stores it, or refuses it.
func cleanText(text string) (string, error) {
	if len(text) > 4*2*wire.MaxTextRunes {
		return "", refuse(wire.BadRequest, wire.ReasonTextTooLong, "text too long")
	}
	if !utf8.ValidString(text) {
		return "", refuse(wire.BadRequest, wire.ReasonTextInvalid, "broken UTF-8")
	}
	text = norm.NFC.String(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	if strings.TrimSpace(text) == "" {
		return "", refuse(wire.BadRequest, wire.ReasonTextEmpty, "empty text")
	}
	if utf8.RuneCountInString(text) > wire.MaxTextRunes {
		return "", refuse(wire.BadRequest, wire.ReasonTextTooLong, "text too long")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return "", refuse(wire.BadRequest, wire.ReasonTextInvalid, "control character")
	}
	return text, nil
}

// checkField bounds a short text of a form; the server says what is wrong with its content.
func checkField(value string, most int) error {
	if len(value) > 4*most || !utf8.ValidString(value) || utf8.RuneCountInString(value) > most {
		return refuse(wire.BadRequest, wire.ReasonTextTooLong, "field too long or broken")
	}
	return nil
}

// checkFields checks short texts of a form.
func checkFields(values ...string) error {
	for _, v := range values {
		if err := checkField(v, wire.MaxFieldRunes); err != nil {
			return err
		}
	}
	return nil
}

// checkLink lets only plain web addresses out.
func checkLink(address string) (string, error) {
	refused := refuse(wire.BadRequest, "", "only http and https addresses are opened")
	if len(address) > maxLinkBytes || strings.ContainsFunc(address, isUnprintable) {
		return "", refused
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return "", refused
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", refused
	}
	return u.String(), nil
}

func isUnprintable(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }

func unknownEmoji(s string) bool { return !wire.KnownEmoji(s) }

func between(value, least, most int) bool { return least <= value && value <= most }

func checkSettings(s Settings) error {
	ok := slices.Contains([]string{"", "ko", "en"}, s.Language) &&
		slices.Contains([]string{"system", "light", "dark"}, s.Theme) &&
		slices.Contains([]string{"enter", "ctrl_enter"}, s.SendKey) &&
		between(s.IdleLockMinutes, 0, IdleLockMost) && between(s.AwayMinutes, 0, mostAwayMinutes) &&
		between(s.Zoom, minZoom, maxZoom) &&
		between(s.SkinTone, 0, maxSkinTone) && slices.Contains(CacheChoices, s.CacheMB) && checkProxy(s.Proxy) &&
		checkKeywords(s.Keywords) && checkHotkey(s.Hotkey) && s.QuietHours.valid() &&
		len(s.RecentEmoji) <= maxRecentEmoji && !slices.ContainsFunc(s.RecentEmoji, unknownEmoji)
	if !ok {
		return refuse(wire.BadRequest, "", "unknown setting")
	}
	return nil
}
