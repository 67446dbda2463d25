package update

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/release"
)

// Options are what New needs.
type Options struct {
	ProfileDir string // exists; what is loaded and known is kept in its folder update
	Program    string // the app's file; empty: the one that runs
	Version    string // of the app that runs
	Ring       string // in the policy
	Keys       []ed25519.PublicKey
	Clock      core.Clock
	Logger     *slog.Logger
	// Patience is how long a new version may take until its window stands; 0: a minute.
	Patience time.Duration
}

// Updater knows how this app is installed, and what was loaded to take its place.
type Updater struct {
	o     Options
	dir   string
	place place

	mu  sync.Mutex
	rec record
}

// record is what is kept over starts, in state.json.
type record struct {
	Seen    int64    `json:"seen"`    // the largest sequence of a manifest that was taken for this app
	Failed  int64    `json:"failed"`  // the sequence of what was installed and did not come up
	Pending *pending `json:"pending"` // what the next start installs
	Trying  *trying  `json:"trying"`  // what was installed and has not come up yet
}

type pending struct {
	Signed release.Signed `json:"signed"`
	File   string         `json:"file"`
}

type trying struct {
	Sequence int64  `json:"sequence"`
	Version  string `json:"version"`
	Starts   int    `json:"starts"`
}

const (
	recordFile     = "state.json"
	maxRecordBytes = 256 << 10
)

var _ core.Installer = (*Updater)(nil)

// New looks at how the app is installed. A record that can't be read is begun anew.
func New(o Options) (*Updater, error) {
	if o.Patience <= 0 {
		o.Patience = time.Minute
	}
	if o.Program == "" {
		program, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find the program: %w", err)
		}
		o.Program = program
	}
	program, err := filepath.EvalSymlinks(o.Program)
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	u := &Updater{o: o, dir: filepath.Join(o.ProfileDir, "update"), place: newPlace(program)}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of updates: %w", err)
	}
	u.rec = u.load()
	return u, nil
}

func (u *Updater) load() record {
	var r record
	path := filepath.Join(u.dir, recordFile)
	text, err := os.ReadFile(path) //nolint:gosec // G304: a fixed name in the profile
	if errors.Is(err, fs.ErrNotExist) {
		return r
	}
	if err != nil || len(text) > maxRecordBytes || json.Unmarshal(text, &r) != nil {
		u.o.Logger.Warn("what is known of updates can't be read; it begins anew", slog.Any("error", err))
		return record{}
	}
	return r
}

// change changes the record. The one on the disk counts: another process may have written it.
func (u *Updater) change(fn func(*record)) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.rec = u.load()
	fn(&u.rec)
	text, err := json.Marshal(u.rec)
	if err != nil {
		return fmt.Errorf("encode what is known of updates: %w", err)
	}
	return core.ReplaceFile(filepath.Join(u.dir, recordFile), text)
}

func (u *Updater) current() record {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.rec
}

// Installation implements core.Installer.
func (u *Updater) Installation() release.Installation {
	return release.Installation{
		Version: u.o.Version, Ring: u.o.Ring, System: runtime.GOOS, Arch: runtime.GOARCH, Kind: u.place.kind(), Seen: u.current().Seen,
	}
}

// Failed implements core.Installer.
func (u *Updater) Failed() int64 { return u.current().Failed }

// Saw implements core.Installer.
func (u *Updater) Saw(sequence int64) error {
	if u.current().Seen >= sequence {
		return nil
	}
	return u.change(func(r *record) { r.Seen = max(r.Seen, sequence) })
}

// Part implements core.Installer. What else was loaded before is removed.
func (u *Updater) Part(file release.File) (string, error) {
	name := file.SHA256[:16] + "-" + filepath.Base(file.Name)
	keep := map[string]bool{name: true, recordFile: true}
	if p := u.current().Pending; p != nil {
		keep[p.File] = true
	}
	u.clean(keep)
	return filepath.Join(u.dir, name), nil
}

func (u *Updater) clean(keep map[string]bool) {
	entries, err := os.ReadDir(u.dir)
	if err != nil {
		u.o.Logger.Warn("old updates are not removed", slog.Any("error", err))
		return
	}
	for _, entry := range entries {
		if keep[entry.Name()] {
			continue
		}
		if err := os.RemoveAll(filepath.Join(u.dir, entry.Name())); err != nil {
			u.o.Logger.Warn("an old update is not removed", slog.Any("error", err))
		}
	}
}

// Ready implements core.Installer.
func (u *Updater) Ready(signed release.Signed, path string) error {
	return u.change(func(r *record) { r.Pending = &pending{Signed: signed, File: filepath.Base(path)} })
}

// Drop implements core.Installer.
func (u *Updater) Drop() error {
	return u.change(func(r *record) { r.Pending = nil })
}

// Pending implements core.Installer.
func (u *Updater) Pending() (sequence int64, version string) {
	_, m, err := u.due()
	if err != nil {
		return 0, ""
	}
	return m.Sequence, m.Version
}

var errNothing = errors.New("nothing to install")

// due is what the next start installs, looked at once more: what lies in the profile is believed no more than what the network sends.
func (u *Updater) due() (release.File, release.Manifest, error) {
	p := u.current().Pending
	if p == nil {
		return release.File{}, release.Manifest{}, errNothing
	}
	m, err := p.Signed.Open(u.o.Keys)
	if err != nil {
		return release.File{}, m, err
	}
	file, current, err := m.Judge(u.Installation(), u.o.Clock.Now())
	switch {
	case err != nil:
		return file, m, err
	case current, u.place.kind() == "":
		return file, m, errNothing
	}
	return file, m, nil
}
