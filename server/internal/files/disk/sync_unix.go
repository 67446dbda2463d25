//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes what changed in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // a folder of ours
	if err != nil {
		return failed("open a folder", err)
	}
	err = d.Sync()
	if err != nil {
		err = failed("sync a folder", err)
	}
	return errors.Join(err, d.Close())
}

// isQuota: the disk has room, but not for this user.
func isQuota(err error) bool { return errors.Is(err, syscall.EDQUOT) }
