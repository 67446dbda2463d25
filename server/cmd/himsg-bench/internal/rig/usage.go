package rig

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Usage is what a process took of the machine.
type Usage struct {
	CPU      time.Duration // since its start, all threads
	Resident int64         // bytes in memory now
	Peak     int64         // the most it had there
}

// OpenFiles is how many files a process has open, connections among them.
func OpenFiles(pid int) (int, error) {
	entries, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/fd")
	if err != nil {
		return 0, fmt.Errorf("read open files: %w", err)
	}
	return len(entries), nil
}

// ticks a second of the times in /proc; USER_HZ is 100 on every Linux that Go runs on.
const ticks = 100

// UsageOf reads /proc (Linux): proc_pid_stat(5), fields 14 and 15, and proc_pid_status(5).
func UsageOf(pid int) (u Usage, err error) {
	dir := "/proc/" + strconv.Itoa(pid)
	stat, err := os.ReadFile(filepath.Join(dir, "stat")) //nolint:gosec // G304: of /proc
	if err != nil {
		return Usage{}, fmt.Errorf("read usage: %w", err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest) // the first is field 3
	if len(fields) < 13 {
		return Usage{}, fmt.Errorf("read usage: %d fields", len(fields))
	}
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return Usage{}, fmt.Errorf("read usage: %w", err)
		}
		u.CPU += time.Duration(n) * time.Second / ticks
	}
	status, err := os.ReadFile(filepath.Join(dir, "status")) //nolint:gosec // G304: of /proc
	if err != nil {
		return Usage{}, fmt.Errorf("read usage: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
			u.Resident = kilobytes << 10
		}
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); err == nil {
			u.Peak = kilobytes << 10
		}
	}
	return u, nil
}

// ForgetPeak lets a process's Peak begin anew at what it has now; proc_pid_clear_refs(5), 5.
func ForgetPeak(pid int) error {
	if err := os.WriteFile("/proc/"+strconv.Itoa(pid)+"/clear_refs", []byte("5"), 0o600); err != nil {
		return fmt.Errorf("forget peak: %w", err)
	}
	return nil
}
