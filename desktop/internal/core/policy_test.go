package core_test

import (
	"encoding/pem"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/desktop/internal/policy"
)

// managed starts an app under a policy as its file says it.
func managed(t *testing.T, profile, toml string) *app {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policy.toml")
	if err := os.WriteFile(path, []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	return startAs(t, nil, profile, newKeyring(), func(o *core.Options) {
		o.Policy = policy.Load(policy.Options{Path: path, Logger: o.Logger})
	})
}

func TestPolicyHoldsOverTheUsersChoice(t *testing.T) {
	profile := t.TempDir()
	a := managed(t, profile, "")
	own := a.Settings()
	own.CloseToTray, own.Theme = true, "light"
	a.ok(a.SaveSettings(own))
	if names := a.now().state.Managed; len(names) != 0 {
		t.Fatalf("managed without a policy: %v", names)
	}
	a.stop()

	a = managed(t, profile, "close_to_tray = false\npreview_content = false\nproxy = \"none\"\nserver_uri = \"?\"")
	if names := a.now().state.Managed; !slices.Equal(names, []string{"close_to_tray", "preview_content", "proxy"}) {
		t.Fatalf("managed: %v", names)
	}
	forced := a.Settings()
	if forced.CloseToTray || forced.PreviewContent || forced.Proxy.Mode != core.ProxyNone || forced.Theme != "light" {
		t.Fatalf("what holds: %+v", forced)
	}
	escape := forced
	escape.CloseToTray, escape.PreviewContent, escape.Proxy, escape.Theme = true, true, core.Proxy{Mode: core.ProxySystem}, "dark"
	a.ok(a.SaveSettings(escape))
	if got := a.Settings(); got.CloseToTray || got.PreviewContent || got.Proxy.Mode != core.ProxyNone || got.Theme != "dark" {
		t.Fatalf("the user left the policy: %+v", got)
	}
	a.stop()

	if got := managed(t, profile, "").Settings(); !got.CloseToTray || !got.PreviewContent || got.Theme != "dark" {
		t.Fatalf("the user's own choices are gone with the policy: %+v", got)
	}
}

func TestPolicyBringsServerAndCertificates(t *testing.T) {
	s := newServer(t)
	encrypted := httptest.NewUnstartedServer(s.routes())
	encrypted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	encrypted.StartTLS()
	t.Cleanup(encrypted.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: encrypted.Certificate().Raw})
	if err := os.WriteFile(ca, text, 0o600); err != nil {
		t.Fatal(err)
	}
	a := managed(t, t.TempDir(), "server_url = \""+encrypted.URL+"\"\nca_file = \""+ca+"\"")
	a.until(t, "the server's name, over TLS", func() bool { return a.state.ServerPreset && a.state.ServerName == "하이상사" })
	if f := failure(t, a.UseServer("127.0.0.1:1", "")); f.Code != "forbidden" {
		t.Fatalf("another server: %v", f)
	}
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "online over TLS", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == 2 })
	a.stop()
	encrypted.CloseClientConnections()
}

func TestCommandLineIsStrongerThanThePolicy(t *testing.T) {
	s := newServer(t)
	a := startAs(t, s, t.TempDir(), newKeyring(), func(o *core.Options) {
		o.Policy = core.Policy{ServerURL: "https://another.corp.local:5050"}
	})
	if got := a.now().state.ServerAddress; got != s.address() {
		t.Fatalf("server %s", got)
	}
}

func TestProxyAddresses(t *testing.T) {
	for typed, want := range map[string]string{
		"proxy.corp.local:3128": "http://proxy.corp.local:3128", " HTTP://PROXY:8080/ ": "http://proxy:8080",
		"https://10.0.0.7:443": "https://10.0.0.7:443", "[::1]:3128": "http://[::1]:3128",
		"proxy": "", "socks5://p:1": "", "http://u:p@p:1": "", "http://p:1/x": "", "http://p:1?x": "", "": "", "http://a b:1": "",
		"http://p:99999": "", "p:0": "",
	} {
		if got, _ := core.ParseProxy(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	a := start(t, nil, t.TempDir(), newKeyring())
	for _, wrong := range []core.Proxy{
		{},
		{Mode: "auto"},
		{Mode: core.ProxyManual},
		{Mode: core.ProxyManual, Address: "socks5://p:1"},
	} {
		s := a.Settings()
		s.Proxy = wrong
		if a.SaveSettings(s) == nil {
			t.Errorf("%+v was taken", wrong)
		}
	}
}
