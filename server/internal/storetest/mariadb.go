package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver "mysql", to make databases with

	"himsg/server/internal/sqlstore"
)

// Server is a private mariadbd on a socket in a temporary directory. When the test binary ends, however it ends, the
// server is killed and its directory removed.
type Server struct {
	dir     string
	extra   []string // settings
	account string   // that it runs as, if root starts it
	admin   *sql.DB
	mu      sync.Mutex
	guard   *exec.Cmd
	leash   io.WriteCloser
	serial  atomic.Int64
}

// startWait bounds how long a server may take to answer.
const startWait = 60 * time.Second

// guardScript runs mariadbd until its own standard input ends, which is when the test binary has ended: so nothing
// stays behind after a panic, a time-out or kill -9 either. The word "keep" kills the server but leaves its files.
const guardScript = `
trap '' INT
"$@" </dev/null &
child=$!
read -r word
kill -9 $child
wait $child 2>/dev/null
test "$word" = keep || rm -rf "$HIMSG_TEST_DB"
`

// sharedServer is started once.
type sharedServer struct {
	once   sync.Once
	server *Server
	err    error
}

// One server for tests, and one for benchmarks, which writes as a company's would.
var forTests, forBenchmarks sharedServer

// SharedMariaDB is the one server of this test binary, started by the first call. Others use it: don't Kill it.
// Without an installed MariaDB the test fails: a suite that was skipped has not passed.
func SharedMariaDB(t testing.TB) *Server {
	t.Helper()
	shared, extra := &forTests, hasty
	if _, bench := t.(*testing.B); bench {
		shared, extra = &forBenchmarks, nil
	}
	shared.once.Do(func() { shared.server, shared.err = launch(extra) })
	if shared.err != nil {
		t.Fatalf("private MariaDB: %v (the suite must run on it: install mariadb-server)", shared.err)
	}
	return shared.server
}

// OwnMariaDB starts a server for this test alone, to kill and start again. It ends with the test.
func OwnMariaDB(t testing.TB) *Server {
	t.Helper()
	s, err := launch(hasty)
	if err != nil {
		t.Fatalf("private MariaDB: %v (the suite must run on it: install mariadb-server)", err)
	}
	t.Cleanup(s.stop)
	return s
}

// URL makes a migrated database and returns its address as sqlstore.Options.URL takes it. It is dropped with the test.
func (s *Server) URL(t testing.TB) string {
	t.Helper()
	name := s.create(t)
	if err := s.fill(context.Background(), name); err != nil {
		t.Fatalf("blank database: %v", err)
	}
	return s.url(name)
}

// EmptyURL makes a database without a table and returns its address like URL.
func (s *Server) EmptyURL(t testing.TB) string {
	t.Helper()
	return s.url(s.create(t))
}

func (s *Server) create(t testing.TB) (name string) {
	t.Helper()
	name = fmt.Sprintf("t%d", s.serial.Add(1))
	if _, err := s.admin.ExecContext(context.Background(), "create database "+name); err != nil {
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() {
		_, _ = s.admin.ExecContext(context.Background(), "drop database "+name) // the server may have been killed
	})
	return name
}

func (s *Server) url(name string) string { return "mysql://root@unix(" + s.socket() + ")/" + name }

// Open makes a migrated database and opens it.
func (s *Server) Open(t testing.TB) *sqlstore.DB {
	t.Helper()
	return OpenURL(t, s.URL(t), t.TempDir())
}

// OpenURL opens a database that is there and migrates it, as a server with its own data directory does.
func OpenURL(t testing.TB, url, dir string) *sqlstore.DB {
	t.Helper()
	return open(t, sqlstore.Options{URL: url, Dir: dir})
}

// Kill ends the server as a power cut would, and leaves its files. Start brings it back.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := io.WriteString(s.leash, "keep\n"); err != nil {
		t.Fatalf("kill MariaDB: %v", err)
	}
	_ = s.guard.Wait() // its exit code is that of the killed server
	_ = s.leash.Close()
	s.leash = nil
}

// Start starts a killed server again and waits until it answers.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatalf("start MariaDB: %v", err)
	}
}

func launch(extra []string) (*Server, error) { return launchAs("root", extra) } // only galera.go asks for another account

// launchAs starts a server as an account of this machine, if root runs the tests. Members of a cluster send each other their data by
// rsync, which as root writes as nobody.
func launchAs(account string, extra []string) (*Server, error) {
	dir, err := os.MkdirTemp("", "himsg-db-")
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	s := &Server{dir: dir, extra: extra, account: account}
	if err := s.install(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if s.admin, err = sql.Open("mysql", "root@unix("+s.socket()+")/"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s.admin.SetMaxIdleConns(0) // no connection stays: each costs a goroutine that goleak would see
	if err := s.start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) socket() string { return filepath.Join(s.dir, "db.sock") }

// folders are the server's own. A shared tmpdir would be swept of temporary tables by every other server that starts.
func (s *Server) folders() []string {
	return []string{"--datadir=" + filepath.Join(s.dir, "data"), "--tmpdir=" + filepath.Join(s.dir, "tmp")}
}

func (s *Server) install() error {
	if err := os.Mkdir(filepath.Join(s.dir, "tmp"), 0o700); err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	if err := s.letIn(); err != nil {
		return err
	}
	args := append([]string{
		"--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
	}, s.folders()...)
	out, err := exec.CommandContext(context.Background(), "mariadb-install-db", s.withUser(args)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mariadb-install-db: %w: %s", err, out)
	}
	return nil
}

// withUser adds what mariadbd asks for when root runs it.
func (s *Server) withUser(args []string) []string {
	if os.Geteuid() == 0 {
		return append(args, "--user="+s.account)
	}
	return args
}

// letIn gives the directory to another account than root's, and lets it pass through those above.
func (s *Server) letIn() error {
	if os.Geteuid() != 0 || s.account == "root" {
		return nil
	}
	out, err := exec.CommandContext(context.Background(), "chown", "-R", s.account, s.dir).CombinedOutput()
	if err != nil {
		return fmt.Errorf("give the directory away: %w: %s", err, out)
	}
	for dir := filepath.Dir(s.dir); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && info.Mode().Perm()&1 == 0 {
			err = os.Chmod(dir, info.Mode().Perm()|0o011)
		}
		if err != nil {
			return fmt.Errorf("let the database's account in: %w", err)
		}
	}
	return nil
}

// settings are those that a company's server should have, with small buffers.
var settings = []string{
	"--no-defaults", "--skip-networking", "--skip-log-bin", "--skip-name-resolve", "--performance-schema=OFF",
	"--innodb-flush-log-at-trx-commit=1", "--innodb-snapshot-isolation=ON", "--innodb-buffer-pool-size=256M",
	"--innodb-log-file-size=128M", "--max-connections=500",
}

// hasty waits for no disk: a fresh database for each test, and each commit, take a fraction of the time. What was written may
// be lost in a power cut, which no test here simulates; a killed server loses nothing, since the system holds what it wrote.
// Benchmarks, and the faults that cut the power, run without it.
var hasty = []string{"--innodb-file-per-table=OFF", "--debug-no-sync", "--skip-sync-frm", "--innodb-flush-method=nosync"}

func (s *Server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	server, err := findServer()
	if err != nil {
		return err
	}
	args := append([]string{"-c", guardScript, "guard", server}, settings...)
	args = slices.Concat(args, s.extra, s.folders())
	args = append(args, "--socket="+s.socket(),
		"--pid-file="+filepath.Join(s.dir, "db.pid"), "--log-error="+filepath.Join(s.dir, "error.log"))
	s.guard = exec.CommandContext(context.Background(), "sh", s.withUser(args)...)
	s.guard.Env = append(os.Environ(), "HIMSG_TEST_DB="+s.dir)
	if s.leash, err = s.guard.StdinPipe(); err != nil {
		return fmt.Errorf("leash: %w", err)
	}
	if err := s.guard.Start(); err != nil {
		return fmt.Errorf("start guard: %w", err)
	}
	return s.await()
}

// findServer looks where distributions put the server, which may be outside of an ordinary user's path.
func findServer() (string, error) {
	for _, name := range []string{"mariadbd", "/usr/sbin/mariadbd", "mysqld"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no mariadbd on this machine")
}

func (s *Server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.admin.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "error.log"))
			return fmt.Errorf("no answer: %w: %s", err, log)
		case <-tick.C:
		}
	}
}

func (s *Server) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.admin.Close()
	if s.leash == nil {
		_ = os.RemoveAll(s.dir)
		return
	}
	_ = s.leash.Close()
	_ = s.guard.Wait()
}
