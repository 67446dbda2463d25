package shell

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"testing"
)

func TestABitmapHasTheRowsFromBelow(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	img.SetNRGBA(0, 0, color.NRGBA{1, 2, 3, 255})
	img.SetNRGBA(2, 1, color.NRGBA{10, 20, 30, 40})
	var content bytes.Buffer
	if err := png.Encode(&content, img); err != nil {
		t.Fatal(err)
	}
	got, err := asBitmap(content.Bytes())
	if err != nil || len(got) != 124+4*6 {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	header := func(at int) uint32 { return binary.LittleEndian.Uint32(got[at:]) }
	if header(0) != 124 || header(4) != 3 || header(8) != 2 || got[12] != 1 || got[14] != 32 || header(16) != 3 || header(20) != 24 {
		t.Errorf("header % x", got[:24])
	}
	for name, c := range map[string]struct {
		at   int
		want []byte
	}{
		"the first of the upper row": {124 + 12, []byte{3, 2, 1, 255}},
		"the last of the lower row":  {124 + 8, []byte{30, 20, 10, 40}},
	} {
		if pixel := got[c.at : c.at+4]; !bytes.Equal(pixel, c.want) {
			t.Errorf("%s: %v", name, pixel)
		}
	}
}

func TestWhatIsNoPNGIsNoBitmap(t *testing.T) {
	if _, err := asBitmap([]byte("GIF89a")); err == nil {
		t.Error("it was taken")
	}
}
