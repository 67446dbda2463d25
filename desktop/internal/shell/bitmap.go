package shell

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"
	"image/png"
)

// bitmapHeader is how long a BITMAPV5HEADER is.
const bitmapHeader = 124

// asBitmap makes of a png what Windows calls a CF_DIBV5: a BITMAPV5HEADER and the pixels, blue, green, red and alpha, the
// lowest row first.
func asBitmap(content []byte) ([]byte, error) {
	decoded, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	size := decoded.Bounds().Size()
	pixels := image.NewNRGBA(image.Rect(0, 0, size.X, size.Y))
	draw.Draw(pixels, pixels.Bounds(), decoded, decoded.Bounds().Min, draw.Src)

	out := make([]byte, bitmapHeader+4*size.X*size.Y)
	put32 := func(at int, value uint32) { binary.LittleEndian.PutUint32(out[at:], value) }
	put32(0, bitmapHeader)
	put32(4, uint32(size.X))                    // width
	put32(8, uint32(size.Y))                    // height, positive: the lowest row first
	binary.LittleEndian.PutUint16(out[12:], 1)  // planes
	binary.LittleEndian.PutUint16(out[14:], 32) // bits of a pixel
	put32(16, 3)                                // BI_BITFIELDS: the masks follow
	put32(20, uint32(4*size.X*size.Y))
	put32(40, 0x00ff0000) // red
	put32(44, 0x0000ff00) // green
	put32(48, 0x000000ff) // blue
	put32(52, 0xff000000) // alpha
	put32(56, 0x73524742) // LCS_sRGB
	put32(108, 4)         // LCS_GM_IMAGES
	for y := range size.Y {
		row := out[bitmapHeader+4*size.X*(size.Y-1-y):]
		from := pixels.Pix[y*pixels.Stride:]
		for x := range size.X {
			r, g, b, a := from[4*x], from[4*x+1], from[4*x+2], from[4*x+3]
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = b, g, r, a
		}
	}
	return out, nil
}
