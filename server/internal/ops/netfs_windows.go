package ops

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// NetworkFS names the network file system that a path is on; "" for a local one.
func NetworkFS(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("ask for the file system: %w", err)
	}
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(full) + `\`)
	if err != nil {
		return "", fmt.Errorf("ask for the file system: %w", err)
	}
	if windows.GetDriveType(root) == windows.DRIVE_REMOTE {
		return "a share", nil
	}
	return "", nil
}
