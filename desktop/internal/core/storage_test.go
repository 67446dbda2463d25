package core_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	pngs "image/png"
	"path/filepath"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// noise is a picture that no encoding makes small.
func noise(t *testing.T, side int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	n := uint32(1)
	for i := range img.Pix {
		n = n*1664525 + 1013904223
		img.Pix[i] = byte(n >> 24)
	}
	img.Set(0, 0, color.White)
	var out bytes.Buffer
	if err := pngs.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheCacheOfPicturesCanBeCleared(t *testing.T) {
	s, a, f := withFile(t, "사진.png", noise(t, 100))
	for range 2 {
		if _, err := a.Image(t.Context(), f.FileID); err != nil {
			t.Fatal(err)
		}
	}
	s.with(func() {
		if s.files.gets != 1 {
			t.Errorf("fetched %d times", s.files.gets)
		}
	})
	size := func() int64 {
		held, err := a.Storage()
		a.ok(err)
		return held.CacheBytes
	}
	if size() < 30_000 {
		t.Errorf("%d bytes are kept", size())
	}
	a.ok(a.ClearCache())
	if size() != 0 {
		t.Errorf("%d bytes are left", size())
	}
	if _, err := a.Image(t.Context(), f.FileID); err != nil {
		t.Error(err)
	}
}

func TestTheLimitOfTheCacheIsOneOfAFew(t *testing.T) {
	a := signedIn(t, newServer(t))
	for _, mb := range []int{0, -1, 251, 1 << 40} {
		settings := a.Settings()
		settings.CacheMB = mb
		if a.SaveSettings(settings) == nil {
			t.Errorf("%d was taken", mb)
		}
	}
	for _, mb := range core.CacheChoices {
		settings := a.Settings()
		settings.CacheMB = mb
		a.ok(a.SaveSettings(settings))
	}
}

// TestFilesAreNotOnTheDiskInClear searches the whole profile for what was received, shown, pasted, dropped and sent.
func TestFilesAreNotOnTheDiskInClear(t *testing.T) {
	picture := noise(t, 40)
	s, a, f := withFile(t, "비밀사진.png", picture)
	if _, err := a.Image(t.Context(), f.FileID); err != nil {
		t.Fatal(err)
	}
	a.ok(a.PasteFile(roomA, base64.StdEncoding.EncodeToString(noise(t, 30))))
	a.ok(a.handOver(roomB, "비밀보고서.pdf", pattern(1<<20)))
	u, err := a.Snapshot()
	a.ok(err)
	for _, held := range u.Held {
		a.sendFiles(held.RoomUUID, "", held.Files)
	}
	a.until(t, "sent", func() bool { return len(s.texts(roomA)) == 2 && len(s.texts(roomB)) == 1 })
	a.stop()
	for _, canary := range []string{
		"카나리아 파일", string(picture[100:132]), string(noise(t, 30)[100:132]), "비밀사진", "비밀보고서", "IHDR", f.FileID,
	} {
		a.nowhere(canary)
	}
}

func TestSignOutLeavesNothingOfFiles(t *testing.T) {
	s, a, f := withFile(t, "a.zip", pattern(1<<20))
	s.with(func() { s.files.hangDown = 1 << 19 })
	a.ok(a.handOver(roomA, "보고서.pdf", pattern(1000)))
	a.ok(a.DownloadFile(f.FileID))
	a.until(t, "half of it is there", func() bool {
		found, _ := filepath.Glob(filepath.Join(a.folder, ".himsg-*.part")) // the pattern is a good one
		return len(found) == 1 && len(a.sealed()) == 1
	})
	a.ok(a.SignOut())
	if got := inFolder(t, a.folder); len(got) > 0 {
		t.Errorf("%d files are left in the downloads", len(got))
	}
	if left, _ := filepath.Glob(filepath.Join(a.profile, "stores", "*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestAForwardShowsItsFilesAtOnce(t *testing.T) {
	_, a, f := withFile(t, "보고서.pdf", []byte("내용"))
	id := a.list(roomA)[0].MessageID
	a.openRoom(roomB)
	a.offline()
	a.ok(a.Forward([]int64{id}, []string{roomB}))
	shown := func() bool {
		l := a.list(roomB)
		return len(l) == 1 && len(l[0].Files) == 1 && l[0].Files[0].FileID == f.FileID && l[0].Files[0].Name == "보고서.pdf"
	}
	a.until(t, "with its file", shown)
	a = a.restart()
	a.openRoom(roomB)
	a.until(t, "after a restart too", shown)
}

func TestWhatFilesAreCalledInAList(t *testing.T) {
	for name, c := range map[string]struct {
		files  []string
		count  int
		photos int
		note   string
	}{
		"a photo":    {[]string{"a.png"}, 1, 1, "사진"},
		"photos":     {[]string{"1.png", "2.png", "3.png", "4.png", "5.png"}, 5, 5, "사진 5장"},
		"a document": {[]string{"보고서.pdf"}, 1, 0, "파일: 보고서.pdf"},
		"several":    {[]string{"보고서.pdf", "a.png", "b.png"}, 3, 2, "파일 3개: 보고서.pdf …"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			a := signedIn(t, s)
			s.putAll(roomA, c.files...)
			a.until(t, "in the list", func() bool { return a.rooms[roomA].LastFileCount > 0 })
			room := a.now().rooms[roomA]
			if room.LastFileCount != c.count || room.LastPhotos != c.photos || len(room.LastFiles) != min(c.count, 3) {
				t.Errorf("room %d, %d, %v", room.LastFileCount, room.LastPhotos, room.LastFiles)
			}
			a.until(t, "notified", func() bool { return len(a.notes) > 0 })
			if got := a.now().notes[0].Body; !strings.HasSuffix(got, c.note) {
				t.Errorf("note %q", got)
			}
			a = a.restart()
			a.until(t, "after a restart", func() bool { return a.rooms[roomA].LastFileCount == c.count })
		})
	}
}

// putAll is put for several files of one message.
func (s *server) putAll(room string, names ...string) {
	var files []wire.File
	for i, name := range names {
		files = append(files, wire.File{
			FileID: fmt.Sprintf("00000000-0000-7000-9100-%012d", i), Name: name, Size: 10, Type: "application/octet-stream",
			Thumbnail: filepath.Ext(name) == ".png",
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store(room, other, "files", "")
	r := s.rooms[room]
	m := &r.messages[len(r.messages)-1]
	m.Files = files
	r.summary.LastMessage = m
	s.tell(wire.EvMessage, *m)
}
