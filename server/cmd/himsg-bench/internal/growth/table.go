package growth

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"himsg/server/cmd/himsg-bench/internal/table"
)

// printTable writes the figures for people.
func printTable(out io.Writer, rows []Row) error {
	const line = "%-8s %-20s %9s  %-38s %12s %12s %6s %s\n"
	_, err := fmt.Fprintf(out, line, "database", "what grows", "to", "work", "ours", "limit", "ratio", "unit")
	for _, r := range rows {
		if err != nil {
			break
		}
		limit, ratio := "", ""
		if r.Limit > 0 {
			limit, ratio = fmt.Sprintf("%.4g", r.Limit), fmt.Sprintf("%.2f", r.Ours/r.Limit)
		}
		_, err = fmt.Fprintf(out, line, r.Database, r.Axis, fmt.Sprint(r.At), r.Work, fmt.Sprintf("%.4g", r.Ours), limit, ratio, r.Unit)
	}
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}

// cost is what a figure says of the cost of its work, in a unit of its own: by its limit, or by the machine.
func (r Row) cost() float64 {
	switch {
	case r.Ours == 0 || r.Unit == "MiB" || r.Unit == "MB":
		return r.Ours
	case r.Limit > 0 && r.More:
		return r.Limit / r.Ours
	case r.More:
		return r.Machine / r.Ours
	}
	return r.Ours * r.Machine
}

// Curves are the costs of each work along each axis, by that of its smallest company: a flat one stays at 1.
func Curves(rows []Row) []table.Curve {
	var curves []table.Curve
	for _, r := range rows {
		name := r.Work
		if r.Database != "" {
			name += " · " + r.Database
		}
		i := slices.IndexFunc(curves, func(c table.Curve) bool { return c.Axis == string(r.Axis) && c.Name == name })
		if i < 0 {
			i = len(curves)
			curves = append(curves, table.Curve{Axis: string(r.Axis), Name: name, Grows: r.Grows})
		}
		curves[i].Points = append(curves[i].Points, table.Point{At: float64(r.At), Value: r.cost()})
	}
	for _, c := range curves {
		slices.SortStableFunc(c.Points, func(a, b table.Point) int { return int(a.At - b.At) })
		first := c.Points[0].Value
		for i := range c.Points {
			if first > 0 {
				c.Points[i].Value /= first
			}
		}
	}
	return curves
}

// flat is how much dearer a work may be in the largest company than in the smallest; machines that others use are no steadier.
const flat = 1.5

// Rows say of each work that should be flat whether it is.
func Rows(rows []Row) (all []table.Row) {
	for _, c := range Curves(rows) {
		if c.Grows || len(c.Points) < 2 {
			continue
		}
		first, last := c.Points[0], c.Points[len(c.Points)-1]
		all = append(all, table.Row{
			Work: fmt.Sprintf("cost of: %s, %.0f → %.0f %s", c.Name, first.At, last.At, c.Axis),
			Unit: "times", Ours: last.Value, Goal: table.Goal{AtMost: true, Value: flat},
		})
	}
	return all
}

// Plots are the pictures, each of an axis.
var Plots = map[string]Axis{"growth-people.svg": People, "growth-messages.svg": Messages, "growth-members.svg": Members}

// Markdown is a page of docs: the pictures, and a table for each axis.
func Markdown(measured string, rows []Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What grows with the company

`+"`make bench-growth`"+` writes this page's figures, `+"`himsg-bench table`"+` the page. Measured %s. The same work is done in companies of
growing size; nearly all of their people are offline. The pictures show the cost, by that of the smallest company: beside its limit
where there is one, otherwise by how fast the machine was at that moment. What is flat does not grow.
`, measured)
	for _, axis := range []Axis{People, Messages, Members} {
		name := strings.Fields(string(axis))[0]
		fmt.Fprintf(&b, "\n## More %s\n![Cost by %s](growth-%s.svg)\n\n", axis, axis, name)
		fmt.Fprintf(&b, "| work | database | %s | ours | limit | ratio | unit |\n| --- | --- | ---: | ---: | ---: | ---: | --- |\n", name)
		of := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Axis != axis })
		slices.SortStableFunc(of, func(x, y Row) int {
			return cmp.Or(strings.Compare(x.Work, y.Work), strings.Compare(x.Database, y.Database), x.At-y.At)
		})
		for _, r := range of {
			limit, ratio := "", ""
			if r.Limit > 0 {
				limit, ratio = fmt.Sprintf("%.4g (%s)", r.Limit, r.LimitIs), fmt.Sprintf("%.2f", r.Ours/r.Limit)
			}
			fmt.Fprintf(&b, "| %s | %s | %d | %.4g | %s | %s | %s |\n", r.Work, r.Database, r.At, r.Ours, limit, ratio, r.Unit)
		}
	}
	return b.String()
}
