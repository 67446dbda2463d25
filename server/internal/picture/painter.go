package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"time"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

const (
	side      = 256        // pixels of the square
	maxPixels = 40_000_000 // of the original: 160 MB while it is decoded, 320 MB with 16 bits a colour
	quality   = 88         // of a JPEG
	atOnce    = 1          // images that are decoded at the same time
	patience  = 5 * time.Second
	busyRetry = 5 * time.Second
)

var (
	textBadImage  = errs.Text{KO: "PNG, JPEG, GIF 사진만 사용할 수 있습니다.", EN: "Only PNG, JPEG and GIF pictures can be used."}
	textTooManyPx = errs.Text{KO: "사진의 해상도가 너무 높습니다.", EN: "The picture has too many pixels."}
)

// Painter makes small pictures. It is safe for use by several goroutines.
type Painter struct{ turns chan struct{} }

// NewPainter makes a Painter.
func NewPainter() *Painter { return &Painter{turns: make(chan struct{}, atOnce)} }

// Paint reads a png, jpeg or gif (of several pictures the first) and returns it as a square of 256 pixels, its middle if it
// isn't square: a png if it has transparent parts, otherwise a jpeg.
//
// It returns wire.UnsupportedType for what is no such image or a broken one, wire.TooLarge for one of more than 40 million
// pixels, and wire.Unavailable when others' images take too long.
func (p *Painter) Paint(ctx context.Context, data []byte) (small []byte, contentType string, err error) {
	f, ok := formatOf(data, painted)
	if !ok {
		return nil, "", bad(nil)
	}
	config, err := f.config(bytes.NewReader(data))
	if err != nil {
		return nil, "", bad(err)
	}
	if config.Width < 1 || config.Height < 1 {
		return nil, "", bad(nil)
	}
	if config.Width > maxPixels/config.Height {
		return nil, "", errs.E(wire.TooLarge, wire.ReasonBadImage, textTooManyPx)
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return nil, "", err
	}
	defer leave()
	original, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", bad(err)
	}
	square := shrink(original)
	if f.turned {
		square = turn(square, orientation(data))
	}
	return encode(square)
}

// enter waits for a turn to decode.
func (p *Painter) enter(ctx context.Context) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case p.turns <- struct{}{}:
		return func() { <-p.turns }, nil
	case <-ctx.Done():
		return nil, errs.Unavailable(busyRetry, ctx.Err())
	}
}

func bad(cause error) *errs.Error {
	return &errs.Error{Code: wire.UnsupportedType, Reason: wire.ReasonBadImage, Text: textBadImage, Err: cause}
}

// format is a kind of image that is taken.
type format struct {
	config func(r io.Reader) (image.Config, error)
	decode func(r io.Reader) (image.Image, error)
	turned bool // may say that it must be turned (EXIF)
}

// marked is a format and how its files begin.
type marked struct {
	format
	magic, form string // form: what stands behind the first 8 bytes, if anything must
}

// painted are the formats that people may choose a picture of; fitted those that files may have.
var (
	painted = []marked{
		{format{png.DecodeConfig, png.Decode, false}, "\x89PNG\r\n\x1a\n", ""},
		{format{jpeg.DecodeConfig, jpeg.Decode, true}, "\xff\xd8\xff", ""},
		{format{gif.DecodeConfig, gif.Decode, false}, "GIF87a", ""},
		{format{gif.DecodeConfig, gif.Decode, false}, "GIF89a", ""},
	}
	fitted = append(slices.Clone(painted),
		marked{format{bmp.DecodeConfig, bmp.Decode, false}, "BM", ""},
		marked{format{webp.DecodeConfig, webp.Decode, false}, "RIFF", "WEBP"},
	)
)

// formatOf tells a format by the first bytes. What a client or a file's name says of it counts nothing.
func formatOf(data []byte, among []marked) (format, bool) {
	for _, known := range among {
		if bytes.HasPrefix(data, []byte(known.magic)) && bytes.HasPrefix(data[min(8, len(data)):], []byte(known.form)) {
			return known.format, true
		}
	}
	return format{}, false
}

// shrink scales the middle square of an image to the size of a picture.
func shrink(original image.Image) *image.NRGBA {
	b := original.Bounds()
	n := min(b.Dx(), b.Dy())
	corner := image.Pt(b.Min.X+(b.Dx()-n)/2, b.Min.Y+(b.Dy()-n)/2)
	square := image.NewNRGBA(image.Rect(0, 0, side, side))
	draw.BiLinear.Scale(square, square.Bounds(), original, image.Rectangle{Min: corner, Max: corner.Add(image.Pt(n, n))},
		draw.Src, nil)
	return square
}

func encode(square *image.NRGBA) (data []byte, contentType string, err error) {
	var out bytes.Buffer
	if square.Opaque() {
		contentType, err = "image/jpeg", jpeg.Encode(&out, square, &jpeg.Options{Quality: quality})
	} else {
		contentType, err = "image/png", png.Encode(&out, square)
	}
	if err != nil {
		return nil, "", fmt.Errorf("encode picture: %w", err)
	}
	return out.Bytes(), contentType, nil
}
