package wire

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed emoji.txt
var emojiList string

var knownEmoji = sync.OnceValue(func() map[string]struct{} {
	known := make(map[string]struct{}, strings.Count(emojiList, "\n"))
	for line := range strings.Lines(emojiList) {
		known[strings.TrimSpace(line)] = struct{}{}
	}
	return known
})

// KnownEmoji reports whether s is exactly one emoji that may be a reaction: one of Unicode's recommended sequences that the
// app's bundled font can draw. The list is made by frontend/scripts/emoji.mjs, for the picker and for this, so that
// nothing can be chosen that is then refused.
func KnownEmoji(s string) bool {
	if s == "" || len(s) > MaxEmojiBytes {
		return false
	}
	_, ok := knownEmoji()[s]
	return ok
}
