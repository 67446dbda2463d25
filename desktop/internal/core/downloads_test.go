package core_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// withFile is an app to which somebody sent a file.
func withFile(t *testing.T, name string, content []byte) (*server, *app, wire.File) {
	t.Helper()
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	f := s.put(roomA, name, content)
	a.until(t, "message", func() bool { return len(a.list(roomA)) == 1 })
	a.change(func() { a.folder = t.TempDir() })
	return s, a, f
}

func (a *app) saved(room string) {
	a.t.Helper()
	a.until(a.t, "saved", func() bool { return len(a.list(room)) == 1 && a.list(room)[0].Files[0].Saved })
}

// inFolder are the names there, and what is in them.
func inFolder(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(b)
	}
	return out
}

func TestDownloadTakesAFreeName(t *testing.T) {
	_, a, f := withFile(t, "보고서.pdf", []byte("내용"))
	a.ok(os.WriteFile(filepath.Join(a.folder, "보고서.pdf"), []byte("다른 것"), 0o600))
	a.ok(a.DownloadFile(f.FileID))
	a.saved(roomA)
	got := inFolder(t, a.folder)
	if len(got) != 2 || got["보고서.pdf"] != "다른 것" || got["보고서 (1).pdf"] != "내용" {
		t.Fatalf("folder %v", got)
	}
	a.ok(a.OpenFile(f.FileID))
	a.ok(a.ShowFile(f.FileID))
	path := filepath.Join(a.folder, "보고서 (1).pdf")
	if want := []string{"mark " + a.folder, path, "show " + path}; !slices.Equal(a.now().opened, want) {
		t.Errorf("did %q", a.now().opened)
	}
	a.ok(os.Remove(path))
	for name, err := range map[string]error{"open": a.OpenFile(f.FileID), "show": a.ShowFile(f.FileID)} {
		if failure(t, err).Reason != "not_saved" {
			t.Errorf("%s a file that is gone: %v", name, err)
		}
	}
}

func TestDownloadGoesOn(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	cases := map[string]func(*server){
		"at once":            func(*server) {},
		"after a cut":        func(s *server) { s.files.cutDown = 300_000 },
		"after other bytes":  func(s *server) { s.files.spoil = 1 },
		"after both of them": func(s *server) { s.files.cutDown, s.files.spoil = 300_000, 1 },
	}
	for name, arrange := range cases {
		t.Run(name, func(t *testing.T) {
			s, a, f := withFile(t, "a.zip", content)
			s.with(func() { arrange(s) })
			a.ok(a.DownloadFile(f.FileID))
			a.saved(roomA)
			if got := inFolder(t, a.folder); len(got) != 1 || got["a.zip"] != string(content) {
				t.Errorf("%d files", len(got))
			}
		})
	}
}

func TestDownloadSurvivesARestart(t *testing.T) {
	s, a, f := withFile(t, "a.zip", []byte("내용"))
	folder := a.folder
	a.offline()
	a.ok(a.DownloadFile(f.FileID))
	a = a.restart()
	u, err := a.Snapshot()
	a.ok(err)
	if len(u.Transfers) != 1 || u.Transfers[0].State != core.TransferWaiting {
		t.Errorf("transfers %+v", u.Transfers)
	}
	s.gate.set(true)
	a.until(t, "saved", func() bool {
		content, err := os.ReadFile(filepath.Join(folder, "a.zip"))
		return err == nil && len(content) > 0
	})
	a = a.restart()
	if m := a.openRoom(roomA).Messages[0]; !m.Files[0].Saved {
		t.Error("forgotten that it was saved")
	}
}

func TestDownloadsThatFail(t *testing.T) {
	cases := map[string]struct {
		arrange func(*server, *app)
		want    string
	}{
		"always other bytes": {func(s *server, _ *app) { s.files.spoil = 100 }, string(wire.ReasonFileChecksum)},
		"gone on the server": {func(s *server, _ *app) { clear(s.files.all) }, ""},
		"the folder is gone": {func(_ *server, a *app) { _ = os.Remove(a.folder) }, "target"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, a, f := withFile(t, "a.zip", []byte("내용"))
			s.with(func() { c.arrange(s, a) })
			a.ok(a.DownloadFile(f.FileID))
			var id string
			a.until(t, "failed", func() bool {
				for _, one := range a.moved {
					id = one.ID
					return one.State == core.TransferFailed && one.Failure.Reason == c.want
				}
				return false
			})
			a.ok(a.CancelTransfer(id))
			a.until(t, "canceled", func() bool { return a.moved[id].State == core.TransferCanceled })
			if entries, _ := os.ReadDir(a.folder); len(entries) > 0 {
				t.Errorf("left behind: %v", entries)
			}
		})
	}
}

func TestRetriedDownload(t *testing.T) {
	s, a, f := withFile(t, "a.zip", []byte("내용"))
	s.with(func() { s.files.spoil = 3 })
	a.ok(a.DownloadFile(f.FileID))
	var id string
	a.until(t, "failed", func() bool {
		for _, one := range a.moved {
			id = one.ID
			return one.State == core.TransferFailed
		}
		return false
	})
	a.ok(a.RetryTransfer(id))
	a.saved(roomA)
}

func TestSaveAs(t *testing.T) {
	_, a, f := withFile(t, "a.zip", []byte("내용"))
	if chosen, err := a.SaveFile(f.FileID); chosen || err != nil {
		t.Errorf("nothing chosen: %v, %v", chosen, err)
	}
	path := filepath.Join(a.folder, "이름.zip")
	a.ok(os.WriteFile(path, []byte("was there"), 0o600))
	a.change(func() { a.picked = []string{path} })
	if chosen, err := a.SaveFile(f.FileID); !chosen || err != nil {
		t.Fatalf("%v, %v", chosen, err)
	}
	a.saved(roomA)
	if got := inFolder(t, a.folder); len(got) != 1 || got["이름.zip"] != "내용" {
		t.Errorf("folder %v", got)
	}
}

func TestHostileNamesOnDisk(t *testing.T) {
	names := map[string]string{
		"../../.bashrc":         ".._.._.bashrc",
		`..\..\a.pdf`:           ".._.._a.pdf",
		"CON.pdf":               "_CON.pdf",
		"a\u202efdp.exe":        "afdp.exe",
		"a:b?.pdf":              "a_b_.pdf",
		"...":                   "file",
		"끝. ":                   "끝",
		"a\x00b\n.pdf":          "ab.pdf",
		strings.Repeat("가", 99): strings.Repeat("가", 85),
	}
	for name, want := range names {
		t.Run(want, func(t *testing.T) {
			_, a, f := withFile(t, name, []byte("내용"))
			a.ok(a.DownloadFile(f.FileID))
			a.saved(roomA)
			if got := inFolder(t, a.folder); len(got) != 1 || got[want] != "내용" {
				t.Errorf("folder %v", got)
			}
		})
	}
}

func TestProgramsAreNotOpened(t *testing.T) {
	for _, name := range []string{
		"a.exe", "a.EXE", "a.desktop", "a.sh", "a.lnk", "a.docm", "a.html", "a.pdf.js", "a.jar", "a", "a.exe.", "a.url",
	} {
		_, a, f := withFile(t, name, []byte("내용"))
		a.ok(a.DownloadFile(f.FileID))
		a.saved(roomA)
		if got := failure(t, a.OpenFile(f.FileID)); got.Code != string(wire.Forbidden) || got.Reason != "can_run" {
			t.Errorf("%s: %v", name, got)
		}
		a.ok(a.ShowFile(f.FileID))
		a.stop()
	}
}

func TestPicturesOfFiles(t *testing.T) {
	picture, err := base64.StdEncoding.DecodeString(pasted(t))
	if err != nil {
		t.Fatal(err)
	}
	s, a, f := withFile(t, "사진.png", picture)
	s.with(func() { s.files.thumb = picture })
	look := func() map[string]error {
		_, thumb := a.Thumbnail(t.Context(), f.FileID, wire.SmallThumbnail)
		_, whole := a.Image(t.Context(), f.FileID)
		return map[string]error{"thumbnail": thumb, "image": whole}
	}
	for name, err := range look() {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	a.ok(a.CopyPicture(f.FileID))
	if !bytes.Equal(a.now().copied, picture) {
		t.Error("another picture was copied")
	}
	a.offline()
	for name, err := range look() {
		if err != nil {
			t.Errorf("%s, offline: %v", name, err)
		}
	}
	a.ok(a.Lock())
	for name, err := range look() {
		if err == nil {
			t.Errorf("%s: served while locked", name)
		}
	}
}

func TestPicturesThatCanNotBeHadSayWhy(t *testing.T) {
	s, a, f := withFile(t, "사진.png", []byte("gone"))
	s.with(func() { clear(s.files.all); s.files.thumb = []byte("<svg/>") })
	for size, want := range map[int]wire.Code{0: wire.NotFound, wire.SmallThumbnail: wire.UnsupportedType, 99: wire.NotFound} {
		if got := failure(t, a.CheckPicture(f.FileID, size)).Code; got != string(want) {
			t.Errorf("size %d: %s, want %s", size, got, want)
		}
	}
	a.offline()
	if got := failure(t, a.CheckPicture(f.FileID, wire.SmallThumbnail)).Code; got != "offline" {
		t.Errorf("offline: %s", got)
	}
}

func TestAPageGetsNoForeignPicture(t *testing.T) {
	s, a, f := withFile(t, "사진.png", []byte("<html><script>alert(1)</script>"))
	s.with(func() { s.files.thumb = []byte("<svg/>") })
	if _, err := a.Thumbnail(t.Context(), f.FileID, wire.SmallThumbnail); err == nil {
		t.Error("svg was served")
	}
	if _, err := a.Image(t.Context(), f.FileID); err == nil {
		t.Error("html was served")
	}
	s.remove(roomA, 1)
	a.until(t, "deleted", func() bool { return a.list(roomA)[0].DeletedAt != 0 })
	for name, err := range map[string]error{
		"image": second(a.Image(t.Context(), f.FileID)), "download": a.DownloadFile(f.FileID),
	} {
		if failure(t, err).Code != string(wire.NotFound) {
			t.Errorf("%s of a deleted message: %v", name, err)
		}
	}
}

func TestRoomFiles(t *testing.T) {
	s, a, _ := withFile(t, "보고서.pdf", []byte("1"))
	s.put(roomA, "사진.png", []byte("2"))
	a.until(t, "both", func() bool { return len(a.list(roomA)) == 2 })
	a.until(t, "the last file in the list", func() bool { return slices.Equal(a.rooms[roomA].LastFiles, []string{"사진.png"}) })
	for _, online := range []bool{true, false} {
		if !online {
			a.offline()
		}
		for text, want := range map[string][]string{"": {"사진.png", "보고서.pdf"}, "보고": {"보고서.pdf"}, "없": {}} {
			page, err := a.RoomFiles(roomA, core.FilesQuery{Text: text})
			got := []string{}
			for _, f := range page.Files {
				got = append(got, f.File.Name)
			}
			if err != nil || page.Local == online || !slices.Equal(got, want) {
				t.Errorf("online %v, %q: %v, %+v", online, text, err, page)
			}
		}
	}
	page, err := a.RoomFiles(roomA, core.FilesQuery{Kind: "photo"})
	if err != nil || len(page.Files) != 1 || page.Files[0].File.Name != "사진.png" {
		t.Errorf("photos %+v, %v", page, err)
	}
	found, err := a.Search(core.SearchQuery{Text: "보고서", HasFile: true})
	if err != nil || !found.Local || len(found.Hits) != 1 {
		t.Errorf("found %+v, %v", found, err)
	}
	if found, err = a.Search(core.SearchQuery{HasFile: true}); err != nil || len(found.Hits) != 2 {
		t.Errorf("without a word %+v, %v", found, err)
	}
	if _, err = a.Search(core.SearchQuery{}); failure(t, err).Reason != string(wire.ReasonQueryTooShort) {
		t.Errorf("nothing at all: %v", err)
	}
}
