package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/app"
	"himsg/server/internal/config"
)

func TestStarting(t *testing.T) {
	try := func(change func(c *config.Serve)) error {
		c := settings(t, "")
		change(&c)
		a, err := app.New(context.Background(), app.Options{Config: c, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			_ = a.Close()
		}
		return err
	}
	t.Run("on an empty directory", func(t *testing.T) {
		began := time.Now()
		if err := try(func(*config.Serve) {}); err != nil {
			t.Fatal(err)
		}
		t.Logf("new and close: %v", time.Since(began))
	})
	taken, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, c := range map[string]struct {
		change func(*config.Serve)
		says   string
	}{
		"port taken":       {func(c *config.Serve) { c.Listen = taken.Addr().String() }, "address already in use"},
		"metrics taken":    {func(c *config.Serve) { c.MetricsListen = taken.Addr().String() }, "address already in use"},
		"no certificate":   {func(c *config.Serve) { c.TLSCert, c.TLSKey = "none.pem", "none.key" }, "certificate"},
		"data is a file":   {func(c *config.Serve) { c.Data = os.Args[0] }, "data directory"},
		"secret is broken": {func(c *config.Serve) { c.SecretFile = os.Args[0] }, "hexadecimal"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := try(c.change); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a taken port leaves the data alone", func(t *testing.T) {
		var data string
		if err := try(func(c *config.Serve) { c.Listen, data = taken.Addr().String(), c.Data }); err == nil {
			t.Fatal("started on a taken port")
		}
		if _, err := os.Stat(data); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the data was opened, and perhaps migrated under the server that runs: %v", err)
		}
	})
	t.Run("a secret that others may read is told", func(t *testing.T) {
		c := settings(t, "")
		start(t, c).stop()
		if err := os.Chmod(filepath.Join(c.Data, "secret.key"), 0o644); err != nil {
			t.Fatal(err)
		}
		if s := start(t, c); !strings.Contains(s.log.String(), "may read the master secret") {
			t.Error("not told")
		}
	})
}

func TestTLS(t *testing.T) {
	c := settings(t, "")
	c.TLSCert, c.TLSKey = certificate(t)
	s := start(t, c)
	pool := x509.NewCertPool()
	text, err := os.ReadFile(c.TLSCert)
	if err != nil {
		t.Fatal(err)
	}
	pool.AppendCertsFromPEM(text)
	for version, works := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		client := &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS10, MaxVersion: version}, DisableKeepAlives: true,
		}}
		resp, err := client.Get("https://" + s.Addr() + "/healthz")
		if (err == nil) != works {
			t.Errorf("TLS %x: %v", version, err)
		}
		if err == nil {
			_ = resp.Body.Close()
		}
	}
}

func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "himsg"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// The whole server takes a new certificate, says on its health page when one can't be used, and what it held answers on.
func TestANewCertificateIsTakenWithoutARestart(t *testing.T) {
	c := settings(t, "")
	c.TLSCert, c.TLSKey = certificate(t)
	s := start(t, c)
	shown := func() string {
		conn, err := tls.Dial("tcp", s.Addr(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return string(conn.ConnectionState().PeerCertificates[0].Raw)
	}
	await := func(what string, is func() bool) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal(what)
			}
		}
	}
	first := shown()
	if err := os.WriteFile(c.TLSCert, []byte("half a certif"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Reload()
	await("the fault is not told", func() bool { return strings.Contains(s.log.String(), "the old one stays") })
	if shown() != first {
		t.Error("the old certificate was given up")
	}
	cert, key := certificate(t)
	for from, to := range map[string]string{cert: c.TLSCert, key: c.TLSKey} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.Reload()
	await("the new certificate is not shown", func() bool { return shown() != first })
}
