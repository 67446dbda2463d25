package core_test

import (
	"bytes"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
)

func TestStoreOfANewerVersionIsLeftAlone(t *testing.T) {
	s := newServer(t)
	s.say(roomA, other, "서버에 있는 글")
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.stop()
	path := ""
	for _, f := range stores(t, a.profile) {
		if strings.HasSuffix(f, ".db") {
			path = f
		}
	}
	rise(t, a, path)
	before, err := os.ReadFile(path)
	a.ok(err)

	untouched := func(when string) {
		t.Helper()
		after, err := os.ReadFile(path)
		a.ok(err)
		beside, err := filepath.Glob(path + ".damaged-*")
		a.ok(err)
		if !bytes.Equal(before, after) || len(beside) > 0 {
			t.Errorf("%s: the file was touched, or set aside: %q", when, beside)
		}
	}
	a = start(t, s, a.profile, a.keyring)
	a.until(t, "said", func() bool {
		return a.state.Phase == core.PhaseSignedOut && a.state.Notice != nil && a.state.Notice.Code == "store" &&
			a.state.Notice.Reason == "newer_store"
	})
	d, err := a.Diagnose()
	a.ok(err)
	if at := slices.IndexFunc(d.Findings, func(f core.Finding) bool { return f.Check == "store" }); at < 0 || d.Findings[at].Code != "newer" {
		t.Errorf("the diagnosis says %+v", d.Findings)
	}
	untouched("at the start")
	if f := failure(t, a.SignIn("minji", "right password", true)); f.Reason != "newer_store" {
		t.Errorf("who signs in again is told %+v", f)
	}
	untouched("after a sign-in")
}

func TestStoreOfANewerVersionIsLeftOnWish(t *testing.T) {
	s := newServer(t)
	s.say(roomA, other, "서버에 있는 글")
	a := signedIn(t, s)
	a.openRoom(roomA)
	if f := failure(t, a.StartAnew()); f.Code != "conflict" {
		t.Errorf("with a store of its own: %+v", f)
	}
	a.offline()
	a.send(roomA, "아직 못 보낸 글")
	a.ok(a.SetDraft(roomB, core.Draft{Text: "쓰다 만 글"}))
	a.stop()
	path := ""
	for _, f := range stores(t, a.profile) {
		if strings.HasSuffix(f, ".db") {
			path = f
		}
	}
	rise(t, a, path)
	s.gate.set(true)

	a = start(t, s, a.profile, a.keyring)
	a.until(t, "said", func() bool { return a.state.Notice != nil && a.state.Notice.Reason == "newer_store" })
	a.ok(a.StartAnew())
	a.until(t, "signed in again, all fetched", func() bool {
		return a.state.Phase == core.PhaseSignedIn && a.state.Link == core.LinkOnline && a.state.Notice == nil && len(a.rooms) == len(s.rooms)
	})
	aside := a.now().state.StoreAside
	if aside == nil || aside.Messages != 1 || aside.Drafts != 1 || aside.Unread {
		t.Fatalf("taken over: %+v", aside)
	}
	if _, err := os.Stat(aside.Path); err != nil {
		t.Errorf("the other store is gone: %v", err)
	}
	a.takeWindow(roomA, a.openRoom(roomA))
	a.until(t, "what had not been sent arrives", func() bool {
		list := a.list(roomA)
		return len(list) == 2 && list[1].Text == "아직 못 보낸 글" && list[1].Seq > 0
	})
	a.ok(a.SignOut())
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) > 0 {
		t.Errorf("after signing out: %q, %v", left, err)
	}
}

// rise makes a store one of a version that is still to come.
func rise(t *testing.T, a *app, path string) {
	t.Helper()
	key := ""
	for name, value := range a.keyring.values {
		if strings.HasPrefix(name, "store-key-") {
			key = value
		}
	}
	name := url.URL{Scheme: "file", Opaque: path, RawQuery: "vfs=adiantum&hexkey=" + key}
	db, err := sql.Open("sqlite3", name.String())
	a.ok(err)
	for _, statement := range []string{"pragma user_version = 999", "create table of_the_future (x integer)", "pragma wal_checkpoint(truncate)"} {
		_, err := db.ExecContext(t.Context(), statement)
		a.ok(err)
	}
	a.ok(db.Close())
}

func TestBadProfileFile(t *testing.T) {
	for name, text := range map[string]string{"cut off": `{"device_uuid":`, "empty": "", "zeroes": strings.Repeat("\x00", 300)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "profile.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			a := start(t, nil, dir, newKeyring())
			now := a.now().state
			if now.Phase != core.PhaseConnect || now.Notice == nil || now.Notice.Reason != "profile_reset" {
				t.Errorf("state %+v, notice %+v", now, now.Notice)
			}
			if aside, err := os.ReadFile(path + ".bad"); err != nil || string(aside) != text {
				t.Errorf("set aside: %q, %v", aside, err)
			}
			a = a.restart()
			if notice := a.now().state.Notice; notice != nil {
				t.Errorf("said again: %+v", notice)
			}
		})
	}
}

func TestReplaceFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.json")
	for _, text := range []string{"one", "two"} {
		if err := os.WriteFile(path+".new", []byte("half of what a killed app wro"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := core.ReplaceFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
		if _, err := os.Stat(path + ".new"); !os.IsNotExist(err) {
			t.Errorf("left behind: %v", err)
		}
	}
	blocked := filepath.Join(t.TempDir(), "profile.json") // a folder in its place can't be replaced
	if err := os.MkdirAll(filepath.Join(blocked, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := core.ReplaceFile(blocked, []byte("text")); err == nil || !strings.Contains(err.Error(), "profile.json") {
		t.Errorf("no error, or one that does not name the file: %v", err)
	}
	if _, err := os.Stat(blocked + ".new"); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
}
