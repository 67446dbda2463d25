package instance

import (
	"fmt"
	"os"
	"path/filepath"
)

// Lock takes the profile for this process, so that no two apps write one store, with or without a session bus. The lock
// ends with the process, however it ends. taken says that another one has it.
func Lock(profileDir string) (release func(), taken bool, err error) {
	//nolint:gosec // G304: a fixed name in the user's own profile
	f, err := os.OpenFile(filepath.Join(profileDir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("lock profile: %w", err)
	}
	taken, err = tryLock(f)
	if err != nil || taken {
		f.Close()
	}
	if err != nil {
		return nil, false, fmt.Errorf("lock profile: %w", err)
	}
	if taken {
		return nil, true, nil
	}
	return func() { f.Close() }, false, nil
}
