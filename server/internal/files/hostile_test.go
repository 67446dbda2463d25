package files_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/files"
	"himsg/shared/wire"
)

func TestHonestFilesOfEachKindAreTaken(t *testing.T) {
	w := newWorld(t)
	samples := honest(t)
	for _, extension := range files.KnownTypes() {
		data, ok := samples[extension]
		if !ok {
			if extension != "webp" { // testdata of package picture has one
				t.Errorf("no sample of %s", extension)
			}
			continue
		}
		st := w.put("보고서."+extension, data)
		if st.State != wire.FileReady {
			t.Errorf("%s: %s %v", extension, st.State, st.Refusal)
		}
		if picture := st.File.Width > 0; picture != st.File.Thumbnail {
			t.Errorf("%s: width %d, thumbnail %v", extension, st.File.Width, st.File.Thumbnail)
		}
	}
}

// hostile is what somebody who means ill, or a careless program, may send, and what it gets: the reason of the refusal, or
// "taken" with why that does no harm.
var hostile = []struct {
	what string
	name string
	want string
	data func(t *testing.T) []byte
}{
	{"HTML named .png", "x.png", "file_content", text("<html><script>alert(1)</script></html>")},
	{"a program named .png", "x.png", "file_content", text("MZ\x90\x00\x03\x00\x00\x00")},
	{"a program named .txt", "x.txt", "file_content", text("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00")},
	{"a program", "x.exe", "file_type", text("MZ\x90")},
	{"an SVG named .png", "x.png", "file_content", text(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)},
	{"a gif that is a script too", "x.gif", "file_content", text("GIF89a/*\x00\x00\x00\x00\x00\x00\x00*/=1;alert(1)//")},
	{"a real gif with a script in a comment", "x.gif", "taken", func(t *testing.T) []byte { // an image to us, and with nosniff to all
		g := gifOf(t, 1)
		return slices.Concat(g[:len(g)-1], []byte("\x21\xfe\x09alert(1);\x00\x3b"))
	}},
	{"an SVG", "x.svg", "file_type", text("<svg/>")},
	{"a web page", "x.html", "file_type", text("<html/>")},
	{"two extensions", "x.png.exe", "file_type", text("MZ")},
	{"no extension", "보고서", "file_type", text("x")},
	{"a png named .jpg", "x.jpg", "file_content", func(t *testing.T) []byte { return pngOf(t, 4, 4) }},
	{"a broken png", "x.png", "file_content", func(t *testing.T) []byte { return pngOf(t, 40, 40)[:60] }},
	{"a PNG of 50,000 × 50,000", "x.png", "file_image", func(*testing.T) []byte { return hugePNG(50_000, 50_000) }},
	{"a PNG of 4,294,967,295 × 1", "x.png", "file_content", func(*testing.T) []byte { return hugePNG(1<<32-1, 1) }},
	{"a GIF of 10,000 frames", "x.gif", "file_image", func(t *testing.T) []byte { return gifOf(t, 10_000) }},
	{"a GIF without an end", "x.gif", "file_content", func(t *testing.T) []byte { g := gifOf(t, 3); return g[:len(g)-1] }},
	{"GIFAR: a gif with an archive behind it", "x.gif", "file_content", func(t *testing.T) []byte {
		return append(gifOf(t, 1), zipOf(t, "META-INF/MANIFEST.MF", "x")...)
	}},
	{"a jpeg with an archive behind it", "x.jpg", "file_content", func(t *testing.T) []byte {
		return append(jpegOf(t, 4, 4), zipOf(t, "a", "x")...)
	}},
	{"a PDF with an archive behind it", "x.pdf", "file_content", func(t *testing.T) []byte {
		return slices.Concat([]byte(pdfOf), zipOf(t, "a", "x"), []byte{})
	}},
	{"an archive with a PDF in front of it", "x.zip", "file_content", func(t *testing.T) []byte {
		return append([]byte(pdfOf), zipOf(t, "a", "x")...)
	}},
	{"a jpeg that is a PDF too", "x.jpg", "file_content", func(t *testing.T) []byte {
		j := jpegOf(t, 4, 4)
		return slices.Concat(j[:2], []byte{0xff, 0xfe, 0, 12}, []byte("%PDF-1.7\n "), j[2:])
	}},
	{"a PDF with script", "x.pdf", "taken", text(pdfScript)}, // only ever an attachment, in a sandbox
	{"a PDF without an end", "x.pdf", "file_content", text(pdfOf[:40])},
	{"a zip bomb of 80 MiB", "x.zip", "file_archive", func(t *testing.T) []byte { return bombOf(t, 80) }},
	{"a docx that is a bomb", "x.docx", "file_archive", func(t *testing.T) []byte {
		return zipOf(t, contentTypes, "x", "word/document.xml", strings.Repeat("\x00", 80<<20))
	}},
	{"a zip in a zip in a zip in a zip", "x.zip", "file_archive", func(t *testing.T) []byte {
		inner := zipOf(t, "a", "x")
		for range 3 {
			inner = zipOf(t, "inner.zip", string(inner))
		}
		return inner
	}},
	{"a zip of zips of zeros", "x.zip", "file_archive", func(t *testing.T) []byte {
		inner, entries := string(bombOf(t, 15)), []string{}
		for i := range 20 {
			entries = append(entries, fmt.Sprintf("%d.zip", i), inner)
		}
		return zipOf(t, entries...)
	}},
	{"a zip of 20,001 entries", "x.zip", "file_archive", func(t *testing.T) []byte {
		entries := make([]string, 0, 40_002)
		for i := range 20_001 {
			entries = append(entries, fmt.Sprint(i), "")
		}
		return zipOf(t, entries...)
	}},
	{"a zip whose entry lies about its size", "x.zip", "file_content", func(t *testing.T) []byte {
		data := bombOf(t, 1)
		at := bytes.LastIndex(data, []byte("PK\x01\x02"))
		copy(data[at+24:], "\x01\x00\x00\x00") // inflated size
		return data
	}},
	{"a zip whose entries overlap", "x.zip", "file_archive", overlapping},
	{"a zip that leads out of its folder", "x.zip", "file_archive", func(t *testing.T) []byte { return zipOf(t, "../../x", "x") }},
	{"the same with \\", "x.zip", "file_archive", func(t *testing.T) []byte { return zipOf(t, `..\..\x`, "x") }},
	{"a zip with an absolute path", "x.zip", "file_archive", func(t *testing.T) []byte { return zipOf(t, "/etc/passwd", "x") }},
	{"a zip with a drive", "x.zip", "file_archive", func(t *testing.T) []byte { return zipOf(t, `C:\x`, "x") }},
	{"a zip without an end", "x.zip", "file_content", func(t *testing.T) []byte { return zipOf(t, "a", "x")[:20] }},
	{"a zip of zips", "x.zip", "taken", func(t *testing.T) []byte {
		return zipOf(t, "a.zip", string(zipOf(t, "a", "x")), "b.zip", string(zipOf(t, "b", "x")))
	}},
	{"a zip in a zip that leads out of its folder", "x.zip", "file_archive", func(t *testing.T) []byte {
		return zipOf(t, "inner.zip", string(zipOf(t, "../x", "x")))
	}},
	{"a zip named .docx", "x.docx", "file_content", func(t *testing.T) []byte { return zipOf(t, "a", "x") }},
	{"a docx without [Content_Types].xml", "x.docx", "file_content", func(t *testing.T) []byte {
		return zipOf(t, "word/document.xml", "x")
	}},
	{"a docm named .docx", "x.docx", "file_content", func(t *testing.T) []byte {
		return zipOf(t, contentTypes, "x", "word/document.xml", "x", "word/VBAPROJECT.BIN", "x")
	}},
	{"a docx named .xlsx", "x.xlsx", "file_content", docx},
	{"a docx named .zip", "x.zip", "taken", docx}, // it is one
	{"a docx with macros", "x.docx", "file_content", func(t *testing.T) []byte {
		return zipOf(t, contentTypes, "x", "word/document.xml", "x", "word/vbaProject.bin", "x")
	}},
	{"a docx with a password", "x.docx", "taken", func(*testing.T) []byte { return oleOf("EncryptionInfo", "EncryptedPackage") }},
	{"a doc named .xls", "x.xls", "file_content", func(*testing.T) []byte { return oleOf("WordDocument") }},
	{"a compound file that is cut off", "x.doc", "file_content", func(*testing.T) []byte { return oleOf("WordDocument")[:600] }},
	{"a compound file whose directory has no end", "x.doc", "file_content", func(*testing.T) []byte {
		data := oleOf("A")
		copy(data[512+4:], "\x01\x00\x00\x00") // the sector follows itself
		return data
	}},
	{"text with NUL", "x.txt", "file_content", text("a\x00b")},
	{"UTF-16 with a mark", "x.txt", "taken", func(*testing.T) []byte { return utf16Of("안녕 😀") }},
	{"half a character of UTF-16", "x.txt", "file_content", func(*testing.T) []byte { return utf16Of("안녕 😀")[:10] }},
	{"CP949", "x.txt", "taken", text("\xbe\xc8\xb3\xe7 abc\r\n")},
	{"neither UTF-8 nor CP949", "x.txt", "file_content", text("\xbe\xc8\xff\xff")},
	{"a web page named .txt", "x.txt", "taken", text("<script>alert(1)</script>")}, // an attachment of type text/plain
	{"no bytes", "x.txt", "file_empty", text("")},
	{"only dots", "...", "file_name", text("x")},
	{"no name", "", "file_name", text("x")},
	{"only an override", "\u202e", "file_name", text("x")},
	{"a program whose name is turned round", "보고서\u202etxt.exe", "file_type", text("x")},
	{"a path", "../../etc/passwd.txt", "taken", text("x")}, // as passwd.txt
	{"a reserved name", "con.txt", "taken", text("x")},     // as _con.txt
	{"EICAR without a scanner", "x.txt", "taken", text(eicar)},
}

const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

func text(s string) func(*testing.T) []byte { return func(*testing.T) []byte { return []byte(s) } }

func docx(t *testing.T) []byte { return docxOf(t) }

func utf16Of(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return b
}

// overlapping has two entries in its directory for the same bytes.
func overlapping(t *testing.T) []byte {
	data := zipOf(t, "a", strings.Repeat("0123456789", 100))
	directory := data[bytes.LastIndex(data, []byte("PK\x01\x02")):bytes.LastIndex(data, []byte("PK\x05\x06"))]
	end := bytes.Clone(data[bytes.LastIndex(data, []byte("PK\x05\x06")):])
	end[8], end[10] = 20, 20
	size := 20 * len(directory)
	end[12], end[13] = byte(size), byte(size>>8)
	return slices.Concat(data[:bytes.LastIndex(data, []byte("PK\x05\x06"))], bytes.Repeat(directory, 19), end)
}

func TestHostileFiles(t *testing.T) {
	w := newWorld(t)
	got := map[string]string{}
	for _, h := range hostile {
		data := h.data(t)
		f, err := w.Create(t.Context(), someone, files.NewUpload{Name: h.name, Size: int64(len(data))})
		switch {
		case err != nil:
			got[h.what] = reasonOf(err)
		default:
			if _, err := w.write(f, 0, data); err != nil {
				t.Fatalf("%s: %v", h.what, err)
			}
			got[h.what] = "taken"
			if st := w.checked(f); st.State == wire.FileRefused {
				got[h.what] = string(st.Refusal.Reason)
			}
		}
		if got[h.what] != h.want {
			t.Errorf("%s: %s, want %s", h.what, got[h.what], h.want)
		}
	}
	var table strings.Builder
	for _, what := range slices.Sorted(maps.Keys(got)) {
		fmt.Fprintf(&table, "\n%-50s %s", what, got[what])
	}
	t.Log(table.String())
}

func TestRefusedFilesLeaveNoBytes(t *testing.T) {
	w := newWorld(t)
	w.put("x.png", []byte("<html>"))
	w.put("y.zip", bombOf(t, 80))
	if bytes, count := w.bytesOnDisk(); count != 0 {
		t.Errorf("%d files with %d bytes are left", count, bytes)
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("가", 100)
	for _, c := range []struct{ what, said, want string }{
		{"Korean", "보고서.pdf", "보고서.pdf"},
		{"from a Mac", norm.NFD.String("보고서.pdf"), "보고서.pdf"},
		{"a path of Windows", `C:\Users\나\보고서.pdf`, "보고서.pdf"},
		{"a path of Unix", "/home/나/보고서.pdf", "보고서.pdf"},
		{"out of a folder", "../../x.pdf", "x.pdf"},
		{"control characters", "a\x00b\nc\x1b.pdf", "abc.pdf"},
		{"override and marks", "a\u202egnp\u200f\u2066\u200b.pdf", "agnp.pdf"},
		{"characters of Windows", `a<b>c:d"e|f?g*.pdf`, "a_b_c_d_e_f_g_.pdf"},
		{"dots and blanks at the end", "a.pdf. . ", "a.pdf"},
		{"blanks of all kinds", "\u00a0a\u3000b\u2003.pdf", "a b .pdf"},
		{"a device", "NUL.pdf", "_NUL.pdf"},
		{"a device in other letters", "CoM1.tar.gz", "_CoM1.tar.gz"},
		{"no device", "COM10.pdf", "COM10.pdf"},
		{"300 bytes of Hangul", long + ".pdf", strings.Repeat("가", 83) + ".pdf"},
		{"300 bytes from a Mac", norm.NFD.String(long) + ".pdf", strings.Repeat("가", 83) + ".pdf"},
		{"hidden", ".bashrc.txt", ".bashrc.txt"},
	} {
		got, err := files.CleanName(c.said)
		if err != nil || got != c.want {
			t.Errorf("%s: %q %v, want %q", c.what, got, err, c.want)
		}
	}
	for _, bad := range []string{"", ".", "..", "...", "   ", "\u202e", "/", "a/", "_", "\xff.pdf", strings.Repeat("a", 5000)} {
		if got, err := files.CleanName(bad); reasonOf(err) != "file_name" {
			t.Errorf("%.20q: %q %v", bad, got, err)
		}
	}
}

func TestThumbnailsAreUprightAndTellNoPlace(t *testing.T) {
	w := newWorld(t)
	st := w.put("사진.jpg", cameraJPEG(t, 1200, 600))
	if st.State != wire.FileReady || st.File.Width != 600 || st.File.Height != 1200 {
		t.Fatalf("%+v", st)
	}
	for size, want := range map[int]image.Point{wire.SmallThumbnail: {120, 240}, wire.LargeThumbnail: {480, 960}} {
		_, b, err := w.Thumbnail(t.Context(), someone, st.File.FileID, size)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(b)
		_ = b.Close()
		config, _, bad := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || bad != nil || config.Width != want.X || config.Height != want.Y {
			t.Errorf("%d: %dx%d %v %v", size, config.Width, config.Height, err, bad)
		}
		if bytes.Contains(data, []byte("GPS")) || bytes.Contains(data, []byte("Exif")) {
			t.Errorf("%d: it holds what the camera wrote", size)
		}
	}
	if _, _, err := w.Thumbnail(t.Context(), someone, st.File.FileID, 100); reasonOf(err) != "bad_request" {
		t.Errorf("another size: %v", err)
	}
}
