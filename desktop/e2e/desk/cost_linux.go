package desk

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// ticksPerSecond is the unit of times in /proc (USER_HZ, 100 on every Linux that Go runs on).
const ticksPerSecond = 100

// Tree is a program and all that it started, such as WebKit's processes.
func (p *Process) Tree(tb testing.TB) []int {
	tb.Helper()
	children := map[int][]int{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		tb.Fatal(err)
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if fields := statOf(pid); fields != nil {
			parent, _ := strconv.Atoi(fields[1]) // a number always, see proc(5)
			children[parent] = append(children[parent], pid)
		}
	}
	tree := []int{p.PID()}
	for i := 0; i < len(tree); i++ {
		tree = append(tree, children[tree[i]]...)
	}
	return tree
}

// Memory is the proportional set size of a program and all that it started, in bytes: what several share counts once. It falls when another
// program comes that shares libraries with it, and rises when that one ends.
func (p *Process) Memory(tb testing.TB) int64 {
	tb.Helper()
	return p.rollup(tb, "Pss")
}

// Own is the memory that a program and all that it started have filled themselves, in bytes: nothing of it hangs on others.
func (p *Process) Own(tb testing.TB) int64 {
	tb.Helper()
	return p.rollup(tb, "Anonymous")
}

// rollup adds up a line of what the system says of the memory of each process.
func (p *Process) rollup(tb testing.TB, field string) int64 {
	tb.Helper()
	var total int64
	for _, pid := range p.Tree(tb) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			continue // it has ended
		}
		for line := range strings.Lines(string(text)) {
			var kib int64
			if n, _ := fmt.Sscanf(line, field+": %d kB", &kib); n == 1 {
				total += kib << 10
				break
			}
		}
	}
	return total
}

// Work is the processor time that a program and all that it started have used so far.
func (p *Process) Work(tb testing.TB) time.Duration {
	tb.Helper()
	var ticks int64
	for _, pid := range p.Tree(tb) {
		fields := statOf(pid)
		if fields == nil {
			continue
		}
		for _, field := range fields[11:13] { // utime, stime
			n, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond
}

// statOf returns the fields of /proc/<pid>/stat behind the name, the state first, or nil when the process is gone.
func statOf(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, rest, found := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if !found || len(fields) < 13 {
		return nil
	}
	return fields
}
