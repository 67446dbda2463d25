package proxy

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const childEnv = "HIMSG_TEST_PROXY_CHILD"

// TestMain lets the test binary ask the desktop in an environment of its own: GIO looks at it once.
func TestMain(m *testing.M) {
	target := os.Getenv(childEnv)
	if target == "" {
		os.Exit(m.Run())
	}
	u, err := url.Parse(target)
	if err == nil {
		var ways []string
		if ways, err = askDesktop(u); err == nil {
			_, _ = fmt.Fprintln(os.Stdout, "ways:", strings.Join(ways, " "))
		}
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stdout, "error:", err)
	}
	os.Exit(0)
}

// gnome asks what GNOME's settings, as their file says them, mean for a target.
func gnome(t *testing.T, keyfile, target string) string {
	t.Helper()
	home := t.TempDir()
	dir := filepath.Join(home, "glib-2.0", "settings")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keyfile"), []byte(keyfile), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = []string{
		childEnv + "=" + target, "XDG_CURRENT_DESKTOP=GNOME", "GSETTINGS_BACKEND=keyfile", "XDG_CONFIG_HOME=" + home,
		"HOME=" + home, "PATH=" + os.Getenv("PATH"),
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if rest, ok := strings.CutPrefix(line, "ways: "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return string(out)
}

func TestGNOMESettings(t *testing.T) {
	byHand := `
[system/proxy]
mode='manual'
ignore-hosts=['*.intra.corp.local','10.0.0.0/8','localhost']
[system/proxy/http]
host='plain.corp.local'
port=8080
[system/proxy/https]
host='secure.corp.local'
port=3128
`
	for name, c := range map[string]struct{ keyfile, target, want string }{
		"none":       {"[system/proxy]\nmode='none'\n", "https://talk.corp.local:5050", "direct://"},
		"by hand":    {byHand, "https://talk.corp.local:5050", "http://secure.corp.local:3128"},
		"plain":      {byHand, "http://talk.corp.local:5050", "http://plain.corp.local:8080"},
		"intranet":   {byHand, "https://talk.intra.corp.local:5050", "direct://"},
		"by address": {byHand, "https://10.1.2.3:5050", "direct://"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := gnome(t, c.keyfile, c.target); got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
		})
	}
}
