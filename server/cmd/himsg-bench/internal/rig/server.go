package rig

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	serverStart = 30 * time.Second
	serverStop  = 30 * time.Second
	serverLog   = "server.log"
)

// Running is something that runs as a process.
type Running interface{ Process() *os.Process }

// Server is a himsg-server process.
type Server struct {
	Before   []string // a command that runs the server's: it must stay the same process, or end with it
	Flags    []string // more flags of serve
	Messages int      // that Fill makes
	Making   []string // more flags of Fill's demo

	binary  string
	data    *Data
	log     io.Writer
	address string // host:port; port 0 is chosen at the first start and kept
	cmd     *exec.Cmd
	input   io.WriteCloser // its standard input
	drained chan struct{}  // closed when its log has been read to the end
	ready   chan string    // gets the address when it listens
}

// NewServer prepares a server on some data; its log is appended to server.log in the data's directory.
func NewServer(binary string, data *Data) (*Server, error) {
	if binary == "" {
		return nil, errors.New("--server-bin is needed: the path of himsg-server")
	}
	log, err := os.OpenFile(filepath.Join(data.Dir, serverLog), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open server log: %w", err)
	}
	return &Server{binary: binary, data: data, log: log, address: "127.0.0.1:0"}, nil
}

// Upgrade sets the program that the next start runs.
func (s *Server) Upgrade(binary string) { s.binary = binary }

// ListenAt sets where it will listen; otherwise that is a port of 127.0.0.1.
func (s *Server) ListenAt(address string) { s.address = address }

// Fill makes a demo company of so many people (demo00001 …), all with one password, and s.Messages.
func (s *Server) Fill(ctx context.Context, people int, password string) error {
	args := append([]string{"demo"}, s.data.Args()...)
	args = append(append(args, s.Making...), "--people", strconv.Itoa(people), "--messages", strconv.Itoa(s.Messages), "--password-stdin")
	cmd := exec.CommandContext(ctx, s.binary, args...) //nolint:gosec // G204: the binary that the caller wants to measure
	cmd.Stdin = strings.NewReader(password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("fill demo company: %w: %s", err, out)
	}
	return nil
}

// listening is the one line that the server promises to write when it is ready.
var listening = regexp.MustCompile(`msg=listening .*addr=(\S+)`)

// Start starts the server and waits until it listens: on a free port at first, on the same one later.
func (s *Server) Start(ctx context.Context) error {
	if err := s.Launch(); err != nil {
		return err
	}
	return s.Listening(ctx)
}

// Launch starts the server's process. Listening waits for it, or Kill ends it before.
func (s *Server) Launch() error {
	args := append([]string{"serve"}, s.data.Args()...)
	args = append(args, "--listen", s.address, "--rate-limits", "off")
	args = append(append(append([]string{}, s.Before...), s.program()), append(args, s.Flags...)...)
	s.cmd = exec.Command(args[0], args[1:]...) //nolint:gosec,noctx // G204: see Fill; Stop and Kill end it
	s.cmd.SysProcAttr = EndWithParent()
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make pipe: %w", err)
	}
	s.cmd.Stdout, s.cmd.Stderr = w, w
	if s.input, err = s.cmd.StdinPipe(); err == nil {
		err = s.cmd.Start()
	}
	_ = w.Close() // the child's copy counts
	if err != nil {
		_ = r.Close()
		return fmt.Errorf("start server: %w", err)
	}
	s.ready = make(chan string, 1)
	s.drained = make(chan struct{})
	go s.follow(r)
	return nil
}

// Listening waits until the server that was launched listens.
func (s *Server) Listening(ctx context.Context) error {
	timer := time.NewTimer(serverStart)
	defer timer.Stop()
	select {
	case s.address = <-s.ready:
		return nil
	case <-s.drained:
		return fmt.Errorf("server ended at once; see %s", filepath.Join(s.data.Dir, serverLog))
	case <-timer.C:
		return errors.New("server does not get ready")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// follow copies the server's log and finds the address in it.
func (s *Server) follow(r io.ReadCloser) {
	defer close(s.drained)
	defer func() { _ = r.Close() }() // it was read to its end
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		_, _ = fmt.Fprintln(s.log, lines.Text()) // for people, after a failure
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			select {
			case s.ready <- found[1]:
			default: // one is enough
			}
		}
	}
}

// URL is the server's address for clients.
func (s *Server) URL() string { return "http://" + s.address }

// Process implements Running.
func (s *Server) Process() *os.Process { return s.cmd.Process }

// Tell writes a line to the server's standard input.
func (s *Server) Tell(line string) error {
	if _, err := fmt.Fprintln(s.input, line); err != nil {
		return fmt.Errorf("tell server: %w", err)
	}
	return nil
}

// Log is all that the server has logged.
func (s *Server) Log() (string, error) {
	body, err := os.ReadFile(filepath.Join(s.data.Dir, serverLog))
	if err != nil {
		return "", fmt.Errorf("read server log: %w", err)
	}
	return string(body), nil
}

// Ended waits until the server ends by itself, and returns its exit code.
func (s *Server) Ended(ctx context.Context) (code int, err error) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		<-s.drained
		_ = s.cmd.Wait() // the code says it
	}()
	select {
	case <-ended:
		return s.cmd.ProcessState.ExitCode(), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("server does not end by itself: %w", ctx.Err())
	}
}

// Kill ends the server with kill -9 and waits until it is gone.
func (s *Server) Kill() error {
	if err := s.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill server: %w", err)
	}
	_ = s.cmd.Wait() // it was killed
	<-s.drained
	return nil
}

// Stop ends the server as a planned restart does.
func (s *Server) Stop() error {
	err := terminate(s.cmd, serverStop)
	<-s.drained
	return err
}
