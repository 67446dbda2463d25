package faults

import (
	"fmt"
	"io"
	"strings"

	"himsg/server/cmd/himsg-bench/internal/judge"
)

// Row is one line of the table: a fault on a database.
type Row struct {
	Name     string `json:"name"`
	Database string `json:"database"`
	judge.Verdict
	Figures []Figure `json:"figures,omitempty"`
	Seconds float64  `json:"seconds"`
	// Impossible says why this machine can't make the fault; Failed why the run could not be judged.
	Impossible string `json:"impossible,omitempty"`
	Failed     string `json:"failed,omitempty"`
}

// Figure is something measured. With Goal it must not be above Limit.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
	Limit float64 `json:"limit,omitempty"`
	Goal  bool    `json:"goal,omitempty"`
}

func (f Figure) good() bool { return !f.Goal || f.Value <= f.Limit }

// String is the figure as the table shows it.
func (f Figure) String() string {
	text := strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Name, short(f.Value), f.Unit))
	if f.Goal {
		text += fmt.Sprintf(" (≤ %s)", short(f.Limit))
	}
	if !f.good() {
		text += " TOO HIGH"
	}
	return text
}

func short(v float64) string {
	if v == float64(int64(v)) || v >= 100 || v <= -100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// Good reports whether the row is as it must be.
func (r Row) Good() bool {
	if r.Impossible != "" || r.Failed != "" || !r.Clean() {
		return false
	}
	for _, f := range r.Figures {
		if !f.good() {
			return false
		}
	}
	return true
}

// head and line are one table; faults come one by one, so the widths are fixed.
const (
	head = "%-20s %-8s %8s %5s %5s %5s %5s %6s %5s  %s\n"
	line = "%-20s %-8s %8d %5d %5d %5d %5d %6d %5.0f  %s\n"
)

func printHead(out io.Writer) error {
	return printed(fmt.Fprintf(out, head, "fault", "database", "acked", "lost", "twice", "order", "gaps", "differ", "s", "figure"))
}

func (r Row) write(out io.Writer) error {
	var figure string
	switch {
	case r.Impossible != "":
		figure = "not possible here: " + r.Impossible
	case r.Failed != "":
		figure = "FAILED: " + r.Failed
	default:
		var texts []string
		for _, f := range r.Figures {
			texts = append(texts, f.String())
		}
		figure = strings.Join(texts, ", ")
	}
	err := printed(fmt.Fprintf(out, line, r.Name, r.Database, r.Acked, r.Lost, r.Duplicated, r.Reordered, r.Gaps,
		r.Differing, r.Seconds, figure))
	for _, detail := range r.Details {
		if err == nil {
			err = printed(fmt.Fprintf(out, "  %s\n", detail))
		}
	}
	return err
}

func printed(_ int, err error) error {
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}
