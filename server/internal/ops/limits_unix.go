//go:build unix

package ops

import (
	"fmt"
	"syscall"
)

// OpenFiles is how many files and connections this process may have open; known is false where there is no such limit.
func OpenFiles() (limit uint64, known bool, err error) {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 0, false, fmt.Errorf("ask for the limit of open files: %w", err)
	}
	return r.Max, true, nil // Go raises the soft limit to the hard one
}
