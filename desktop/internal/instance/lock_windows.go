package instance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// Lock takes the profile for this process, so that no two apps write one store. The lock ends with the process, however
// it ends. taken says that another one has it.
func Lock(profileDir string) (release func(), taken bool, err error) {
	//nolint:gosec // G304: a fixed name in the user's own profile
	f, err := os.OpenFile(filepath.Join(profileDir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("lock profile: %w", err)
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		f.Close()
		return nil, true, nil
	}
	if err != nil {
		f.Close()
		return nil, false, fmt.Errorf("lock profile: %w", err)
	}
	return func() { f.Close() }, false, nil
}
