package ops

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// FreeDisk returns how many bytes are left for us where a path is, and how many there are in all.
func FreeDisk(path string) (free, total uint64, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err == nil {
		err = windows.GetDiskFreeSpaceEx(name, &free, &total, nil)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("ask for free space: %w", err)
	}
	return free, total, nil
}
