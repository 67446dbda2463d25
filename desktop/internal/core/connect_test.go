package core_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
)

func TestCertificateIsAcceptedByItsFingerprint(t *testing.T) {
	s := newServer(t)
	encrypted := httptest.NewUnstartedServer(s.routes())
	encrypted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug) // refused handshakes are the point
	encrypted.StartTLS()
	t.Cleanup(encrypted.Close)
	a := start(t, nil, t.TempDir(), newKeyring())

	check, err := a.CheckServer(encrypted.URL)
	if err != nil || check.Problem != nil || len(check.Fingerprint) != 64 || check.Issuer == "" || check.Name == "" {
		t.Fatalf("check: %+v %+v %v", check, check.Problem, err)
	}
	if f := failure(t, a.UseServer(encrypted.URL, "")); f.Code != "tls" {
		t.Errorf("not accepted: %v", f)
	}
	if f := failure(t, a.UseServer(encrypted.URL, strings.Repeat("ab", 32))); f.Code != "tls" {
		t.Errorf("another one accepted: %v", f)
	}
	a.ok(a.UseServer(check.Address, check.Fingerprint))
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "online over TLS", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == 2 })
	a.stop()
	encrypted.CloseClientConnections()
}

func TestWrongServers(t *testing.T) {
	s := newServer(t)
	website := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<html>It works!</html>")
	}))
	t.Cleanup(website.Close)
	a := start(t, nil, t.TempDir(), newKeyring())
	for address, want := range map[string]string{
		website.URL: "not_himsg",
		strings.Replace(s.address(), "http://", "https://", 1): "tls",
	} {
		check, err := a.CheckServer(address)
		if err != nil || check.Problem == nil || check.Problem.Code != want {
			t.Errorf("check %s: %+v %v, want %s", address, check.Problem, err, want)
		}
		if f := failure(t, a.UseServer(address, "")); f.Code != want {
			t.Errorf("use %s: %v, want %s", address, f, want)
		}
	}
	if a.now().state.ServerAddress != "" {
		t.Errorf("kept %s", a.now().state.ServerAddress)
	}
}
