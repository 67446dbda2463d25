package cert_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"

	"himsg/server/internal/cert"
)

// acmeServer is Let's Encrypt's own test server, in this process. It looks for answers at a port of this machine. Its goroutine, which
// it can't end, stays.
type acmeServer struct {
	url    string
	caFile string // of its own certificate
	roots  *x509.CertPool
	port   int // where it looks
}

// macKey is of the account that the server knows, in base64url.
const macKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"

func startACME(t *testing.T, binding bool) acmeServer {
	t.Helper()
	for name, value := range map[string]string{"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"} {
		t.Setenv(name, value)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := acmeServer{port: free.Addr().(*net.TCPAddr).Port, roots: x509.NewCertPool(), caFile: filepath.Join(t.TempDir(), "acme-ca.pem")}
	_ = free.Close()
	quiet, store := slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), db.NewMemoryStore()
	if err := store.AddExternalAccountKeyByID("talk", macKey); err != nil {
		t.Fatal(err)
	}
	profiles := map[string]ca.Profile{"default": {ValidityPeriod: 24 * 3600}}
	authority := ca.New(quiet, store, "", "ecdsa", 0, 1, profiles)
	looks := va.New(quiet, s.port, s.port, true, "", store)
	front := wfe.New(quiet, store, looks, authority, []string{"ca.example.com"}, true, binding, 1, 1)
	web := httptest.NewTLSServer(front.Handler())
	t.Cleanup(web.Close)
	s.url = web.URL + wfe.DirectoryPath
	if err := os.WriteFile(s.caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(authority.GetRootCert(0).DER)
	if err != nil {
		t.Fatal(err)
	}
	s.roots.AddCert(root)
	return s
}

func (s acmeServer) options(dir, challenge string) cert.ACMEOptions {
	return cert.ACMEOptions{
		URL: s.url, CAFile: s.caFile, Hosts: []string{"localhost"}, Challenge: challenge, Dir: dir,
		Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	}
}

// answering listens where the ACME server looks.
func (s acmeServer) answering(t *testing.T, a *cert.ACME, challenge string) {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: s.port})
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: a, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), ReadHeaderTimeout: time.Second}
	t.Cleanup(func() { _ = web.Close() })
	if challenge == cert.HTTP01 {
		go func() { _ = web.Serve(listener) }()
		return
	}
	web.TLSConfig = &tls.Config{
		NextProtos: []string{cert.ALPN},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			shown, _, err := a.Challenge(hello)
			return shown, err
		},
	}
	go func() { _ = web.ServeTLS(listener, "", "") }()
}

func TestACMECertificateIsGotAndRenewed(t *testing.T) {
	for challenge, bound := range map[string]bool{cert.HTTP01: true, cert.TLSALPN01: false} {
		t.Run(challenge, func(t *testing.T) {
			s, dir := startACME(t, bound), t.TempDir()
			k, err := cert.NewKeeper(cert.KeeperOptions{
				CertFile: cert.PairFile(dir), KeyFile: cert.PairFile(dir), Later: true, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := k.Get(nil); err == nil {
				t.Error("a certificate before there is one")
			}
			ctx, cancel := context.WithCancel(context.Background())
			got := make(chan struct{}, 1)
			o := s.options(dir, challenge)
			o.Done = func() { got <- struct{}{} }
			if bound {
				o.KeyID, o.MACKey = "talk", macKeyBytes(t)
			}
			a, err := cert.NewACME(o)
			if err != nil {
				t.Fatal(err)
			}
			s.answering(t, a, challenge)
			ended := make(chan struct{})
			go func() { defer close(ended); a.Run(ctx) }()
			select {
			case <-got:
			case <-time.After(30 * time.Second):
				t.Fatalf("no certificate: %v", a.Fault())
			}
			cancel()
			<-ended

			k.Look(context.Background())
			first := k.Status().Held
			if first == nil {
				t.Fatalf("not taken: %v", k.Status().Fault)
			}
			between := x509.NewCertPool()
			for _, der := range first.Certificate[1:] {
				one, err := x509.ParseCertificate(der)
				if err != nil {
					t.Fatal(err)
				}
				between.AddCert(one)
			}
			if _, err := first.Leaf.Verify(x509.VerifyOptions{DNSName: "localhost", Roots: s.roots, Intermediates: between}); err != nil {
				t.Error(err)
			}
			for _, name := range []string{"acme.pem", "acme-account.key"} {
				if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s: %v, %v", name, info, err)
				}
			}

			if !bound {
				return // a renewal is the same again
			}
			if err := a.Obtain(context.Background()); err != nil {
				t.Fatal(err)
			}
			k.Look(context.Background())
			if again := k.Status().Held; again.Leaf.SerialNumber.Cmp(first.Leaf.SerialNumber) == 0 {
				t.Error("the renewed certificate was not taken")
			}
		})
	}
}

func TestACMEWantsAnAccountToBindTo(t *testing.T) {
	s := startACME(t, true)
	a, err := cert.NewACME(s.options(t.TempDir(), cert.HTTP01))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Obtain(context.Background()); err == nil || !strings.Contains(err.Error(), "open the account") {
		t.Fatalf("without the account: %v", err)
	}
}

func macKeyBytes(t *testing.T) []byte {
	t.Helper()
	key, err := base64.RawURLEncoding.DecodeString(macKey)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// What goes wrong is said, kept as the fault, and leaves the certificate that is there alone.
func TestACMEFaults(t *testing.T) {
	s := startACME(t, false)
	for name, c := range map[string]struct {
		change func(*cert.ACMEOptions)
		says   string
	}{
		"nobody answers the challenge": {func(*cert.ACMEOptions) {}, "did not find that localhost is ours"},
		"server of unknown authority":  {func(o *cert.ACMEOptions) { o.CAFile = makePair(t, nil, "x").CAFile }, "unknown authority"},
		"no ACME server there":         {func(o *cert.ACMEOptions) { o.URL = "https://127.0.0.1:1/dir" }, "connection refused"},
		"not a directory":              {func(o *cert.ACMEOptions) { o.URL += "/x" }, "404"},
		"challenge that it has not":    {func(o *cert.ACMEOptions) { o.Challenge = "http-99" }, "no challenge http-99"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := s.options(dir, cert.TLSALPN01)
			c.change(&o)
			old := []byte("what was there")
			if err := os.WriteFile(cert.PairFile(dir), old, 0o600); err != nil {
				t.Fatal(err)
			}
			a, err := cert.NewACME(o)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			if err := a.Obtain(ctx); err == nil || !strings.Contains(err.Error(), c.says) || a.Fault() == nil {
				t.Errorf("got %v, want %q", err, c.says)
			}
			if text, _ := os.ReadFile(cert.PairFile(dir)); string(text) != string(old) {
				t.Error("the certificate was touched")
			}
		})
	}
	t.Run("an authority that can't be read", func(t *testing.T) {
		o := s.options(t.TempDir(), cert.HTTP01)
		o.CAFile = filepath.Join(t.TempDir(), "none.pem")
		if _, err := cert.NewACME(o); err == nil {
			t.Error("taken")
		}
	})
}

func TestACMEAnswersNothingElse(t *testing.T) {
	a, err := cert.NewACME(cert.ACMEOptions{Dir: t.TempDir(), Hosts: []string{"localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/.well-known/acme-challenge/x", "/api/server"} {
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if _, ok, _ := a.Challenge(&tls.ClientHelloInfo{ServerName: "localhost", SupportedProtos: []string{"h2", cert.ALPN}}); ok {
		t.Error("a browser was taken for an ACME server")
	}
	if shown, ok, err := a.Challenge(&tls.ClientHelloInfo{ServerName: "localhost", SupportedProtos: []string{cert.ALPN}}); !ok || shown != nil || err == nil {
		t.Error("a challenge that was never made")
	}
}
