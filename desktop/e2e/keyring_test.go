//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// A keyring that is locked keeps no window waiting. Once its user has unlocked it, he is in without another word.
func TestLockedKeyring(t *testing.T) {
	c := newCompany(t)
	c.server.AddPerson(t, "hana", "이하나")
	profile := filepath.Join(t.TempDir(), "profile")
	w := c.open(t, window.Options{Profile: profile, Server: c.server.URL()})
	signIn(t, w, "hana")
	w.Process.Stop()

	desk.LockKeyring(t, c.desk.Bus)
	c.desk.StartPrompter(t)
	w = c.open(t, window.Options{Profile: profile})
	w.See(t, window.Select("signin-username"))
	w.SeeText(t, "label", "로그인 유지")
	w.SeeText(t, "form", "키링이 잠겨 있습니다.")
	c.desk.Picture(t, picture(t, "keyring-locked.png"))
	c.desk.AnswerPrompt(t)
	online(t, w)
}
