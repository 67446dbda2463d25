//go:build !windows

package instance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Lock takes the profile for this process, so that no two apps write one store, with or without a session bus. The lock
// ends with the process, however it ends. taken says that another one has it.
func Lock(profileDir string) (release func(), taken bool, err error) {
	//nolint:gosec // G304: a fixed name in the user's own profile
	f, err := os.OpenFile(filepath.Join(profileDir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("lock profile: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		f.Close()
		return nil, true, nil
	}
	if err != nil {
		f.Close()
		return nil, false, fmt.Errorf("lock profile: %w", err)
	}
	return func() { f.Close() }, false, nil
}
