//go:build unix

package backup

import (
	"os"

	"golang.org/x/sys/unix"
)

// tryLock holds the file until it is closed, by this process or by its end.
func tryLock(file *os.File) error {
	return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	file, err := os.Open(dir) //nolint:gosec // within the operator's folder
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}
