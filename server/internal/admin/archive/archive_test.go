package archive_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"himsg/server/internal/admin"
	"himsg/server/internal/admin/archive"
	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

func sealer(t *testing.T) archive.Sealer {
	t.Helper()
	return archive.Sealer{KeyFile: filepath.Join(t.TempDir(), "archive.key")}
}

var room = admin.ArchiveRoom{
	Folder: "rooms/00001", UUID: "r", Kind: "group", Name: "영업팀", Members: []string{"김", "이"}, Messages: 2, Pages: []string{"page-00001"},
}

// sealed writes an archive of one room with one page and one file.
func sealed(t *testing.T, s archive.Sealer, k admin.ArchiveKeys, list ...admin.ArchiveMessage) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := s.Create(&out, k)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := w.AddFile("files/1.txt", 3, strings.NewReader("파"))
	err = errors.Join(err, w.AddPage(room, "page-00001", list), w.AddRoom(room), w.AddIndex("이름", "퇴사", []admin.ArchiveRoom{room}), w.Close())
	if err != nil || len(sum) != 64 {
		t.Fatal(sum, err)
	}
	return out.Bytes()
}

// read opens an archive and returns its messages by folder.
func read(s archive.Sealer, k admin.ArchiveKeys, data []byte) (map[string][]admin.ArchiveMessage, admin.ArchiveSums, error) {
	found := map[string][]admin.ArchiveMessage{}
	sums, err := s.Read(bytes.NewReader(data), k, func(folder string, page []admin.ArchiveMessage) error {
		found[folder] = append(found[folder], page...)
		return nil
	})
	return found, sums, err
}

func TestRoundTrip(t *testing.T) {
	second, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]admin.ArchiveKeys{
		"the server's key": {}, "a further recipient": {Recipient: second.Recipient().String()},
	} {
		t.Run(name, func(t *testing.T) {
			s := sealer(t)
			data := sealed(t, s, k, admin.ArchiveMessage{Seq: 1, Text: "안녕"}, admin.ArchiveMessage{Seq: 2, Text: "네"})
			if bytes.Contains(data, []byte("안녕")) {
				t.Error("it is not sealed")
			}
			found, sums, err := read(s, admin.ArchiveKeys{}, data)
			list := found["rooms/00001"]
			if err != nil || len(found) != 1 || len(list) != 2 || list[1].Text != "네" {
				t.Errorf("%+v, %v", found, err)
			}
			if len(sums) != 7 || len(sums["files/1.txt"]) != 64 || sums["index.html"] == "" || sums["rooms/00001/page-00001.json"] == "" {
				t.Errorf("sums %v", sums)
			}
			if k.Recipient == "" {
				return
			}
			if n, err := archive.Extract(bytes.NewReader(data), archive.Keys{Server: second}, t.TempDir()); err != nil || n != 7 {
				t.Errorf("the second one extracts %d: %v", n, err)
			}
		})
	}
}

func TestFilesHaveTheirSize(t *testing.T) {
	for _, size := range []int64{2, 4} {
		w, err := sealer(t).Create(io.Discard, admin.ArchiveKeys{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.AddFile("files/1.txt", size, strings.NewReader("파")); err == nil {
			t.Errorf("3 bytes pass for %d", size)
		}
	}
}

func TestPassphrase(t *testing.T) {
	s := sealer(t)
	data := sealed(t, s, admin.ArchiveKeys{Passphrase: "긴 암호 문구"})
	for name, k := range map[string]admin.ArchiveKeys{"none": {}, "a wrong one": {Passphrase: "다른 암호 문구"}} {
		if _, _, err := read(s, k, data); err == nil {
			t.Errorf("it opens with %s", name)
		}
	}
	if _, _, err := read(s, admin.ArchiveKeys{Passphrase: "긴 암호 문구"}, data); err != nil {
		t.Error(err)
	}
}

func TestKeys(t *testing.T) {
	s := sealer(t)
	if err := s.Check(admin.ArchiveKeys{Recipient: "age1nothing"}); !errs.Is(err, wire.BadRequest) || errs.As(err).Fields[0].Name != "recipient" {
		t.Errorf("a bad recipient: %v", err)
	}
	if err := s.Check(admin.ArchiveKeys{}); err != nil {
		t.Fatal(err)
	}
	first, err := archive.LoadKey(s.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := archive.LoadKey(s.KeyFile); err != nil || again.String() != first.String() {
		t.Errorf("another key: %v", err)
	}
	if err := os.WriteFile(s.KeyFile, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(admin.ArchiveKeys{}); err == nil || errs.Is(err, wire.BadRequest) {
		t.Errorf("a broken key file: %v", err)
	}
	_, _, err = read(sealer(t), admin.ArchiveKeys{}, sealed(t, sealer(t), admin.ArchiveKeys{}))
	if err == nil {
		t.Error("it opens with another server's key")
	}
}

// TestNothingIsTakenFromABrokenArchive cuts an archive at 200 places, and changes the byte there.
func TestNothingIsTakenFromABrokenArchive(t *testing.T) {
	s := sealer(t)
	data := sealed(t, s, admin.ArchiveKeys{}, admin.ArchiveMessage{Seq: 1, Text: "안녕"})
	step := max(1, len(data)/200)
	for i := 0; i < len(data); i += step {
		if _, _, err := read(s, admin.ArchiveKeys{}, data[:i]); err == nil {
			t.Errorf("cut after %d of %d bytes it is whole", i, len(data))
		}
		changed := slices.Clone(data)
		changed[i] ^= 1
		if _, _, err := read(s, admin.ArchiveKeys{}, changed); err == nil {
			t.Errorf("with byte %d changed it is whole", i)
		}
	}
	if _, _, err := read(s, admin.ArchiveKeys{}, append(slices.Clone(data), 'x')); err == nil {
		t.Error("with a byte more it is whole")
	}
}

// TestExtractStaysInItsFolder: what writes archives names them itself, but what opens one can't know who wrote it.
func TestExtractStaysInItsFolder(t *testing.T) {
	for _, name := range []string{"../out.txt", "/tmp/out.txt", "a/../../out.txt", "", "."} {
		t.Run(name, func(t *testing.T) {
			s := sealer(t)
			var out bytes.Buffer
			w, err := s.Create(&out, admin.ArchiveKeys{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.AddFile(name, 1, strings.NewReader("x"))
			if err := errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			key, err := archive.LoadKey(s.KeyFile)
			if err != nil {
				t.Fatal(err)
			}
			parent := t.TempDir()
			if _, err := archive.Extract(&out, archive.Keys{Server: key}, filepath.Join(parent, "open")); err == nil {
				t.Error("it was extracted")
			}
			if left, err := filepath.Glob(filepath.Join(parent, "*")); err != nil || len(left) != 1 {
				t.Errorf("outside of it: %v %v", left, err)
			}
		})
	}
	s := sealer(t)
	data, dir := sealed(t, s, admin.ArchiveKeys{}), t.TempDir()
	key, err := archive.LoadKey(s.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Extract(bytes.NewReader(data), archive.Keys{Server: key}, dir); err == nil {
		t.Error("it overwrote a file")
	}
}

func TestPagesShowTextsAsTexts(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`
	s := sealer(t)
	var out bytes.Buffer
	w, err := s.Create(&out, admin.ArchiveKeys{})
	if err != nil {
		t.Fatal(err)
	}
	r := admin.ArchiveRoom{Folder: "rooms/00001", Kind: "group", Name: evil, Members: []string{evil}, Pages: []string{"page-00001"}}
	err = errors.Join(w.AddPage(r, "page-00001", []admin.ArchiveMessage{
		{Seq: 1, Sender: evil, Text: evil, Files: []admin.ArchiveFile{{Name: evil, Path: "files/1.txt"}, {Name: evil}}},
		{Seq: 2, Text: "gone", Deleted: true},
	}), w.AddRoom(r), w.AddIndex(evil, evil, []admin.ArchiveRoom{r}), w.Close())
	if err != nil {
		t.Fatal(err)
	}
	key, err := archive.LoadKey(s.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	_, err = archive.Read(&out, archive.Keys{Server: key}, func(name string, _ int64, r io.Reader) error {
		if filepath.Ext(name) != ".html" {
			return nil
		}
		pages++
		text, err := io.ReadAll(r)
		if bytes.Contains(text, []byte("<script")) || bytes.Contains(text, []byte("<img")) || bytes.Contains(text, []byte("gone")) {
			t.Errorf("%s: %s", name, text)
		}
		if !bytes.Contains(text, []byte("default-src 'none'")) || !bytes.Contains(text, []byte("&lt;script&gt;")) {
			t.Errorf("%s has no policy, or not the text: %s", name, text)
		}
		return err
	})
	if err != nil || pages != 3 {
		t.Errorf("%d pages, %v", pages, err)
	}
}
