package desk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// StartHangul starts the Korean input method on the desktop, switched to Hangul. Apps that are to use it are started
// with HangulEnv.
func (d *Desk) StartHangul(tb testing.TB) {
	tb.Helper()
	// What ibus-setup would write. Without dconf the settings come from this file; see GSETTINGS_BACKEND in Env.
	settings := filepath.Join(d.folder("home/.config/glib-2.0/settings"), "keyfile")
	const hangulFromTheStart = "[org/freedesktop/ibus/engine/hangul]\ninitial-input-mode='hangul'\n"
	if err := os.WriteFile(settings, []byte(hangulFromTheStart), 0o600); err != nil {
		tb.Fatal(err)
	}
	env := d.Env(HangulEnv()...)
	Spawn(tb, Spec{Path: "ibus-daemon", Args: []string{"--xim", "--panel=disable", "--replace"}, Env: env})
	Wait(tb, 30*time.Second, "the Hangul engine", func() bool {
		out := Run(tb, Spec{Path: "sh", Args: []string{"-c", "ibus engine hangul; ibus engine; true"}, Env: env})
		lines := strings.Fields(out)
		return len(lines) > 0 && lines[len(lines)-1] == "hangul"
	})
}

// HangulEnv is what a program needs in its environment to take its text from the input method.
func HangulEnv() []string { return []string{"GTK_IM_MODULE=ibus", "XMODIFIERS=@im=ibus"} }
