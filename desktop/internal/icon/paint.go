package icon

import (
	"image"
	"image/color"
	"math"
)

// point is a place on the canvas, in units of the drawing and not in pixels.
type point struct{ x, y float64 }

// shape gives the distance from a point to its edge: negative inside. That is all one needs to paint it with a smooth
// edge at any size.
type shape func(p point) float64

// painter paints shapes on a square picture whose drawing is side units wide.
type painter struct {
	img   *image.NRGBA
	scale float64 // pixels per unit
}

func newPainter(pixels int, side float64) *painter {
	return &painter{
		img:   image.NewNRGBA(image.Rect(0, 0, pixels, pixels)),
		scale: float64(pixels) / side,
	}
}

// fill paints s in one colour over what is there.
func (p *painter) fill(s shape, c color.NRGBA) {
	p.blend(s, func(under color.NRGBA, cover float64) color.NRGBA { return over(under, c, cover) })
}

// cut makes s transparent: the gap between the mark and a badge on it.
func (p *painter) cut(s shape) {
	p.blend(s, func(under color.NRGBA, cover float64) color.NRGBA {
		under.A = uint8(math.Round(float64(under.A) * (1 - cover)))
		return under
	})
}

func (p *painter) blend(s shape, mix func(under color.NRGBA, cover float64) color.NRGBA) {
	bounds := p.img.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			at := point{(float64(x) + 0.5) / p.scale, (float64(y) + 0.5) / p.scale}
			cover := clamp(0.5 - s(at)*p.scale) // one pixel wide edge
			if cover > 0 {
				p.img.SetNRGBA(x, y, mix(p.img.NRGBAAt(x, y), cover))
			}
		}
	}
}

// over puts c on under. Both are not premultiplied, as NRGBA is.
func over(under, c color.NRGBA, cover float64) color.NRGBA {
	top := float64(c.A) / 255 * cover
	bottom := float64(under.A) / 255 * (1 - top)
	sum := top + bottom
	if sum == 0 {
		return color.NRGBA{}
	}
	mix := func(a, b uint8) uint8 {
		return uint8(math.Round((float64(a)*top + float64(b)*bottom) / sum))
	}
	return color.NRGBA{R: mix(c.R, under.R), G: mix(c.G, under.G), B: mix(c.B, under.B), A: uint8(math.Round(sum * 255))}
}

// box is a rectangle with rounded corners.
func box(lo, hi point, radius float64) shape {
	cx, cy := (lo.x+hi.x)/2, (lo.y+hi.y)/2
	hx, hy := (hi.x-lo.x)/2-radius, (hi.y-lo.y)/2-radius
	return func(p point) float64 {
		dx, dy := math.Abs(p.x-cx)-hx, math.Abs(p.y-cy)-hy
		outside := math.Hypot(math.Max(dx, 0), math.Max(dy, 0))
		return outside + math.Min(math.Max(dx, dy), 0) - radius
	}
}

// stroke is a line of a given width through points, with round ends and joints.
func stroke(width float64, points ...point) shape {
	return func(p point) float64 {
		nearest := math.Inf(1)
		for i := 1; i < len(points); i++ {
			nearest = math.Min(nearest, toSegment(p, points[i-1], points[i]))
		}
		return nearest - width/2
	}
}

// dot is a disc.
func dot(centre point, radius float64) shape {
	return func(p point) float64 { return math.Hypot(p.x-centre.x, p.y-centre.y) - radius }
}

// triangle is a filled triangle.
func triangle(a, b, c point) shape {
	return func(p point) float64 {
		edge := math.Min(toSegment(p, a, b), math.Min(toSegment(p, b, c), toSegment(p, c, a)))
		s1, s2, s3 := side(p, a, b), side(p, b, c), side(p, c, a)
		if (s1 >= 0 && s2 >= 0 && s3 >= 0) || (s1 <= 0 && s2 <= 0 && s3 <= 0) {
			return -edge
		}
		return edge
	}
}

// union is all of its shapes together.
func union(shapes ...shape) shape {
	return func(p point) float64 {
		nearest := math.Inf(1)
		for _, s := range shapes {
			nearest = math.Min(nearest, s(p))
		}
		return nearest
	}
}

// grown is s with its edge moved outwards.
func grown(s shape, by float64) shape {
	return func(p point) float64 { return s(p) - by }
}

func toSegment(p, a, b point) float64 {
	abx, aby := b.x-a.x, b.y-a.y
	length := abx*abx + aby*aby
	t := 0.0
	if length > 0 {
		t = clamp(((p.x-a.x)*abx + (p.y-a.y)*aby) / length)
	}
	return math.Hypot(p.x-a.x-t*abx, p.y-a.y-t*aby)
}

func side(p, a, b point) float64 { return (b.x-a.x)*(p.y-a.y) - (b.y-a.y)*(p.x-a.x) }

func clamp(v float64) float64 { return math.Max(0, math.Min(1, v)) }
