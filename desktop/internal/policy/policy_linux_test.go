package policy_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/desktop/internal/policy"
)

func load(t *testing.T, path string) (core.Policy, string) {
	t.Helper()
	var log bytes.Buffer
	p := policy.Load(policy.Options{Path: path, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	return p, log.String()
}

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policy.toml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func certificate(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestWholePolicy(t *testing.T) {
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, append(certificate(t), certificate(t)...), 0o600); err != nil {
		t.Fatal(err)
	}
	p, log := load(t, write(t, fmt.Sprintf(`
server_url = "talk.corp.local"
ca_file = %q
autostart = true
close_to_tray = false
idle_lock_minutes = 10
hotkey = "ctrl+alt+h"
preview_content = false
ring = "early"
proxy = "proxy.corp.local:3128"
`, ca)))
	if log != "" || len(p.Faults) > 0 {
		t.Fatalf("faults %v, log %s", p.Faults, log)
	}
	if p.ServerURL != "https://talk.corp.local:5050" || p.CAFile != ca || len(p.CAs) != 2 || !*p.Autostart || *p.CloseToTray ||
		p.IdleLockMinutes != 10 || *p.Hotkey != "ctrl+alt+h" || !p.HidePreview || p.Ring != "early" ||
		*p.Proxy != (core.Proxy{Mode: core.ProxyManual, Address: "http://proxy.corp.local:3128"}) {
		t.Fatalf("%+v", p)
	}
}

func TestNoPolicy(t *testing.T) {
	p, log := load(t, filepath.Join(t.TempDir(), "policy.toml"))
	if log != "" || p.Source != "" || len(p.Faults) > 0 {
		t.Fatalf("%+v, log %s", p, log)
	}
}

// A good line stands beside each fault: it must hold.
func TestFaults(t *testing.T) {
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("no certificate")}))
	noCA := filepath.Join(t.TempDir(), "none.pem")
	if err := os.WriteFile(noCA, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ line, key, code string }{
		"unknown key":             {`server_uri = "x"`, "server_uri", core.FaultUnknownKey},
		"unknown table":           {"[proxy_settings]\nmode = 1", "proxy_settings", core.FaultUnknownKey},
		"strange name":            {`"a\u0007b" = 1`, `a\ab`, core.FaultUnknownKey},
		"number for text":         {`server_url = 5050`, "server_url", core.FaultWrongType},
		"text for bool":           {`autostart = "yes"`, "autostart", core.FaultWrongType},
		"number for bool":         {`close_to_tray = 1`, "close_to_tray", core.FaultWrongType},
		"list for text":           {`proxy = ["a", "b"]`, "proxy", core.FaultWrongType},
		"fraction":                {`idle_lock_minutes = 2.5`, "idle_lock_minutes", core.FaultWrongType},
		"negative":                {`idle_lock_minutes = -1`, "idle_lock_minutes", core.FaultBadValue},
		"too long":                {`idle_lock_minutes = 1441`, "idle_lock_minutes", core.FaultBadValue},
		"address with a path":     {`server_url = "https://talk.corp.local/chat"`, "server_url", core.FaultBadValue},
		"address of another kind": {`server_url = "file:///etc/passwd"`, "server_url", core.FaultBadValue},
		"proxy with a password":   {`proxy = "http://me:secret@proxy:3128"`, "proxy", core.FaultBadValue},
		"proxy without a port":    {`proxy = "http://proxy"`, "proxy", core.FaultBadValue},
		"socks":                   {`proxy = "socks5://proxy:1080"`, "proxy", core.FaultBadValue},
		"hotkey of one letter":    {`hotkey = "h"`, "hotkey", core.FaultBadValue},
		"ring of shell words":     {`ring = "$(reboot)"`, "ring", core.FaultBadValue},
		"endless value":           {`ring = "` + strings.Repeat("a", 3000) + `"`, "ring", core.FaultTooBig},
		"ca that is not there":    {`ca_file = "/no/such/ca.pem"`, "ca_file", core.FaultNoFile},
		"ca without certificate":  {`ca_file = "` + noCA + `"`, "ca_file", core.FaultNoFile},
		"ca of another folder":    {`ca_file = "ca.pem"`, "ca_file", core.FaultBadValue},
		"ca is a pipe":            {`ca_file = "` + pipe + `"`, "ca_file", core.FaultNoFile},
		"ca is a folder":          {`ca_file = "/tmp"`, "ca_file", core.FaultNoFile},
		"missing quote":           {`ring = "early`, "ring", core.FaultSyntax},
		"no value":                {`autostart =`, "autostart", core.FaultSyntax},
		"no sense":                {`%%% what`, "", core.FaultSyntax},
		"twice":                   {"ring = \"a\"\nring = \"b\"", "ring", core.FaultSyntax},
		"control character":       {"ring = \"a\x00b\"", "ring", core.FaultSyntax},
		"broken table":            {"[proxy", "", core.FaultSyntax},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p, log := load(t, write(t, "preview_content = false\n"+c.line+"\n"))
			if !p.HidePreview {
				t.Error("the good line does not hold")
			}
			if len(p.Faults) != 1 || p.Faults[0].Key != c.key || p.Faults[0].Code != c.code {
				t.Fatalf("faults %+v", p.Faults)
			}
			if !strings.Contains(log, "code="+c.code) || strings.Contains(log, "secret") {
				t.Errorf("log: %s", log)
			}
		})
	}
}

// What can't be read at all sets nothing, and says so.
func TestUnusableFile(t *testing.T) {
	good := "preview_content = false\n"
	cases := map[string]struct {
		prepare func(path string) error
		code    string
	}{
		"too big": {func(path string) error {
			return os.WriteFile(path, []byte(good+strings.Repeat("# for ever\n", 10_000)), 0o600)
		}, core.FaultTooBig},
		"a folder": {func(path string) error { return os.Mkdir(path, 0o700) }, core.FaultUnreadable},
		"a pipe":   {func(path string) error { return syscall.Mkfifo(path, 0o600) }, core.FaultUnreadable},
		"for everybody to write": {func(path string) error {
			return os.WriteFile(path, []byte(good), 0o600)
		}, core.FaultUnsafe},
		"no text": {func(path string) error {
			return os.WriteFile(path, bytes.Repeat([]byte{0xff, 0xfe, '\n'}, 100), 0o600)
		}, core.FaultSyntax},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "policy.toml")
			if err := c.prepare(path); err != nil {
				t.Fatal(err)
			}
			if c.code == core.FaultUnsafe {
				if err := os.Chmod(path, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			p, log := load(t, path)
			if p.HidePreview || p.Source != path || len(p.Faults) == 0 || p.Faults[len(p.Faults)-1].Code != c.code || log == "" {
				t.Fatalf("%+v, log %s", p, log)
			}
		})
	}
}

func TestManyKeysAndLines(t *testing.T) {
	var b strings.Builder
	b.WriteString("preview_content = false\n")
	for i := range 200 {
		fmt.Fprintf(&b, "key%d = 1\n", i)
	}
	p, _ := load(t, write(t, b.String()))
	if !p.HidePreview || len(p.Faults) != 1 || p.Faults[0].Code != core.FaultTooBig {
		t.Fatalf("%+v", p)
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add("server_url = \"talk.corp.local\"\nautostart = true\n")
	f.Add("[a\nb = {c = 1}\nring = '''x")
	f.Fuzz(func(t *testing.T, content string) {
		p, _ := load(t, write(t, content))
		if p.IdleLockMinutes < 0 || p.IdleLockMinutes > core.IdleLockMost || len(p.Faults) > 32 {
			t.Fatalf("%+v", p)
		}
	})
}
