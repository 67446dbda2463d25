//go:build e2e || screens || ages

package e2e

import (
	"archive/zip"
	"bytes"
	bytesof "encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
	"unicode/utf16"
)

// sample is a file that somebody sends.
type sample struct {
	name    string
	content []byte
}

// samples are one file of each of the original's kinds, as honest programs write them, under Korean names, and two with names
// that the original took for one.
func samples(t *testing.T) []sample {
	const types = "[Content_Types].xml"
	pdf := func(title string) []byte {
		return []byte("%PDF-1.7\n% " + title + "\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
			"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n")
	}
	picture := image.NewNRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			picture.SetNRGBA(x, y, color.NRGBA{uint8(x / 3), uint8(y / 2), 160, 255})
		}
	}
	encoded := func(encode func(b *bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	jpg := encoded(func(b *bytes.Buffer) error { return jpeg.Encode(b, picture, nil) })
	return []sample{
		{"현장 사진.png", encoded(func(b *bytes.Buffer) error { return png.Encode(b, picture) })},
		{"워크숍.jpg", jpg},
		{"단체 사진.jpeg", jpg},
		{"움직임.gif", encoded(func(b *bytes.Buffer) error { return gif.Encode(b, picture, nil) })},
		{"보고서.pdf", pdf("보고서")},
		{"계약서.pdf", pdf("계약서")},
		{"옛 문서.doc", compound("WordDocument")},
		{"회의록.docx", archive(t, types, "<Types/>", "word/document.xml", "<w:document/>")},
		{"옛 예산.xls", compound("Workbook")},
		{"예산.xlsx", archive(t, types, "x", "xl/workbook.xml", "x")},
		{"옛 발표.ppt", compound("PowerPoint Document")},
		{"발표.pptx", archive(t, types, "x", "ppt/presentation.xml", "x")},
		{"자료 모음.zip", archive(t, "보고서.txt", "안녕")},
		{"자료 모음.rar", []byte("Rar!\x1a\x07\x01\x00....")},
		{"메모.txt", []byte("안녕하세요\n")},
	}
}

// archive makes a zip; entries are names and contents by turns.
func archive(t *testing.T, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for pair := range slices.Chunk(entries, 2) {
		f, err := w.Create(pair[0])
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

// compound is a file of Office before 2007 with one empty stream; see [MS-CFB].
func compound(stream string) []byte {
	le := bytesof.LittleEndian
	header := make([]byte, 512)
	copy(header, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le.PutUint16(header[26:], 3)          // version
	le.PutUint16(header[28:], 0xfffe)     // byte order
	le.PutUint16(header[30:], 9)          // sectors of 512 bytes
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
	for i, name := range []string{"Root Entry", stream} {
		e := directory[128*i:]
		units := utf16.Encode([]rune(name))
		for j, unit := range units {
			le.PutUint16(e[2*j:], unit)
		}
		le.PutUint16(e[64:], uint16(2*len(units)+2))
		e[66] = 2
	}
	return slices.Concat(header, table, directory)
}
