package icon

import "math"

// glyph is a digit or a plus as strokes within the box at `at` of the given size: at the size of a tray icon a font's
// hinting would be worse, and this needs none.
func glyph(sign rune, at, size point) shape {
	lines := glyphLines(sign)
	shapes := make([]shape, 0, len(lines))
	for _, line := range lines {
		placed := make([]point, len(line))
		for i, p := range line {
			placed[i] = point{at.x + p.x*size.x, at.y + p.y*size.y}
		}
		shapes = append(shapes, stroke(4.6, placed...))
	}
	return union(shapes...)
}

// glyphLines are the strokes of a sign in a box of 1 by 1.
func glyphLines(sign rune) [][]point {
	switch sign {
	case '0':
		return [][]point{arc(point{.5, .5}, point{.5, .5}, 0, 360)}
	case '1':
		return [][]point{{{.15, .2}, {.6, 0}, {.6, 1}}}
	case '2':
		return [][]point{append(arc(point{.5, .28}, point{.48, .28}, 190, 390), point{0, 1}, point{1, 1})}
	case '3':
		return [][]point{
			arc(point{.45, .25}, point{.47, .25}, 200, 450),
			arc(point{.45, .74}, point{.53, .26}, 270, 520),
		}
	case '4':
		return [][]point{{{.75, 1}, {.75, 0}, {0, .7}, {1, .7}}}
	case '5':
		bowl := arc(point{.46, .69}, point{.52, .31}, 235, 500)
		return [][]point{append([]point{{.92, 0}, {.14, 0}, {.08, .44}}, bowl...)}
	case '6':
		return [][]point{arc(point{.5, .69}, point{.5, .31}, 0, 360), {{.78, 0}, {.3, .3}, {.02, .62}}}
	case '7':
		return [][]point{{{0, 0}, {1, 0}, {.4, 1}}}
	case '8':
		return [][]point{
			arc(point{.5, .24}, point{.42, .24}, 0, 360),
			arc(point{.5, .74}, point{.5, .26}, 0, 360),
		}
	case '9':
		return [][]point{arc(point{.5, .31}, point{.5, .31}, 0, 360), {{.98, .38}, {.7, .7}, {.22, 1}}}
	default: // plus
		return [][]point{{{.5, .22}, {.5, .78}}, {{.05, .5}, {.95, .5}}}
	}
}

// arc is a piece of an ellipse as a chain of points; degrees run clockwise from three o'clock, since y points down.
func arc(centre, radius point, from, to float64) []point {
	const steps = 20
	points := make([]point, 0, steps+1)
	for i := range steps + 1 {
		turn := (from + (to-from)*float64(i)/steps) * math.Pi / 180
		points = append(points, point{centre.x + radius.x*math.Cos(turn), centre.y + radius.y*math.Sin(turn)})
	}
	return points
}
