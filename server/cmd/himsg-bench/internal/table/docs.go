package table

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Day is what was measured on an earlier day.
type Day struct {
	Measured string // YYYY-MM-DDThh:mm:ssZ
	Rows     []Row
}

// Markdown is the page of docs/bench. earlier stands beside the figures: a row's ratio of that day, or ours where it has no limit.
func Markdown(measured string, rows []Row, earlier Day) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What was measured

`+"`make bench`"+` writes this page. Measured %s. A figure counts beside its limit only: what a program does that does nothing
else, in the same run on the same machine.

![Ours by the limit](limits.svg)
![Figures by their goals](goals.svg)

`, measured)
	then, line := "", ""
	if len(earlier.Rows) > 0 {
		fmt.Fprintf(&b, "The last column is of %s: the ratio of that day, or ours where there is no limit.\n\n", earlier.Measured)
		then, line = " "+day(earlier.Measured)+" |", " ---: |"
	}
	fmt.Fprintf(&b, `| work | database | ours | limit | ratio | goal | met | unit |%s
| --- | --- | ---: | ---: | ---: | --- | --- | --- |%s
`, then, line)
	for _, r := range rows {
		limit, ratio := "", ""
		if r.Limit > 0 {
			limit, ratio = figure(r.Limit)+" ("+r.LimitIs+")", fmt.Sprintf("%.2f", r.Ratio())
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |", r.Work, r.Database, figure(r.Ours), limit, ratio, r.Goal, r.Met(), r.Unit)
		if len(earlier.Rows) > 0 {
			fmt.Fprintf(&b, " %s |", earlier.of(r))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func day(measured string) string {
	date, _, _ := strings.Cut(measured, "T")
	return date
}

// of is what the same work came to that day; nothing when it was not done.
func (d Day) of(r Row) string {
	for _, then := range d.Rows {
		if then.Work != r.Work || then.Database != r.Database {
			continue
		}
		if then.Limit > 0 {
			return fmt.Sprintf("%.2f", then.Ratio())
		}
		return figure(then.Ours)
	}
	return ""
}

// bar is a line of a plot: how far it goes, where its goal stands, and what is written at its end.
type bar struct {
	label, end string
	value      float64
	goal       float64 // 0: none
	met        string
}

// Limits plots ours by the limit, of the rows that have one.
func Limits(rows []Row) string {
	var bars []bar
	for _, r := range rows {
		if r.Limit == 0 {
			continue
		}
		b := bar{label: r.label(), value: r.Ratio(), met: r.Met(), end: fmt.Sprintf("%.2f", r.Ratio())}
		if r.Goal.Ratio {
			b.goal = r.Goal.Value
		}
		bars = append(bars, b)
	}
	return plot("Ours by the limit; the stroke is the goal", bars)
}

// Goals plots figures by their own goals, of the rows that have one.
func Goals(rows []Row) string {
	var bars []bar
	for _, r := range rows {
		if r.Goal == (Goal{}) || r.Goal.Ratio {
			continue
		}
		end := fmt.Sprintf("%s %s (%s)", figure(r.Ours), r.Unit, r.Goal)
		bars = append(bars, bar{label: r.label(), value: r.Ours / r.Goal.Value, goal: 1, met: r.Met(), end: end})
	}
	return plot("Figures by their goals; the stroke is the goal", bars)
}

func (r Row) label() string {
	if r.Database == "" {
		return r.Work
	}
	return r.Work + " · " + r.Database
}

// plot draws bars beneath each other, at most twice as long as their longest goal: one that is far off would hide the others.
func plot(title string, bars []bar) string {
	const left, width, right, step, top = 480, 360, 200, 22, 44
	most := 1.0
	for _, b := range bars {
		most = max(most, min(b.value, 2*max(b.goal, 1)))
	}
	x := func(v float64) float64 { return left + width*math.Min(v, most)/most }
	var s strings.Builder
	height := top + step*len(bars) + 12
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
<rect width="100%%" height="100%%" fill="#ffffff"/>
<text x="12" y="24" font-size="14" font-weight="600" fill="#101820">%s</text>
`, left+width+right, height, html.EscapeString(title))
	for i, b := range bars {
		y := top + step*i
		colour := map[string]string{"yes": "#2f9e6e", "no": "#d0662b"}[b.met]
		if colour == "" {
			colour = "#7a8794"
		}
		fmt.Fprintf(&s, `<text x="%d" y="%d" text-anchor="end" fill="#101820">%s</text>`, left-8, y+12, html.EscapeString(b.label))
		fmt.Fprintf(&s, `<rect x="%d" y="%d" width="%.1f" height="14" fill="%s"/>`, left, y+1, x(b.value)-left, colour)
		if b.goal > 0 {
			fmt.Fprintf(&s, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#101820" stroke-width="2"/>`, x(b.goal), y-1, x(b.goal), y+17)
		}
		fmt.Fprintf(&s, `<text x="%.1f" y="%d" fill="#101820">%s</text>`+"\n", max(x(b.value), x(b.goal))+6, y+12, html.EscapeString(b.end))
	}
	s.WriteString("</svg>\n")
	return s.String()
}
