package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// screen is what a command printed; it may be read while the command runs.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String returns what was printed so far.
func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// command runs himsg-server with args and returns its exit code and output.
func command(t *testing.T, stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e screen
	code = run(context.Background(), args, terminal{strings.NewReader(stdin), &o, &e})
	return code, o.String(), e.String()
}

// must runs a command that has to succeed.
func must(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	code, out, errs := command(t, stdin, args...)
	if code != exitDone {
		t.Fatalf("%v: exit %d: %s", args, code, errs)
	}
	return out
}

// serveUntilEnd runs `serve` and returns its address.
func serveUntilEnd(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var out, log screen
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), terminal{strings.NewReader(""), &out, &log})
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case code := <-done:
			if code != exitDone {
				t.Errorf("serve: exit %d: %s", code, log.String())
			}
		case <-time.After(20 * time.Second):
			t.Error("serve does not end")
		}
	})
	listening := regexp.MustCompile(`msg=listening addr=(\S+)`)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		if m := listening.FindStringSubmatch(log.String()); m != nil {
			return m[1]
		}
	}
	t.Fatalf("not listening: %s", log.String())
	return ""
}

func login(t *testing.T, addr, username, password string) (status int, reply wire.LoginReply) {
	t.Helper()
	body, err := json.Marshal(wire.LoginRequest{Username: username, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post("http://"+addr+"/api/login", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, reply
}

func TestAnOwnerIsCreatedAndSignsIn(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"--data", filepath.Join(t.TempDir(), "new", "data")}, database...)
			create := append([]string{"admin", "create", "--username", "boss", "--name", "김대표", "--employee-id", "A0001"}, args...)
			must(t, "ein gutes Wort 7\n", append(create, "--password-stdin")...)

			code, _, errs := command(t, "ein gutes Wort 7\n", append(create, "--password-stdin")...)
			if code != exitUsage || !strings.Contains(errs, "user name is taken") {
				t.Errorf("twice: exit %d: %s", code, errs)
			}
			out := must(t, "", append([]string{
				"admin", "create", "--username", "second", "--name", "이대표", "--employee-id", "A0002",
			}, args...)...)
			made := regexp.MustCompile(`password: (\S+)`).FindStringSubmatch(out)
			if made == nil {
				t.Fatalf("no password in %q", out)
			}
			addr := serveUntilEnd(t, args...)
			if status, in := login(t, addr, "boss", "ein gutes Wort 7"); status != 200 || !in.IsAdmin || in.User.Role != wire.RoleOwner {
				t.Errorf("boss: %d, %+v", status, in.User)
			}
			if status, _ := login(t, addr, "second", made[1]); status != 200 {
				t.Errorf("second: %d", status)
			}
		})
	}
}

func databases(t *testing.T) map[string][]string {
	return map[string][]string{
		"sqlite":  nil,
		"mariadb": {"--database", storetest.SharedMariaDB(t).URL(t)},
	}
}

func TestADemoCompanyIsMade(t *testing.T) {
	data := []string{"--data", filepath.Join(t.TempDir(), "data")}
	demo := append([]string{"demo", "--people", "12", "--messages", "100", "--password-stdin"}, data...)
	if out := must(t, "ein gutes Wort 7", demo...); !strings.Contains(out, "12 people") || !strings.Contains(out, "16 files") {
		t.Errorf("said %q", out)
	}
	if code, _, errs := command(t, "ein gutes Wort 7", demo...); code != exitFailed || !strings.Contains(errs, "has users already") {
		t.Errorf("twice: exit %d: %s", code, errs)
	}
	addr := serveUntilEnd(t, data...)
	if status, in := login(t, addr, "demo00001", "ein gutes Wort 7"); status != 200 || in.User.Name != "김대표" {
		t.Errorf("%d, %+v", status, in.User)
	}
}

func TestExitCodesAndWords(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	taken, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	admin := []string{"admin", "create", "--data", data, "--name", "x", "--employee-id", "1", "--password-stdin", "--username"}
	for name, c := range map[string]struct {
		stdin string
		args  []string
		code  int
		says  string
	}{
		"no command":          {"", nil, exitUsage, "expected one of"},
		"unknown flag":        {"", []string{"serve", "--data", data, "--fast"}, exitUsage, "--fast"},
		"nats comes later":    {"", []string{"serve", "--data", data, "--nats", "nats://x"}, exitUsage, "--nats"},
		"no data":             {"", []string{"migrate"}, exitUsage, "--data"},
		"weak password":       {"12345678", append(admin, "boss"), exitUsage, "too common"},
		"password is name":    {"kim.chulsoo", append(admin, "kim.chulsoo"), exitUsage, "must differ"},
		"no password":         {"", append(admin, "boss"), exitUsage, "standard input is empty"},
		"a path as user name": {"ein gutes Wort 7", append(admin, "../x"), exitUsage, "--username"},
		"port taken":          {"", []string{"serve", "--data", data, "--listen", taken.Addr().String()}, exitFailed, "address already in use"},
		"wrong password": {
			"",
			[]string{"migrate", "--data", data, "--database", "mysql://nobody:geheim@unix(" + socketOf(t) + ")/x"},
			exitDatabase, "",
		},
		"unknown database": {
			"",
			[]string{"migrate", "--data", data, "--database", "mysql://root@unix(" + socketOf(t) + ")/nowhere"},
			exitDatabase, "nowhere",
		},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := command(t, c.stdin, c.args...)
			if code != c.code || !strings.Contains(errs, c.says) || !strings.Contains(errs, "himsg-server: ") {
				t.Errorf("exit %d: %s", code, errs)
			}
			if strings.Count(strings.TrimSpace(errs), "\n") > 0 && c.code == exitUsage {
				t.Errorf("more than a sentence: %s", errs)
			}
			if strings.Contains(errs, "geheim") {
				t.Errorf("it shows the database's password: %s", errs)
			}
		})
	}
}

func socketOf(t *testing.T) string {
	t.Helper()
	return regexp.MustCompile(`unix\(([^)]+)\)`).FindStringSubmatch(storetest.SharedMariaDB(t).URL(t))[1]
}

func TestDoctor(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	out := must(t, "", "doctor", "--data", data, "--listen", "127.0.0.1:0")
	if !strings.Contains(out, "does not exist yet") {
		t.Errorf("before the first start:\n%s", out)
	}
	must(t, "ein gutes Wort 7", "demo", "--data", data, "--people", "5", "--messages", "0", "--password-stdin")
	out = must(t, "", "doctor", "--data", data, "--listen", "127.0.0.1:0")
	for _, want := range []string{
		"is writable, a sync takes", "MiB are free", "SQLite 3", "audit chain of", "127.0.0.1:0 is free", "no certificate",
		"journal wal, synchronous full", "quick_check is ok", "may be open", "no --backup-dir",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no line about %q:\n%s", want, out)
		}
	}
	folder := filepath.Join(t.TempDir(), "tls")
	out = must(t, "", "tls", "init", "--dir", folder, "--host", "talk.example.com")
	for _, want := range []string{"tls.crt'", "CA_FILE", "ca.key.age", "passphrase of the authority's key"} {
		if !strings.Contains(out, want) {
			t.Errorf("tls init does not say %q:\n%s", want, out)
		}
	}
	backups := t.TempDir()
	code, out, _ := command(t, "", "doctor", "--data", data, "--listen", "127.0.0.1:0", "--tls-cert", filepath.Join(folder, "tls.crt"),
		"--tls-key", filepath.Join(folder, "tls.key"), "--name", "talk.example.com", "--name", "bank.example.com", "--backup-dir", backups)
	for _, want := range []string{"the key fits", "not for bank.example.com", "CA_FILE", "there is no backup in " + backups} {
		if code != exitFailed || !strings.Contains(out, want) {
			t.Errorf("exit %d, no line about %q:\n%s", code, want, out)
		}
	}
	if code, _, errs := command(t, "wrong passphrase\n", "tls", "renew", "--dir", folder, "--passphrase-stdin"); code != exitUsage || !strings.Contains(errs, "passphrase") {
		t.Errorf("a wrong passphrase: exit %d, %s", code, errs)
	}
	code, out, _ = command(t, "", "doctor", "--data", data, "--listen", "127.0.0.1:0", "--database", "mysql://x@tcp(127.0.0.1:1)/x")
	if code != exitFailed || !strings.Contains(out, "error  database") {
		t.Errorf("no database: exit %d\n%s", code, out)
	}
}

func TestDoctorLooksAtReleases(t *testing.T) {
	data, dist := filepath.Join(t.TempDir(), "data"), t.TempDir()
	must(t, "ein gutes Wort 7", "demo", "--data", data, "--people", "5", "--messages", "0", "--password-stdin")
	doctor := func(want string, args ...string) {
		t.Helper()
		_, out, _ := command(t, "", append([]string{"doctor", "--data", data, "--listen", "127.0.0.1:0"}, args...)...)
		if !strings.Contains(out, want) {
			t.Errorf("no line about %q:\n%s", want, out)
		}
	}
	doctor("releases   none")
	key, installer := filepath.Join(t.TempDir(), "key"), filepath.Join(dist, "himsg-1.1.0-linux-amd64.tar.gz")
	public := strings.TrimSpace(must(t, "", "release", "key", key))
	if err := os.WriteFile(installer, []byte("bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "", "release", "sign", "--key-file", key, "--sequence", "7", "--valid-days", "20", installer)
	must(t, "", "release", "add", "--data", data, "--release-key", public, dist)
	doctor("who signed them was not looked at")
	doctor("warn   releases   1.1.0 (number 7) is whole, but its manifest holds until", "--release-key", public)
	doctor("is signed by none of the keys given", "--release-key", "ed25519:"+strings.Repeat("A", 43)+"=")
	placed := filepath.Join(data, "releases", "7", filepath.Base(installer))
	if err := os.WriteFile(placed, []byte("bytez"), 0o600); err != nil {
		t.Fatal(err)
	}
	doctor("error  releases   1.1.0 (number 7): not the file that was signed: himsg-1.1.0-linux-amd64.tar.gz was changed; apps refuse it; "+
		"take it away (release remove 7)", "--release-key", public)
	must(t, "", "release", "remove", "--data", data, "7")
	must(t, "", "release", "add", "--data", data, "--release-key", public, dist)
	if err := os.Remove(placed); err != nil {
		t.Fatal(err)
	}
	doctor("a file of the manifest is missing", "--release-key", public)
}

func TestMigrateVersionAndOpenAPI(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for range 2 {
		if out := must(t, "", "migrate", "--data", data); !regexp.MustCompile(`^schema \d+\n$`).MatchString(out) {
			t.Errorf("said %q", out)
		}
	}
	if out := must(t, "", "version"); !regexp.MustCompile(`^\d+\.\d+\.\d+`).MatchString(out) {
		t.Errorf("said %q", out)
	}
	var doc struct {
		OpenAPI string                     `json:"openapi"`
		Paths   map[string]json.RawMessage `json:"paths"`
	}
	out := must(t, "", "openapi")
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.OpenAPI != "3.1.0" || len(doc.Paths) < 20 {
		t.Errorf("%v, %s with %d paths", err, doc.OpenAPI, len(doc.Paths))
	}
	if again := must(t, "", "openapi"); again != out {
		t.Error("the document differs from run to run")
	}
}
