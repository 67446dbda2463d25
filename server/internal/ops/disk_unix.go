//go:build unix

package ops

import (
	"fmt"
	"syscall"
)

// FreeDisk returns how many bytes are left for us where a path is, and how many there are in all.
func FreeDisk(path string) (free, total uint64, err error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(path, &st); err != nil {
		return 0, 0, fmt.Errorf("ask for free space: %w", err)
	}
	block := uint64(st.Bsize)
	return st.Bavail * block, st.Blocks * block, nil
}
