package core_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func stores(t *testing.T, profile string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(profile, "stores", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestConnectScreen(t *testing.T) {
	s := newServer(t)
	a := start(t, nil, t.TempDir(), newKeyring())
	if a.now().state.Phase != core.PhaseConnect || a.now().state.ServerPreset {
		t.Fatalf("first start: %+v", a.now().state)
	}
	for typed, code := range map[string]string{
		"":                        "bad_address",
		"http://x/y?z":            "bad_address",
		"ftp://a":                 "bad_address",
		"127.0.0.1:1":             "offline",
		strings.Repeat("a", 1000): "bad_address",
	} {
		check, err := a.CheckServer(typed)
		if err != nil || check.Problem == nil || check.Problem.Code != code {
			t.Errorf("check %q: %+v, %v", typed, check.Problem, err)
		}
		if err := a.UseServer(typed, ""); err == nil || failure(t, err).Code != code {
			t.Errorf("use %q: %v", typed, err)
		}
	}
	check, err := a.CheckServer(s.address())
	if err != nil || check.Problem != nil || check.Name != "하이상사" || check.Version != "9.9" {
		t.Errorf("check: %+v, %v", check, err)
	}
	if err := a.UseServer(check.Address, "not hex"); err == nil {
		t.Error("took a fingerprint that is none")
	}
	a.ok(a.UseServer(check.Address, ""))
	a.until(t, "signed out", func() bool { return a.state.Phase == core.PhaseSignedOut && a.state.ServerName == "하이상사" })
	a = a.restart()
	if a.now().state.ServerAddress != s.address() || a.now().state.Phase != core.PhaseSignedOut {
		t.Errorf("after a restart: %+v", a.now().state)
	}
	a.ok(a.ForgetServer())
	a.until(t, "connect", func() bool { return a.state.Phase == core.PhaseConnect })
}

func TestPresetAddressIsNotEdited(t *testing.T) {
	s := newServer(t)
	a := start(t, s, t.TempDir(), newKeyring())
	a.until(t, "name of the preset server", func() bool { return a.state.ServerPreset && a.state.ServerName == "하이상사" })
	if f := failure(t, a.UseServer("http://127.0.0.1:1", "")); f.Code != "forbidden" {
		t.Errorf("use another: %v", f)
	}
	if f := failure(t, a.ForgetServer()); f.Code != "forbidden" {
		t.Errorf("forget: %v", f)
	}
	a.ok(a.UseServer(s.address(), "")) // the same one, as with an accepted certificate
}

func TestSignInRefused(t *testing.T) {
	a := start(t, newServer(t), t.TempDir(), newKeyring())
	f := failure(t, a.SignIn("minji", "wrong", true))
	if f.Code != "unauthenticated" || f.Reason != string(wire.ReasonBadCredentials) {
		t.Errorf("wrong password: %+v", f)
	}
	a.server.gate.set(false)
	if f := failure(t, a.SignIn("minji", "right password", true)); f.Code != "offline" {
		t.Errorf("without a server: %+v", f)
	}
	if f := failure(t, a.SignIn("minji", strings.Repeat("가", 5000), true)); f.Code != "bad_request" {
		t.Errorf("long password: %+v", f)
	}
	for name, call := range map[string]func() error{
		"OpenRoom": func() error { _, err := a.OpenRoom(roomA, 0); return err },
		"Send":     func() error { _, err := a.Send(roomA, core.Draft{Text: "x", ReplyToSeq: 0}); return err },
		"SignOut":  a.SignOut,
		"Seen":     func() error { return a.Seen(roomA, 1) },
	} {
		if f := failure(t, call()); f.Code != "unauthenticated" {
			t.Errorf("%s signed out: %v", name, f)
		}
	}
}

func TestKeptSignInPaintsFromTheStore(t *testing.T) {
	s := newServer(t)
	s.say(roomA, other, "안녕하세요")
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.offline()
	a = a.restart()
	snap, err := a.Snapshot()
	a.ok(err)
	if snap.State.Phase != core.PhaseSignedIn || len(snap.Rooms) != 2 || len(snap.People) != 3 || *snap.UnreadTotal != 1 ||
		snap.State.Me.Name != "김민지" {
		t.Errorf("snapshot without a server: %+v", snap)
	}
	conv := a.openRoom(roomA)
	if len(conv.Messages) != 1 || conv.Messages[0].Text != "안녕하세요" || conv.Reads.Known {
		t.Errorf("room without a server: %+v", conv)
	}
	older, err := a.Older(roomA, 1)
	if err != nil || older.HasMore || len(older.Messages) != 0 {
		t.Errorf("older: %+v %v", older, err)
	}
}

func TestNotKeptSignInEndsWithTheApp(t *testing.T) {
	s := newServer(t)
	k := newKeyring()
	a := start(t, s, t.TempDir(), k)
	a.ok(a.SignIn("minji", "right password", false))
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == 2 })
	a.offline()
	a.send(roomA, "남는 글")
	if slices.Contains(k.names(), "tokens") {
		t.Error("tokens are in the keyring")
	}
	a = a.restart()
	if a.now().state.Phase != core.PhaseSignedOut {
		t.Fatalf("after a restart: %+v", a.now().state)
	}
	s.gate.set(true)
	a.ok(a.SignIn("minji", "right password", false))
	a.until(t, "rooms", func() bool { return len(a.rooms) == 2 }) // a page that is told everything opens its room anew
	a.openRoom(roomA)
	a.shows(roomA, "남는 글") // the same person gets his store, and what was queued in it
}

func TestSignOutWipes(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.send(roomA, "지워질 글")
	a.ok(a.SetDraft(roomB, core.Draft{Text: "초안"}))
	a.ok(a.SignOut())
	a.until(t, "signed out", func() bool { return a.state.Phase == core.PhaseSignedOut && len(a.rooms) == 0 && a.badge == 0 })
	if left := stores(t, a.profile); len(left) != 0 {
		t.Errorf("left on the disk: %v", left)
	}
	if left := a.keyring.names(); len(left) != 0 {
		t.Errorf("left in the keyring: %v", left)
	}
	a = a.restart()
	if a.now().state.Phase != core.PhaseSignedOut {
		t.Errorf("after a restart: %+v", a.now().state)
	}
}

func TestRevokedSession(t *testing.T) {
	for reason, wiped := range map[wire.Reason]bool{
		wire.ReasonSessionRevoked: false,
		wire.ReasonRefreshReused:  false,
		wire.ReasonDisabled:       true,
		wire.ReasonDeviceRemoved:  true,
	} {
		t.Run(string(reason), func(t *testing.T) {
			s := newServer(t)
			a := signedIn(t, s)
			s.with(func() { s.revoked = reason })
			s.gate.set(false)
			s.gate.set(true)
			a.until(t, "signed out with a notice", func() bool {
				return a.state.Phase == core.PhaseSignedOut && a.state.Notice != nil && len(a.rooms) == 0
			})
			if n := a.now().state.Notice; n.Code != "unauthenticated" || n.Reason != string(reason) {
				t.Errorf("notice: %+v", n)
			}
			if left := stores(t, a.profile); (len(left) == 0) != wiped {
				t.Errorf("stores: %v", left)
			}
			if slices.Contains(a.keyring.names(), "tokens") {
				t.Error("tokens are kept")
			}
			a.ok(a.SignIn("minji", "right password", true))
			a.until(t, "signed in again", func() bool { return a.state.Link == core.LinkOnline && a.state.Notice == nil })
		})
	}
}

func TestAnotherPersonGetsAnotherStore(t *testing.T) {
	s := newServer(t)
	a := start(t, s, t.TempDir(), newKeyring())
	a.ok(a.SignIn("minji", "right password", false))
	a.until(t, "rooms", func() bool { return len(a.rooms) == 2 })
	a.ok(a.SetDraft(roomA, core.Draft{Text: "내 초안"}))
	a = a.restart()
	s.with(func() { s.me = wire.Me{UUID: other, Name: "이준호", Username: "junho"} })
	a.ok(a.SignIn("junho", "right password", false))
	a.until(t, "rooms", func() bool { return len(a.rooms) == 2 })
	if a.now().rooms[roomA].Draft.Text != "" {
		t.Error("sees the other's draft")
	}
	count := 0
	for _, f := range stores(t, a.profile) {
		if strings.HasSuffix(f, ".db") {
			count++
		}
	}
	if count != 2 {
		t.Errorf("%d stores", count)
	}
}

func TestSignUpWaitsOverARestart(t *testing.T) {
	for _, broken := range []bool{false, true} {
		s := newServer(t)
		k := newKeyring()
		k.set(broken)
		a := start(t, s, t.TempDir(), k)
		form := wire.RegisterRequest{Name: "새사람", Username: "new", Password: "right password", Department: "기획팀"}
		a.ok(a.SignUp(form))
		a.until(t, "waiting", func() bool {
			return a.state.Phase == core.PhaseWaiting && a.state.SignUp.State == wire.UserPending
		})
		a = a.restart()
		if a.now().state.Phase != core.PhaseWaiting || a.now().state.SignUp.Name != "새사람" {
			t.Fatalf("after a restart: %+v", a.now().state)
		}
		s.with(func() { s.status = wire.RegisterStatusReply{State: wire.UserActive} })
		a.until(t, "approved by itself", func() bool { return a.state.SignUp.State == wire.UserActive })
		a.ok(a.SignIn("new", "right password", true))
		a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn && a.state.SignUp == nil })
		a.stop()
		content, err := os.ReadFile(filepath.Join(a.profile, "profile.json"))
		a.ok(err)
		if strings.Contains(string(content), "register-secret") || strings.Contains(string(content), "access") {
			t.Errorf("profile holds a secret: %s", content)
		}
	}
}

func TestRejectedSignUp(t *testing.T) {
	s := newServer(t)
	a := start(t, s, t.TempDir(), newKeyring())
	a.ok(a.SignUp(wire.RegisterRequest{Name: "새사람", Username: "new", Password: "right password"}))
	s.with(func() { s.status = wire.RegisterStatusReply{State: wire.UserRejected, Reason: "퇴사자"} })
	a.ok(a.CheckSignUp())
	a.until(t, "rejected", func() bool { return a.state.SignUp != nil && a.state.SignUp.Reason == "퇴사자" })
	a.ok(a.CancelSignUp())
	a.until(t, "back", func() bool { return a.state.Phase == core.PhaseSignedOut })
}

func TestKeyringThatDoesNotWork(t *testing.T) {
	s := newServer(t)
	k := newKeyring()
	k.set(true)
	a := start(t, s, t.TempDir(), k)
	a.until(t, "known to be broken", func() bool { return !a.state.KeyringOK })
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == 2 })
	a.offline()
	a.send(roomA, "남는 글")
	for _, f := range stores(t, a.profile) {
		if info, err := os.Stat(f); strings.HasSuffix(f, ".key") && (err != nil || info.Mode().Perm() != 0o600) {
			t.Errorf("%s: %v %v", f, info.Mode(), err)
		}
	}
	a = a.restart()
	if a.now().state.Phase != core.PhaseSignedOut {
		t.Fatalf("after a restart: %+v", a.now().state)
	}
	s.gate.set(true)
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "rooms", func() bool { return len(a.rooms) == 2 })
	a.openRoom(roomA)
	a.shows(roomA, "남는 글")
}

func TestKeyringLockedForAWhile(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.offline()
	a.send(roomA, "하나")
	a.stop()
	a.keyring.set(true)
	a = start(t, s, a.profile, a.keyring)
	s.gate.set(true)
	a.ok(a.SignIn("minji", "right password", false))
	a.until(t, "rooms", func() bool { return len(a.rooms) == 2 })
	if a.now().state.StoreReset {
		t.Error("a store out of reach is not a damaged one")
	}
	a.offline()
	a.send(roomA, "둘") // into the store that stands in
	a.stop()
	a.keyring.set(false)
	s.gate.set(true)
	a = start(t, s, a.profile, a.keyring)
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "both sent", func() bool {
		got := s.texts(roomA)
		slices.Sort(got)
		return slices.Equal(got, []string{"둘", "하나"})
	})
}

func TestDamagedStore(t *testing.T) {
	damage := map[string]func(t *testing.T, path string, a *app){
		"garbage": func(_ *testing.T, path string, a *app) {
			a.ok(os.RemoveAll(path + "-wal")) // which could mend it
			a.ok(os.WriteFile(path, []byte(strings.Repeat("no database ", 4000)), 0o600))
		},
		"key lost": func(_ *testing.T, _ string, a *app) {
			for _, name := range a.keyring.names() {
				if strings.HasPrefix(name, "store-key-") {
					a.keyring.values[name] = strings.Repeat("ab", 32)
				}
			}
		},
	}
	for name, do := range damage {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.say(roomA, other, "서버에 있는 글")
			a := signedIn(t, s)
			a.openRoom(roomA)
			a.stop()
			for _, f := range stores(t, a.profile) {
				if strings.HasSuffix(f, ".db") {
					do(t, f, a)
				}
			}
			a = start(t, s, a.profile, a.keyring)
			a.until(t, "made anew and filled", func() bool {
				return a.state.StoreReset && a.state.Phase == core.PhaseSignedIn && len(a.rooms) == 2 && len(a.people) == 3
			})
			a.openRoom(roomA)
			a.shows(roomA, "서버에 있는 글")
			a = a.restart()
			if a.now().state.StoreReset {
				t.Error("said twice")
			}
		})
	}
}

func TestStoreDamagedInItsMiddleGivesUpNothingUnsent(t *testing.T) {
	s := newServer(t)
	for range 300 {
		s.say(roomB, other, strings.Repeat("긴 글 ", 100))
	}
	a := signedIn(t, s)
	for before := a.openRoom(roomB).Messages[0].Seq; before > 1; {
		page, err := a.Older(roomB, before)
		a.ok(err)
		before = page.Messages[0].Seq
	}
	a.offline()
	a.send(roomA, "하나")
	a.send(roomA, "둘")
	a.stop()
	for _, f := range stores(t, a.profile) {
		if strings.HasSuffix(f, ".db") {
			a.ok(os.RemoveAll(f + "-wal"))
			info, err := os.Stat(f)
			a.ok(err)
			file, err := os.OpenFile(f, os.O_RDWR, 0)
			a.ok(err)
			_, err = file.WriteAt([]byte(strings.Repeat("x", 4096*4)), info.Size()/4096/2*4096)
			a.ok(err)
			a.ok(file.Close())
		}
	}
	s.gate.set(true)
	a = start(t, s, a.profile, a.keyring)
	a.until(t, "said, and sent after all", func() bool {
		return a.state.StoreReset && slices.Equal(s.texts(roomA), []string{"하나", "둘"})
	})
}
