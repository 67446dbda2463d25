package summary

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"himsg/server/cmd/himsg-bench/internal/cargo"
	"himsg/server/cmd/himsg-bench/internal/finding"
	"himsg/server/cmd/himsg-bench/internal/growth"
	"himsg/server/cmd/himsg-bench/internal/reads"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/speed"
	"himsg/server/cmd/himsg-bench/internal/table"
)

// Options are the flags of "himsg-bench table".
type Options struct {
	From  string `default:"bench" placeholder:"DIR" help:"Where the measurements have left their figures."`
	Out   string `default:"bench/results.json" placeholder:"FILE" help:"Where all of them go as JSON."`
	Plots string `default:"docs/bench" placeholder:"DIR" help:"Where the plots and the table as Markdown go, and the figures of each day."`
}

// part is one measurement: its file, and the rows in that.
type part struct {
	file string
	rows func(body []byte) (at string, rows []table.Row, err error)
}

// parts are in the order of the table.
var parts = []part{
	{"speed.json", of(speed.Row)},
	{"fanout.json", of(same)},
	{"reads.json", of(reads.Rows)},
	{"sockets.json", of(same)},
	{"pages.json", of(same)},
	{"search.json", of(finding.Row)},
	{"files.json", of(cargo.Row)},
	{"starting.json", of(same)},
	{"growth.json", grown},
	{"app.json", of(appRow)},
}

// Run writes the table to out, and the files. A measurement that was not made is missing in them, and is said to be.
func Run(o Options, out io.Writer) error {
	var all []table.Row
	var missing []string
	measured := ""
	for _, p := range parts {
		body, err := os.ReadFile(filepath.Join(o.From, p.file))
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, p.file)
			continue
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", p.file, err)
		}
		at, rows, err := p.rows(body)
		if err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
		all, measured = append(all, rows...), max(measured, at)
	}
	if len(all) == 0 {
		return fmt.Errorf("nothing was measured: %s holds no figures", o.From)
	}
	if err := table.Print(out, all); err != nil {
		return err
	}
	if len(missing) > 0 {
		if _, err := fmt.Fprintln(out, "not measured:", missing); err != nil {
			return fmt.Errorf("print table: %w", err)
		}
	}
	report := rig.NewReport(all)
	report.MeasuredAt = measured
	if err := rig.WriteReport(o.Out, report); err != nil {
		return err
	}
	earlier, err := days(filepath.Join(o.Plots, "days"), report)
	if err != nil {
		return err
	}
	docs := map[string]string{
		"README.md":  table.Markdown(measured, all, earlier),
		"limits.svg": table.Limits(all),
		"goals.svg":  table.Goals(all),
	}
	if err := addGrowth(o.From, docs); err != nil {
		return err
	}
	return writeDocs(o.Plots, docs)
}

// days keeps a report as that of its day, and returns the last one of an earlier day.
func days(dir string, report rig.Report[table.Row]) (earlier table.Day, err error) {
	date, _, _ := strings.Cut(report.MeasuredAt, "T")
	kept, err := filepath.Glob(filepath.Join(dir, "*.json")) // in the order of their names
	if err != nil {
		return earlier, fmt.Errorf("look for earlier days: %w", err)
	}
	for _, file := range slices.Backward(kept) {
		if strings.TrimSuffix(filepath.Base(file), ".json") >= date {
			continue
		}
		body, err := os.ReadFile(file) //nolint:gosec // G304: of the folder that the caller names
		if err != nil {
			return earlier, fmt.Errorf("read an earlier day: %w", err)
		}
		var then rig.Report[table.Row]
		if err := json.Unmarshal(body, &then); err != nil {
			return earlier, fmt.Errorf("%s: decode: %w", file, err)
		}
		earlier = table.Day{Measured: then.MeasuredAt, Rows: then.Results}
		break
	}
	return earlier, rig.WriteReport(filepath.Join(dir, date+".json"), report)
}

// addGrowth puts the plots of what grows beside the others, when it was measured.
func addGrowth(from string, docs map[string]string) error {
	body, err := os.ReadFile(filepath.Join(from, "growth.json")) //nolint:gosec // G304: the folder that the caller names
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read growth.json: %w", err)
	}
	var report rig.Report[growth.Row]
	if err := json.Unmarshal(body, &report); err != nil {
		return fmt.Errorf("growth.json: decode: %w", err)
	}
	docs["growth.md"] = growth.Markdown(report.MeasuredAt, report.Results)
	docs["README.md"] += "\n[What grows with the company, and what does not](growth.md)\n"
	for name, axis := range growth.Plots {
		docs[name] = table.Growth("Cost of the same work, by that of the smallest", string(axis), growth.Curves(report.Results))
	}
	return nil
}

// grown are the works that should cost the same in a company of any size.
func grown(body []byte) (string, []table.Row, error) {
	var report rig.Report[growth.Row]
	if err := json.Unmarshal(body, &report); err != nil {
		return "", nil, fmt.Errorf("decode: %w", err)
	}
	return report.MeasuredAt, growth.Rows(report.Results), nil
}

func writeDocs(dir string, docs map[string]string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	for name, body := range docs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644); err != nil { //nolint:gosec // G306: to be read by all
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// of reads a report of the bench whose results become rows.
func of[R any](rows func(R) []table.Row) func(body []byte) (string, []table.Row, error) {
	return func(body []byte) (string, []table.Row, error) {
		var report rig.Report[R]
		if err := json.Unmarshal(body, &report); err != nil {
			return "", nil, fmt.Errorf("decode: %w", err)
		}
		var all []table.Row
		for _, result := range report.Results {
			all = append(all, rows(result)...)
		}
		return report.MeasuredAt, all, nil
	}
}

func same(r table.Row) []table.Row { return []table.Row{r} }

// appResult is a line of bench-app (desktop/e2e, budgetLine).
type appResult struct {
	Work, Unit         string
	Ours, Limit, Ratio float64
	Goal               float64 // a ratio, at most
}

func appRow(r appResult) []table.Row {
	row := table.Row{Work: "app: " + r.Work, Unit: r.Unit, Ours: r.Ours, Limit: r.Limit}
	if r.Limit > 0 {
		row.LimitIs = "an empty window"
	}
	if r.Goal > 0 {
		row.Goal = table.Goal{Ratio: true, AtMost: true, Value: r.Goal}
	}
	return []table.Row{row}
}
