package disk

import (
	"errors"
	"syscall"
)

// syncDir does nothing: NTFS keeps a journal of its folders, and Windows syncs files only.
func syncDir(string) error { return nil }

// Windows has numbers of its own for a full disk (winerror.h).
const (
	errorHandleDiskFull = syscall.Errno(39)
	errorDiskFull       = syscall.Errno(112)
)

func isQuota(err error) bool {
	return errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull)
}
