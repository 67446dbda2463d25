package shelf

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"himsg/shared/release"
)

// Names within a release's folder, beside its installers. No installer can have them: theirs hold no such letters.
const (
	manifestFile = "update.json"
	ringFile     = "ring"
)

// MaxReleases is how many releases lie on a shelf at once.
const MaxReleases = 32

// Release is what lies on the shelf.
type Release struct {
	release.Manifest
	Signed release.Signed
	// Offered is the ring that the company's IT offers it to for now; empty: to all for whom it was signed.
	Offered string
}

// For reports whether installations of a ring are offered it.
func (r Release) For(ring string) bool {
	return (r.Ring == "" || r.Ring == ring) && (r.Offered == "" || r.Offered == ring)
}

// Shelf is the releases of a data directory. It is safe for concurrent use, and sees what commands change beside it.
type Shelf struct {
	dir string
	log *slog.Logger

	mu      sync.Mutex
	changed time.Time // of the folder, when it was read
	held    []Release // the newest first
}

// Open returns the shelf of a data directory. Nothing is made before something lies on it.
func Open(dataDir string, log *slog.Logger) *Shelf {
	return &Shelf{dir: filepath.Join(dataDir, "releases"), log: log}
}

// List returns all releases, the newest first.
func (s *Shelf) List() ([]Release, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		s.held, s.changed = nil, time.Time{}
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the releases: %w", err)
	}
	if s.held != nil && info.ModTime().Equal(s.changed) {
		return s.held, nil
	}
	held, err := s.read()
	if err != nil {
		return nil, err
	}
	s.held, s.changed = held, info.ModTime()
	return held, nil
}

// read reads the folder. A release that can't be read is left out, and logged: the others are handed out.
func (s *Shelf) read() ([]Release, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("list the releases: %w", err)
	}
	held := []Release{}
	for _, entry := range entries {
		sequence, err := strconv.ParseInt(entry.Name(), 10, 64)
		if err != nil || len(held) >= MaxReleases {
			continue // one that is being added, or what is none
		}
		r, err := s.readOne(sequence)
		if err != nil {
			s.log.Error("a release can't be read", slog.Int64("sequence", sequence), slog.Any("error", err))
			continue
		}
		held = append(held, r)
	}
	slices.SortFunc(held, func(a, b Release) int { return cmp.Compare(b.Sequence, a.Sequence) })
	return held, nil
}

func (s *Shelf) readOne(sequence int64) (Release, error) {
	dir := s.folder(sequence)
	text, err := os.ReadFile(filepath.Join(dir, manifestFile)) //nolint:gosec // G304: a number's folder on the shelf
	if err != nil {
		return Release{}, err
	}
	signed, err := release.DecodeSigned(text)
	if err != nil {
		return Release{}, err
	}
	m, err := signed.Unverified() // its signature was looked at when it came here, and the app looks for itself
	if err != nil {
		return Release{}, err
	}
	if m.Sequence != sequence {
		return Release{}, fmt.Errorf("the manifest of %d says %d", sequence, m.Sequence)
	}
	ring, err := os.ReadFile(filepath.Join(dir, ringFile)) //nolint:gosec // G304: as above
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Release{}, err
	}
	return Release{Manifest: m, Signed: signed, Offered: strings.TrimSpace(string(ring))}, nil
}

func (s *Shelf) folder(sequence int64) string {
	return filepath.Join(s.dir, strconv.FormatInt(sequence, 10))
}

// Newest is the release that installations of a ring are offered; ok is false when there is none. One that can't be looked for is
// none, and logged.
func (s *Shelf) Newest(ring string) (r Release, ok bool) {
	list, err := s.List()
	if err != nil {
		s.log.Error("the releases can't be listed", slog.Any("error", err))
		return Release{}, false
	}
	i := slices.IndexFunc(list, func(r Release) bool { return r.For(ring) })
	if i < 0 {
		return Release{}, false
	}
	return list[i], true
}

// TooOld reports whether an app of this version must be turned away, and which is the oldest that need not be.
func (s *Shelf) TooOld(version string) (oldest string, old bool) {
	r, ok := s.Newest("")
	return r.MinVersion, ok && r.TooOld(version)
}

// ErrUnknown marks what does not lie on the shelf.
var ErrUnknown = errors.New("no such release")

// File opens an installer; the caller closes it. It returns ErrUnknown for what no manifest names.
func (s *Shelf) File(sequence int64, name string) (*os.File, release.File, error) {
	list, err := s.List()
	if err != nil {
		return nil, release.File{}, err
	}
	for _, r := range list {
		i := slices.IndexFunc(r.Files, func(f release.File) bool { return f.Name == name })
		if r.Sequence != sequence || i < 0 {
			continue
		}
		f, err := os.Open(filepath.Join(s.folder(sequence), name)) //nolint:gosec // G304: a name that a manifest has
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrUnknown // removed a moment ago
		}
		return f, r.Files[i], err
	}
	return nil, release.File{}, ErrUnknown
}
