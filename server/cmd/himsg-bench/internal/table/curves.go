package table

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Curve is how something changes while something else grows.
type Curve struct {
	Axis   string // what grows
	Name   string
	Grows  bool    // by its nature
	Points []Point // from the smallest At on
}

// Point is one of a curve.
type Point struct{ At, Value float64 }

// colours tell curves apart, also for those who see few colours; the dashes do for the others.
var colours = []string{"#1f6fb2", "#d0662b", "#2f9e6e", "#8a4fbf", "#b8860b", "#c2395b", "#3a7d8c", "#5c6670"}

var dashes = []string{"", "6 3", "2 3"}

// Growth plots the curves of an axis over a scale on which each step is ten times the last, those that grow by their nature left out.
func Growth(title, axis string, all []Curve) string {
	var curves []Curve
	lowest, highest, most := math.Inf(1), 0.0, 2.0
	for _, c := range all {
		if c.Axis != axis || c.Grows || len(c.Points) < 2 {
			continue
		}
		curves = append(curves, c)
		for _, p := range c.Points {
			lowest, highest, most = min(lowest, p.At), max(highest, p.At), max(most, min(p.Value, 10))
		}
	}
	const left, top, width, height, right, step = 60, 48, 420, 300, 420, 20
	whole := max(top+height+50, top+step*len(curves)+20)
	x := func(at float64) float64 { return left + width*math.Log(at/lowest)/math.Log(highest/lowest) }
	y := func(v float64) float64 { return top + height*(1-math.Min(v, most)/most) }
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
<rect width="100%%" height="100%%" fill="#ffffff"/>
<text x="12" y="24" font-size="14" font-weight="600" fill="#101820">%s</text>
`, left+width+right, whole, html.EscapeString(title))
	if len(curves) > 0 {
		for v := 0.0; v <= most; v++ {
			fmt.Fprintf(&s, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#d8dee4"/><text x="%d" y="%.1f" text-anchor="end" fill="#101820">%.0f×</text>`+"\n",
				left, y(v), left+width, y(v), left-8, y(v)+4, v)
		}
		for _, p := range curves[0].Points {
			fmt.Fprintf(&s, `<text x="%.1f" y="%d" text-anchor="middle" fill="#101820">%.0f</text>`+"\n", x(p.At), top+height+20, p.At)
		}
		fmt.Fprintf(&s, `<text x="%d" y="%d" text-anchor="middle" fill="#101820">%s</text>`+"\n", left+width/2, top+height+40, html.EscapeString(axis))
	}
	for i, c := range curves {
		var path strings.Builder
		for k, p := range c.Points {
			command := "L"
			if k == 0 {
				command = "M"
			}
			fmt.Fprintf(&path, "%s%.1f %.1f ", command, x(p.At), y(p.Value))
		}
		style := fmt.Sprintf(`fill="none" stroke=%q stroke-width="2" stroke-dasharray=%q`, colours[i%len(colours)], dashes[i/len(colours)%len(dashes)])
		at, last := top+step*i+8, c.Points[len(c.Points)-1]
		fmt.Fprintf(&s, `<path d="%s" %s/><path d="M%d %d h24" %s/><text x="%d" y="%d" fill="#101820">%s: %s×</text>`+"\n",
			path.String(), style, left+width+20, at, style, left+width+52, at+4, html.EscapeString(c.Name), figure(last.Value))
	}
	s.WriteString("</svg>\n")
	return s.String()
}
