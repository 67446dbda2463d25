package wire_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"himsg/shared/wire"
)

func TestNumbersComeBackAsTheyWere(t *testing.T) {
	dense := make(wire.Numbers, 10_000)
	for i := range dense {
		dense[i] = int64(i + 1)
	}
	for _, want := range []wire.Numbers{nil, {1}, {1, 2, 3}, {7, 300, 70_000, math.MaxInt64}, {math.MaxInt64}, dense} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got wire.Numbers
		if err := json.Unmarshal(text, &got); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d numbers came back as %d: %v", len(want), len(got), err)
		}
		if len(text) > 14_000 {
			t.Errorf("%d numbers are %d bytes", len(want), len(text))
		}
	}
}

func TestNumbersThatDoNotAscendAreRefused(t *testing.T) {
	for _, numbers := range []wire.Numbers{{0}, {-1}, {2, 2}, {3, 1}, make(wire.Numbers, wire.MaxNumbers+1)} {
		if text, err := json.Marshal(numbers); err == nil {
			t.Errorf("%.20v is %.20s", numbers, text)
		}
	}
	for _, text := range []string{`"AA"`, `"gAA"`, `"AQA"`, `"AQ=="`, `"AR"`, `"!"`, `"gA"`, `"////////////AQ"`, `"AX////////////AQ"`, `5`, `[1]`} {
		var got wire.Numbers
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is %v", text, got)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"", "AQ", "AQEB", "gAE", "////////////AQ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got wire.Numbers
		if got.UnmarshalText([]byte(text)) != nil {
			return
		}
		again, err := got.MarshalText()
		if err != nil || string(again) != text {
			t.Errorf("%q was taken as %d numbers, which are %q: %v", text, len(got), again, err)
		}
	})
}
