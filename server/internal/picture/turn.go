package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// upright is the orientation of an image that need not be turned (EXIF 2.3, tag 0x0112). There are 8 of them.
const upright = 1

// orientation finds how a JPEG must be turned to be seen as it was taken; upright if it doesn't say.
func orientation(data []byte) int {
	const app1, startOfScan = 0xe1, 0xda
	for rest := data[min(2, len(data)):]; len(rest) >= 4 && rest[0] == 0xff; {
		kind, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if kind == startOfScan || size < 2 || 2+size > len(rest) {
			return upright
		}
		if exif, ok := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); ok && kind == app1 {
			return orientationTag(exif)
		}
		rest = rest[2+size:]
	}
	return upright
}

// orientationTag reads the tag from the first directory of a TIFF header.
func orientationTag(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case !bytes.HasPrefix(tiff, []byte("MM\x00*")):
		return upright
	}
	if len(tiff) < 8 {
		return upright
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return upright
	}
	const entry = 12
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < entry {
			return upright
		}
		if order.Uint16(entries) == 0x0112 {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return upright
		}
		entries = entries[entry:]
	}
	return upright
}

// turn makes a square upright that was stored with an orientation.
func turn(square *image.NRGBA, orientation int) *image.NRGBA {
	// from says which pixel of the stored square is seen at (x, y).
	const last = side - 1
	from := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return last - x, y },
		3: func(x, y int) (int, int) { return last - x, last - y },
		4: func(x, y int) (int, int) { return x, last - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, last - x },
		7: func(x, y int) (int, int) { return last - y, last - x },
		8: func(x, y int) (int, int) { return last - y, x },
	}[orientation]
	if from == nil {
		return square
	}
	out := image.NewNRGBA(square.Bounds())
	for y := range side {
		for x := range side {
			fx, fy := from(x, y)
			out.SetNRGBA(x, y, square.NRGBAAt(fx, fy))
		}
	}
	return out
}
