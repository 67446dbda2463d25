package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/draw"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

const (
	maxFitPixels = 64_000_000  // of an image that is made smaller
	maxDecoded   = 512_000_000 // bytes that an image may take while it is decoded
	headBytes    = 256 << 10   // of a file, within which a camera says how it was held
)

// Fit reads a png, jpeg, gif, bmp or webp (of several pictures the first) and encodes it anew, upright, so that its longer
// side has at most each of these pixels: a png if it has transparent parts, otherwise a jpeg. Nothing that a camera wrote
// into the original is in the copies. width and height are the original's, as shown.
//
// It returns wire.TooLarge for too many pixels (found before they are decoded), wire.UnsupportedType for what is no such
// image or a broken one, and wire.Unavailable when others' images take too long.
func (p *Painter) Fit(
	ctx context.Context, r io.ReadSeeker, sides ...int,
) (small [][]byte, width, height int, err error) {
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, 0, 0, fmt.Errorf("read a picture: %w", err)
	}
	head = head[:n]
	f, ok := formatOf(head, fitted)
	if !ok {
		return nil, 0, 0, bad(nil)
	}
	if err := measure(f, r, head); err != nil {
		return nil, 0, 0, err
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return nil, 0, 0, err
	}
	defer leave()
	source := &source{ctx: ctx, r: r}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, 0, 0, fmt.Errorf("read a picture: %w", err)
	}
	original, err := f.decode(source)
	if source.err != nil {
		return nil, 0, 0, fmt.Errorf("read a picture: %w", source.err)
	}
	if err != nil {
		return nil, 0, 0, bad(err)
	}
	way := upright
	if f.turned {
		way = orientation(head)
	}
	width, height = original.Bounds().Dx(), original.Bounds().Dy()
	if way >= 5 { // a quarter turn
		width, height = height, width
	}
	for _, side := range sides {
		data, _, err := encode(turn(fit(original, side), way))
		if err != nil {
			return nil, 0, 0, err
		}
		small = append(small, data)
	}
	return small, width, height, nil
}

// source tells a failure of the store from a broken image, and ends with its context.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if s.err = s.ctx.Err(); s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// measure refuses an image that would take too much memory, before it takes any.
func measure(f format, r io.ReadSeeker, head []byte) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	config, err := f.config(r)
	if err != nil {
		return bad(err)
	}
	if config.Width < 1 || config.Height < 1 {
		return bad(nil)
	}
	perPixel := bytesPerPixel(config.ColorModel)
	if f.turned && isProgressive(head) {
		perPixel += 3 * 4 // the coefficients of all blocks, until the last scan
	}
	if config.Width > maxFitPixels/config.Height || config.Width*config.Height > maxDecoded/perPixel {
		return errs.E(wire.TooLarge, wire.ReasonBadImage, textTooManyPx)
	}
	return nil
}

func bytesPerPixel(m color.Model) int {
	switch m {
	case color.GrayModel, color.AlphaModel:
		return 1
	case color.Gray16Model, color.Alpha16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, paletted := m.(color.Palette); paletted {
		return 1
	}
	return 4
}

// isProgressive looks for the mark of a progressive JPEG (SOF2, ITU T.81).
func isProgressive(head []byte) bool {
	const baseline, progressive, startOfScan = 0xc0, 0xc2, 0xda
	for rest := head[min(2, len(head)):]; len(rest) >= 4 && rest[0] == 0xff; {
		size := int(rest[2])<<8 | int(rest[3])
		switch rest[1] {
		case progressive:
			return true
		case baseline, startOfScan:
			return false
		}
		if 2+size > len(rest) {
			break
		}
		rest = rest[2+size:]
	}
	return true // not known: the worse is assumed
}

// fit scales an image so that its longer side has at most side pixels. It is never made larger.
func fit(original image.Image, side int) *image.NRGBA {
	b := original.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > side {
		w, h = max(1, w*side/longer), max(1, h*side/longer)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if factor := max(b.Dx(), b.Dy()) / side; factor > 1 {
		original = shrinkBy(original, factor) // in whole steps, without the large memory of a scaler
	}
	draw.ApproxBiLinear.Scale(out, out.Bounds(), original, original.Bounds(), draw.Src, nil)
	return out
}

// shrinkBy makes one pixel, the mean, of each square of factor pixels. The squares at the edges may be smaller.
func shrinkBy(original image.Image, factor int) image.Image {
	b := original.Bounds()
	at := pixels(original)
	out := image.NewRGBA64(image.Rect(0, 0, (b.Dx()+factor-1)/factor, (b.Dy()+factor-1)/factor))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			square := image.Rect(x*factor, y*factor, (x+1)*factor, (y+1)*factor).Add(b.Min).Intersect(b)
			var red, green, blue, alpha uint64
			for sy := square.Min.Y; sy < square.Max.Y; sy++ {
				for sx := square.Min.X; sx < square.Max.X; sx++ {
					c := at(sx, sy)
					red, green, blue, alpha = red+uint64(c.R), green+uint64(c.G), blue+uint64(c.B), alpha+uint64(c.A)
				}
			}
			n := uint64(square.Dx() * square.Dy())
			out.SetRGBA64(x, y, color.RGBA64{
				R: uint16(red / n), G: uint16(green / n), B: uint16(blue / n), A: uint16(alpha / n),
			})
		}
	}
	return out
}

// pixels reads pixels without an allocation for each, where the image can.
func pixels(original image.Image) func(x, y int) color.RGBA64 {
	if quick, ok := original.(image.RGBA64Image); ok {
		return quick.RGBA64At
	}
	return func(x, y int) color.RGBA64 {
		r, g, b, a := original.At(x, y).RGBA()
		return color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)}
	}
}
