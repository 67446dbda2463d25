package files_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ulikunitz/xz/lzma"

	"himsg/shared/wire"
)

// lockedZip sets the flag of a password at all entries.
func lockedZip(t testing.TB, entries ...string) []byte {
	data := zipOf(t, entries...)
	for mark, at := range map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8} {
		for i := 0; ; {
			j := bytes.Index(data[i:], []byte(mark))
			if j < 0 {
				break
			}
			i += j + len(mark)
			data[i-len(mark)+at] |= 1
		}
	}
	return data
}

// rar4 has an archive's header and a file's, with these flags.
func rar4(archive, file uint16) []byte {
	b := append([]byte("Rar!\x1a\x07\x00"), 0, 0, 0x73, byte(archive), byte(archive>>8), 13, 0, 0, 0, 0, 0, 0, 0)
	b = append(b, 0, 0, 0x74, byte(file), byte(file>>8), 32, 0, 3, 0, 0, 0)
	return append(append(b, make([]byte, 21)...), "abc\x00\x00\x7b\x00\x40\x07\x00"...)
}

// rar5 has one header of a type, with an extra area and three bytes of data, and the end.
func rar5(kind byte, extra string) []byte {
	body := append([]byte{kind, 3, byte(len(extra)), 3, 0, 0, 0}, extra...)
	b := append([]byte("Rar!\x1a\x07\x01\x00crc4"), byte(len(body)))
	return append(append(b, body...), "abccrc4\x03\x05\x00\x00"...)
}

// sevenZip is an archive whose header says this, packed or not.
func sevenZip(t testing.TB, header string, pack bool) []byte {
	t.Helper()
	var stream []byte
	if pack {
		var b bytes.Buffer
		w, err := lzma.WriterConfig{SizeInHeader: true, Size: int64(len(header))}.NewWriter(&b)
		if err == nil {
			_, err = w.Write([]byte(header))
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		props := b.Bytes()[:5]
		stream = b.Bytes()[13:]
		header = "\x17\x06\x00\x01\x09" + string(rune(len(stream))) + "\x00\x07\x0b\x01\x00\x01\x23\x03\x01\x01\x05" +
			string(props) + "\x0c" + string(rune(len(header))) + "\x00\x00"
	}
	b := append([]byte("7z\xbc\xaf\x27\x1c\x00\x04crc4"), make([]byte, 20)...)
	binary.LittleEndian.PutUint64(b[12:], uint64(len(stream)))
	binary.LittleEndian.PutUint64(b[20:], uint64(len(header)))
	return append(append(b, stream...), header...)
}

const aesCoder = "\x01\x04\x06\x07\x0b\x01\x00\x01\x24\x06\xf1\x07\x01\x00"

func TestPasswords(t *testing.T) {
	rows := []struct {
		what, name string
		data       []byte
		locked     bool
	}{
		{"a zip with a password", "x.zip", lockedZip(t, "a.txt", "x"), true},
		{"a zip in a zip with a password", "x.zip", zipOf(t, "inner.zip", string(lockedZip(t, "a.txt", "x"))), true},
		{"a zip", "x.zip", zipOf(t, "a.txt", "x"), false},
		{"a docx with a password", "x.docx", oleOf("EncryptionInfo", "EncryptedPackage"), true},
		{"a docx", "x.docx", docxOf(t), false},
		{"a rar 4 with hidden names", "x.rar", rar4(0x80, 0), true},
		{"a rar 4 with a password", "x.rar", rar4(0, 0x04), true},
		{"a rar 4", "x.rar", rar4(0, 0), false},
		{"a rar 5 with hidden names", "x.rar", rar5(4, ""), true},
		{"a rar 5 with a password", "x.rar", rar5(2, "\x03\x02\x00\x00\x03\x01\x00\x00"), true},
		{"a rar 5", "x.rar", rar5(2, "\x03\x02\x00\x00"), false},
		{"a rar that is cut off", "x.rar", rar5(2, "\x03\x02\x00\x00")[:12], false},
		{"a 7z with hidden names", "x.7z", sevenZip(t, "\x17\x06\x00\x01\x07\x0b\x01\x00\x02\x24\x06\xf1\x07\x01", false), true},
		{"a 7z with a password", "x.7z", sevenZip(t, aesCoder, true), true},
		{"a 7z", "x.7z", sevenZip(t, "\x01\x04\x06\x07\x0b\x01\x00\x01\x23\x03\x01\x01\x00", true), false},
		{"a 7z whose header is not packed", "x.7z", sevenZip(t, "\x01\x04\x00", false), false},
	}
	refusing := newWorld(t)
	refusing.store.rule(func(p *wire.FilePolicy) { p.EncryptedArchives = wire.EncryptedRefuse })
	allowing := newWorld(t)
	var table strings.Builder
	for _, r := range rows {
		if st := allowing.put(r.name, r.data); st.State != wire.FileReady {
			t.Errorf("%s, allowed: %v", r.what, st.Refusal)
		}
		got := "taken"
		st := refusing.put(r.name, r.data)
		if st.Refusal != nil {
			got = string(st.Refusal.Reason)
		}
		want := "taken"
		if r.locked {
			want = "file_encrypted"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", r.what, got, want)
		}
		fmt.Fprintf(&table, "\n%-40s %s", r.what, got)
	}
	t.Log(table.String())
	for name, data := range map[string][]byte{
		"an end beyond the file": sevenZip(t, aesCoder, true)[:40],
		"a broken packed header": bytes.Replace(sevenZip(t, aesCoder, true), []byte("\x23\x03\x01\x01\x05"), []byte("\x23\x03\x01\x01\x04"), 1),
	} {
		if st := refusing.put("x.7z", data); st.Refusal == nil || st.Refusal.Reason != wire.ReasonFileContent {
			t.Errorf("%s: %+v", name, st.Refusal)
		}
	}
}

// stillWebP is a picture of one pixel, losslessly.
func stillWebP(t testing.TB) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// movieWebP has so many frames of one size on a canvas; each holds these chunks.
func movieWebP(frames, width, height int, chunks []byte) []byte {
	le24 := func(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16)} }
	chunk := func(name string, data []byte) []byte {
		b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
		return append(append(b, data...), make([]byte, len(data)&1)...)
	}
	body := slices.Concat([]byte("WEBP"), chunk("VP8X", slices.Concat([]byte{2, 0, 0, 0}, le24(width-1), le24(height-1))),
		chunk("ANIM", make([]byte, 6)))
	frame := chunk("ANMF", slices.Concat(make([]byte, 6), le24(width-1), le24(height-1), make([]byte, 4), chunks))
	for range frames {
		body = append(body, frame...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func TestAnimatedWebP(t *testing.T) {
	w := newWorld(t)
	pixel := stillWebP(t)[12:]
	for _, r := range []struct {
		what, want    string
		data          []byte
		width         int
		withThumbnail bool
	}{
		{"a still one", "taken", stillWebP(t), 1, true},
		{"three frames", "taken", movieWebP(3, 1, 1, pixel), 1, true},
		{"a frame that is none", "taken", movieWebP(2, 5, 5, []byte("VP8 \x04\x00\x00\x00abcd")), 0, false},
		{"10,000 frames", "file_image", movieWebP(10_000, 1, 1, pixel), 0, false},
		{"frames of 400 million pixels", "file_image", movieWebP(3, 16_000, 16_000, pixel), 0, false},
		{"a canvas of 16,777,216", "file_image", movieWebP(1, 1<<24, 1<<24, pixel), 0, false},
		{"no frame", "file_content", movieWebP(0, 1, 1, pixel), 0, false},
		{"cut off", "file_content", movieWebP(3, 1, 1, pixel)[:100], 0, false},
	} {
		st := w.put("x.webp", r.data)
		got := "taken"
		if st.Refusal != nil {
			got = string(st.Refusal.Reason)
		}
		if got != r.want || st.File.Width != r.width || st.File.Thumbnail != r.withThumbnail {
			t.Errorf("%s: %s %+v", r.what, got, st.File)
		}
	}
}
