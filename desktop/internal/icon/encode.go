package icon

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
)

// PNG encodes a picture.
func PNG(img image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("encode png: %w", err)
	}
	return out.Bytes(), nil
}

// ICO puts pictures of several sizes into one Windows icon, each as PNG (Windows Vista and later read that).
// The format: https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)
func ICO(images ...image.Image) ([]byte, error) {
	const headerSize, entrySize = 6, 16
	type entry struct {
		Width, Height, Colours, Reserved uint8
		Planes, BitCount                 uint16
		Size, Offset                     uint32
	}
	var head, body bytes.Buffer
	write := func(v any) { _ = binary.Write(&head, binary.LittleEndian, v) } // a bytes.Buffer takes everything
	write([3]uint16{0, 1, uint16(len(images))})
	for _, img := range images {
		encoded, err := PNG(img)
		if err != nil {
			return nil, err
		}
		size := img.Bounds().Size()
		write(entry{
			Width: uint8(size.X), Height: uint8(size.Y), // 256 is written as 0
			Planes: 1, BitCount: 32,
			Size:   uint32(len(encoded)),
			Offset: uint32(headerSize + entrySize*len(images) + body.Len()),
		})
		body.Write(encoded)
	}
	return append(head.Bytes(), body.Bytes()...), nil
}

// icnsTypes are the kinds of pictures in an icon of macOS by their side in pixels, those for twice as many dots last: all are PNG since 10.7.
// The format: https://en.wikipedia.org/wiki/Apple_Icon_Image_format
var icnsTypes = []struct {
	pixels int
	kind   string
}{
	{16, "icp4"},
	{32, "icp5"},
	{128, "ic07"},
	{256, "ic08"},
	{512, "ic09"},
	{32, "ic11"},
	{64, "ic12"},
	{256, "ic13"},
	{512, "ic14"},
	{1024, "ic10"},
}

// ICNS makes an icon of macOS of pictures that draw makes, so many pixels wide and high.
func ICNS(draw func(pixels int) image.Image) ([]byte, error) {
	var body bytes.Buffer
	element := func(kind string, content []byte) {
		body.WriteString(kind)
		_ = binary.Write(&body, binary.BigEndian, uint32(len(content)+8)) // a bytes.Buffer takes everything
		body.Write(content)
	}
	for _, t := range icnsTypes {
		encoded, err := PNG(draw(t.pixels))
		if err != nil {
			return nil, err
		}
		element(t.kind, encoded)
	}
	pictures := bytes.Clone(body.Bytes())
	body.Reset()
	element("icns", pictures)
	return body.Bytes(), nil
}
