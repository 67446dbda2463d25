package icon

import (
	"image"
	"image/color"
	"strconv"
)

// The drawing is 54 units wide, as in appicon.svg. Colours are those of the UI's light theme: accent, and danger for
// unread numbers. Both stand out on light and dark panels.
const canvas = 54

// Mark draws the mark, pixels wide and high.
func Mark(pixels int) image.Image {
	p := newPainter(pixels, canvas)
	drawMark(p)
	return p.img
}

// Badged draws the mark with the unread number on it, as the tray shows it. More than 99 becomes "99+"; 0 or less is the
// mark alone.
func Badged(pixels int, unread int64) image.Image {
	p := newPainter(pixels, canvas)
	drawMark(p)
	if unread > 0 {
		drawBadge(p, badgeText(unread), canvas)
	}
	return p.img
}

// Overlay draws the unread number alone, for a task bar that lays it over the app's button; nil for 0 or less.
func Overlay(pixels int, unread int64) image.Image {
	if unread <= 0 {
		return nil
	}
	text := badgeText(unread)
	side := badgeWidth(text)
	p := newPainter(pixels, side)
	drawBadge(p, text, side)
	return p.img
}

func badgeText(unread int64) string {
	if unread > most {
		return "99+"
	}
	return strconv.FormatInt(unread, 10)
}

func drawMark(p *painter) {
	accent := color.NRGBA{R: 0x15, G: 0x70, B: 0xc2, A: 0xff}
	white := color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
	bubble := union(
		box(point{2, 5}, point{52, 43}, 8),
		triangle(point{14, 38}, point{14, 52}, point{29, 42}),
	)
	p.fill(bubble, accent)
	letters := union(
		stroke(4.4, point{17, 15}, point{17, 33}),
		stroke(4.4, point{17, 24}, point{27, 24}),
		stroke(4.4, point{27, 15}, point{27, 33}),
		stroke(4.4, point{36, 22}, point{36, 33}),
		dot(point{36, 15.4}, 2.7),
	)
	p.fill(letters, white)
}

const badgeHeight, glyphWidth, glyphGap = 34.0, 13.0, 6.5

func badgeWidth(text string) float64 {
	const padding = 8.5
	width := float64(len(text))*glyphWidth + float64(len(text)-1)*glyphGap + 2*padding
	return min(max(width, badgeHeight), canvas)
}

// drawBadge covers the lower right of a drawing so wide: a tray icon is 16 to 24 pixels wide, so the number takes most of it.
func drawBadge(p *painter, text string, side float64) {
	width := badgeWidth(text)
	lo, hi := point{side - width, side - badgeHeight}, point{side, side}

	pill := box(lo, hi, badgeHeight/2)
	p.cut(grown(pill, 2.5))
	p.fill(pill, color.NRGBA{R: 0xd9, G: 0x2d, B: 0x20, A: 0xff})

	// Three signs are narrower, so that they fit the whole width.
	unit := glyphWidth
	space := glyphGap
	if len(text) > 2 {
		unit, space = 10.5, 5
	}
	run := float64(len(text))*unit + float64(len(text)-1)*space
	x := lo.x + (width-run)/2
	top := lo.y + (badgeHeight-20)/2
	for _, sign := range text {
		p.fill(glyph(sign, point{x, top}, point{unit, 20}), color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff})
		x += unit + space
	}
}
