package files_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// Files as honest programs write them, made here so that each can be bent.

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cameraJPEG says where it was taken and that it lies on its side.
func cameraJPEG(t testing.TB, w, h int) []byte {
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00GPS 37.5665,126.9780")
	plain := jpegOf(t, w, h)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return slices.Concat(plain[:2], segment, plain[2:])
}

func gifOf(t testing.TB, frames int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for range frames {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White}))
		g.Delay = append(g.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG says that it has so many pixels, in a few bytes.
func hugePNG(w, h uint32) []byte {
	chunk := func(kind string, data []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(append(b, kind...), data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 1<<16))
	_ = z.Close()
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(header, 8, 2, 0, 0, 0)),
		chunk("IDAT", packed.Bytes()), chunk("IEND", nil))
}

func bmpOf() []byte {
	b := append([]byte("BM"), make([]byte, 52)...)
	le := binary.LittleEndian
	le.PutUint32(b[2:], 58)
	le.PutUint32(b[10:], 54)
	le.PutUint32(b[14:], 40)
	le.PutUint32(b[18:], 1)
	le.PutUint32(b[22:], 1)
	le.PutUint16(b[26:], 1)
	le.PutUint16(b[28:], 24)
	return append(b, 1, 2, 3, 0)
}

const pdfOf = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" +
	"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"

const pdfScript = "%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n" +
	"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"

// zipOf makes an archive; entries are names and contents by turns.
func zipOf(t testing.TB, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for pair := range slices.Chunk(entries, 2) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: pair[0], Method: zip.Deflate})
		if err == nil {
			_, err = f.Write([]byte(pair[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const contentTypes = "[Content_Types].xml"

func docxOf(t testing.TB) []byte {
	return zipOf(t, contentTypes, "<Types/>", "word/document.xml", "<w:document/>")
}

// bombOf inflates to so many MiB of zeros.
func bombOf(t testing.TB, mib int) []byte {
	t.Helper()
	return zipOf(t, "zeros.bin", strings.Repeat("\x00", mib<<20))
}

// oleOf is a compound file with streams of these names and nothing in them.
func oleOf(names ...string) []byte {
	le := binary.LittleEndian
	header := make([]byte, 512)
	copy(header, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le.PutUint16(header[26:], 3)
	le.PutUint16(header[28:], 0xfffe)
	le.PutUint16(header[30:], 9)
	le.PutUint32(header[44:], 1)          // one table
	le.PutUint32(header[48:], 1)          // the directory
	le.PutUint32(header[68:], 0xfffffffe) // no further tables
	for i := range 109 {
		le.PutUint32(header[76+4*i:], 0xffffffff)
	}
	le.PutUint32(header[76:], 0)
	table := bytes.Repeat([]byte{0xff}, 512)
	le.PutUint32(table, 0xfffffffd)
	le.PutUint32(table[4:], 0xfffffffe)
	directory := make([]byte, 512)
	for i, name := range append([]string{"Root Entry"}, names...) {
		e := directory[128*i:]
		for j, unit := range utf16.Encode([]rune(name)) {
			le.PutUint16(e[2*j:], unit)
		}
		le.PutUint16(e[64:], uint16(2*len(utf16.Encode([]rune(name)))+2))
		e[66] = 2
	}
	return slices.Concat(header, table, directory)
}

func boxOf(brand string) []byte {
	return []byte("\x00\x00\x00\x14ftyp" + brand + "\x00\x00\x00\x00" + brand + "\x00\x00\x00\x0cmdatdata")
}

func riffOf(form string) []byte {
	return []byte("RIFF\x24\x00\x00\x00" + form + "fmt \x10\x00\x00\x00" + strings.Repeat("\x00", 24))
}

// honest are one file of each kind that needs no special program to make.
func honest(t testing.TB) map[string][]byte {
	odf := func(mime string) []byte { return zipOf(t, "mimetype", mime, "content.xml", "<x/>") }
	const o = "application/vnd.oasis.opendocument."
	return map[string][]byte{
		"png": pngOf(t, 30, 20), "jpg": jpegOf(t, 30, 20), "jpeg": jpegOf(t, 3, 2), "gif": gifOf(t, 3), "bmp": bmpOf(),
		"heic": boxOf("heic"), "heif": boxOf("mif1"), "mp4": boxOf("isom"), "mov": boxOf("qt  "), "m4a": boxOf("M4A "),
		"pdf": []byte(pdfOf), "doc": oleOf("WordDocument"), "xls": oleOf("Workbook"), "ppt": oleOf("PowerPoint Document"),
		"hwp": oleOf("FileHeader"), "docx": docxOf(t), "xlsx": zipOf(t, contentTypes, "x", "xl/workbook.xml", "x"),
		"pptx": zipOf(t, contentTypes, "x", "ppt/presentation.xml", "x"), "hwpx": odf("application/hwp+zip"),
		"odt": odf(o + "text"), "ods": odf(o + "spreadsheet"), "odp": odf(o + "presentation"),
		"zip": zipOf(t, "보고서.txt", "안녕"), "7z": []byte("7z\xbc\xaf\x27\x1c\x00\x04...."),
		"rar": []byte("Rar!\x1a\x07\x01\x00...."), "txt": []byte("안녕하세요\n"), "csv": []byte("\xef\xbb\xbf이름,부서\r\n"),
		"log": []byte("line\n"), "md": []byte("# 제목\n"), "mp3": []byte("ID3\x04\x00\x00\x00\x00\x00\x00"), "wav": riffOf("WAVE"),
	}
}
