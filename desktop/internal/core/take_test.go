package core_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

const takePiece = 4 << 20

// handOver hands a file over as the page does.
func (a *app) handOver(room, name string, content []byte) error {
	handle, err := a.BeginTake(room, name, int64(len(content)))
	if err != nil {
		return err
	}
	for offset := 0; offset < len(content); offset += takePiece {
		piece := content[offset:min(offset+takePiece, len(content))]
		if err := a.AppendTake(handle, int64(offset), base64.StdEncoding.EncodeToString(piece)); err != nil {
			return err
		}
	}
	return a.EndTake(handle)
}

// pattern is a text that is nowhere by chance, over and over.
func pattern(size int) []byte {
	return bytes.Repeat([]byte("카나리아 파일 4f2c "), size/24+1)[:size]
}

func TestADroppedFileOfManyPiecesArrives(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	content := pattern(9<<20 + 17)
	a.ok(a.handOver(roomA, "큰 파일.zip", content))
	a.until(t, "held", func() bool { return len(a.held[roomA]) == 1 })
	a.nowhere("카나리아 파일")
	a = a.restart()
	u, err := a.Snapshot()
	a.ok(err)
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
	a.sendFiles(roomA, "", u.Held[0].Files)
	a.until(t, "sent", func() bool { return slices.Equal(s.names(roomA), []string{":큰 파일.zip"}) })
	s.with(func() {
		for _, f := range s.files.all {
			if !bytes.Equal(f.content, content) {
				t.Error("other bytes arrived")
			}
		}
	})
	a.until(t, "nothing is left of it", func() bool { return len(a.sealed()) == 0 })
}

// sealed are the sealed files in the profile.
func (a *app) sealed() []string {
	list, _ := filepath.Glob(filepath.Join(a.profile, "*", "*.held", "*")) // the pattern is a good one
	return list
}

// nowhere fails if a text is in a file of the profile, or in the name of one.
func (a *app) nowhere(text string) {
	a.t.Helper()
	a.ok(filepath.WalkDir(a.profile, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(text)) || bytes.Contains([]byte(path), []byte(text)) {
			a.t.Errorf("%q is in %s", text, path)
		}
		return err
	}))
}

func TestWhatIsNotTakenLeavesNothing(t *testing.T) {
	begun := func(a *app) string {
		handle, err := a.BeginTake(roomA, "a.pdf", 10)
		a.ok(err)
		a.ok(a.AppendTake(handle, 0, base64.StdEncoding.EncodeToString(pattern(4))))
		return handle
	}
	for name, stop := range map[string]func(a *app, handle string){
		"canceled": func(a *app, handle string) {
			a.ok(a.CancelTake(handle))
			a.ok(a.CancelTake(handle))
		},
		"another one begins": func(a *app, _ string) { a.ok(a.handOver(roomA, "b.pdf", pattern(5))) },
		"ended too early": func(a *app, handle string) {
			if got := failure(a.t, a.EndTake(handle)).Code; got != string(wire.Conflict) {
				a.t.Errorf("refused with %s", got)
			}
		},
		"signed out": func(a *app, _ string) { a.ok(a.SignOut()) },
	} {
		t.Run(name, func(t *testing.T) {
			a := signedIn(t, newServer(t))
			handle := begun(a)
			if len(a.sealed()) != 1 {
				t.Fatalf("begun: %v", a.sealed())
			}
			stop(a, handle)
			for _, path := range a.sealed() {
				if filepath.Base(path) == handle {
					t.Error("its bytes are still there")
				}
			}
		})
	}
}

func TestBytesOfADroppedFileComeInOrder(t *testing.T) {
	a := signedIn(t, newServer(t))
	handle, err := a.BeginTake(roomA, "a.pdf", 4)
	a.ok(err)
	for name, err := range map[string]error{
		"a gap":              a.AppendTake(handle, 1, "QQ=="),
		"before the first":   a.AppendTake(handle, -1, "QQ=="),
		"more than was said": a.AppendTake(handle, 0, "QUFBQUFB"),
		"no base64":          a.AppendTake(handle, 0, "§§"),
		"too much":           a.AppendTake(handle, 0, base64.StdEncoding.EncodeToString(make([]byte, takePiece+4))),
	} {
		if err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	a.ok(a.AppendTake(handle, 0, "QUE="))
	if a.AppendTake(handle, 0, "QUE=") == nil {
		t.Error("a repeat is taken")
	}
	a.ok(a.AppendTake(handle, 2, "QUE="))
	a.ok(a.EndTake(handle))
	if a.EndTake(handle) == nil {
		t.Error("ended twice")
	}
}

func TestRefusedBeforeAByteIsRead(t *testing.T) {
	a := signedIn(t, newServer(t))
	for name, c := range map[string]struct {
		file string
		size int64
		want wire.Reason
	}{
		"kind":    {"a.exe", 10, wire.ReasonFileType},
		"empty":   {"a.pdf", 0, wire.ReasonFileEmpty},
		"large":   {"a.zip", 65 << 20, wire.ReasonFileTooLarge},
		"no name": {"..", 10, wire.ReasonFileName},
	} {
		_, err := a.BeginTake(roomA, c.file, c.size)
		if got := failure(t, err).Reason; got != string(c.want) {
			t.Errorf("%s: refused for %q", name, got)
		}
	}
	if len(a.sealed()) > 0 {
		t.Error("something was kept")
	}
}

// FuzzTake lets a hostile page hand over anything: what is held is what was announced, or nothing is.
func FuzzTake(f *testing.F) {
	f.Add("보고서.pdf", int64(3), int64(0), []byte("abc"))
	f.Add("../../x\x00.png", int64(1), int64(9), []byte("§"))
	f.Add("", int64(-5), int64(-5), []byte{})
	s := newServer(f)
	a := signedIn(f, s)
	f.Fuzz(func(t *testing.T, name string, size, offset int64, content []byte) {
		handle, err := a.BeginTake(roomA, name, size)
		if err != nil {
			if failure(t, err).Code == string(wire.Internal) {
				t.Error(err)
			}
			return
		}
		taken := a.AppendTake(handle, offset, base64.StdEncoding.EncodeToString(content)) == nil
		ended := a.EndTake(handle) == nil
		if whole := offset == 0 && int64(len(content)) == size; ended != (taken && whole) {
			t.Errorf("%d bytes at %d of %d: taken %v, ended %v", len(content), offset, size, taken, ended)
		}
		_ = a.AppendTake(handle, offset, string(content))
		if _, err := a.HeldPicture(context.Background(), handle); err == nil && !ended {
			t.Error("a picture of what is not held")
		}
		if err := a.DropHeld(roomA, []string{handle}); err != nil {
			t.Error(err)
		}
		if left := a.sealed(); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
	})
}
