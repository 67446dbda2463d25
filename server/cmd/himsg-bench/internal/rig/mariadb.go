package rig

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	_ "github.com/go-sql-driver/mysql"       // the driver "mysql"
	_ "github.com/ncruces/go-sqlite3/driver" // the driver "sqlite3"
)

const (
	mariadbStart = 60 * time.Second
	mariadbStop  = 20 * time.Second
)

// mariadb is a private server on a socket in a directory of its own.
type mariadb struct {
	dir   string
	flags []string // besides durable
	owner *account // nil: who runs the bench
	cmd   *exec.Cmd
}

// durable are the settings that a company's database should have: an ack means that it is on the disk.
var durable = []string{
	"--no-defaults", "--skip-log-bin", "--skip-name-resolve", "--performance-schema=OFF",
	"--innodb-flush-log-at-trx-commit=1", "--innodb-snapshot-isolation=ON", "--innodb-buffer-pool-size=1G",
	"--innodb-log-file-size=256M", "--max-connections=200",
}

func newMariaDB(ctx context.Context, dir string) (*mariadb, error) {
	m := &mariadb{dir: dir, flags: []string{"--skip-networking"}}
	if err := m.install(ctx); err != nil {
		return nil, err
	}
	if err := m.start(); err != nil {
		return nil, err
	}
	if err := m.create(ctx, "himsg"); err != nil {
		return nil, errors.Join(err, m.stop())
	}
	return m, nil
}

// install makes the server's own tables.
func (m *mariadb) install(ctx context.Context) error {
	install := append([]string{
		"--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--datadir=" + filepath.Join(m.dir, "data"),
	}, m.asUser()...)
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return fmt.Errorf("make database directory: %w", err)
	}
	cmd := exec.CommandContext(ctx, "mariadb-install-db", install...) //nolint:gosec // G204: our own arguments
	cmd.SysProcAttr = m.ends()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mariadb-install-db (is mariadb-server installed?): %w: %s", err, out)
	}
	return nil
}

// start starts it, with more flags for this time.
func (m *mariadb) start(once ...string) error {
	path, err := lookServer()
	if err != nil {
		return err
	}
	args := append(slices.Concat(durable, m.flags, once), "--datadir="+filepath.Join(m.dir, "data"), "--socket="+m.socket(),
		"--pid-file="+filepath.Join(m.dir, "db.pid"), "--log-error="+filepath.Join(m.dir, "error.log"))
	m.cmd = exec.Command(path, append(args, m.asUser()...)...) //nolint:gosec,noctx // stop ends it, in order
	m.cmd.SysProcAttr = m.ends()
	if err := m.cmd.Start(); err != nil {
		return fmt.Errorf("start mariadbd: %w", err)
	}
	return nil
}

func (m *mariadb) socket() string { return filepath.Join(m.dir, "db.sock") }

// dsn is in the form of the Go driver, which the server's --database takes after mysql://.
func (m *mariadb) dsn(name string) string { return "root@unix(" + m.socket() + ")/" + name }

// create makes an empty database; it waits until the server answers.
func (m *mariadb) create(ctx context.Context, name string) error {
	db, err := m.answer(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()                                       // nothing is pending
	if _, err := db.ExecContext(ctx, "create database "+name); err != nil { // a name of ours
		return fmt.Errorf("create database: %w", err)
	}
	return nil
}

// answer waits until the server answers.
func (m *mariadb) answer(ctx context.Context) (*sql.DB, error) {
	ctx, cancel := context.WithTimeout(ctx, mariadbStart)
	defer cancel()
	db, err := sql.Open("mysql", m.dsn(""))
	if err != nil {
		return nil, fmt.Errorf("open MariaDB: %w", err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for db.PingContext(ctx) != nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(m.dir, "error.log"))
			_ = db.Close() // the reason matters more
			return nil, fmt.Errorf("MariaDB does not answer: %w: %s", ctx.Err(), log)
		}
	}
	return db, nil
}

// Process implements Running.
func (m *mariadb) Process() *os.Process { return m.cmd.Process }

func (m *mariadb) kill() error {
	if err := m.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill mariadbd: %w", err)
	}
	_ = m.cmd.Wait() // it was killed
	return nil
}

func (m *mariadb) stop() error {
	return terminate(m.cmd, mariadbStop)
}

// terminate asks a process to end, and makes it after a while.
func terminate(cmd *exec.Cmd, wait time.Duration) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait() // its exit code says only that it was asked to end
	}()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", filepath.Base(cmd.Path), err)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-done:
		return nil
	case <-timer.C:
	}
	_ = cmd.Process.Kill() // Wait tells
	<-done
	return fmt.Errorf("stop %s: it took longer than %v", filepath.Base(cmd.Path), wait)
}

// ends is how the server's processes end with the bench, as whoever they run.
func (m *mariadb) ends() *syscall.SysProcAttr {
	attr := EndWithParent()
	if m.owner != nil {
		as(attr, *m.owner)
	}
	return attr
}

// asUser is what mariadbd asks for when root runs it.
func (m *mariadb) asUser() []string {
	if m.owner == nil && os.Geteuid() == 0 {
		return []string{"--user=root"}
	}
	return nil
}

// lookServer looks where distributions put the server, which may be outside of an ordinary user's path.
func lookServer() (string, error) {
	for _, name := range []string{"mariadbd", "/usr/sbin/mariadbd", "mysqld"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no mariadbd on this machine")
}
