//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"himsg/desktop/e2e/window"
)

// A policy with errors: what is good of it holds, and the diagnosis names the rest, on the screen before anybody signs in.
func TestDiagnosisInTheWindow(t *testing.T) {
	c := newCompany(t)
	policy := filepath.Join(t.TempDir(), "policy.toml")
	text := fmt.Sprintf("server_url = \"http://%s\"\nidle_lock_minutes = -5\nclose_to_tray = \"yes\nring = 7\n", c.server.Address)
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := c.open(t, window.Options{Env: []string{"HIMSG_TEST_POLICY=" + policy}})
	w.See(t, window.Select("signin-username")) // the policy brought the server
	w.Click(t, window.Select("diagnosis-open"))
	w.See(t, window.Select("diagnosis-summary"))
	w.Picture(t, picture(t, "diagnosis.png"))
	for check, code := range map[string]string{
		"policy": "faults", "proxy": "direct", "name": "address", "route": "open", "clock": "right", "server": "answers",
		"token": "signed_out", "store": "sound", "notifications": "service", "tray": "shown", "webview": "version",
	} {
		w.See(t, window.Select("finding-"+check, "code", code))
	}
}
