package core

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// errDiskFull is ERROR_DISK_FULL.
const errDiskFull = syscall.Errno(112)

// freeBytes is how much this user may still write to the disk of path.
func freeBytes(path string) (int64, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, err
	}
	return int64(free), nil
}

// syncFolder does nothing: NTFS keeps a journal of names, and a folder can't be flushed without being an administrator.
func syncFolder(string) error { return nil }
