package core

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"himsg/desktop/internal/store"
)

// ReplaceFile writes a file of this user only, so that it is there as a whole or not at all, whenever the machine stops: what is
// new is on the disk before it takes the old one's place. One caller at a time for a path; what a killed one left is
// overwritten by the next.
func ReplaceFile(path string, content []byte) error {
	fresh := path + ".new"
	err := writeSynced(fresh, content)
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	} else {
		_ = os.Remove(fresh) // a full disk needs the room; what matters is the error that stands already
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// DiskFull reports that an error says that the disk, or the user's part of it, is full.
func DiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, errDiskFull) || errors.Is(err, store.ErrFull)
}

func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // G304: a fixed name in the user's profile
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}
