package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a program that runs until the test stops it or ends.
type Process struct {
	Name string
	cmd  *exec.Cmd
	log  *logBuffer
	done chan struct{}
	err  error // of Wait; valid once done is closed
}

// Spec says what to start.
type Spec struct {
	Path  string
	Args  []string
	Env   []string   // the whole environment
	Files []*os.File // passed on as descriptor 3 and up
	Stdin io.Reader
}

// Spawn starts a program. When the test fails its output is logged; when the test ends it is stopped.
func Spawn(tb testing.TB, spec Spec) *Process {
	tb.Helper()
	p := &Process{Name: filepath.Base(spec.Path), log: &logBuffer{}, done: make(chan struct{})}
	p.cmd = exec.CommandContext(context.Background(), spec.Path, spec.Args...)
	p.cmd.Env, p.cmd.ExtraFiles, p.cmd.Stdin = spec.Env, spec.Files, spec.Stdin
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	p.cmd.SysProcAttr = dieWithTest()
	p.cmd.WaitDelay = 5 * time.Second
	if err := p.cmd.Start(); err != nil {
		tb.Fatalf("start %s: %v", p.Name, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	tb.Cleanup(func() {
		p.Stop()
		if tb.Failed() {
			tb.Logf("--- output of %s (pid %d):\n%s", p.Name, p.PID(), p.log.String())
		}
	})
	return p
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Output is what the program has written so far.
func (p *Process) Output() string { return p.log.String() }

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// ExitCode waits for the end, at most for limit.
func (p *Process) ExitCode(limit time.Duration) (int, error) {
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode(), nil
	case <-time.After(limit):
		return 0, fmt.Errorf("%s runs on after %s", p.Name, limit)
	}
}

// Kill ends the program as a power cut would, and waits until it is gone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.done
}

// Stop asks the program to end, and kills it when it takes more than ten seconds.
func (p *Process) Stop() {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		<-p.done
		return
	}
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		p.Kill()
	}
}

// Run runs a short command to its end and returns what it printed.
func Run(tb testing.TB, spec Spec) string {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, spec.Path, spec.Args...)
	cmd.Env, cmd.Stdin = spec.Env, spec.Stdin
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%s %v: %v\n%s", spec.Path, spec.Args, err, out)
	}
	return string(out)
}

// Wait repeats ok until it is true, at most for limit; what says what is waited for.
func Wait(tb testing.TB, limit time.Duration, what string, ok func() bool) {
	tb.Helper()
	deadline := time.Now().Add(limit)
	for !ok() {
		if time.Now().After(deadline) {
			tb.Fatalf("after %s: not yet %s", limit, what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// firstLine reads the one line that a program writes to the other end of a pipe once it is ready.
func firstLine(tb testing.TB, p *Process, r *os.File) string {
	tb.Helper()
	defer r.Close()
	if err := r.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		tb.Fatal(err)
	}
	var line []byte
	chunk := make([]byte, 256)
	for !bytes.ContainsRune(line, '\n') {
		n, err := r.Read(chunk)
		if err != nil {
			tb.Fatalf("%s is not ready: %v\n%s", p.Name, err, p.Output())
		}
		line = append(line, chunk[:n]...)
	}
	return string(bytes.TrimSpace(line))
}

// logBuffer keeps the last part of a program's output.
type logBuffer struct {
	mu  sync.Mutex
	buf []byte
}

const maxLog = 256 << 10

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf = append(b.buf, p...)
	if over := len(b.buf) - maxLog; over > 0 {
		b.buf = b.buf[over:]
	}
	return len(p), nil
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.buf)
}
