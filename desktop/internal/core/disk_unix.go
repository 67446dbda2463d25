//go:build !windows

package core

import "syscall"

// errDiskFull is what a quota says.
const errDiskFull = syscall.EDQUOT

// freeBytes is how much this user may still write to the disk of path.
func freeBytes(path string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(path, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
