package wire_test

import (
	"testing"

	"himsg/shared/wire"
)

func TestKnownEmoji(t *testing.T) {
	for s, want := range map[string]bool{
		"👍": true, "👍🏽": true, "❤️": true, "👨‍👩‍👧": true, "🇰🇷": true, "1️⃣": true, "🫠": true,
		"": false, "a": false, "1": false, "ㅋ": false, "👍👍": false, "👍 ": false, ":+1:": false, "🏽": false,
		"👍\u200d": false, "<img>": false, "\u202e": false, "👍\n": false,
	} {
		if got := wire.KnownEmoji(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
