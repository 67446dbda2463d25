package backend

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"himsg/desktop/e2e/desk"
)

// The company's owner, who is there from the start.
const (
	OwnerUsername = "boss"
	OwnerName     = "김대표"
	Password      = "correct-horse-77" // everybody's
)

// Server is a running himsg-server.
type Server struct {
	Address string // host:port

	binary  string
	data    string
	flags   []string // besides the usual ones
	process *desk.Process
}

// Start makes a company with nobody but its owner and serves it; flags are further ones of serve.
func Start(tb testing.TB, binary string, flags ...string) *Server {
	tb.Helper()
	s := newServer(tb, binary)
	s.flags = flags
	s.run(tb, "admin", "create", "--data", s.data, "--username", OwnerUsername, "--name", OwnerName,
		"--employee-id", "A0001", "--password-stdin")
	s.Serve(tb)
	return s
}

// Demo is how large a demo company is: its people, their messages, and the entries of its audit.
type Demo struct{ People, Messages, Acts int }

// StartDemo makes a demo company and serves it. Its people are demo00001, demo00002 …; the first is the owner.
func StartDemo(tb testing.TB, binary string, d Demo) *Server {
	tb.Helper()
	s := newServer(tb, binary)
	s.run(tb, "demo", "--data", s.data, "--people", strconv.Itoa(d.People), "--messages", strconv.Itoa(d.Messages),
		"--acts", strconv.Itoa(d.Acts), "--password-stdin")
	s.Serve(tb)
	return s
}

func newServer(tb testing.TB, binary string) *Server {
	tb.Helper()
	return &Server{binary: binary, data: filepath.Join(tb.TempDir(), "data"), Address: "127.0.0.1:0"}
}

func (s *Server) run(tb testing.TB, args ...string) (printed string) {
	tb.Helper()
	return desk.Run(tb, desk.Spec{Path: s.binary, Args: args, Env: os.Environ(), Stdin: strings.NewReader(Password + "\n")})
}

// Serve starts the server and waits until it listens. After Stop it comes back at the same address.
func (s *Server) Serve(tb testing.TB) {
	tb.Helper()
	s.process = desk.Spawn(tb, desk.Spec{
		Path: s.binary,
		Args: append([]string{"serve", "--data", s.data, "--listen", s.Address, "--rate-limits", "off"}, s.flags...),
		Env:  os.Environ(),
	})
	listening := regexp.MustCompile(`listening.*?(127\.0\.0\.1:\d+)`)
	desk.Wait(tb, 30*time.Second, "a server that listens", func() bool {
		select {
		case <-s.process.Done():
			tb.Fatalf("the server ended at once:\n%s", s.process.Output())
		default:
		}
		found := listening.FindStringSubmatch(s.process.Output())
		if found == nil {
			return false
		}
		s.Address = found[1]
		return true
	})
}

// Backup is a directory of backups and the key that opens them.
type Backup struct{ dir, key string }

// BackUp backs the running server up.
func (s *Server) BackUp(tb testing.TB) Backup {
	tb.Helper()
	b := Backup{dir: filepath.Join(tb.TempDir(), "backups"), key: filepath.Join(tb.TempDir(), "key")}
	printed := s.run(tb, "backup-key", b.key)
	recipient, _, _ := strings.Cut(printed, "\n")
	s.run(tb, "backup", "--data", s.data, "--backup-dir", b.dir, "--backup-recipient", recipient)
	return b
}

// Restore makes another server from a backup and serves it at the old one's address, which must have ended.
func (s *Server) Restore(tb testing.TB, b Backup) {
	tb.Helper()
	s.data = filepath.Join(tb.TempDir(), "restored")
	s.run(tb, "restore", "--from", b.dir, "--key-file", b.key, "--data", s.data)
	s.Serve(tb)
}

// Become serves the data of the server that has ended by another program, at the same address.
func (s *Server) Become(tb testing.TB, binary string) {
	tb.Helper()
	s.binary = binary
	s.Serve(tb)
}

// Stop ends the server in order.
func (s *Server) Stop() { s.process.Stop() }

// Log is what the server has logged since it was started.
func (s *Server) Log() string { return s.process.Output() }

// URL is the server's address as an app takes it.
func (s *Server) URL() string { return "http://" + s.Address }

// listen opens a loopback port; address may name the one to take again.
func listen(tb testing.TB, address string) net.Listener {
	tb.Helper()
	var listener net.Listener
	desk.Wait(tb, 5*time.Second, "the port "+address, func() bool {
		var err error
		listener, err = (&net.ListenConfig{}).Listen(tb.Context(), "tcp", address)
		return err == nil
	})
	return listener
}
