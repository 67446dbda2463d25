package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"himsg/server/internal/errs"
	"himsg/server/internal/picture"
	"himsg/shared/wire"
)

// quarters is an image whose left upper quarter is red, right upper green, left lower blue and right lower white.
func quarters(w, h int, alpha uint8) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: alpha}
			switch {
			case x < w/2 && y < h/2:
				c.R = 255
			case y < h/2:
				c.G = 255
			case x < w/2:
				c.B = 255
			default:
				c.R, c.G, c.B = 255, 255, 255
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func encoded(t testing.TB, kind string, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&out, img)
	case "jpeg":
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 95})
	default:
		err = gif.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cornersOf names the colours of a picture's quarters, row by row.
func cornersOf(t testing.TB, data []byte) (names string) {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, 256, 256) {
		t.Errorf("bounds %v", img.Bounds())
	}
	for _, at := range []image.Point{{60, 60}, {196, 60}, {60, 196}, {196, 196}} {
		c := color.NRGBAModel.Convert(img.At(at.X, at.Y)).(color.NRGBA)
		r, g, b := c.R, c.G, c.B
		switch {
		case r > 128 && g > 128 && b > 128:
			names += "w"
		case r > g && r > b:
			names += "r"
		case g > r && g > b:
			names += "g"
		case b > r && b > g:
			names += "b"
		default:
			names += "?"
		}
	}
	return names
}

func TestPaintMakesASquare(t *testing.T) {
	for name, row := range map[string]struct {
		data     []byte
		wantType string
	}{
		"png":               {encoded(t, "png", quarters(300, 300, 255)), "image/jpeg"},
		"wide jpeg":         {encoded(t, "jpeg", quarters(1200, 400, 255)), "image/jpeg"},
		"high gif":          {encoded(t, "gif", quarters(100, 300, 255)), "image/jpeg"},
		"two pixels by two": {encoded(t, "png", quarters(2, 2, 255)), "image/jpeg"},
		"transparent png":   {encoded(t, "png", quarters(300, 300, 100)), "image/png"},
	} {
		got, contentType, err := picture.NewPainter().Paint(context.Background(), row.data)
		if err != nil || contentType != row.wantType {
			t.Errorf("%s: %s, %v", name, contentType, err)
			continue
		}
		if corners := cornersOf(t, got); corners != "rgbw" {
			t.Errorf("%s: quarters %s", name, corners)
		}
	}
}

// turned puts an orientation into a JPEG, as cameras do.
func turned(jpg []byte, order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	tiff := []byte(mark)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, orientation)
	tiff = order.AppendUint16(tiff, 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), jpg[2:]...)
}

func TestPaintTurnsAPhotograph(t *testing.T) {
	plain := encoded(t, "jpeg", quarters(320, 320, 255))
	for orientation, want := range map[uint16]string{
		1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw", 0: "rgbw",
	} {
		for mark, order := range map[string]binary.AppendByteOrder{
			"II*\x00": binary.LittleEndian, "MM\x00*": binary.BigEndian,
		} {
			got, _, err := picture.NewPainter().Paint(context.Background(), turned(plain, order, mark, orientation))
			if err != nil {
				t.Fatal(err)
			}
			if corners := cornersOf(t, got); corners != want {
				t.Errorf("orientation %d (%q): %s, want %s", orientation, mark, corners, want)
			}
			if bytes.Contains(got, []byte("Exif")) {
				t.Error("EXIF of the original is left")
			}
		}
	}
}

// pngOf is the head of a PNG that says it has this size.
func pngOf(w, h uint32) []byte {
	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(head, w)
	head = binary.BigEndian.AppendUint32(head, h)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestPaintRefuses(t *testing.T) {
	whole := encoded(t, "png", quarters(300, 300, 255))
	bomb := append([]byte("GIF89a"), 0xff, 0xff, 0xff, 0xff, 0, 0, 0)
	for name, row := range map[string]struct {
		data []byte
		want wire.Code
	}{
		"nothing":                {nil, wire.UnsupportedType},
		"HTML":                   {[]byte("<html><script>alert(1)</script>"), wire.UnsupportedType},
		"SVG":                    {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`), wire.UnsupportedType},
		"WebP":                   {[]byte("RIFF\x10\x00\x00\x00WEBPVP8 "), wire.UnsupportedType},
		"the first bytes alone":  {whole[:8], wire.UnsupportedType},
		"half a png":             {whole[:len(whole)/2], wire.UnsupportedType},
		"half a jpeg":            {encoded(t, "jpeg", quarters(300, 300, 255))[:2000], wire.UnsupportedType},
		"HTML behind the magic":  {append([]byte("\x89PNG\r\n\x1a\n"), "<script>"...), wire.UnsupportedType},
		"no pixels":              {pngOf(0, 10), wire.UnsupportedType},
		"40 million and one row": {pngOf(8000, 5001), wire.TooLarge},
		"4 billion by 4 billion": {pngOf(0x7fffffff, 0x7fffffff), wire.UnsupportedType},
		"100,000 by 100,000":     {pngOf(100_000, 100_000), wire.TooLarge},
		"a gif of 65,535 square": {bomb, wire.TooLarge},
	} {
		_, _, err := picture.NewPainter().Paint(context.Background(), row.data)
		if err == nil {
			t.Errorf("%s is taken", name)
		} else if !errs.Is(err, row.want) || errs.As(err).Reason != wire.ReasonBadImage {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
}

// FuzzPaint looks for bytes that make it panic, or give anything but a picture or a refusal.
func FuzzPaint(f *testing.F) {
	for _, kind := range []string{"png", "jpeg", "gif"} {
		f.Add(encoded(f, kind, quarters(8, 8, 255)))
	}
	f.Add(turned(encoded(f, "jpeg", quarters(8, 8, 255)), binary.BigEndian, "MM\x00*", 6))
	painter := picture.NewPainter()
	f.Fuzz(func(t *testing.T, data []byte) {
		got, contentType, err := painter.Paint(t.Context(), data)
		switch {
		case err != nil && !errs.Is(err, wire.UnsupportedType) && !errs.Is(err, wire.TooLarge):
			t.Errorf("%v", err)
		case err == nil && (len(got) == 0 || contentType == ""):
			t.Error("nothing was made")
		}
	})
}
