package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// ErrDamaged marks a backup that is not what was written: changed, cut short, or for another key.
var ErrDamaged = errors.New("the backup is damaged")

// visitor takes what is in a snapshot, in the order in which it is there. Its errors end the reading and come back.
type visitor struct {
	manifest func(Manifest) error
	key      func(name string, content []byte) error
	settings func(content []byte) error
	rows     func(t Table, rows []Row) error
	blob     func(Blob) error
	archives func(names []string) error
}

// read reads a snapshot to its end and checks all that it says of itself. Errors of the visitor come back as they are; all others
// wrap ErrDamaged.
func (f folder) read(ctx context.Context, name string, keys []age.Identity, v visitor) (err error) {
	file, err := os.Open(f.snapshot(name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	opened, err := age.Decrypt(bufio.NewReaderSize(&interruptible{ctx, file}, 256<<10), keys...)
	if err != nil {
		if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
			return fmt.Errorf("the backup %s is encrypted to another key than the one that was given", name)
		}
		return damaged(name, err)
	}
	unpacked, err := zstd.NewReader(opened, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return damaged(name, err)
	}
	defer unpacked.Close()
	r := &reader{name: name, tar: tar.NewReader(unpacked), v: v, sums: map[string]TableSum{}}
	if err := r.all(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	// The end of the stream is authenticated by age; what tar leaves unread is read here.
	if _, err := io.Copy(io.Discard, unpacked); err != nil {
		return damaged(name, err)
	}
	return nil
}

func damaged(name string, err error) error { return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err) }

// reader reads one snapshot.
type reader struct {
	name     string
	tar      *tar.Reader
	v        visitor
	manifest *Manifest
	tables   map[string]Table
	sums     map[string]TableSum
	blobs    int64
	summed   bool

	table string // the one whose parts come
	lines int64
	sum   hash.Hash
}

func (r *reader) damaged(format string, args ...any) error {
	return damaged(r.name, fmt.Errorf(format, args...))
}

func (r *reader) all(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		head, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			if !r.summed {
				return r.damaged("its end is missing")
			}
			return nil
		}
		if err != nil {
			return damaged(r.name, err)
		}
		if head.Typeflag != tar.TypeReg || head.Size > maxPart || r.summed {
			return r.damaged("the entry %q", head.Name)
		}
		content := make([]byte, head.Size)
		if _, err := io.ReadFull(r.tar, content); err != nil {
			return damaged(r.name, err)
		}
		if err := r.entry(head.Name, content); err != nil {
			return err
		}
	}
}

func (r *reader) entry(name string, content []byte) error {
	if r.manifest == nil {
		return r.readManifest(name, content)
	}
	key, isKey := strings.CutPrefix(name, keysPrefix)
	path, isTable := strings.CutPrefix(name, tablesPrefix)
	switch {
	case isKey:
		if !archiveName.MatchString(key) || len(content) > maxKeyBytes {
			return r.damaged("the entry %q", name)
		}
		return r.v.key(key, content)
	case name == settingsEntry:
		return r.v.settings(content)
	case isTable:
		table, _, _ := strings.Cut(path, "/")
		return r.readRows(table, content)
	case strings.HasPrefix(name, blobsPrefix):
		return r.readBlobs(content)
	case name == archivesEntry:
		return r.readArchives(content)
	case name == summaryEntry:
		return r.readSummary(content)
	}
	return r.damaged("the entry %q", name)
}

func (r *reader) readManifest(name string, content []byte) error {
	m := &Manifest{}
	if name != manifestEntry {
		return r.damaged("it begins with %q", name)
	}
	if err := json.Unmarshal(content, m); err != nil {
		return damaged(r.name, err)
	}
	if m.Format > Format {
		return fmt.Errorf("the backup %s was made by version %s in a form that this program does not know: use a newer program",
			r.name, m.Program)
	}
	if m.Format != Format || len(m.Schema.Tables) > maxTables {
		return r.damaged("its manifest")
	}
	r.manifest, r.tables = m, map[string]Table{}
	for _, t := range m.Schema.Tables {
		if _, twice := r.tables[t.Name]; twice || !t.valid() {
			return r.damaged("the table %q", t.Name)
		}
		r.tables[t.Name] = t
	}
	return r.v.manifest(*m)
}

func (t Table) valid() bool {
	if !tableName.MatchString(t.Name) || len(t.Columns) == 0 || len(t.Columns) > maxColumns || t.Counter < 0 {
		return false
	}
	return !slices.ContainsFunc(t.Columns, func(c Column) bool {
		return !tableName.MatchString(c.Name) || c.Kind != Integer && c.Kind != Text && c.Kind != Bytes
	})
}

func (r *reader) readRows(table string, content []byte) error {
	t, ok := r.tables[table]
	if !ok {
		return r.damaged("rows of the table %q", table)
	}
	if table != r.table {
		if _, twice := r.sums[table]; twice {
			return r.damaged("the table %s is there twice", table)
		}
		r.endTable()
		r.table, r.lines, r.sum = table, 0, sha256.New()
	}
	r.sum.Write(content)
	var rows []Row
	for len(content) > 0 {
		line, rest, whole := bytes.Cut(content, []byte("\n"))
		if !whole {
			return r.damaged("a line of the table %s", table)
		}
		row, err := parseRow(line, len(t.Columns))
		if err != nil {
			return r.damaged("a line of the table %s: %w", table, err)
		}
		rows, content = append(rows, row), rest
	}
	r.lines += int64(len(rows))
	return r.v.rows(t, rows)
}

func (r *reader) endTable() {
	if r.table != "" {
		r.sums[r.table] = TableSum{r.lines, hex.EncodeToString(r.sum.Sum(nil))}
	}
	r.table = ""
}

func (r *reader) readBlobs(content []byte) error {
	for line := range bytes.Lines(content) {
		var b Blob
		if err := json.Unmarshal(line, &b); err != nil {
			return damaged(r.name, err)
		}
		if !blobName.MatchString(b.Name) || b.Size < 0 {
			return r.damaged("the blob %q", b.Name)
		}
		r.blobs++
		if err := r.v.blob(b); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) readArchives(content []byte) error {
	var names []string
	if err := json.Unmarshal(content, &names); err != nil {
		return damaged(r.name, err)
	}
	for _, n := range names {
		if !archiveName.MatchString(n) {
			return r.damaged("the archive %q", n)
		}
	}
	return r.v.archives(names)
}

// readSummary compares what was read with what was written.
func (r *reader) readSummary(content []byte) error {
	r.endTable()
	var s Summary
	if err := json.Unmarshal(content, &s); err != nil {
		return damaged(r.name, err)
	}
	for name := range r.tables {
		want, ok := s.Tables[name]
		if !ok {
			return r.damaged("the sum of the table %s is missing", name)
		}
		got, ok := r.sums[name]
		if !ok {
			empty := sha256.Sum256(nil)
			got = TableSum{0, hex.EncodeToString(empty[:])}
		}
		if got != want {
			return r.damaged("the table %s has %d rows, %d were written", name, got.Rows, want.Rows)
		}
	}
	if s.Blobs != r.blobs {
		return r.damaged("it lists %d blobs, %d were written", r.blobs, s.Blobs)
	}
	r.summed = true
	return nil
}
