//go:build !windows

package core

import (
	"errors"
	"os"
	"syscall"
)

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

// syncFolder makes sure that a name in a folder outlives a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // G304: the user's profile
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
