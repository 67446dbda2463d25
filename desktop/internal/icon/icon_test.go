package icon_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"himsg/desktop/internal/icon"
)

// `go test ./internal/icon -update` writes the files of desktop/build.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the icons of desktop/build")
	flag.Parse()
	os.Exit(m.Run())
}

// mark is icon.Mark, which draws each size once only: the large ones take seconds when they are watched for races.
func mark(pixels int) image.Image {
	if _, drawn := marks[pixels]; !drawn {
		marks[pixels] = icon.Mark(pixels)
	}
	return marks[pixels]
}

var marks = map[int]image.Image{}

func TestBuildFilesAreUpToDate(t *testing.T) {
	files := map[string][]byte{"appicon.png": pngOf(t, mark(1024))}
	for _, size := range []int{16, 24, 32, 48, 64, 128, 256, 512} {
		files[fmt.Sprintf("linux/icons/%dx%d/himsg.png", size, size)] = pngOf(t, mark(size))
	}
	ico, err := icon.ICO(mark(16), mark(24), mark(32), mark(48), mark(64), mark(256))
	if err != nil {
		t.Fatal(err)
	}
	files["windows/icon.ico"] = ico
	if files["darwin/icon.icns"], err = icon.ICNS(mark); err != nil {
		t.Fatal(err)
	}

	for name, want := range files {
		path := filepath.Join("..", "..", "build", filepath.FromSlash(name))
		if updating() {
			write(t, path, want)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the package draws: go test ./internal/icon -update", name)
		}
	}
}

func TestEveryNumberLooksDifferent(t *testing.T) {
	seen := map[string]int64{}
	for unread := range int64(101) {
		key := string(pngOf(t, icon.Badged(22, unread)))
		if other, taken := seen[key]; taken {
			t.Errorf("%d looks like %d", unread, other)
		}
		seen[key] = unread
	}
	for unread := range int64(100) {
		key := string(pngOf(t, icon.Overlay(16, unread+1)))
		if other, taken := seen[key]; taken {
			t.Errorf("over a button %d looks like %d", unread+1, other)
		}
		seen[key] = unread + 1
	}
	if icon.Overlay(16, 0) != nil {
		t.Error("nothing unread, and something is drawn")
	}
	hundred, million := pngOf(t, icon.Badged(22, 100)), pngOf(t, icon.Badged(22, 1_000_000))
	if !bytes.Equal(hundred, million) {
		t.Error("above 99 every number is 99+")
	}
	if !bytes.Equal(pngOf(t, icon.Badged(22, -3)), pngOf(t, mark(22))) {
		t.Error("a negative number is no badge")
	}
}

func TestTrayPictureHasMarkAndBadge(t *testing.T) {
	plain, badged := icon.Badged(64, 0), icon.Badged(64, 7)
	if r, _, b, a := plain.At(32, 10).RGBA(); a != 0xffff || b <= r {
		t.Error("the bubble is not blue")
	}
	if r, _, b, a := badged.At(48, 27).RGBA(); a != 0xffff || r <= b {
		t.Error("the badge is not red")
	}
	if _, _, _, a := plain.At(0, 0).RGBA(); a != 0 {
		t.Error("the corner is not transparent")
	}
}

func TestICOHoldsItsPictures(t *testing.T) {
	sizes := []int{16, 32, 256}
	var images []image.Image
	for _, size := range sizes {
		images = append(images, mark(size))
	}
	raw, err := icon.ICO(images...)
	if err != nil {
		t.Fatal(err)
	}
	if count := binary.LittleEndian.Uint16(raw[4:]); int(count) != len(sizes) {
		t.Fatalf("count %d", count)
	}
	for i, size := range sizes {
		entry := raw[6+16*i:]
		length, offset := binary.LittleEndian.Uint32(entry[8:]), binary.LittleEndian.Uint32(entry[12:])
		img, err := png.Decode(bytes.NewReader(raw[offset : offset+length]))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds().Dx() != size || int(entry[0]) != size%256 {
			t.Errorf("picture %d is %d wide, the entry says %d", i, img.Bounds().Dx(), entry[0])
		}
	}
}

func TestICNSHoldsItsPictures(t *testing.T) {
	raw, err := icon.ICNS(mark)
	if err != nil {
		t.Fatal(err)
	}
	if string(raw[:4]) != "icns" || int(binary.BigEndian.Uint32(raw[4:])) != len(raw) {
		t.Fatalf("head %q of %d bytes", raw[:8], len(raw))
	}
	sizes := map[string]int{}
	for rest := raw[8:]; len(rest) > 0; {
		length := binary.BigEndian.Uint32(rest[4:])
		img, err := png.Decode(bytes.NewReader(rest[8:length]))
		if err != nil {
			t.Fatal(err)
		}
		sizes[string(rest[:4])], rest = img.Bounds().Dx(), rest[length:]
	}
	for kind, want := range map[string]int{"icp4": 16, "ic11": 32, "ic07": 128, "ic13": 256, "ic10": 1024} {
		if sizes[kind] != want {
			t.Errorf("%s is %d wide", kind, sizes[kind])
		}
	}
	if len(sizes) != 10 {
		t.Errorf("pictures %v", sizes)
	}
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	raw, err := icon.PNG(img)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
