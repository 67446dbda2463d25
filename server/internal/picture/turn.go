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

// turn makes an image upright that was stored with an orientation.
func turn(stored *image.NRGBA, orientation int) *image.NRGBA {
	w, h := stored.Rect.Dx(), stored.Rect.Dy()
	right, bottom := w-1, h-1
	// from says which pixel of the stored image is seen at (x, y).
	from := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return right - x, y },
		3: func(x, y int) (int, int) { return right - x, bottom - y },
		4: func(x, y int) (int, int) { return x, bottom - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, bottom - x },
		7: func(x, y int) (int, int) { return right - y, bottom - x },
		8: func(x, y int) (int, int) { return right - y, x },
	}[orientation]
	if from == nil {
		return stored
	}
	if orientation >= 5 { // a quarter turn
		w, h = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := from(x, y)
			out.SetNRGBA(x, y, stored.NRGBAAt(fx, fy))
		}
	}
	return out
}
