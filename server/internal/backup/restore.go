package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
)

// Unfinished is a file in the data directory while a restore is under way: no server may start on it.
const Unfinished = "restore.unfinished"

// restoredSettings is what the settings of the server that was backed up are called: they may name another machine's addresses.
const restoredSettings = "settings.backup.toml"

// RestoreOptions say what is restored, and to where.
type RestoreOptions struct {
	Dir      string // the folder of backups
	Name     string // of the backup; empty: the newest
	KeyFile  string // with the private key
	Data     string // the data directory: missing or empty, or one that a restore was broken off in
	Place    string // what tells this database from others; a restore that goes on must go into the same
	Keys     map[string]string
	Archives string
	// Open opens the database once the keys are in their places, and the place of the bytes of files (nil: they are restored by
	// other means).
	Open     func(ctx context.Context) (Target, Blobs, error)
	Now      func() time.Time
	Progress func(what string, n int64)
}

// Restored is what a restore came to.
type Restored struct {
	Name             string
	Manifest         Manifest
	Rows             int64
	Blobs            int64
	Bytes            int64 // of blobs
	Missing, Damaged []string
}

// Whole reports whether the bytes of all files are there.
func (r Restored) Whole() bool { return len(r.Missing)+len(r.Damaged) == 0 }

// ErrNotEmpty marks a place that holds something already.
var ErrNotEmpty = errors.New("a backup is restored into an empty place only")

// Restore makes a server from a backup. It checks all that it reads; one that was broken off is begun again by the same call. Bytes
// of files that are missing or damaged in the backup are told in Restored, and the rest is restored all the same.
func Restore(ctx context.Context, o RestoreOptions) (Restored, error) {
	f := folder(o.Dir)
	name, err := f.choose(o.Name)
	if err != nil {
		return Restored{}, err
	}
	keys, err := readKeys(o.KeyFile)
	if err != nil {
		return Restored{}, err
	}
	again, err := o.enter()
	if err != nil {
		return Restored{}, err
	}
	r := &restorer{o: o, f: f, keys: keys, again: again, done: Restored{Name: name}}
	if err := r.run(ctx); err != nil {
		if r.target == nil && !again {
			err = errors.Join(err, o.leaveEmpty())
		}
		return r.done, err
	}
	return r.done, os.Remove(filepath.Join(o.Data, Unfinished))
}

// enter looks whether the data directory may be filled, and marks it. again: it is a restore that was broken off.
func (o RestoreOptions) enter() (again bool, err error) {
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return false, fmt.Errorf("make the data directory: %w", err)
	}
	place := sha256.Sum256([]byte(o.Place))
	text := hex.EncodeToString(place[:]) + "\n"
	mark := filepath.Join(o.Data, Unfinished)
	switch have, err := os.ReadFile(mark); { //nolint:gosec // the operator's directory
	case err == nil && string(have) == text:
		return true, nil
	case err == nil:
		return false, fmt.Errorf("%w: a restore into another database was broken off in %s", ErrNotEmpty, o.Data)
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	entries, err := os.ReadDir(o.Data)
	if err != nil {
		return false, err
	}
	if len(entries) > 0 {
		return false, fmt.Errorf("%w: there is %s in %s", ErrNotEmpty, entries[0].Name(), o.Data)
	}
	for _, name := range sortedNames(o.Keys) {
		if _, err := os.Stat(o.Keys[name]); err == nil {
			return false, fmt.Errorf("%w: there is a key in %s", ErrNotEmpty, o.Keys[name])
		}
	}
	return false, writeText(mark, text)
}

// leaveEmpty takes the mark away again when nothing was restored yet.
func (o RestoreOptions) leaveEmpty() error {
	entries, err := os.ReadDir(o.Data)
	if err != nil || len(entries) != 1 {
		return err
	}
	return os.Remove(filepath.Join(o.Data, Unfinished))
}

type restorer struct {
	o      RestoreOptions
	f      folder
	keys   []age.Identity
	again  bool
	target Target
	blobs  Blobs
	done   Restored

	wanted   []Blob
	archives []string
	counts   map[string]int64
}

func (r *restorer) progress(what string, n int64) {
	if r.o.Progress != nil {
		r.o.Progress(what, n)
	}
}

func (r *restorer) run(ctx context.Context) error {
	r.counts = map[string]int64{}
	held := map[string][]byte{} // keys, until it is sure that this program knows the backup
	err := r.f.read(ctx, r.done.Name, r.keys, visitor{
		manifest: func(m Manifest) error {
			r.done.Manifest = m
			return nil
		},
		key: func(name string, content []byte) error {
			held[name] = content
			return nil
		},
		settings: func(content []byte) error {
			held[restoredSettings] = content
			return nil
		},
		rows: func(t Table, rows []Row) error {
			if err := r.begin(ctx, held); err != nil {
				return err
			}
			return r.load(ctx, t, rows)
		},
		blob: func(b Blob) error {
			r.wanted = append(r.wanted, b)
			return nil
		},
		archives: func(names []string) error {
			r.archives = names
			return nil
		},
	})
	if err != nil {
		return err
	}
	if err := r.begin(ctx, held); err != nil { // a backup without a row
		return err
	}
	for table, n := range r.counts {
		found, err := r.target.CountRows(ctx, table)
		if err != nil {
			return err
		}
		if found != n {
			return fmt.Errorf("the table %s has %d rows, %d were restored", table, found, n)
		}
	}
	if err := r.restoreBlobs(ctx); err != nil {
		return err
	}
	if err := r.restoreArchives(ctx); err != nil {
		return err
	}
	return r.target.FinishRestore(ctx, r.done.Manifest.Schema.Tables, r.o.Now().UnixMilli(), r.done.Name)
}

// begin puts the keys into their places, and opens and clears the database, once.
func (r *restorer) begin(ctx context.Context, held map[string][]byte) error {
	if r.target != nil {
		return nil
	}
	for _, name := range sortedNames(held) {
		path, ok := r.o.Keys[name]
		if name == restoredSettings {
			path, ok = filepath.Join(r.o.Data, restoredSettings), true
		}
		if !ok {
			continue
		}
		if err := durably(path, func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(held[name]))
			return err
		}); err != nil {
			return fmt.Errorf("restore a key: %w", err)
		}
	}
	target, blobs, err := r.o.Open(ctx)
	if err != nil {
		return err
	}
	r.target, r.blobs = target, blobs
	newest, err := target.NewestSchema(ctx)
	if err != nil {
		return err
	}
	if m := r.done.Manifest; m.Schema.Version > newest {
		return fmt.Errorf("the backup's schema is number %d (version %s), newer than this program's %d: use a newer program",
			m.Schema.Version, m.Program, newest)
	}
	return target.ClearAll(ctx, r.done.Manifest.Schema.Version, r.again)
}

const loadRows = 2000 // in one transaction

func (r *restorer) load(ctx context.Context, t Table, rows []Row) error {
	for len(rows) > 0 {
		n := min(len(rows), loadRows)
		if err := r.target.LoadRows(ctx, t, rows[:n]); err != nil {
			return fmt.Errorf("restore the table %s: %w", t.Name, err)
		}
		rows = rows[n:]
		r.counts[t.Name] += int64(n)
		r.done.Rows += int64(n)
	}
	r.progress(t.Name, r.counts[t.Name])
	return nil
}

func (r *restorer) restoreBlobs(ctx context.Context) error {
	if r.blobs == nil {
		return nil
	}
	for i, b := range r.wanted {
		n, err := r.f.eachByte(ctx, b, r.keys, func(size int64, content io.Reader) error {
			return r.blobs.Write(ctx, b.Name, size, content)
		})
		switch {
		case err == nil:
			r.done.Blobs, r.done.Bytes = r.done.Blobs+1, r.done.Bytes+n
		case errors.Is(err, fs.ErrNotExist):
			r.done.Missing = append(r.done.Missing, b.Name)
		case errors.Is(err, ErrDamaged):
			r.done.Damaged = append(r.done.Damaged, b.Name)
		default:
			return fmt.Errorf("restore the bytes of a file: %w", err)
		}
		if (i+1)%100 == 0 {
			r.progress("files", int64(i+1))
		}
	}
	return nil
}

// eachByte decrypts a blob and compares it with what the database says of it. ErrDamaged, fs.ErrNotExist, or what take returns.
func (f folder) eachByte(ctx context.Context, b Blob, keys []age.Identity, take func(size int64, content io.Reader) error) (int64, error) {
	file, err := os.Open(f.blob(b.Name))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	opened, err := age.Decrypt(&interruptible{ctx, file}, keys...)
	if err != nil {
		return 0, damaged(b.Name, err)
	}
	sum := sha256.New()
	counted := &counter{r: io.TeeReader(opened, sum)}
	if err := take(b.Size, counted); err != nil {
		if counted.failed != nil && ctx.Err() == nil {
			return counted.n, damaged(b.Name, counted.failed)
		}
		return counted.n, err
	}
	if _, err := io.Copy(io.Discard, counted); err != nil {
		return counted.n, damaged(b.Name, err)
	}
	if b.differs(counted.n, sum) {
		return counted.n, damaged(b.Name, errors.New("its bytes are not those that the database names"))
	}
	return counted.n, nil
}

// counter counts bytes, and remembers why there were no more.
type counter struct {
	r      io.Reader
	n      int64
	failed error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = err
	}
	return n, err
}

func (r *restorer) restoreArchives(ctx context.Context) error {
	for _, name := range r.archives {
		if err := r.restoreArchive(ctx, name); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				r.done.Missing = append(r.done.Missing, name)
				continue
			}
			return fmt.Errorf("restore an archive: %w", err)
		}
	}
	return nil
}

func (r *restorer) restoreArchive(ctx context.Context, name string) error {
	source, err := os.Open(r.f.archive(name))
	if err != nil {
		return err
	}
	defer source.Close()
	return durably(filepath.Join(r.o.Archives, name), func(w io.Writer) error {
		_, err := io.Copy(w, &interruptible{ctx, source})
		return err
	})
}
