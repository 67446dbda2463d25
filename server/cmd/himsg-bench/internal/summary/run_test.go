package summary_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"himsg/server/cmd/himsg-bench/internal/growth"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/speed"
	"himsg/server/cmd/himsg-bench/internal/summary"
	"himsg/server/cmd/himsg-bench/internal/table"
)

func TestAllMeasurementsInOneTable(t *testing.T) {
	dir := t.TempDir()
	o := summary.Options{From: dir, Out: filepath.Join(dir, "results.json"), Plots: filepath.Join(dir, "docs")}
	if err := summary.Run(o, new(strings.Builder)); err == nil {
		t.Error("nothing was measured, and that is fine?")
	}
	speeds := []speed.Result{
		{Database: "sqlite", Work: "1:1 quiet", AckP99: 2, ReceivedP99: 3, Bare: &speed.Result{AckP99: 1, ReceivedP99: 1}},
		{Database: "sqlite", Work: "1:1 full, 4 each", PerSecond: 9000, Limit: 20000, Ratio: .45},
	}
	write(t, dir, "speed.json", rig.NewReport(speeds))
	write(t, dir, "sockets.json", rig.NewReport([]table.Row{{Work: "connecting", Ours: 5000, Goal: table.Goal{Value: 4500}}}))
	write(t, dir, "app.json", map[string]any{"measured_at": "2026-11-27T00:00:00Z", "results": []map[string]any{
		{"work": "memory", "unit": "MiB", "ours": 290, "limit": 200, "ratio": 1.45, "goal": 1.4},
	}})
	write(t, dir, "growth.json", rig.NewReport([]growth.Row{
		{Axis: growth.People, At: 1000, Work: "page", Unit: "ms", Ours: 2, Machine: 100},
		{Axis: growth.People, At: 100_000, Work: "page", Unit: "ms", Ours: 8, Machine: 50}, // the machine was half as fast
	}))
	for day, ours := range map[string]float64{"2020-01-01": 4100, "2020-01-02": 4200, "9999-12-31": 4300} {
		write(t, filepath.Join(o.Plots, "days"), day+".json", rig.Report[table.Row]{
			MeasuredAt: day + "T00:00:00Z", Results: []table.Row{{Work: "connecting", Ours: ours}},
		})
	}
	var out strings.Builder
	if err := summary.Run(o, &out); err != nil {
		t.Fatal(err)
	}
	if page, err := os.ReadFile(filepath.Join(o.Plots, "README.md")); err != nil || !strings.Contains(string(page), " 4200 |") {
		t.Errorf("the day before is not beside it: %v\n%s", err, page)
	}
	for _, want := range []string{"1:1 quiet, received, p99", "1:1 full, 4 each ", "connecting", "app: memory", "≤ 1.4 × limit", "cost of: page, 1000 → 100000 people", "≤ 1.5", "not measured: [fanout.json"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	var report rig.Report[table.Row]
	body, err := os.ReadFile(o.Out)
	if err != nil || json.Unmarshal(body, &report) != nil || len(report.Results) != 9 {
		t.Errorf("%v, %d results", err, len(report.Results))
	}
	for _, r := range report.Results {
		if strings.HasPrefix(r.Work, "cost of") && r.Ours != 2 {
			t.Errorf("four times the time on half the machine cost %v times as much", r.Ours)
		}
	}
	for _, name := range []string{"README.md", "limits.svg", "goals.svg", "growth.md", "growth-people.svg"} {
		if _, err := os.Stat(filepath.Join(o.Plots, name)); err != nil {
			t.Error(err)
		}
	}
	write(t, dir, "pages.json", "no report")
	if err := summary.Run(o, &out); err == nil {
		t.Error("a broken file is taken")
	}
}

func write(t *testing.T, dir, name string, v any) {
	t.Helper()
	if err := rig.WriteReport(filepath.Join(dir, name), v); err != nil {
		t.Fatal(err)
	}
}
