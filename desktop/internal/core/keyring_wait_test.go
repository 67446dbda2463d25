package core_test

import (
	"testing"

	"himsg/desktop/internal/core"
)

// lockedStart is the app of somebody who stays signed in, whose keyring shows its prompt.
func lockedStart(t *testing.T) (a *app, prompt chan error) {
	t.Helper()
	s := newServer(t)
	first := signedIn(t, s)
	first.until(t, "rooms", func() bool { return len(first.rooms) == 2 })
	first.stop()
	prompt = first.keyring.lock()
	a = start(t, s, first.profile, first.keyring)
	a.until(t, "the sign-in screen, and a word of the keyring", func() bool {
		return a.state.Phase == core.PhaseSignedOut && a.state.KeyringWaits
	})
	return a, prompt
}

func TestKeyringUnlockedAfterTheStart(t *testing.T) {
	a, prompt := lockedStart(t)
	close(prompt)
	a.until(t, "in, without a password", func() bool { return a.state.Phase == core.PhaseSignedIn && len(a.rooms) == 2 })
	if a.now().state.KeyringWaits {
		t.Error("it waits still")
	}
}

func TestKeyringPromptSentAway(t *testing.T) {
	a, prompt := lockedStart(t)
	prompt <- errLocked
	a.until(t, "no word of it any more", func() bool { return !a.state.KeyringWaits })
	if phase := a.now().state.Phase; phase != core.PhaseSignedOut {
		t.Errorf("phase %s", phase)
	}
}

func TestPasswordInsteadOfTheKeyring(t *testing.T) {
	a, prompt := lockedStart(t)
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "in", func() bool { return a.state.Phase == core.PhaseSignedIn && len(a.rooms) == 2 })
	close(prompt)
	a.until(t, "no word of it any more", func() bool { return !a.state.KeyringWaits })
	if phase := a.now().state.Phase; phase != core.PhaseSignedIn {
		t.Errorf("phase %s", phase)
	}
}
