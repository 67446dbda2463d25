package cert_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"himsg/server/internal/cert"
)

// logText is a log that a test reads while it is written.
type logText struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// take returns what was logged since the last time.
func (l *logText) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

func request(dir string, hosts ...string) cert.Request {
	r := cert.Request{
		Dir: dir, Hosts: hosts, IPs: []net.IP{net.IPv4(127, 0, 0, 1)}, Company: "하이컴퍼니", Days: 30,
		Passphrase: "a passphrase for tests", Now: time.Now,
	}
	r.WeakPassphrase()
	return r
}

func makePair(t *testing.T, change func(*cert.Request), hosts ...string) cert.Issued {
	t.Helper()
	r := request(t.TempDir(), hosts...)
	if change != nil {
		change(&r)
	}
	made, err := cert.Init(r)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func roots(t *testing.T, files ...string) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	for _, file := range files {
		all, err := cert.Certificates(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range all {
			pool.AddCert(one)
		}
	}
	return pool
}

// Every bad input leaves the old certificate in use, is told once, and is forgotten when a good one comes.
func TestKeeperKeepsTheOldCertificateWhenTheNewOneIsBad(t *testing.T) {
	first := makePair(t, nil, "talk.example.com")
	expired := makePair(t, func(r *cert.Request) { r.Now = func() time.Time { return time.Now().AddDate(0, 0, -60) } }, "talk.example.com")
	future := makePair(t, func(r *cert.Request) { r.Now = func() time.Time { return time.Now().AddDate(0, 0, 60) } }, "talk.example.com")
	good := makePair(t, nil, "talk.example.com")

	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	put := func(from cert.Issued) { copyFile(t, from.CertFile, certFile); copyFile(t, from.KeyFile, keyFile) }
	put(first)
	log := &logText{}
	k, err := cert.NewKeeper(cert.KeeperOptions{
		CertFile: certFile, KeyFile: keyFile, Now: time.Now, Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	held := func() string { return k.Status().Held.Leaf.SerialNumber.String() }
	began := held()

	for name, c := range map[string]struct {
		spoil func()
		says  string
	}{
		"expired":        {func() { put(expired) }, "expired"},
		"of the future":  {func() { put(future) }, "not valid yet"},
		"other key":      {func() { put(first); copyFile(t, good.KeyFile, keyFile) }, "private key does not match"},
		"half written":   {func() { truncate(t, certFile) }, "certificate"},
		"no certificate": {func() { copyFile(t, first.KeyFile, certFile) }, "certificate"},
		"gone":           {func() { _ = os.Remove(keyFile) }, "no such file"},
		"a folder":       {func() { _ = os.Remove(keyFile); _ = os.Mkdir(keyFile, 0o700) }, "is not a file"},
		"endless":        {func() { _ = os.WriteFile(certFile, bytes.Repeat([]byte("x"), 2<<20), 0o600) }, "more than"},
		"no folder":      {func() { _ = os.Rename(dir, dir+".away") }, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			c.spoil()
			for range 3 {
				k.Look(ctx)
			}
			status, told := k.Status(), log.take()
			if held() != began {
				t.Fatal("the old certificate was given up")
			}
			if status.Fault == nil || !strings.Contains(status.Fault.Error(), c.says) || status.FaultAt.IsZero() {
				t.Errorf("fault %v, want %q", status.Fault, c.says)
			}
			if strings.Count(told, "level=ERROR") != 1 || !strings.Contains(told, "the old one stays") {
				t.Errorf("told in three looks: %s", told)
			}
			if _, err := os.Stat(dir + ".away"); err == nil {
				_ = os.Rename(dir+".away", dir)
			}
			if info, err := os.Stat(keyFile); err == nil && info.IsDir() {
				_ = os.Remove(keyFile)
			}
			put(first)
			k.Look(ctx)
			if status := k.Status(); status.Fault != nil {
				t.Errorf("the files are well again: %v", status.Fault)
			}
			log.take()
		})
	}

	put(good)
	k.Look(ctx)
	if held() == began || k.Status().Fault != nil || !strings.Contains(log.take(), "new TLS certificate") {
		t.Error("a good certificate was not taken")
	}
}

func truncate(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()/2); err != nil {
		t.Fatal(err)
	}
}

func TestKeeperTellsOfNamesThatWereLost(t *testing.T) {
	first, other := makePair(t, nil, "talk.example.com", "chat.example.com"), makePair(t, nil, "chat.example.com")
	log := &logText{}
	k, err := cert.NewKeeper(cert.KeeperOptions{
		CertFile: first.CertFile, KeyFile: first.KeyFile, Now: time.Now, Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	copyFile(t, other.CertFile, first.CertFile)
	copyFile(t, other.KeyFile, first.KeyFile)
	k.Look(context.Background())
	if told := log.take(); !strings.Contains(told, "lacks names") || !strings.Contains(told, "names=[talk.example.com]") {
		t.Errorf("told: %s", told)
	}
}

// A connection goes on over a change, with what was agreed when it began; a new one sees the new certificate.
func TestKeeperDropsNoConnection(t *testing.T) {
	first, second := makePair(t, nil, "localhost"), makePair(t, nil, "localhost")
	trusted := roots(t, first.CAFile, second.CAFile)
	k, err := cert.NewKeeper(cert.KeeperOptions{
		CertFile: first.CertFile, KeyFile: first.KeyFile, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { k.Run(ctx) })
	defer running.Wait()
	defer cancel()

	release := make(chan struct{})
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "a")
		w.(http.Flusher).Flush()
		<-release
		_, _ = io.WriteString(w, "b")
	}))
	s.TLS = &tls.Config{GetCertificate: k.Get}
	s.StartTLS()
	defer s.Close()
	client := func() *http.Client {
		return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, DisableKeepAlives: true}}
	}
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	address := "https://localhost:" + port
	answer, err := client().Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	before := answer.TLS.PeerCertificates[0].SerialNumber

	copyFile(t, second.CertFile, first.CertFile)
	copyFile(t, second.KeyFile, first.KeyFile)
	k.Wake()
	for deadline := time.Now().Add(10 * time.Second); k.Status().Held.Leaf.SerialNumber.Cmp(before) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the new certificate was not taken")
		}
		time.Sleep(5 * time.Millisecond)
	}
	close(release)
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "ab" {
		t.Errorf("the old connection: %q, %v", text, err)
	}
	again, err := client().Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Body.Close()
	if again.TLS.PeerCertificates[0].SerialNumber.Cmp(before) == 0 {
		t.Error("a new connection sees the old certificate")
	}
}

func TestAuthority(t *testing.T) {
	dir := t.TempDir()
	r := request(dir, "talk.example.com")
	r.Domains = []string{"example.org"}
	made, err := cert.Init(r)
	if err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{made.KeyFile: 0o600, made.CAKeyFile: 0o600, made.CertFile: 0o644, made.CAFile: 0o644} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	if sealed, _ := os.ReadFile(made.CAKeyFile); !bytes.HasPrefix(sealed, []byte("age-encryption.org/v1")) || bytes.Contains(sealed, []byte("PRIVATE KEY")) {
		t.Error("the authority's key is not encrypted")
	}
	pool := roots(t, made.CAFile)
	good := func(made cert.Issued, name string) error {
		pair, err := cert.Load(made.CertFile, made.KeyFile)
		if err != nil {
			return err
		}
		_, err = pair.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: pool})
		return err
	}
	for name, want := range map[string]bool{"talk.example.com": true, "127.0.0.1": true, "bank.example.com": false, "10.0.0.1": false} {
		if err := good(made, name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}

	t.Run("nothing is written over", func(t *testing.T) {
		if _, err := cert.Init(r); err == nil || !strings.Contains(err.Error(), "not written over") {
			t.Error(err)
		}
	})
	t.Run("a renewal has the same names, another key and the old mode", func(t *testing.T) {
		before, _ := cert.Load(made.CertFile, made.KeyFile)
		if err := os.Chmod(made.KeyFile, 0o640); err != nil {
			t.Fatal(err)
		}
		again := request(dir)
		again.IPs = nil
		renewed, err := cert.Renew(again)
		if err != nil || good(renewed, "talk.example.com") != nil || good(renewed, "127.0.0.1") != nil {
			t.Fatalf("%+v, %v", renewed, err)
		}
		after, _ := cert.Load(made.CertFile, made.KeyFile)
		if before.Leaf.PublicKey.(*ecdsa.PublicKey).Equal(after.Leaf.PublicKey) {
			t.Error("the key is the old one")
		}
		if info, _ := os.Stat(made.KeyFile); info.Mode().Perm() != 0o640 {
			t.Errorf("mode %v", info.Mode())
		}
	})
	t.Run("a domain that was allowed", func(t *testing.T) {
		if renewed, err := cert.Renew(request(dir, "chat.example.org")); err != nil || good(renewed, "chat.example.org") != nil {
			t.Errorf("%+v, %v", renewed, err)
		}
	})
	for name, c := range map[string]struct {
		change func(*cert.Request)
		says   string
	}{
		"a name that it may not sign for": {func(r *cert.Request) { r.Hosts = []string{"bank.example.com"} }, "may not sign for bank.example.com"},
		"an address":                      {func(r *cert.Request) { r.IPs = []net.IP{net.IPv4(10, 0, 0, 1)} }, "10.0.0.1"},
		"wrong passphrase":                {func(r *cert.Request) { r.Passphrase = "another one, not that" }, "passphrase"},
		"key of another authority":        {func(r *cert.Request) { r.CAKeyFile = makePair(t, nil, "talk.example.com").CAKeyFile }, "belong together"},
		"no key":                          {func(r *cert.Request) { r.CAKeyFile = filepath.Join(dir, "none") }, "authority's key"},
		"too long":                        {func(r *cert.Request) { r.Days = 826 }, "--days"},
		"an authority that ended":         {func(r *cert.Request) { r.Now = func() time.Time { return time.Now().AddDate(11, 0, 0) } }, "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := os.ReadFile(made.CertFile)
			r := request(dir, "talk.example.com")
			c.change(&r)
			if _, err := cert.Renew(r); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
			if after, _ := os.ReadFile(made.CertFile); !bytes.Equal(before, after) {
				t.Error("the certificate was replaced")
			}
		})
	}
}

func TestAuthorityOfAddressesOnlySignsForNoName(t *testing.T) {
	r := request(t.TempDir())
	if _, err := cert.Init(r); err != nil {
		t.Fatal(err)
	}
	r.Hosts = []string{"talk.example.com"}
	if _, err := cert.Renew(r); err == nil || !strings.Contains(err.Error(), "may not sign for talk.example.com") {
		t.Error(err)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	for name, change := range map[string]func(*cert.Request){
		"no name":          func(r *cert.Request) { r.Hosts, r.IPs = nil, nil },
		"an address":       func(r *cert.Request) { r.Hosts = []string{"10.0.0.1"} },
		"a wildcard":       func(r *cert.Request) { r.Hosts = []string{"*.example.com"} },
		"a URL":            func(r *cert.Request) { r.Hosts = []string{"https://talk"} },
		"empty":            func(r *cert.Request) { r.Hosts = []string{""} },
		"no host":          func(r *cert.Request) { r.IPs = []net.IP{net.IPv4zero} },
		"short passphrase": func(r *cert.Request) { r.Passphrase = "short" },
		"no days":          func(r *cert.Request) { r.Days = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t.TempDir(), "talk.example.com")
			change(&r)
			if _, err := cert.Init(r); err == nil {
				t.Error("not refused")
			}
			if left, _ := os.ReadDir(r.Dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func FuzzCertificates(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "x.pem")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if all, err := cert.Certificates(path); err == nil && len(all) == 0 {
			t.Error("no certificate and no error")
		}
		_, _ = cert.Load(path, path)
	})
}
