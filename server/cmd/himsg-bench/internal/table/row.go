package table

import (
	"fmt"
	"io"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Row is one line of the table.
type Row struct {
	Work     string  `json:"work"`
	Database string  `json:"database,omitempty"` // empty where it makes no difference
	Unit     string  `json:"unit"`
	Ours     float64 `json:"ours"`
	Limit    float64 `json:"limit,omitempty"` // what a program does that does nothing else; 0: there is none
	LimitIs  string  `json:"limit_is,omitempty"`
	Goal     Goal    `json:"goal,omitzero"`
}

// Goal is what a row is to reach. The zero Goal is none.
type Goal struct {
	Ratio  bool    `json:"ratio,omitempty"`   // it is one of Row.Ratio, otherwise of Row.Ours
	AtMost bool    `json:"at_most,omitempty"` // otherwise: at least
	Value  float64 `json:"value"`
}

// Ratio is ours by the limit, 0 without one.
func (r Row) Ratio() float64 {
	if r.Limit == 0 {
		return 0
	}
	return r.Ours / r.Limit
}

// Met says "yes", "no", or nothing where there is no goal.
func (r Row) Met() string {
	if r.Goal == (Goal{}) {
		return ""
	}
	figure := r.Ours
	if r.Goal.Ratio {
		figure = r.Ratio()
	}
	if figure == r.Goal.Value || (figure < r.Goal.Value) == r.Goal.AtMost {
		return "yes"
	}
	return "no"
}

// String is "≤ 14", "≥ 0.8 of the limit", or nothing.
func (g Goal) String() string {
	if g == (Goal{}) {
		return ""
	}
	sign, of := "≥", ""
	if g.AtMost {
		sign = "≤"
	}
	if g.Ratio {
		of = " × limit"
	}
	return fmt.Sprintf("%s %s%s", sign, figure(g.Value), of)
}

// figure writes a number with as many places as can be told apart.
func figure(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	case v >= 100:
		return fmt.Sprintf("%.4g", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// Print writes the table for people.
func Print(out io.Writer, rows []Row) error {
	const line = "%-44s %-8s %10s %10s %6s %-16s %-4s %s\n"
	_, err := fmt.Fprintf(out, line, "work", "database", "ours", "limit", "ratio", "goal", "met", "unit")
	for _, r := range rows {
		if err != nil {
			break
		}
		limit, ratio := "", ""
		if r.Limit > 0 {
			limit, ratio = figure(r.Limit), fmt.Sprintf("%.2f", r.Ratio())
		}
		_, err = fmt.Fprintf(out, line, r.Work, r.Database, figure(r.Ours), limit, ratio, r.Goal, r.Met(), r.Unit)
	}
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}

// Write prints the table for people and writes the rows as JSON to a file.
func Write(out io.Writer, path string, rows []Row) error {
	if err := Print(out, rows); err != nil {
		return err
	}
	return rig.WriteReport(path, rig.NewReport(rows))
}
