package rig

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// EndWithParent lets a child die with the bench, however the bench ends: nothing of a run stays behind. A Ctrl-C reaches the bench only,
// which ends its children in order.
func EndWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// as lets a child run as another account, which dies with the bench all the same.
func as(attr *syscall.SysProcAttr, account account) {
	attr.Credential = &syscall.Credential{Uid: account.uid, Gid: account.gid}
}

// Apart gives a child a network of its own, with a loopback device only, or mounts that nobody else sees. The kernel takes
// them away with the last process that is in there. Only root may.
func Apart(network, mounts bool) *syscall.SysProcAttr {
	attr := EndWithParent()
	if network {
		attr.Cloneflags |= syscall.CLONE_NEWNET
	}
	if mounts {
		attr.Unshareflags |= syscall.CLONE_NEWNS // unlike a clone it makes them private
	}
	return attr
}

// Freeze stops a process and returns when all its threads stand still, what they had under way in the kernel included.
func Freeze(ctx context.Context, p *os.Process) error {
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return fmt.Errorf("stop process %d: %w", p.Pid, err)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !frozen(p.Pid) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("process %d does not stop: %w", p.Pid, ctx.Err())
		}
	}
	return nil
}

// frozen reports whether every thread is in state T; proc_pid_stat(5): the state follows the name in parentheses.
func frozen(pid int) bool {
	stats, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/stat") // the pattern is well-formed
	for _, path := range stats {
		body, err := os.ReadFile(path) //nolint:gosec // G304: of /proc
		if err != nil {
			continue // the thread has ended
		}
		_, rest, _ := strings.Cut(string(body), ") ")
		if !strings.HasPrefix(rest, "T") {
			return false
		}
	}
	return len(stats) > 0
}

// Thaw lets a frozen process go on.
func Thaw(p *os.Process) error {
	if err := p.Signal(syscall.SIGCONT); err != nil {
		return fmt.Errorf("continue process %d: %w", p.Pid, err)
	}
	return nil
}

// narrow makes a socket that is not connected yet take little.
func narrow(fd uintptr) error {
	return syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10)
}

// AllowOpenFiles raises this process's limit of open files, which its children inherit, to at least n. Root may go beyond the
// hard one.
func AllowOpenFiles(n int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("read limit of open files: %w", err)
	}
	if limit.Cur >= uint64(n) {
		return nil
	}
	limit.Cur, limit.Max = uint64(n), max(limit.Max, uint64(n))
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("allow %d open files: %w", n, err)
	}
	return nil
}
