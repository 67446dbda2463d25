package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
)

// Options say what is backed up, and to where.
type Options struct {
	Dir        string   // the folder of backups; made if it is missing
	Recipients []string // public keys, age1…
	Keep       int      // how many backups stay, the newest; 0: all
	Program    string   // the server's version
	Company    string
	Keys       map[string]string // files of keys, by the name that they get; those that are missing are left out
	Settings   string            // the file of settings; may be empty
	Archives   string            // the folder of the archives of deleted people; may be missing
	Source     Source
	Blobs      Blobs // nil: the bytes of files are backed up by other means
	Now        func() time.Time
	Progress   func(what string, n int64)
}

// Made is what a backup came to.
type Made struct {
	Name             string // of the snapshot
	Rows             int64
	Blobs, NewBlobs  int64
	NewBytes         int64 // of blobs, encrypted
	Bytes            int64 // of the snapshot, encrypted
	Missing, Damaged []string
	Removed          []string // older backups
}

// Whole reports whether all bytes of files were there and were what the database says.
func (m Made) Whole() bool { return len(m.Missing)+len(m.Damaged) == 0 }

// ErrBusy marks that another backup goes into the same folder.
var ErrBusy = errors.New("another backup goes into this folder now")

// Make makes a backup while the server works: the database at one moment, then the bytes of all files that it refers to and that are
// not in the folder yet. A backup is in the folder once it is whole; one that fails leaves nothing behind but bytes that the next
// one needs not copy again. Bytes that are missing or damaged on the server are told in Made: the rest is backed up all the same.
func Make(ctx context.Context, o Options) (made Made, err error) {
	keys, err := recipients(o.Recipients)
	if err != nil {
		return made, err
	}
	f := folder(o.Dir)
	unlock, err := f.lock()
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := errors.Join(f.tidy(), f.claim(o.Recipients)); err != nil {
		return made, err
	}
	early, err := o.early()
	if err != nil {
		return made, err
	}
	at := o.Now().UTC().Truncate(time.Second)
	m := &maker{o: o, f: f, keys: keys, at: at, made: Made{Name: at.Format(timeName)}}
	if _, err := os.Stat(f.snapshot(m.made.Name)); err == nil {
		return made, fmt.Errorf("there is a backup of this second already: %s", m.made.Name)
	}
	if err := durably(f.snapshot(m.made.Name), func(w io.Writer) error { return m.snapshot(ctx, w, early) }); err != nil {
		return made, errors.Join(fmt.Errorf("back up to %s: %w", o.Dir, err), ignoreMissing(os.Remove(f.index(m.made.Name))))
	}
	if info, err := os.Stat(f.snapshot(m.made.Name)); err == nil {
		m.made.Bytes = info.Size()
	}
	if err := o.Source.NoteBackup(ctx, o.Now().UnixMilli(), m.made.Name); err != nil {
		return m.made, fmt.Errorf("the backup %s was made, but the audit could not be told: %w", m.made.Name, err)
	}
	if o.Keep > 0 {
		m.made.Removed, err = f.prune(ctx, o.Keep)
	}
	return m.made, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// lock keeps a second backup out of the folder.
func (f folder) lock() (unlock func() error, err error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of backups: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(string(f), ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the folder of backups: %w", err)
	}
	if err := tryLock(file); err != nil {
		return nil, errors.Join(ErrBusy, file.Close())
	}
	return file.Close, nil
}

// early are keys and settings.
func (o Options) early() ([]entry, error) {
	var list []entry
	add := func(name, path string) error {
		content, err := os.ReadFile(path) //nolint:gosec // the operator's own settings
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read what is to be backed up: %w", err)
		}
		list = append(list, entry{name, content})
		return nil
	}
	for _, name := range sortedNames(o.Keys) {
		if err := add(keysPrefix+name, o.Keys[name]); err != nil {
			return nil, err
		}
	}
	if o.Settings != "" {
		if err := add(settingsEntry, o.Settings); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// maker makes one backup.
type maker struct {
	o    Options
	f    folder
	keys []age.Recipient
	at   time.Time
	made Made
}

func (m *maker) snapshot(ctx context.Context, to io.Writer, early []entry) error {
	manifest := Manifest{Format: Format, Program: m.o.Program, Made: m.at.Format(time.RFC3339), Company: m.o.Company}
	w, err := newWriter(to, m.keys, manifest, m.at, early)
	if err != nil {
		return err
	}
	if m.o.Progress != nil {
		w.progress = m.o.Progress
	}
	if err := m.o.Source.Dump(ctx, w); err != nil {
		return err
	}
	if err := w.endRows(); err != nil {
		return err
	}
	for _, sum := range w.summary.Tables {
		m.made.Rows += sum.Rows
	}
	if w.blobs, err = m.copyBlobs(ctx, w.blobs); err != nil {
		return err
	}
	archives, err := m.copyArchives(ctx)
	if err != nil {
		return err
	}
	if err := m.f.writeIndex(m.made.Name, w.blobs, archives); err != nil {
		return err
	}
	return w.end(archives)
}

// copyBlobs copies what is not in the folder, and returns those that are there now.
func (m *maker) copyBlobs(ctx context.Context, blobs []Blob) (there []Blob, err error) {
	if m.o.Blobs == nil {
		return nil, nil
	}
	var missing []string
	for i, b := range blobs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch err := m.copyBlob(ctx, b); {
		case err == nil:
			there = append(there, b)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("copy the bytes of a file: %w", err)
		case !b.Optional:
			missing = append(missing, b.Name)
		}
		if m.o.Progress != nil && (i+1)%100 == 0 {
			m.o.Progress("files", int64(i+1))
		}
	}
	m.made.Blobs = int64(len(there))
	// What was deleted since the snapshot is not missing.
	for len(missing) > 0 {
		part := missing[:min(len(missing), 500)]
		missing = missing[len(part):]
		known, err := m.o.Source.Blobs(ctx, part)
		if err != nil {
			return nil, err
		}
		m.made.Missing = append(m.made.Missing, known...)
	}
	return there, nil
}

// copyBlob copies a blob if it is not there. fs.ErrNotExist: the server has no such bytes.
func (m *maker) copyBlob(ctx context.Context, b Blob) error {
	path := m.f.blob(b.Name)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	source, size, err := m.o.Blobs.Read(ctx, b.Name)
	if err != nil {
		return err
	}
	defer source.Close()
	sum := sha256.New()
	err = durably(path, func(w io.Writer) error {
		sealed, err := age.Encrypt(w, m.keys...)
		if err != nil {
			return err
		}
		n, err := io.Copy(io.MultiWriter(sealed, sum), &interruptible{ctx, source})
		if err == nil && n != size {
			err = fmt.Errorf("%d of %d bytes of %s could be read", n, size, b.Name)
		}
		if err != nil {
			return err
		}
		return sealed.Close()
	})
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil {
		m.made.NewBlobs, m.made.NewBytes = m.made.NewBlobs+1, m.made.NewBytes+info.Size()
	}
	if b.differs(size, sum) {
		m.made.Damaged = append(m.made.Damaged, b.Name)
	}
	return nil
}

// differs reports whether bytes are not what the database says of them.
func (b Blob) differs(size int64, sum hash.Hash) bool {
	return b.Size != 0 && size != b.Size || b.SHA256 != "" && hex.EncodeToString(sum.Sum(nil)) != b.SHA256
}

// interruptible is a reader that ends with its context.
type interruptible struct {
	ctx context.Context //nolint:containedctx // it is one copy's
	r   io.Reader
}

func (i *interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}

// copyArchives copies the archives of deleted people and returns their names.
func (m *maker) copyArchives(ctx context.Context) ([]string, error) {
	names := []string{}
	entries, err := os.ReadDir(m.o.Archives)
	if m.o.Archives == "" || errors.Is(err, fs.ErrNotExist) {
		return names, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the archives: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !archiveName.MatchString(e.Name()) {
			continue // what is still being written
		}
		if err := m.copyArchive(ctx, e.Name()); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				continue // it has expired
			}
			return nil, fmt.Errorf("copy an archive: %w", err)
		}
		names = append(names, e.Name())
	}
	return names, nil
}

func (m *maker) copyArchive(ctx context.Context, name string) error {
	source, err := os.Open(filepath.Join(m.o.Archives, name)) //nolint:gosec // a name that the directory has
	if err != nil {
		return err
	}
	defer source.Close()
	info, err := source.Stat()
	if err != nil {
		return err
	}
	if there, err := os.Stat(m.f.archive(name)); err == nil && there.Size() == info.Size() {
		return nil
	}
	return durably(m.f.archive(name), func(w io.Writer) error {
		_, err := io.Copy(w, &interruptible{ctx, source})
		return err
	})
}

// prune keeps the newest backups and what they refer to.
func (f folder) prune(ctx context.Context, keep int) (removed []string, err error) {
	names, err := f.snapshots()
	if err != nil || len(names) <= keep {
		return nil, err
	}
	old := names[:len(names)-keep]
	needed := map[string]bool{}
	for _, name := range names[len(old):] {
		if err := f.readIndex(name, func(path string) { needed[path] = true }); err != nil {
			return nil, fmt.Errorf("nothing was removed: %w", err)
		}
	}
	for _, name := range old {
		if err := errors.Join(os.Remove(f.snapshot(name)), ignoreMissing(os.Remove(f.index(name)))); err != nil {
			return removed, err
		}
		removed = append(removed, name)
	}
	return removed, f.each(func(path string) error {
		if err := ctx.Err(); err != nil || needed[path] {
			return err
		}
		return os.Remove(path)
	})
}

// each calls fn for all blobs and archives that are in the folder, and for what unfinished backups have left there.
func (f folder) each(fn func(path string) error) error {
	for _, sub := range []string{blobsDir, archivesDir} {
		err := filepath.WalkDir(filepath.Join(string(f), sub), func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			return fn(path)
		})
		if ignoreMissing(err) != nil {
			return err
		}
	}
	return nil
}

// tidy removes what a backup that was killed has left half-written.
func (f folder) tidy() error {
	for _, pattern := range []string{partPrefix, "*/" + partPrefix, blobsDir + "/*/" + partPrefix} {
		left, err := filepath.Glob(filepath.Join(string(f), pattern+"*"))
		if err != nil {
			return err
		}
		for _, path := range left {
			if err := ignoreMissing(os.Remove(path)); err != nil {
				return err
			}
		}
	}
	return nil
}
