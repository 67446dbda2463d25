package files_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/files"
	"himsg/shared/wire"
)

// away is a store of bytes that can't be reached for a while.
type away struct {
	files.Blobs
	down bool
}

func (a *away) Append(ctx context.Context, name string, offset int64, r io.Reader) (int64, error) {
	if a.down {
		return 0, errors.New("connection refused")
	}
	return a.Blobs.Append(ctx, name, offset, r)
}

// said tells what an upload of a name and a size, with a checksum, comes to when these bytes are sent for it.
func (w *world) said(u files.NewUpload, offset int64, data string) string {
	w.t.Helper()
	f, err := w.Create(w.t.Context(), someone, u)
	if err != nil {
		return reasonOf(err)
	}
	if _, err := w.write(f, offset, []byte(data)); err != nil {
		return reasonOf(err)
	}
	if at, err := w.Offset(w.t.Context(), someone, f.UUID); err == nil && at.Offset < at.Size {
		return fmt.Sprintf("waits at %d of %d", at.Offset, at.Size)
	}
	st := w.checked(f)
	if st.Refusal != nil {
		return string(st.Refusal.Reason)
	}
	return "taken as " + st.File.Name
}

// TestHostileUploads is the table of lies about an upload, of what fails under it, and of names.
func TestHostileUploads(t *testing.T) {
	blobs, full := &away{}, &fullDisk{room: 1 << 40}
	w := newWorld(t, func(w *world) {
		blobs.Blobs = w.blobs
		full.Blobs = blobs
		w.blobs = full
	})
	up := func(name string, size int64) files.NewUpload { return files.NewUpload{Name: name, Size: size} }
	hangul := norm.NFD.String(strings.Repeat("가", 41)) + ".txt" // 250 bytes
	for len(hangul) < 255 {
		hangul = "x" + hangul
	}
	var table strings.Builder
	row := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
		fmt.Fprintf(&table, "\n%-44s %s", what, got)
	}
	row("more bytes than were announced", w.said(up("x.txt", 3), 0, "abcd"), "too_large")
	row("fewer bytes than were announced", w.said(up("x.txt", 5), 0, "abcd"), "waits at 4 of 5")
	row("more than the policy allows", w.said(up("x.txt", 65<<20), 0, ""), "file_too_large")
	row("a size below zero", w.said(up("x.txt", -1), 0, ""), "bad_request")
	row("no bytes", w.said(up("x.txt", 0), 0, ""), "file_empty")
	row("another kind than the name says", w.said(up("x.pdf", 4), 0, "abcd"), "file_content")
	row("an offset beyond the end", w.said(up("x.txt", 4), 2, "cd"), "conflict")
	row("an offset below zero", w.said(up("x.txt", 4), -1, "ab"), "conflict")
	behind := w.create("x.txt", 4)
	if _, err := w.write(behind, 0, []byte("ab")); err != nil {
		t.Fatal(err)
	}
	_, err := w.write(behind, 0, []byte("ab"))
	row("an offset behind what is stored", reasonOf(err), "conflict")
	row("a wrong checksum", w.said(files.NewUpload{Name: "x.txt", Size: 4, SHA256: sumOf([]byte("other"))}, 0, "abcd"), "file_checksum")
	row("a checksum that is none", w.said(files.NewUpload{Name: "x.txt", Size: 4, SHA256: "xyz"}, 0, "abcd"), "file_checksum")
	row("two at the same offset at once", w.second(), "busy")

	full.room = 2
	row("a full disk", w.said(up("x.txt", 4), 0, "abcd"), "disk_full")
	full.room = 1 << 40
	blobs.down = true
	row("the store of bytes is away", w.said(up("x.txt", 4), 0, "abcd"), "busy")
	blobs.down = false
	row("and back", w.said(up("x.txt", 4), 0, "abcd"), "taken as x.txt")

	for _, n := range []struct{ what, name, want string }{
		{"a name of 255 bytes in Hangul from a Mac", hangul, "taken as " + norm.NFC.String(hangul)},
		{"NUL.txt", "NUL.txt", "taken as _NUL.txt"},
		{"CON", "CON", "file_type"},
		{"con.txt with dots and blanks behind", "con.txt. . ", "taken as _con.txt"},
		{"only dots", "....", "file_name"},
		{"control characters", "a\x00\x1b\n.txt", "taken as a.txt"},
		{"a name that is turned round", "a\u202etxt.exe", "file_type"},
		{"a name that is turned round, honest in the end", "a\u202eexe.txt", "taken as aexe.txt"},
		{"../ in a name", "../../x.txt", "taken as x.txt"},
		{`..\ in a name`, `..\..\x.txt`, "taken as x.txt"},
		{"a stream of NTFS", "x.txt:evil.exe", "file_type"},
		{"broken UTF-8", "\xff.txt", "file_name"},
	} {
		row(n.what, w.said(up(n.name, 4), 0, "abcd"), n.want)
	}
	t.Log(table.String())
}

// second is what a piece gets while another request stands at the same offset.
func (w *world) second() string {
	w.t.Helper()
	f := w.create("x.txt", 4)
	g := &gate{entered: make(chan struct{}), open: make(chan struct{}), rest: strings.NewReader("abcd")}
	entered, first := g.entered, make(chan error, 1)
	go func() {
		_, err := w.Write(w.t.Context(), someone, f.UUID, files.Piece{Length: 4, Body: g})
		first <- err
	}()
	<-entered
	_, err := w.write(f, 0, []byte("wxyz"))
	close(g.open)
	if failed := <-first; failed != nil {
		w.t.Error(failed)
	}
	if st := w.checked(f); st.File.SHA256 != sumOf([]byte("abcd")) || st.State != wire.FileReady {
		w.t.Errorf("%+v", st)
	}
	return reasonOf(err)
}
