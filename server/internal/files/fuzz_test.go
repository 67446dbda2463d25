package files_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/files"
	"himsg/server/internal/picture"
	"himsg/shared/wire"
)

// memBlob is a blob in memory.
type memBlob struct{ *bytes.Reader }

// Size and Close complete files.Blob.
func (b memBlob) Size() int64  { return b.Reader.Size() }
func (b memBlob) Close() error { return nil }

func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"보고서.pdf", "../x", "con.txt", "\u202ea", "....", strings.Repeat("가", 90) + ".tar.gz", "a\x00b", "e\u0301.x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		name, err := files.CleanName(said)
		if err != nil {
			return
		}
		bad := strings.ContainsFunc(name, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\<>:"|?*`, r)
		})
		if name == "" || bad || len(name) > wire.MaxFileNameBytes || !utf8.ValidString(name) || !norm.NFC.IsNormalString(name) ||
			strings.TrimRight(name, ". ") != name {
			t.Errorf("%q became %q", said, name)
		}
		if again, err := files.CleanName(name); err != nil || again != name {
			t.Errorf("%q became %q, and that %q (%v)", said, name, again, err)
		}
	})
}

// FuzzKinds looks at foreign bytes as every kind. Nothing may panic, hang or take much memory.
func FuzzKinds(f *testing.F) {
	for extension, data := range honest(f) {
		f.Add(extension, data)
	}
	f.Add("webp", movieWebP(2, 3, 3, stillWebP(f)[12:]))
	f.Fuzz(func(t *testing.T, extension string, data []byte) {
		if len(data) == 0 {
			return
		}
		if err := files.CheckKind(t.Context(), extension, memBlob{bytes.NewReader(data)}); reasonOf(err) == "internal" {
			t.Errorf("%s: %v", extension, err)
		}
	})
}

// FuzzPasswords looks for passwords in foreign bytes, under the same promise.
func FuzzPasswords(f *testing.F) {
	for extension, all := range map[string][][]byte{
		"zip": {lockedZip(f, "a", "x")}, "rar": {rar4(0, 4), rar4(0x80, 0), rar5(4, ""), rar5(2, "\x03\x02\x00\x00\x03\x01\x00\x00")},
		"7z": {sevenZip(f, aesCoder, true), sevenZip(f, aesCoder, false)}, "docx": {oleOf("EncryptedPackage")},
	} {
		for _, data := range all {
			f.Add(extension, data)
		}
	}
	f.Fuzz(func(t *testing.T, extension string, data []byte) {
		if _, err := files.Locked(t.Context(), extension, memBlob{bytes.NewReader(data)}); reasonOf(err) == "internal" {
			t.Errorf("%s: %v", extension, err)
		}
	})
}

func FuzzPictures(f *testing.F) {
	samples := honest(f)
	for _, extension := range []string{"png", "jpg", "gif", "bmp"} {
		f.Add(samples[extension])
	}
	painter := picture.NewPainter()
	f.Fuzz(func(t *testing.T, data []byte) {
		small, w, h, err := painter.Fit(t.Context(), io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), 8)
		if reasonOf(err) == "internal" || err == nil && (len(small) != 1 || w < 1 || h < 1) {
			t.Errorf("%d %d %v", w, h, err)
		}
	})
}
