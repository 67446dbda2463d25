package rig

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	programStart = 10 * time.Second
	programStop  = 10 * time.Second
)

// Program is something that others made, as a process: a NATS server, a load balancer.
type Program struct {
	Path    string
	Args    []string
	Address string // host:port where it answers
	Log     string // a file to which what it says is added

	cmd *exec.Cmd
	out *os.File
}

// Start starts it and waits until it answers.
func (p *Program) Start(ctx context.Context) error {
	var err error
	if p.out, err = os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return fmt.Errorf("open a log: %w", err)
	}
	p.cmd = exec.Command(p.Path, p.Args...) //nolint:gosec,noctx // G204: our own arguments; Stop and Kill end it
	p.cmd.SysProcAttr = EndWithParent()
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", filepath.Base(p.Path), err)
	}
	ctx, cancel := context.WithTimeout(ctx, programStart)
	defer cancel()
	for {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", p.Address)
		if err == nil {
			return conn.Close()
		}
		if Ended(p) || !Sleep(ctx, 20*time.Millisecond) {
			said, _ := os.ReadFile(p.Log)
			return fmt.Errorf("%s does not answer: %w: %s", filepath.Base(p.Path), err, tail(said))
		}
	}
}

// Process implements Running.
func (p *Program) Process() *os.Process { return p.cmd.Process }

// Kill ends it with kill -9.
func (p *Program) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill %s: %w", filepath.Base(p.Path), err)
	}
	_ = p.cmd.Wait() // it was killed
	return p.out.Close()
}

// Stop ends it in order.
func (p *Program) Stop() error {
	err := terminate(p.cmd, programStop)
	_ = p.out.Close() // only a log
	return err
}

// Ended reports whether a process that was started has ended by itself, or was killed by somebody else.
func Ended(r Running) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.Process().Pid))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // proc_pid_stat(5): the state follows the name in parentheses
	return strings.HasPrefix(rest, "Z")
}

// Free is the address, or the same host with another port if somebody has that one.
func Free(ctx context.Context, host string, port int) (address string, err error) {
	for _, try := range []int{port, 0} {
		var lc net.ListenConfig
		l, listening := lc.Listen(ctx, "tcp", fmt.Sprintf("%s:%d", host, try))
		if listening == nil {
			address = l.Addr().String()
			return address, l.Close()
		}
		err = listening
	}
	return "", fmt.Errorf("find a port of %s: %w", host, err)
}
