package faults

import (
	"bytes"
	"strings"
	"testing"

	"himsg/server/cmd/himsg-bench/internal/judge"
)

// TestRow: a row passes only when nothing is wrong with it, and it says what is.
func TestRow(t *testing.T) {
	clean := judge.Verdict{Acked: 7}
	for name, c := range map[string]struct {
		row  Row
		good bool
		says string
	}{
		"clean":             {Row{Verdict: clean}, true, ""},
		"nothing was acked": {Row{}, false, ""},
		"lost":              {Row{Verdict: judge.Verdict{Acked: 7, Lost: 1, Details: []string{"that one"}}}, false, "that one"},
		"differing":         {Row{Verdict: judge.Verdict{Acked: 7, Differing: 1}}, false, ""},
		"within":            {Row{Verdict: clean, Figures: []Figure{{Name: "p95", Value: 5, Limit: 5, Goal: true}}}, true, "p95 5 (≤ 5)"},
		"too high":          {Row{Verdict: clean, Figures: []Figure{{Name: "p95", Value: 5.5, Limit: 5, Goal: true}}}, false, "TOO HIGH"},
		"only told":         {Row{Verdict: clean, Figures: []Figure{{Name: "cuts", Value: 50}}}, true, "cuts 50"},
		"not possible":      {Row{Verdict: clean, Impossible: "no nft"}, false, "not possible here: no nft"},
		"failed":            {Row{Verdict: clean, Failed: "no time"}, false, "FAILED: no time"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := c.row.write(&out); err != nil {
				t.Fatal(err)
			}
			if c.row.Good() != c.good || !strings.Contains(out.String(), c.says) {
				t.Errorf("good %v, want %v:\n%s", c.row.Good(), c.good, out.String())
			}
		})
	}
}

// TestRegistry: names are the flag's values, and every fault can be made and is bounded.
func TestRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range registry(Options{Clients: 1}) {
		if f.name == "" || seen[f.name] || len(f.kinds) == 0 || f.bound <= 0 || f.disturb == nil {
			t.Errorf("%+v", f)
		}
		seen[f.name] = true
	}
	if err := (Options{Clients: 1, Fault: []string{"no-such"}}).Validate(); err == nil {
		t.Error("an unknown fault is taken")
	}
}
