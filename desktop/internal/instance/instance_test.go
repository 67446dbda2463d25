package instance

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// listening is an app that runs, and the calls that it took.
func listening(t *testing.T, dir string) <-chan Call {
	t.Helper()
	calls := make(chan Call, 8)
	stop, err := Listen(dir, quiet, func(c Call) { calls <- c })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return calls
}

func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func TestSecondStartHandsOver(t *testing.T) {
	short := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(short, link); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(t.TempDir(), strings.Repeat("회사", 20))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("LocalAppData", t.TempDir())
	for name, c := range map[string]struct {
		first, second string
		call          Call
	}{
		"a start":             {short, short, Call{}},
		"a hidden start":      {short, short, Call{Hidden: true}},
		"a link":              {short, short, Call{Link: "himsg://room/$(id)"}},
		"another spelling":    {short, link + "/.", Call{}},
		"a path that is long": {long, long, Call{}},
	} {
		t.Run(name, func(t *testing.T) {
			calls := listening(t, c.first)
			if err := HandOver(within(t, 5*time.Second), c.second, c.call); err != nil {
				t.Fatal(err)
			}
			if got := <-calls; got != c.call {
				t.Errorf("took %+v", got)
			}
		})
	}
}

func TestTheFirstIsWaitedFor(t *testing.T) {
	dir := t.TempDir()
	handed := make(chan error, 1)
	go func() { handed <- HandOver(within(t, 10*time.Second), dir, Call{}) }()
	<-listening(t, dir)
	if err := <-handed; err != nil {
		t.Error(err)
	}
}

func TestNobodyThere(t *testing.T) {
	err := HandOver(within(t, 50*time.Millisecond), t.TempDir(), Call{})
	if err == nil || !strings.Contains(err.Error(), "can't be reached") {
		t.Errorf("error %v", err)
	}
}

// An app that was killed leaves its socket.
func TestSocketOfADeadAppIsReplaced(t *testing.T) {
	dir := t.TempDir()
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	calls := listening(t, dir)
	if err := HandOver(within(t, 5*time.Second), dir, Call{}); err != nil {
		t.Fatal(err)
	}
	<-calls
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v", info.Mode(), err)
	}
}

// What does not speak as a second start does is refused, and the next one is heard.
func TestForeignBytes(t *testing.T) {
	dir := t.TempDir()
	calls := listening(t, dir)
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "GET / HTTP/1.1\r\n\r\n", "another type": `{"link":7}`, "too much": `{"link":"` + strings.Repeat("x", 8<<10) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "unix", path)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, text); err == nil {
				if unix, ok := conn.(*net.UnixConn); ok {
					_ = unix.CloseWrite() // it may have hung up
				}
			}
			if said, _ := io.ReadAll(conn); len(said) > 0 {
				t.Errorf("answered %q", said)
			}
		})
	}
	if err := HandOver(within(t, 5*time.Second), dir, Call{Hidden: true}); err != nil {
		t.Fatal(err)
	}
	if got := <-calls; !got.Hidden || len(calls) > 0 {
		t.Errorf("took %+v and %d more", got, len(calls))
	}
}

func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	calls := listening(t, dir)
	ctx := within(t, 10*time.Second)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if err := HandOver(ctx, dir, Call{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(calls) != 5 {
		t.Errorf("%d calls", len(calls))
	}
}

func TestProfileIsTakenOnce(t *testing.T) {
	dir := t.TempDir()
	release, taken, err := Lock(dir)
	if err != nil || taken {
		t.Fatalf("first: taken %v, %v", taken, err)
	}
	if _, taken, err := Lock(dir); err != nil || !taken {
		t.Fatalf("second: taken %v, %v", taken, err)
	}
	release()
	release, taken, err = Lock(dir)
	if err != nil || taken {
		t.Fatalf("after release: taken %v, %v", taken, err)
	}
	release()
	if _, _, err := Lock(filepath.Join(dir, "missing")); err == nil {
		t.Error("a profile that is not there can't be taken")
	}
}
