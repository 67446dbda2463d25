//go:build e2e

package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// The sender's network is cut, three messages are written, the app is killed as by a power cut and started again, the
// network comes back: all three arrive, once and in order.
func TestThreeMessagesSurviveCutAndKill(t *testing.T) {
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	c.server.Post(t, duri, hana, "회의 자료 보내 주세요")
	network := backend.NewProxy(t, c.server.Address)
	profile := filepath.Join(t.TempDir(), "profile")
	theirs := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, theirs, "duri")

	w := c.open(t, window.Options{Server: network.URL(), Profile: profile})
	signIn(t, w, "hana")
	w.Click(t, window.Select("room-row"))
	w.SeeText(t, window.Select("message-text"), "회의 자료")
	say(t, w, "네, 지금 보낼게요")
	w.SeeText(t, window.Select("message", "state", "sent"), "네, 지금 보낼게요")

	network.Cut()
	w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	written := []string{"첫째", "둘째", "셋째"}
	for _, text := range written {
		say(t, w, text)
	}
	w.SeeText(t, window.Select("message", "state", "waiting"), "셋째")
	w.Kill()

	again := c.open(t, window.Options{Server: network.URL(), Profile: profile})
	again.Click(t, window.Select("room-row")) // without the network: out of the local store
	for _, text := range append([]string{"회의 자료 보내 주세요", "네, 지금 보낼게요"}, written...) {
		again.SeeText(t, window.Select("message-text"), text)
	}
	for _, text := range written {
		again.SeeText(t, window.Select("message", "state", "waiting"), text)
	}
	again.Picture(t, picture(t, "offline-after-restart.png"))

	network.Mend()
	online(t, again)
	again.SeeText(t, window.Select("message", "state", "sent"), "셋째")
	again.SeeGone(t, window.Select("message", "state", "waiting"))

	want := append([]string{"회의 자료 보내 주세요", "네, 지금 보낼게요"}, written...)
	var stored []string
	for _, m := range c.server.Messages(t, c.server.SignIn(t, "duri"), hana) {
		stored = append(stored, m.Text)
	}
	if !slices.Equal(stored, want) {
		t.Errorf("the server holds %q", stored)
	}
	theirs.Click(t, window.Select("room-row"))
	theirs.SeeText(t, window.Select("message-text"), "셋째")
	for who, shown := range map[string][]string{
		"the sender":   again.Texts(t, window.Select("message-text")),
		"the receiver": theirs.Texts(t, window.Select("message-text")),
	} {
		if !slices.Equal(shown, want) {
			t.Errorf("%s sees %q", who, shown)
		}
	}
}

// The server goes and comes back under a running app: the app says so and goes on by itself.
func TestServerRestart(t *testing.T) {
	c := newCompany(t)
	c.server.AddPerson(t, "hana", "이하나")
	w := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, w, "hana")
	openPerson(t, w, backend.OwnerName)
	say(t, w, "하나")
	c.server.Stop()
	w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	say(t, w, "둘")
	c.server.Serve(t)
	w.SeeText(t, window.Select("message", "state", "sent"), "둘")
	online(t, w)
}

// The server breaks and comes back from a backup. An app that stood open shows what the server has now, sends once what was
// written meanwhile, and goes on: what was said after the backup is gone for everybody.
func TestServerFromABackup(t *testing.T) {
	const before, after, meanwhile = "백업 전에 한 말", "백업 뒤에 한 말", "서버가 없을 때 쓴 말"
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	c.server.Post(t, duri, hana, before)
	w := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, w, "hana")
	w.Click(t, window.Select("room-row"))
	w.SeeText(t, window.Select("message-text"), before)
	backup := c.server.BackUp(t)
	c.server.Post(t, duri, hana, after)
	w.SeeText(t, window.Select("message-text"), after)

	c.server.Stop()
	w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	say(t, w, meanwhile)
	c.server.Restore(t, backup)
	online(t, w)
	w.SeeText(t, window.Select("store-notice"), "백업에서 복원")
	w.SeeText(t, window.Select("room-row"), meanwhile)
	w.Click(t, window.Select("room-row"))
	w.SeeText(t, window.Select("message", "state", "sent"), meanwhile)
	duri = c.server.SignIn(t, "duri")
	c.server.Post(t, duri, hana, "다시 시작")
	w.SeeText(t, window.Select("message-text"), "다시 시작")
	w.Picture(t, picture(t, "after-a-restore.png"))

	want := []string{before, meanwhile, "다시 시작"}
	if shown := w.Texts(t, window.Select("message-text")); !slices.Equal(shown, want) {
		t.Errorf("the app shows %q", shown)
	}
	var stored []string
	for _, m := range c.server.Messages(t, duri, hana) {
		stored = append(stored, m.Text)
	}
	if !slices.Equal(stored, want) {
		t.Errorf("the server has %q", stored)
	}
}

// The local store is damaged on disk: the app starts, says so, and fetches everything again.
func TestDamagedStore(t *testing.T) {
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	c.server.Post(t, duri, hana, "이 말은 서버에 있다")
	profile := filepath.Join(t.TempDir(), "profile")
	w := c.open(t, window.Options{Server: c.server.URL(), Profile: profile})
	signIn(t, w, "hana")
	w.Click(t, window.Select("room-row"))
	w.SeeText(t, window.Select("message-text"), "서버에 있다")
	w.Close(t)

	if found := findText(t, profile, "이 말은 서버에 있다"); found != "" {
		t.Errorf("a message stands on the disk in clear, in %s", found)
	}
	if damaged := damage(t, filepath.Join(profile, "stores")); damaged == 0 {
		t.Fatal("there is no store to damage")
	}

	again := c.open(t, window.Options{Server: c.server.URL(), Profile: profile})
	again.See(t, window.Select("store-notice"))
	online(t, again)
	again.Click(t, window.Select("room-row"))
	again.SeeText(t, window.Select("message-text"), "서버에 있다")
	again.Picture(t, picture(t, "store-made-anew.png"))
	say(t, again, "다시 됩니다")
	again.SeeText(t, window.Select("message", "state", "sent"), "다시 됩니다")
}

// damage overwrites the middle of every file in a folder, as a broken disk does.
func damage(t *testing.T, dir string) (files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) < 4096 {
			return err
		}
		for i := len(raw) / 4; i < len(raw)*3/4; i++ {
			raw[i] ^= 0x5a
		}
		files++
		return os.WriteFile(path, raw, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// findText returns the file of a folder that holds a text, or "".
func findText(t *testing.T, dir, text string) (found string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(text)) {
			found = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
