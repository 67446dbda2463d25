package backup

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// In the folder of backups:
//
//	README.txt                     what this is and how to restore it
//	recipients.txt                 the public keys that all here is encrypted to
//	snapshots/TIME.tar.zst.age     the database, the keys and the settings at a time; `age -d | zstd -d | tar t` reads it
//	snapshots/TIME.index.gz        the names of the bytes that it refers to, to know which are needed no more
//	blobs/ab/NAME.age              the bytes of files, each once however many snapshots refer to it: they never change
//	archives/NAME                  the archives of deleted people, which are encrypted already
//
// In a snapshot, in this order: manifest.json, keys/…, settings.toml, tables/TABLE/000001.jsonl …, blobs/000001.jsonl …,
// archives.json, summary.json. A snapshot without its summary is not whole.
const (
	snapshotsDir = "snapshots"
	blobsDir     = "blobs"
	archivesDir  = "archives"

	snapshotExt = ".tar.zst.age"
	indexExt    = ".index.gz"
	sealedExt   = ".age"

	partPrefix = ".part-" // of what is being written

	recipientsFile = "recipients.txt"
	readmeFile     = "README.txt"

	manifestEntry = "manifest.json"
	summaryEntry  = "summary.json"
	settingsEntry = "settings.toml"
	archivesEntry = "archives.json"
	keysPrefix    = "keys/"
	tablesPrefix  = "tables/"
	blobsPrefix   = "blobs/"

	// Format is the number of this layout.
	Format = 1
)

// Bounds of what is read from a backup: it comes from outside.
const (
	maxPart     = 64 << 20 // bytes of one entry
	maxTables   = 500
	maxColumns  = 200
	maxKeyBytes = 1 << 20
)

const timeName = "20060102T150405Z"

var (
	snapshotName = regexp.MustCompile(`^\d{8}T\d{6}Z$`)
	blobName     = regexp.MustCompile(`^[0-9a-f]{32}$`)
	archiveName  = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,200}$`)
	tableName    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,60}$`)
)

// Manifest is what a snapshot says of itself.
type Manifest struct {
	Format  int    `json:"format"`
	Program string `json:"program"` // the server's version
	Made    string `json:"made"`    // RFC 3339, UTC
	Company string `json:"company,omitempty"`
	Schema  Schema `json:"schema"`
}

// Summary ends a snapshot.
type Summary struct {
	Tables map[string]TableSum `json:"tables"`
	Blobs  int64               `json:"blobs"`
}

// TableSum is what a table's rows must come to.
type TableSum struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // of all its lines
}

// folder is a folder of backups.
type folder string

func (f folder) snapshot(name string) string {
	return filepath.Join(string(f), snapshotsDir, name+snapshotExt)
}

func (f folder) index(name string) string {
	return filepath.Join(string(f), snapshotsDir, name+indexExt)
}

func (f folder) blob(name string) string {
	return filepath.Join(string(f), blobsDir, name[:2], name+sealedExt)
}

func (f folder) archive(name string) string { return filepath.Join(string(f), archivesDir, name) }

// snapshots are the names of those that are whole, oldest first.
func (f folder) snapshots() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(string(f), snapshotsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for backups: %w", err)
	}
	var names []string
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), snapshotExt)
		if ok && snapshotName.MatchString(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// List returns the backups in a folder, oldest first.
func List(dir string) ([]string, error) { return folder(dir).snapshots() }

// TimeOf is when a backup was made.
func TimeOf(name string) (time.Time, error) { return time.Parse(timeName, name) }

// choose returns the backup with a name, the newest without.
func (f folder) choose(name string) (string, error) {
	names, err := f.snapshots()
	switch {
	case err != nil:
		return "", err
	case len(names) == 0:
		return "", fmt.Errorf("there is no backup in %s", f)
	case name == "":
		return names[len(names)-1], nil
	case !slices.Contains(names, name):
		return "", fmt.Errorf("there is no backup %s in %s; the newest is %s", name, f, names[len(names)-1])
	}
	return name, nil
}

// durably writes a file that is there whole or not at all.
func durably(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), partPrefix+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(temporary.Close()), os.Remove(temporary.Name()))
		}
	}()
	buffered := bufio.NewWriterSize(temporary, 256<<10)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := temporary.Sync(); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// writeIndex keeps the names of what a snapshot refers to: "blob NAME" or "archive NAME" in a line.
func (f folder) writeIndex(name string, blobs []Blob, archives []string) error {
	return durably(f.index(name), func(w io.Writer) error {
		packed := gzip.NewWriter(w)
		for _, b := range blobs {
			if _, err := io.WriteString(packed, indexBlob+b.Name+"\n"); err != nil {
				return err
			}
		}
		for _, a := range archives {
			if _, err := io.WriteString(packed, indexArchive+a+"\n"); err != nil {
				return err
			}
		}
		return packed.Close()
	})
}

const (
	indexBlob    = "blob "
	indexArchive = "archive "
)

// readIndex calls fn with each path, of a blob or an archive, that a snapshot refers to.
func (f folder) readIndex(name string, fn func(path string)) (err error) {
	file, err := os.Open(f.index(name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	packed, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.index(name), err)
	}
	lines := bufio.NewScanner(packed)
	for lines.Scan() {
		blob, isBlob := strings.CutPrefix(lines.Text(), indexBlob)
		archive, isArchive := strings.CutPrefix(lines.Text(), indexArchive)
		switch {
		case isBlob && blobName.MatchString(blob):
			fn(f.blob(blob))
		case isArchive && archiveName.MatchString(archive):
			fn(f.archive(archive))
		default:
			return fmt.Errorf("read %s: %q is no line of it", f.index(name), lines.Text())
		}
	}
	return lines.Err()
}

const readme = `Backups of a Hi_Msg server.

recipients.txt names the public keys that everything here is encrypted to. To restore you need the private key of one of them,
a file that "himsg-server backup-key" made and that should be kept somewhere else.

  himsg-server backup-check --from THIS-FOLDER --key-file PRIVATE-KEY
  himsg-server restore      --from THIS-FOLDER --key-file PRIVATE-KEY --data EMPTY-FOLDER

Snapshots are tar files, compressed with zstd and encrypted with age (https://age-encryption.org): they can be read without Hi_Msg.
Don't change, rename or remove single files; "himsg-server backup --keep N" removes what is needed no more.
`
