package table_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"himsg/server/cmd/himsg-bench/internal/table"
)

func TestGoals(t *testing.T) {
	for _, c := range []struct {
		row  table.Row
		goal string
		met  string
	}{
		{table.Row{Ours: 12, Goal: table.Goal{AtMost: true, Value: 14}}, "≤ 14", "yes"},
		{table.Row{Ours: 14, Goal: table.Goal{AtMost: true, Value: 14}}, "≤ 14", "yes"},
		{table.Row{Ours: 15, Goal: table.Goal{AtMost: true, Value: 14}}, "≤ 14", "no"},
		{table.Row{Ours: 4000, Goal: table.Goal{Value: 4500}}, "≥ 4500", "no"},
		{table.Row{Ours: 80, Limit: 100, Goal: table.Goal{Ratio: true, Value: .8}}, "≥ 0.8 × limit", "yes"},
		{table.Row{Ours: 70, Limit: 100, Goal: table.Goal{Ratio: true, Value: .8}}, "≥ 0.8 × limit", "no"},
		{table.Row{Ours: 1, Goal: table.Goal{Ratio: true, Value: .8}}, "≥ 0.8 × limit", "no"}, // without a limit there is nothing to show
		{table.Row{Ours: 1}, "", ""},
	} {
		if c.row.Goal.String() != c.goal || c.row.Met() != c.met {
			t.Errorf("%+v: %q, met %q", c.row, c.row.Goal, c.row.Met())
		}
	}
}

func TestPrint(t *testing.T) {
	var out strings.Builder
	rows := []table.Row{{Work: "connecting", Unit: "sessions/s", Ours: 3000, Limit: 9000, Goal: table.Goal{Value: 4500}}}
	if err := table.Print(&out, rows); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "3000") || !strings.Contains(out.String(), "0.33") || !strings.Contains(out.String(), "no") {
		t.Error(out.String())
	}
}

func TestDocs(t *testing.T) {
	rows := []table.Row{
		{Work: "group of <100>", Database: "sqlite", Unit: "deliveries/s", Ours: 80, Limit: 100, LimitIs: "bare", Goal: table.Goal{Ratio: true, Value: .8}},
		{Work: "connecting", Unit: "sessions/s", Ours: 9000, Goal: table.Goal{Value: 4500}},
		{Work: "quiet", Unit: "%", Ours: 3},
	}
	earlier := table.Day{Measured: "2026-11-26T10:00:00Z", Rows: []table.Row{
		{Work: "group of <100>", Database: "mariadb", Ours: 1}, {Work: "group of <100>", Database: "sqlite", Ours: 70, Limit: 100}, {Work: "quiet", Ours: 4},
	}}
	if page := table.Markdown("2026-11-27T10:00:00Z", rows, table.Day{}); strings.Contains(page, "last column") {
		t.Error(page)
	}
	page := table.Markdown("2026-11-27T10:00:00Z", rows, earlier)
	for _, want := range []string{
		"2026-11-27", "| 0.80 |", "100 (bare)", "| connecting |", "| unit | 2026-11-26 |", "| deliveries/s | 0.70 |", "| sessions/s |  |", "| % | 4 |",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	for name, svg := range map[string]string{"limits": table.Limits(rows), "goals": table.Goals(rows)} {
		if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
			t.Errorf("%s: %v\n%s", name, err, svg)
		}
		if n := strings.Count(svg, "<line "); n != 1 {
			t.Errorf("%s: %d goals", name, n)
		}
	}
	if !strings.Contains(table.Limits(rows), "&lt;100&gt;") {
		t.Error("a name is taken for markup")
	}
}

func TestGrowth(t *testing.T) {
	curves := []table.Curve{
		{Axis: "people", Name: "a <flat> one", Points: []table.Point{{1000, 1}, {10_000, 1.1}, {100_000, .9}}},
		{Axis: "people", Name: "one that leaves the picture", Points: []table.Point{{1000, 1}, {100_000, 250}}},
		{Axis: "people", Name: "an index", Grows: true, Points: []table.Point{{1000, 1}, {100_000, 100}}},
		{Axis: "messages", Name: "another", Points: []table.Point{{1000, 1}, {100_000, 1}}},
	}
	for axis, paths := range map[string]int{"people": 4, "messages": 2, "nothing": 0} { // each beside its name again
		svg := table.Growth("cost", axis, curves)
		if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
			t.Errorf("%s: %v\n%s", axis, err, svg)
		}
		if n := strings.Count(svg, "<path "); n != paths || strings.Contains(svg, "<flat>") || strings.Contains(svg, "NaN") {
			t.Errorf("%s: %d paths\n%s", axis, n, svg)
		}
	}
}
