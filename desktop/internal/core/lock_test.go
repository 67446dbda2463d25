package core_test

import (
	"encoding/hex"
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/desktop/internal/shell"
	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

const rightPassword = "right password"

// locked is an app with messages that somebody locked.
func locked(t *testing.T) (*app, *server) {
	t.Helper()
	s := newServer(t)
	s.say(roomA, other, "비밀")
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.until(t, "unread", func() bool { return a.badge == 1 })
	a.ok(a.Lock())
	a.until(t, "locked, and nothing held", func() bool {
		return a.state.Locked && len(a.rooms) == 0 && len(a.messages) == 0
	})
	return a, s
}

func TestLockedAppTellsNothing(t *testing.T) {
	a, s := locked(t)
	s.say(roomB, other, "더 비밀")
	a.until(t, "the number goes on", func() bool { return a.badge == 2 && a.unread == 2 })
	u, err := a.Snapshot()
	a.ok(err)
	if len(u.Rooms)+len(u.People)+len(u.Messages)+len(u.Departments)+len(u.Presence)+len(u.Reads) > 0 {
		t.Errorf("snapshot: %+v", u)
	}
	if u.State == nil || !u.State.Locked || u.Settings == nil || *u.UnreadTotal != 2 {
		t.Errorf("snapshot without what the lock screen needs: %+v", u)
	}
	if now := a.now(); len(now.rooms)+len(now.messages) > 0 {
		t.Errorf("told: %+v %+v", now.rooms, now.messages)
	}
	a.until(t, "a notification", func() bool { return a.standing[roomB] })
	a.mu.Lock()
	defer a.mu.Unlock()
	standing := map[string]core.Notification{}
	for _, n := range a.notes {
		standing[n.RoomUUID] = n
	}
	for room, n := range standing {
		if !a.standing[room] {
			continue // of before the lock, and taken back
		}
		if strings.Contains(n.Title+n.Body, "비밀") || strings.Contains(n.Title+n.Body, "이준호") || n.Title != "Hi_Msg" {
			t.Errorf("notification: %+v", n)
		}
	}
}

func TestUnlockShowsEverythingAgain(t *testing.T) {
	a, _ := locked(t)
	a.Activate(roomA, 1)
	if f := failure(t, a.Unlock("wrong password")); f.Code != string(wire.Unauthenticated) || f.Reason != "wrong_password" {
		t.Errorf("wrong password: %v", f)
	}
	a.offline() // the password is known here
	a.ok(a.Unlock(rightPassword))
	a.until(t, "rooms again, and what was clicked", func() bool {
		return !a.state.Locked && len(a.rooms) == 2 && a.open != nil && *a.open == core.Target{RoomUUID: roomA, Seq: 1}
	})
	if conv := a.openRoom(roomA); len(conv.Messages) != 1 {
		t.Errorf("conversation: %+v", conv)
	}
	a.ok(a.Unlock("anything, since it is not locked"))
}

func TestLockedAppKeepsWhatWasJustTyped(t *testing.T) {
	a, _ := locked(t)
	a.ok(a.SetDraft(roomA, core.Draft{Text: "잠그기 직전에 쓰던 비밀"}))
	if now := a.now(); len(now.rooms) > 0 {
		t.Errorf("shown while locked: %+v", now.rooms)
	}
	a.ok(a.Unlock(rightPassword))
	a.until(t, "the draft", func() bool { return a.rooms[roomA].Draft.Text == "잠그기 직전에 쓰던 비밀" })
}

func TestLockSurvivesARestart(t *testing.T) {
	a, _ := locked(t)
	a.ok(a.Lock())
	a = a.restart()
	if now := a.now(); !now.state.Locked || len(now.rooms)+len(now.people) > 0 {
		t.Errorf("after a restart: %+v", now)
	}
	a.ok(a.Unlock(rightPassword))
	a.until(t, "unlocked", func() bool { return !a.state.Locked && len(a.rooms) == 2 })
	a = a.restart()
	if a.now().state.Locked {
		t.Error("locked again after a restart")
	}
}

func TestWrongPasswordsWaitLongerAndLonger(t *testing.T) {
	a, _ := locked(t)
	for range 3 {
		if f := failure(t, a.Unlock("wrong password")); f.Code != string(wire.Unauthenticated) {
			t.Fatalf("wrong password: %v", f)
		}
	}
	soon := func(least, most time.Duration) {
		t.Helper()
		f := failure(t, a.Unlock(rightPassword))
		wait := time.Duration(f.RetryMS) * time.Millisecond
		if f.Code != string(wire.RateLimited) || wait <= least || wait > most {
			t.Errorf("a try too soon: %v, wait %v", f, wait)
		}
	}
	soon(0, time.Second)
	for wait := time.Second; wait < time.Minute; wait *= 2 {
		a.clock.forward(wait)
		if f := failure(t, a.Unlock("wrong password")); f.Code != string(wire.Unauthenticated) {
			t.Fatalf("after %v: %v", wait, f)
		}
		soon(wait, 2*wait)
	}
	a = a.restart()
	soon(time.Second, 5*time.Minute)
	a.clock.forward(-time.Hour) // a clock that was set back
	soon(time.Second, 5*time.Minute)
	a.clock.forward(3 * time.Hour)
	a.ok(a.Unlock(rightPassword))
}

func TestPasswordIsCheckedAtTheServerWhereItIsNotKnown(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.ok(a.Lock())
	a.forgetPassword()
	a = a.restart()
	a.until(t, "locked, online", func() bool { return a.state.Locked && a.state.Link == core.LinkOnline })
	if f := failure(t, a.Unlock("wrong password")); f.Reason != "wrong_password" {
		t.Errorf("wrong password: %v", f)
	}
	a.offline()
	if f := failure(t, a.Unlock(rightPassword)); f.Code != "offline" {
		t.Errorf("offline: %v", f)
	}
	a.online()
	a.ok(a.Unlock(rightPassword))
	a.ok(a.Lock())
	a.offline()
	a.ok(a.Unlock(rightPassword)) // now it is known here
}

func TestLockKnowsAChangedPassword(t *testing.T) {
	a := signedIn(t, newServer(t))
	a.ok(a.ChangePassword(rightPassword, "another password"))
	a.ok(a.Lock())
	if f := failure(t, a.Unlock(rightPassword)); f.Reason != "wrong_password" {
		t.Errorf("the old password: %v", f)
	}
	a.ok(a.Unlock("another password"))
}

func TestSignOutUnlocks(t *testing.T) {
	a, _ := locked(t)
	a.ok(a.SignOut())
	a.until(t, "signed out", func() bool { return a.state.Phase == core.PhaseSignedOut && !a.state.Locked })
	a.ok(a.SignIn("minji", rightPassword, true))
	a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn && !a.state.Locked && len(a.rooms) == 2 })
}

// forgetPassword makes the store that of an app which knew of no locks.
func (a *app) forgetPassword() {
	a.t.Helper()
	a.stop()
	for name, text := range a.keyring.values {
		name, ok := strings.CutPrefix(name, "store-key-")
		if !ok {
			continue
		}
		var key store.Key
		_, err := hex.Decode(key[:], []byte(text))
		a.ok(err)
		s, err := store.Open(a.t.Context(), filepath.Join(a.profile, "stores", name+".db"), key, me)
		a.ok(err)
		a.ok(errors.Join(s.Keep(a.t.Context(), "lock", ""), s.Close()))
	}
}

// TestLockedAppRefusesEveryCall calls every method of the contract.
func TestLockedAppRefusesEveryCall(t *testing.T) {
	a, _ := locked(t)
	allowed := []string{"Snapshot", "SignOut", "Lock", "Unlock", "UnlockByBrowser", "CancelBrowser", "SetDraft", "SetPlace"}
	face := reflect.TypeFor[shell.Face]()
	for i := range face.NumMethod() {
		m := face.Method(i)
		if slices.Contains(allowed, m.Name) {
			continue
		}
		args := make([]reflect.Value, m.Type.NumIn())
		for n := range args {
			args[n] = reflect.Zero(m.Type.In(n))
		}
		out := reflect.ValueOf(a.Core).MethodByName(m.Name).Call(args)
		err, _ := out[len(out)-1].Interface().(error)
		if err == nil {
			t.Errorf("%s: done", m.Name)
			continue
		}
		if f := failure(t, err); f.Code != string(wire.Forbidden) || f.Reason != "locked" {
			t.Errorf("%s: %v", m.Name, f)
		}
	}
}
