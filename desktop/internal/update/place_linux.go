package update

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"himsg/shared/release"
)

// folder is a place on Linux that belongs to the user: a folder into which he unpacked the archive.
type folder struct {
	file string // the program
}

const (
	formerSuffix = ".former"
	staged       = ".himsg-update"
	programName  = "himsg" // in the archive
	maxUnpacked  = 2 << 30
	maxEntries   = 64
)

// errContent is an archive that was signed and yet is none.
var errContent = errors.New("the archive does not hold the app as it should")

// newPlace: only a folder that is the user's own counts, with a program in it that is his own. Where packages put programs nobody
// replaces one, root neither.
func newPlace(program string) place {
	dir := filepath.Dir(program)
	for _, system := range []string{"/usr", "/opt", "/bin", "/sbin", "/lib", "/snap", "/app"} {
		if dir == system || strings.HasPrefix(dir, system+"/") {
			return foreign{program}
		}
	}
	var info unix.Stat_t
	if unix.Stat(program, &info) != nil || int(info.Uid) != os.Getuid() || unix.Access(dir, unix.W_OK|unix.X_OK) != nil {
		return foreign{program}
	}
	return folder{program}
}

func (folder) kind() string      { return release.KindArchive }
func (f folder) program() string { return f.file }

func (f folder) staging() string { return filepath.Join(filepath.Dir(f.file), staged) }

// put unpacks beside the program, and then exchanges the program alone: the folder may hold things of the user's. The other files
// follow when the new version has come up.
func (f folder) put(ctx context.Context, from string, want release.File, _ bool) error {
	unlock, err := f.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := os.RemoveAll(f.staging()); err != nil {
		return fmt.Errorf("clear what was left: %w", err)
	}
	if err := os.Mkdir(f.staging(), 0o700); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	err = unpack(ctx, from, want, f.staging())
	if err == nil {
		err = f.exchange()
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(f.staging()))
	}
	return nil
}

// lock keeps two profiles from installing at once.
func (f folder) lock() (unlock func(), err error) {
	dir, err := os.Open(filepath.Dir(f.file))
	if err != nil {
		return nil, fmt.Errorf("lock the app's folder: %w", err)
	}
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the app's folder: %w", err), dir.Close())
	}
	return func() { _ = dir.Close() }, nil
}

// exchange leaves a program under its name at every moment.
func (f folder) exchange() error {
	former := f.file + formerSuffix
	if err := os.Remove(former); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget the version before: %w", err)
	}
	if err := os.Link(f.file, former); err != nil {
		return fmt.Errorf("keep the former version: %w", err)
	}
	if err := os.Rename(filepath.Join(f.staging(), programName), f.file); err != nil {
		return fmt.Errorf("take the place of the former version: %w", err)
	}
	return syncFolder(filepath.Dir(f.file))
}

func syncFolder(path string) error {
	dir, err := os.Open(path) //nolint:gosec // G304: the app's own folder
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (f folder) restore() error {
	if err := os.Rename(f.file+formerSuffix, f.file); err != nil {
		return fmt.Errorf("put the former version back: %w", err)
	}
	return errors.Join(syncFolder(filepath.Dir(f.file)), os.RemoveAll(f.staging()))
}

// finish replaces the files that came with the former version, those that the user left there.
func (f folder) finish() {
	dir := filepath.Dir(f.file)
	entries, err := os.ReadDir(f.staging())
	for _, entry := range entries {
		target := filepath.Join(dir, entry.Name())
		if info, err := os.Lstat(target); err == nil && info.Mode().IsRegular() {
			_ = os.Rename(filepath.Join(f.staging(), entry.Name()), target) // licences and an icon: the old ones do as well
		}
	}
	if err == nil {
		_ = os.RemoveAll(f.staging()) // the next one clears it
	}
}

// unpack writes an archive's files into a folder, and reports afterwards whether they were what was signed: nothing of them may be
// used before.
func unpack(ctx context.Context, from string, want release.File, into string) error {
	f, err := os.Open(from) //nolint:gosec // G304: a file of the profile's own
	if err != nil {
		return fmt.Errorf("open the update: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	whole := &counted{Reader: io.TeeReader(io.LimitReader(f, want.Size+1), sum)}
	unpackErr := unpackFrom(ctx, whole, into)
	if _, err := io.Copy(io.Discard, whole); err != nil {
		return fmt.Errorf("read the update: %w", err)
	}
	if whole.n != want.Size || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return errChanged
	}
	return unpackErr
}

// counted counts what was read.
type counted struct {
	io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

func unpackFrom(ctx context.Context, r io.Reader, into string) error {
	plain, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("%w: %w", errContent, err)
	}
	archive := tar.NewReader(plain)
	left := int64(maxUnpacked)
	var names []string
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errContent, err)
		}
		if head.Typeflag == tar.TypeDir {
			continue
		}
		name := path.Base(head.Name)
		if !isPlain(head) || head.Size > left || len(names) == maxEntries || slices.Contains(names, name) {
			return fmt.Errorf("%w: %q", errContent, head.Name)
		}
		left -= head.Size
		names = append(names, name)
		if err := unpackOne(archive, filepath.Join(into, name), head.Size, name == programName); err != nil {
			return err
		}
	}
	if !slices.Contains(names, programName) {
		return fmt.Errorf("%w: no program", errContent)
	}
	return nil
}

// isPlain reports whether an entry is a file right below the archive's one folder.
func isPlain(head *tar.Header) bool {
	return head.Typeflag == tar.TypeReg && strings.Count(head.Name, "/") == 1 && !strings.HasPrefix(path.Base(head.Name), ".") &&
		path.Clean(head.Name) == head.Name
}

func unpackOne(from io.Reader, to string, size int64, program bool) error {
	mode := fs.FileMode(0o644)
	if program {
		mode = 0o755
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) //nolint:gosec // G304: a name that was checked
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	_, err = io.CopyN(f, from, size)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return nil
}
