//go:build unix

package admin

import (
	"errors"
	"syscall"
)

// isFull: there is no room for an archive, on the disk, for this user, or in one file.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
