package update

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"himsg/shared/release"
)

// perUser is where setup.exe puts the app.
type perUser struct {
	file string // the program
}

const (
	oldName    = "himsg.old.exe" // what setup.exe calls the version before, and can't delete while it runs
	badName    = "himsg.bad.exe"
	setupLimit = 5 * time.Minute
)

// newPlace: an MSI's folder is IT's, and of an archive nobody knows where it came from.
func newPlace(program string) place {
	local := os.Getenv("LOCALAPPDATA")
	if local == "" || !strings.EqualFold(filepath.Dir(program), filepath.Join(local, "Programs", "Hi_Msg")) {
		return foreign{program}
	}
	return perUser{program}
}

func (perUser) kind() string      { return release.KindSetup }
func (p perUser) program() string { return p.file }

// put runs setup.exe. The file is kept open while it runs, so that nobody writes to it after it was looked at.
func (p perUser) put(ctx context.Context, path string, want release.File, rollback bool) error {
	f, err := os.Open(path) //nolint:gosec // G304: a file of the profile's own
	if err != nil {
		return fmt.Errorf("open the update: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(f, want.Size+1))
	if err != nil {
		return fmt.Errorf("read the update: %w", err)
	}
	if n != want.Size || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return errChanged
	}
	_ = os.Remove(p.beside(badName)) // of a try before
	args := []string{"/S"}
	if rollback {
		args = append(args, "/ROLLBACK=1")
	}
	ctx, cancel := context.WithTimeout(ctx, setupLimit)
	defer cancel()
	if err := exec.CommandContext(ctx, path, args...).Run(); err != nil {
		return fmt.Errorf("run setup.exe: %w", err)
	}
	return nil
}

func (p perUser) beside(name string) string { return filepath.Join(filepath.Dir(p.file), name) }

func (p perUser) restore() error {
	if err := os.Rename(p.file, p.beside(badName)); err != nil {
		return fmt.Errorf("put the new version aside: %w", err)
	}
	if err := os.Rename(p.beside(oldName), p.file); err != nil {
		return errors.Join(fmt.Errorf("put the former version back: %w", err), os.Rename(p.beside(badName), p.file))
	}
	return nil
}

func (p perUser) finish() {} // setup.exe deletes the former one the next time
