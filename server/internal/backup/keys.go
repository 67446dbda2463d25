package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
)

// NewKey makes a private key, keeps it in a new file that only this user may read, and returns the public one.
func NewKey(path string) (recipient string, err error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("%s is there already; a key is never written over", path)
	}
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	_, err = fmt.Fprintf(file, "# Opens the backups of a Hi_Msg server. Keep it apart from them.\n# public key: %s\n%s\n", key.Recipient(), key)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("make a key: %w", err), os.Remove(path))
	}
	return key.Recipient().String(), nil
}

// readKeys reads the private keys of a file.
func readKeys(path string) ([]age.Identity, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, fmt.Errorf("read the backup key: %w", err)
	}
	defer file.Close()
	keys, err := age.ParseIdentities(file)
	if err != nil {
		return nil, fmt.Errorf("%s holds no backup key: %w", path, err)
	}
	return keys, nil
}

// recipients parses public keys.
func recipients(keys []string) ([]age.Recipient, error) {
	if len(keys) == 0 {
		return nil, errors.New("no public key was given to encrypt the backup to; himsg-server backup-key makes one")
	}
	list := make([]age.Recipient, len(keys))
	for i, k := range keys {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(k))
		if err != nil {
			return nil, fmt.Errorf("%q is not a public key (age1…)", k)
		}
		list[i] = r
	}
	return list, nil
}

// ErrOtherKeys marks a folder whose backups are for other keys: blobs that are there would not open with the new ones.
var ErrOtherKeys = errors.New("the backups in this folder are encrypted to other keys; take a new folder for new keys")

// claim marks the folder as one of backups for these keys, or looks whether it is one.
func (f folder) claim(keys []string) error {
	want := slices.Clone(keys)
	for i := range want {
		want[i] = strings.TrimSpace(want[i])
	}
	slices.Sort(want)
	path := filepath.Join(string(f), recipientsFile)
	text := strings.Join(slices.Compact(want), "\n") + "\n"
	have, err := os.ReadFile(path) //nolint:gosec // the operator's folder
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.Join(writeText(path, text), writeText(filepath.Join(string(f), readmeFile), readme))
	case err != nil:
		return err
	case string(have) != text:
		return ErrOtherKeys
	}
	return nil
}
