//go:build !windows

package shelf

import (
	"errors"
	"fmt"
	"os"
)

// syncDir brings a folder's names to the disk.
func syncDir(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // G304: the shelf's own
	if err != nil {
		return fmt.Errorf("sync the folder of releases: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
