package shelf

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"himsg/shared/release"
)

// Why a release is not put onto the shelf.
var (
	ErrNoManifest = errors.New("there is no manifest (….update.json) among the files")
	ErrNoKey      = errors.New("this build knows no public key of releases: name one with --release-key")
	ErrOld        = errors.New("an older release than what lies there already")
	ErrFull       = fmt.Errorf("%d releases lie there already: remove old ones (release list, release remove)", MaxReleases)
	ErrFile       = errors.New("not the file that was signed")
	ErrMissing    = errors.New("a file of the manifest is missing")
)

// ManifestSuffix ends the name of a manifest's file.
const ManifestSuffix = ".update.json"

// New is what Add puts onto the shelf.
type New struct {
	Paths []string // files and folders; what the manifest does not name is left alone
	Keys  []ed25519.PublicKey
	Ring  string // that it is offered to; empty: to all for whom it was signed
	Now   time.Time
}

// Add checks a manifest and all files that it names, and only then lets them be seen, all at once. A release that is there already
// and was broken off before is no hindrance.
func (s *Shelf) Add(ctx context.Context, n New) (Release, error) {
	files, manifest, err := gather(n.Paths)
	if err != nil {
		return Release{}, err
	}
	r, text, err := open(manifest, n)
	if err != nil {
		return Release{}, err
	}
	if err := s.room(r); err != nil {
		return Release{}, err
	}
	return r, s.place(ctx, r, text, files)
}

// gather finds the manifest and everything else by its name.
func gather(paths []string) (files map[string]string, manifest string, err error) {
	files = map[string]string{}
	take := func(path string) error {
		name := filepath.Base(path)
		if !strings.HasSuffix(name, ManifestSuffix) {
			files[name] = path
			return nil
		}
		if manifest != "" && manifest != path {
			return fmt.Errorf("two manifests, %s and %s: add one release at a time", filepath.Base(manifest), name)
		}
		manifest = path
		return nil
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, "", err
		}
		if !info.IsDir() {
			if err := take(path); err != nil {
				return nil, "", err
			}
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, "", err
		}
		for _, entry := range entries {
			if entry.Type().IsRegular() {
				if err := take(filepath.Join(path, entry.Name())); err != nil {
					return nil, "", err
				}
			}
		}
	}
	if manifest == "" {
		return nil, "", ErrNoManifest
	}
	return files, manifest, nil
}

func open(path string, n New) (r Release, text []byte, err error) {
	if len(n.Keys) == 0 {
		return r, nil, ErrNoKey
	}
	f, err := os.Open(path) //nolint:gosec // G304: the operator names it
	if err != nil {
		return r, nil, fmt.Errorf("read the manifest: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	if text, err = io.ReadAll(io.LimitReader(f, release.MaxSignedBytes+1)); err != nil {
		return r, nil, fmt.Errorf("read the manifest: %w", err)
	}
	signed, err := release.DecodeSigned(text)
	if err != nil {
		return r, nil, err
	}
	m, err := signed.Open(n.Keys)
	if err != nil {
		return r, nil, err
	}
	if !n.Now.Before(m.Expires) {
		return r, nil, release.ErrExpired
	}
	return Release{Manifest: m, Signed: signed, Offered: n.Ring}, text, nil
}

// room reports whether a release may come onto the shelf.
func (s *Shelf) room(r Release) error {
	list, err := s.List()
	if err != nil {
		return err
	}
	if len(list) >= MaxReleases {
		return ErrFull
	}
	for _, held := range list {
		if held.Sequence >= r.Sequence {
			return fmt.Errorf("%w: version %s has number %d, this one is %s with number %d", ErrOld, held.Version, held.Sequence, r.Version, r.Sequence)
		}
	}
	return nil
}

// place copies everything into a folder that nobody looks at, checks it on the way, and gives that folder its name.
func (s *Shelf) place(ctx context.Context, r Release, text []byte, files map[string]string) (err error) {
	if err := os.MkdirAll(s.dir, 0o755); err != nil { //nolint:gosec // G301: everybody in the company may have what is in it
		return fmt.Errorf("make the folder of releases: %w", err)
	}
	s.sweep()
	hidden, err := os.MkdirTemp(s.dir, adding)
	if err != nil {
		return fmt.Errorf("make a folder for the release: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(hidden))
		}
	}()
	if err := os.Chmod(hidden, 0o755); err != nil { //nolint:gosec // G302: as above; the server may be another user than who adds
		return err
	}
	for _, file := range r.Files {
		from, ok := files[file.Name]
		if !ok {
			return fmt.Errorf("%w: %s", ErrMissing, file.Name)
		}
		if err := copyChecked(ctx, from, filepath.Join(hidden, file.Name), file); err != nil {
			return err
		}
	}
	if r.Offered != "" {
		if err := writeFile(filepath.Join(hidden, ringFile), []byte(r.Offered+"\n")); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(hidden, manifestFile), text); err != nil {
		return err
	}
	if err := os.Rename(hidden, s.folder(r.Sequence)); err != nil {
		return fmt.Errorf("show the release: %w", err)
	}
	return syncDir(s.dir)
}

// adding begins the name of a folder that is not complete.
const adding = ".adding-"

// sweep removes what an Add that was killed left behind.
func (s *Shelf) sweep() {
	left, err := filepath.Glob(filepath.Join(s.dir, adding+"*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		_ = os.RemoveAll(dir) // the next one tries again
	}
}

// copyChecked copies a file that has the size and checksum that were signed, and no other.
func copyChecked(ctx context.Context, from, to string, want release.File) (err error) {
	in, err := os.Open(from) //nolint:gosec // G304: the operator names it
	if err != nil {
		return fmt.Errorf("read an installer: %w", err)
	}
	defer func() { _ = in.Close() }()                                     // it was only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // G302, G304: everybody may have it; a name that was checked
	if err != nil {
		return fmt.Errorf("copy %s: %w", want.Name, err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), io.LimitReader(&stoppable{ctx, in}, want.Size+1))
	switch {
	case err != nil:
		return fmt.Errorf("copy %s: %w", want.Name, err)
	case n != want.Size:
		return fmt.Errorf("%w: %s does not have %d bytes", ErrFile, want.Name, want.Size)
	case hex.EncodeToString(sum.Sum(nil)) != want.SHA256:
		return fmt.Errorf("%w: %s was changed", ErrFile, want.Name)
	}
	if err := out.Sync(); err != nil {
		return fmt.Errorf("copy %s: %w", want.Name, err)
	}
	return nil
}

// stoppable is a reader that ends with its context.
type stoppable struct {
	ctx context.Context //nolint:containedctx // it lives as long as one copy
	io.Reader
}

func (r *stoppable) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

func writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) //nolint:gosec // G302, G304: everybody may have it; a fixed name
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// Offer changes the ring that a release is offered to; an empty one is for all for whom it was signed.
func (s *Shelf) Offer(sequence int64, ring string) error {
	dir := s.folder(sequence)
	if _, err := os.Stat(filepath.Join(dir, manifestFile)); err != nil {
		return ErrUnknown
	}
	var err error
	if ring == "" {
		if err = os.Remove(filepath.Join(dir, ringFile)); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else if err = writeFile(filepath.Join(dir, ringFile+".new"), []byte(ring+"\n")); err == nil {
		err = os.Rename(filepath.Join(dir, ringFile+".new"), filepath.Join(dir, ringFile)) // never without one, which would be: to all
	}
	if err != nil {
		return fmt.Errorf("change the ring: %w", err)
	}
	return s.touch()
}

// touch has a running server read the folder anew.
func (s *Shelf) touch() error {
	mark, err := os.CreateTemp(s.dir, ".changed-")
	if err != nil {
		return err
	}
	return errors.Join(mark.Close(), os.Remove(mark.Name()))
}

// Remove takes a release off the shelf. Who loads a file of it just now gets the rest.
func (s *Shelf) Remove(sequence int64) error {
	hidden := filepath.Join(s.dir, adding+"gone-"+filepath.Base(s.folder(sequence)))
	if err := os.Rename(s.folder(sequence), hidden); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return ErrUnknown
		}
		return fmt.Errorf("take the release away: %w", err)
	}
	return errors.Join(syncDir(s.dir), os.RemoveAll(hidden))
}

// ByVersion finds the sequence of what an operator calls a release: its version or its number. One whose manifest can't be read has
// its number only.
func (s *Shelf) ByVersion(name string) (int64, error) {
	list, err := s.List()
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(list, func(r Release) bool {
		return r.Version == name || filepath.Base(s.folder(r.Sequence)) == name
	})
	if i >= 0 {
		return list[i].Sequence, nil
	}
	sequence, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return 0, ErrUnknown
	}
	if _, err := os.Stat(s.folder(sequence)); err != nil {
		return 0, ErrUnknown
	}
	return sequence, nil
}
