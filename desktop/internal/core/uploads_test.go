package core_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	pngs "image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// files writes files of so many bytes and lets the user choose them.
func (a *app) choose(room string, size int, names ...string) []core.HeldFile {
	a.t.Helper()
	folder := a.t.TempDir()
	var paths []string
	for i, name := range names {
		path := filepath.Join(folder, name)
		a.ok(os.WriteFile(path, bytes.Repeat([]byte{byte(i + 1)}, size), 0o600))
		paths = append(paths, path)
	}
	return a.pick(room, paths...)
}

func (a *app) pick(room string, paths ...string) []core.HeldFile {
	a.t.Helper()
	a.change(func() { a.picked = paths })
	refused, err := a.ChooseFiles(room)
	a.ok(err)
	if len(refused) > 0 {
		a.t.Fatalf("refused %+v", refused)
	}
	a.until(a.t, "held", func() bool { return len(a.held[room]) > 0 })
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.held[room])
}

func handles(held []core.HeldFile) []string {
	var out []string
	for _, f := range held {
		out = append(out, f.Handle)
	}
	return out
}

func (a *app) sendFiles(room, text string, held []core.HeldFile) core.Message {
	a.t.Helper()
	m, err := a.Send(room, core.Draft{Text: text, Files: handles(held)})
	a.ok(err)
	a.change(func() { a.put(m) })
	return m
}

// names are the files of a room on the server, a message each.
func (s *server) names(room string) (out []string) {
	s.with(func() {
		for _, m := range s.rooms[room].messages {
			var names []string
			for _, f := range m.Files {
				names = append(names, f.Name)
			}
			out = append(out, m.Text+":"+strings.Join(names, ","))
		}
	})
	return out
}

func TestFilesAreSentWithTheirMessage(t *testing.T) {
	cases := map[string]struct {
		size    int
		arrange func(*server)
	}{
		"small":                    {3000, func(*server) {}},
		"several chunks":           {20 << 20, func(*server) {}},
		"cut in the middle":        {3 << 20, func(s *server) { s.files.cutAfter = 1 << 20 }},
		"cut with the small":       {3000, func(s *server) { s.files.cutAfter = 1 }},
		"the first reply is lost":  {3000, func(s *server) { s.dropReply = times(1, wire.OpSend) }},
		"no event, then reconnect": {3000, func(s *server) { s.mute = true }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			a := signedIn(t, s)
			a.openRoom(roomA)
			s.with(func() { c.arrange(s) })
			held := a.choose(roomA, c.size, "보고서.pdf", "계약서.pdf")
			a.sendFiles(roomA, "봐 주세요", held)
			a.until(t, "the server has it", func() bool { return len(s.texts(roomA)) == 1 })
			if got := s.names(roomA); !slices.Equal(got, []string{"봐 주세요:보고서.pdf,계약서.pdf"}) {
				t.Fatalf("server: %v", got)
			}
			s.with(func() { s.mute = false })
			a.offline()
			a.online()
			a.shows(roomA, "봐 주세요")
			a.until(t, "files without a transfer, composer empty", func() bool {
				list := a.list(roomA)
				if len(list) != 1 {
					return false // it loads the room again
				}
				m := list[0]
				return len(m.Files) == 2 && m.Files[0].Transfer == "" && m.Files[0].FileID != "" && len(a.held[roomA]) == 0
			})
		})
	}
}

// A picture that is up while others of its message are not yet is shown as it is held here: the server's is asked for as one of a
// message's.
func TestAFileHasItsNameWithItsMessage(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	s.with(func() { s.files.hold = true })
	m := a.sendFiles(roomA, "", a.choose(roomA, 100, "a.png", "b.zip"))
	first := m.Files[0].Transfer
	ready := func(name string) {
		s.with(func() {
			for _, f := range s.files.all {
				if f.Name == name {
					f.state = wire.FileReady
				}
			}
		})
	}
	a.until(t, "checking", func() bool { return a.moved[first].State == core.TransferChecking })
	ready("a.png")
	a.until(t, "the first is up", func() bool { return a.moved[first].State == core.TransferDone })
	a.openRoom(roomB)
	a.openRoom(roomA)
	for _, f := range a.list(roomA)[0].Files {
		if f.FileID != "" || f.Transfer == "" {
			t.Errorf("%s is named %q while its message waits", f.Name, f.FileID)
		}
	}
	ready("b.zip")
	a.until(t, "both are named", func() bool {
		list := a.list(roomA)
		return len(list) == 1 && list[0].Files[0].FileID != "" && list[0].Files[1].FileID != ""
	})
}

func TestWhatIsWrittenAfterFilesDoesNotWait(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	s.with(func() { s.files.hold = true })
	a.sendFiles(roomA, "", a.choose(roomA, 100, "a.pdf"))
	a.send(roomA, "그 사이에")
	a.until(t, "the text", func() bool { return slices.Equal(s.texts(roomA), []string{"그 사이에"}) })
	s.with(func() {
		s.files.hold = false
		for _, f := range s.files.all {
			f.state = wire.FileReady
		}
	})
	a.until(t, "the file", func() bool { return slices.Equal(s.names(roomA), []string{"그 사이에:", ":a.pdf"}) })
}

func TestUploadGoesOnAfterARestart(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	slow := make(chan struct{})
	s.with(func() { s.files.slow = slow })
	held := a.choose(roomA, 4<<20, "큰 파일.zip")
	a.sendFiles(roomA, "", held)
	for range 64 { // half of it
		select {
		case slow <- struct{}{}:
		case <-time.After(patience):
			t.Fatal("no bytes")
		}
	}
	a.stop()
	s.with(func() { s.files.slow = nil })
	close(slow)
	a = start(t, s, a.profile, a.keyring)
	a.until(t, "arrived", func() bool { return slices.Equal(s.names(roomA), []string{":큰 파일.zip"}) })
	s.with(func() {
		if over := s.files.received - 4<<20; over > 1<<20 || len(s.files.all) != 1 {
			t.Errorf("%d bytes were sent twice, %d uploads", over, len(s.files.all))
		}
	})
}

func TestHeldFilesSurviveARestart(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.ok(a.PasteFile(roomA, pasted(t)))
	a.choose(roomA, 100, "a.pdf")
	a = a.restart()
	u, err := a.Snapshot()
	a.ok(err)
	if len(u.Held) != 1 || len(u.Held[0].Files) != 2 || !u.Held[0].Files[0].Preview {
		t.Fatalf("held %+v", u.Held)
	}
	p, err := a.HeldPicture(t.Context(), u.Held[0].Files[0].Handle)
	if err != nil || p.Type != "image/png" {
		t.Errorf("picture %s, %v", p.Type, err)
	}
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
	a.sendFiles(roomA, "", u.Held[0].Files)
	a.until(t, "sent", func() bool { return len(s.texts(roomA)) == 1 })
	if got := s.names(roomA)[0]; !strings.HasPrefix(got, ":붙여넣은 그림 ") || !strings.HasSuffix(got, ".png,a.pdf") {
		t.Errorf("names %s", got)
	}
}

// TestDroppedFilesAreTakenByTheirBytes: a name that looks like a path is a name.
func TestDroppedFilesAreTakenByTheirBytes(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.ok(a.handOver(roomA, "/etc/보고서.pdf", []byte("%PDF-1.7")))
	picture, err := base64.StdEncoding.DecodeString(pasted(t))
	a.ok(err)
	a.ok(a.handOver(roomA, "그림.png", picture))
	u, err := a.Snapshot()
	a.ok(err)
	if len(u.Held) != 1 || len(u.Held[0].Files) != 2 {
		t.Fatalf("held %+v", u.Held)
	}
	first, second := u.Held[0].Files[0], u.Held[0].Files[1]
	if strings.Contains(first.Name, "/") || !strings.HasSuffix(first.Name, "보고서.pdf") || first.Size != 8 || first.Preview {
		t.Errorf("the document: %+v", first)
	}
	if second.Width != 30 || !second.Preview || second.Problem != nil {
		t.Errorf("the picture: %+v", second)
	}
	a.sendFiles(roomA, "", u.Held[0].Files)
	a.until(t, "sent", func() bool { return len(s.texts(roomA)) == 1 })
}

func pasted(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := pngs.Encode(&out, image.NewRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

func TestFilesAreQueuedOffline(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.offline()
	m := a.sendFiles(roomA, "", a.choose(roomA, 100, "a.pdf"))
	if m.State != core.SendWaiting || len(m.Files) != 1 || m.Files[0].Transfer == "" {
		t.Errorf("message %+v", m)
	}
	a.online()
	a.until(t, "sent", func() bool { return slices.Equal(s.names(roomA), []string{":a.pdf"}) })
}

func TestRefusedFileFailsItsMessage(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	refused := 0
	s.with(func() {
		s.files.refuse = func(name string) *wire.Error {
			if name != "나쁜.pdf" {
				return nil
			}
			refused++
			return &wire.Error{Code: wire.UnsupportedType, Reason: wire.ReasonFileContent}
		}
	})
	m := a.sendFiles(roomA, "글", a.choose(roomA, 100, "나쁜.pdf", "좋은.pdf"))
	failed := func() bool {
		f := a.messages[roomA][m.ClientID].Failure
		return f != nil && f.Reason == string(wire.ReasonFileContent)
	}
	a.until(t, "failed", failed)
	id := m.Files[0].Transfer
	a.until(t, "and the transfer", func() bool { return a.moved[id].State == core.TransferFailed })
	a.ok(a.RetryTransfer(id))
	a.until(t, "tried again", func() bool {
		again := 0
		s.with(func() { again = refused })
		return again == 2
	})
	a.until(t, "refused again", func() bool { return failed() && a.moved[id].State == core.TransferFailed })
	a.ok(a.CancelTransfer(id))
	a.until(t, "the other one is sent", func() bool { return slices.Equal(s.names(roomA), []string{"글:좋은.pdf"}) })
}

func TestFailedFilesAreDiscarded(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	s.with(func() {
		s.files.refuse = func(string) *wire.Error { return &wire.Error{Code: wire.TooLarge, Reason: wire.ReasonPersonQuota} }
	})
	m := a.sendFiles(roomA, "", a.choose(roomA, 100, "a.pdf"))
	a.until(t, "failed", func() bool { return a.messages[roomA][m.ClientID].State == core.SendFailed })
	a.ok(a.Discard(m.ClientID))
	a.until(t, "gone", func() bool { return len(a.list(roomA)) == 0 && a.rooms[roomA].UnsentCount == 0 })
	if err := a.CancelTransfer(m.Files[0].Transfer); failure(t, err).Code != string(wire.NotFound) {
		t.Errorf("its file is still there: %v", err)
	}
}

func TestCancelOneOfThree(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	slow := make(chan struct{})
	s.with(func() { s.files.slow = slow })
	m := a.sendFiles(roomA, "", a.choose(roomA, 1<<20, "a.zip", "b.zip", "c.zip"))
	id := m.Files[1].Transfer
	a.until(t, "running", func() bool { return a.moved[id].State == core.TransferRunning })
	a.ok(a.CancelTransfer(id))
	s.with(func() { s.files.slow = nil })
	close(slow)
	a.until(t, "two arrive", func() bool { return slices.Equal(s.names(roomA), []string{":a.zip,c.zip"}) })
	if a.now().moved[id].State != core.TransferCanceled {
		t.Errorf("transfer %+v", a.now().moved[id])
	}
}

func TestCancelTheOnlyFile(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	s.with(func() { s.files.hold = true })
	m := a.sendFiles(roomA, "", a.choose(roomA, 100, "a.zip"))
	id := m.Files[0].Transfer
	a.until(t, "checking", func() bool { return a.moved[id].State == core.TransferChecking })
	a.ok(a.CancelTransfer(id))
	a.until(t, "no message", func() bool { return len(a.list(roomA)) == 0 })
	a.until(t, "the server knows", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.files.deleted) == 1
	})
}

func TestProgressIsToldNowAndThen(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.sendFiles(roomA, "", a.choose(roomA, 30<<20, "a.zip"))
	began := time.Now()
	a.until(t, "sent", func() bool { return len(s.texts(roomA)) == 1 })
	if most := 3 + int(time.Since(began)/(200*time.Millisecond)); a.now().told > most {
		t.Errorf("told %d times in %v", a.now().told, time.Since(began))
	}
}

func TestFilesThatCannotBeSent(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.offline()
	a.online() // the server has told what it takes
	folder := t.TempDir()
	write := func(name string, size int) string {
		path := filepath.Join(folder, name)
		a.ok(os.WriteFile(path, make([]byte, size), 0o600))
		return path
	}
	a.ok(os.Mkdir(filepath.Join(folder, "폴더"), 0o700))
	a.change(func() {
		a.picked = []string{
			write("빈.pdf", 0), write("a.exe", 10), write("좋은.pdf", 10), write("README", 10), write("b.zip", 65<<20),
			filepath.Join(folder, "폴더"), "/dev/zero", filepath.Join(folder, "없는.pdf"),
		}
	})
	refused, err := a.ChooseFiles(roomA)
	a.ok(err)
	var got []string
	for _, r := range refused {
		got = append(got, r.Name+": "+r.Failure.Reason)
	}
	want := []string{
		"빈.pdf: file_empty", "a.exe: file_type", "README: file_type", "b.zip: file_too_large", "폴더: file_folder",
		"zero: file_folder", "없는.pdf: file_vanished",
	}
	if !slices.Equal(got, want) {
		t.Errorf("refused %q", got)
	}
	a.until(t, "the good one", func() bool { return len(a.held[roomA]) == 1 && a.held[roomA][0].Name == "좋은.pdf" })
}

func TestMoreFilesThanAMessageTakesAreRefused(t *testing.T) {
	a := signedIn(t, newServer(t))
	folder := t.TempDir()
	var paths []string
	for i := range wire.MaxMessageFiles + 2 {
		paths = append(paths, filepath.Join(folder, strconv.Itoa(i)+".pdf"))
		a.ok(os.WriteFile(paths[i], []byte("x"), 0o600))
	}
	a.change(func() { a.picked = paths })
	refused, err := a.ChooseFiles(roomA)
	a.ok(err)
	if len(refused) != 2 || refused[1].Name != "21.pdf" || refused[1].Failure.Reason != string(wire.ReasonTooManyFiles) {
		t.Errorf("refused %+v", refused)
	}
	if got := failure(t, a.handOver(roomA, "22.pdf", []byte("x"))).Reason; got != string(wire.ReasonTooManyFiles) {
		t.Errorf("a dropped one: %s", got)
	}
	a.until(t, "the others", func() bool { return len(a.held[roomA]) == wire.MaxMessageFiles })
}

func TestFilesThatChangeBeforeTheyAreSent(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	folder := t.TempDir()
	write := func(name string, size int) string {
		path := filepath.Join(folder, name)
		a.ok(os.WriteFile(path, make([]byte, size), 0o600))
		return path
	}
	cases := map[string]struct {
		path string
		then func(path string)
		want string
	}{
		"vanished": {write("c.pdf", 10), func(p string) { a.ok(os.Remove(p)) }, "file_vanished"},
		"changed":  {write("d.pdf", 10), func(p string) { a.ok(os.WriteFile(p, []byte("more than that"), 0o600)) }, "file_changed"},
		"became a link to a folder": {write("e.pdf", 10), func(p string) {
			a.ok(errors.Join(os.Remove(p), os.Symlink(folder, p)))
		}, "file_folder"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			held := a.pick(roomB, c.path)
			c.then(c.path)
			_, err := a.Send(roomB, core.Draft{Files: handles(held)})
			if got := failure(t, err).Reason; got != c.want {
				t.Errorf("refused for %q", got)
			}
			a.ok(a.DropHeld(roomB, handles(held)))
			a.until(t, "dropped", func() bool { return len(a.held[roomB]) == 0 })
		})
	}
}

func TestFileVanishesWhileItWaits(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	path := filepath.Join(t.TempDir(), "a.pdf")
	a.ok(os.WriteFile(path, make([]byte, 100), 0o600))
	held := a.pick(roomA, path)
	a.offline()
	m := a.sendFiles(roomA, "", held)
	a.ok(os.Remove(path))
	a.online()
	a.until(t, "failed", func() bool {
		f := a.messages[roomA][m.ClientID].Failure
		return f != nil && f.Reason == "file_vanished"
	})
}

func TestHostileArgumentsAboutFiles(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	held := a.choose(roomA, 10, "a.pdf")
	other := a.choose(roomB, 10, "b.pdf")
	many := slices.Repeat([]string{held[0].Handle}, 21)
	cases := map[string]error{
		"unknown room":           second(a.ChooseFiles("00000000-0000-7000-8000-0000000000ff")),
		"a path for a room":      second(a.ChooseFiles("../../etc")),
		"paste nothing":          a.PasteFile(roomA, ""),
		"paste no base64":        a.PasteFile(roomA, "§§"),
		"paste html":             a.PasteFile(roomA, base64.StdEncoding.EncodeToString([]byte("<html><script>"))),
		"paste too much":         a.PasteFile(roomA, strings.Repeat("A", 50<<20)),
		"take for no room":       second(a.BeginTake("../..", "a.pdf", 1)),
		"take a huge name":       second(a.BeginTake(roomA, strings.Repeat("가", 2000)+".pdf", 1)),
		"take less than nothing": second(a.BeginTake(roomA, "a.pdf", -1)),
		"take more than any":     second(a.BeginTake(roomA, "a.zip", 6<<30)),
		"append to a path":       a.AppendTake("../../x", 0, "QQ=="),
		"append to a held one":   a.AppendTake(held[0].Handle, 0, "QQ=="),
		"end a held one":         a.EndTake(held[0].Handle),
		"cancel to take a path":  a.CancelTake("/etc/passwd"),
		"drop a path":            a.DropHeld(roomA, []string{"/etc/passwd"}),
		"drop too many":          a.DropHeld(roomA, many),
		"cancel a path":          a.CancelTransfer("/etc/passwd"),
		"cancel a held one":      a.CancelTransfer(held[0].Handle),
		"retry an unknown one":   a.RetryTransfer(roomA),
		"open a path":            a.OpenFile("/bin/sh"),
		"show a path":            a.ShowFile("file:///etc"),
		"download a path":        a.DownloadFile("../x"),
		"download an unknown":    a.DownloadFile(roomA),
		"copy an unknown":        a.CopyPicture(roomA),
		"too many to be sent":    second(a.Send(roomA, core.Draft{Files: many})),
		"a file twice":           second(a.Send(roomA, core.Draft{Files: many[:2]})),
		"another room's file":    second(a.Send(roomA, core.Draft{Files: handles(other)})),
		"a path to be sent":      second(a.Send(roomA, core.Draft{Files: []string{"/etc/passwd"}})),
		"save a path":            second(a.SaveFile("/etc/passwd")),
		"save none":              second(a.SaveFiles(nil)),
		"files of a path":        second(a.RoomFiles("..", core.FilesQuery{})),
		"files of no kind":       second(a.RoomFiles(roomA, core.FilesQuery{Kind: "all"})),
		"files after too much":   second(a.RoomFiles(roomA, core.FilesQuery{Before: strings.Repeat("x", 300)})),
		"a thumbnail of a path":  second(a.Thumbnail(t.Context(), "../x", 240)),
		"an unknown held one":    second(a.HeldPicture(t.Context(), roomA)),
		"a held one, no picture": second(a.HeldPicture(t.Context(), held[0].Handle)),
		"an unknown picture":     second(a.Image(t.Context(), roomA)),
	}
	for name, err := range cases {
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		if code := failure(t, err).Code; code == string(wire.Internal) || code == "store" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(s.texts(roomA)) > 0 {
		t.Error("something was sent")
	}
}

func second[T any](_ T, err error) error { return err }
