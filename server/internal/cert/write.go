package cert

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// write puts a file in place, whole or not at all. One that was there before hands down its mode and its owner, so that a renewal by root
// does not shut out the server's user.
func write(path string, text []byte, mode os.FileMode) (err error) {
	old, _ := os.Stat(path)
	if old != nil {
		mode = old.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(mode), sameOwner(f, old), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
