package proxy

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const childEnv = "HIMSG_TEST_PROXY_CHILD"

// TestMain lets the test binary ask the desktop in an environment of its own: GIO looks at it once. It also lets it run PAC
// files as the app does.
func TestMain(m *testing.M) {
	if RanPAC() {
		os.Exit(0)
	}
	// The race detector lets each process of a test sleep for a second at its end.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	target := os.Getenv(childEnv)
	if target == "" {
		os.Exit(m.Run())
	}
	u, err := url.Parse(target)
	if err == nil {
		var said told
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if said, err = newDesktop().ask(ctx, u); err == nil {
			_, _ = fmt.Fprintln(os.Stdout, "ways:", strings.Join(said.ways, " "), said.script)
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
	return inSession(t, target, "XDG_CURRENT_DESKTOP=GNOME", "GSETTINGS_BACKEND=keyfile", "XDG_CONFIG_HOME="+home)
}

// inSession asks in a session of its own.
func inSession(t *testing.T, target string, env ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(env, childEnv+"="+target, "HOME="+t.TempDir(), "PATH="+os.Getenv("PATH"), "GORACE="+os.Getenv("GORACE"))
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
	pac := filepath.Join(t.TempDir(), "proxy.pac")
	if err := os.WriteFile(pac, []byte(companyPAC), 0o600); err != nil {
		t.Fatal(err)
	}
	script := "[system/proxy]\nmode='auto'\nautoconfig-url='file://" + pac + "'\n"
	for name, c := range map[string]struct{ keyfile, target, want string }{
		"PAC file":               {script, "https://talk.corp.local:5050", "http://proxy.corp.local:3128 direct:// " + pac},
		"PAC file, elsewhere":    {script, "https://talk.intra.corp.local:5050", "direct:// " + pac},
		"a PAC file that is off": {strings.Replace(script, "auto'", "none'", 1), "https://talk.corp.local:5050", "direct://"},
		"none":                   {"[system/proxy]\nmode='none'\n", "https://talk.corp.local:5050", "direct://"},
		"by hand":                {byHand, "https://talk.corp.local:5050", "http://secure.corp.local:3128"},
		"plain":                  {byHand, "http://talk.corp.local:5050", "http://plain.corp.local:8080"},
		"intranet":               {byHand, "https://talk.intra.corp.local:5050", "direct://"},
		"by address":             {byHand, "https://10.1.2.3:5050", "direct://"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := gnome(t, c.keyfile, c.target); got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestKDESettings(t *testing.T) {
	pac := filepath.Join(t.TempDir(), "proxy.pac")
	if err := os.WriteFile(pac, []byte(companyPAC), 0o600); err != nil {
		t.Fatal(err)
	}
	const target = "https://talk.corp.local:5050"
	byHand := "[Other]\nProxyType=2\n[Proxy Settings]\nProxyType=1\nhttpProxy=http://plain.corp.local 8080\n" +
		"httpsProxy=http://secure.corp.local:3128\nNoProxyFor=.intra.corp.local,10.0.0.0/8\n"
	for name, c := range map[string]struct{ system, own, target, want string }{
		"PAC file":            {"", "[Proxy Settings]\nProxy Config Script[$e]=" + pac + "\nProxyType=2\n", target, "http://proxy.corp.local:3128 direct:// " + pac},
		"the company's file":  {"[Proxy Settings]\nProxyType=2\nProxy Config Script=file://" + pac, "", target, "http://proxy.corp.local:3128 direct:// " + pac},
		"the user's is first": {"[Proxy Settings]\nProxyType=2\nProxy Config Script=file://" + pac, byHand, target, "http://secure.corp.local:3128"},
		"by hand":             {"", byHand, target, "http://secure.corp.local:3128"},
		"plain":               {"", byHand, "http://talk.corp.local:5050", "http://plain.corp.local:8080"},
		"intranet":            {"", byHand, "https://talk.intra.corp.local:5050", "direct://"},
		"for those alone":     {"", byHand + "ReversedException=true\n", "https://talk.intra.corp.local:5050", "http://secure.corp.local:3128"},
		"and for no other":    {"", byHand + "ReversedException=true\n", target, "direct://"},
		"nothing by hand":     {"", "[Proxy Settings]\nProxyType=1\n", target, "direct://"},
	} {
		t.Run(name, func(t *testing.T) {
			home, system := t.TempDir(), t.TempDir()
			for folder, text := range map[string]string{home: c.own, system: c.system} {
				if err := os.WriteFile(filepath.Join(folder, "kioslaverc"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got := inSession(t, c.target, "XDG_CURRENT_DESKTOP=KDE", "XDG_CONFIG_HOME="+home, "XDG_CONFIG_DIRS=/nowhere:"+system)
			if got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
		})
	}
}
