package backup

import (
	"context"
	"io"
)

// Kind is what a column holds.
type Kind string

// The kinds of columns.
const (
	Integer Kind = "integer"
	Text    Kind = "text"
	Bytes   Kind = "bytes"
)

// Column is one of a table.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// Table is a table of the database, of whatever make it is.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	// Counter is the last number that its key was given; 0 if the database counts none there.
	Counter int64 `json:"counter,omitempty"`
}

// Row is one of a table: nil, int64, string or []byte for each of its columns. It is the receiver's until the next one.
type Row []any

// Schema is what a database's tables look like.
type Schema struct {
	Version int64   `json:"version"` // the number of its last migration
	Engine  string  `json:"engine"`  // for people: "SQLite 3.53.0"
	Tables  []Table `json:"tables"`
}

// Blob is the bytes of a file that a row refers to.
type Blob struct {
	Name   string `json:"name"`
	Size   int64  `json:"size,omitempty"`   // 0: not known
	SHA256 string `json:"sha256,omitempty"` // in hex; empty: not known
	// Optional bytes can be missing: a file whose upload has only just ended, or a thumbnail.
	Optional bool `json:"optional,omitempty"`
}

// Sink takes a database, in this order: Begin, each Row of the first table, of the second …, each Blob.
type Sink interface {
	Begin(Schema) error
	Row(table int, row Row) error
	Blob(Blob) error
}

// Source is the database of a server that works meanwhile.
type Source interface {
	// Dump hands over one state of the database, whatever is written meanwhile. An error of the sink ends it and comes back.
	Dump(ctx context.Context, to Sink) error
	// Blobs says which of these names belong to files whose bytes are still kept.
	Blobs(ctx context.Context, names []string) (known []string, err error)
	// NoteBackup adds to the audit that a copy of everything was made.
	NoteBackup(ctx context.Context, at int64, detail string) error
}

// Target is an empty database that takes what a Source gave, of any make.
type Target interface {
	// NewestSchema is the newest schema that this program knows.
	NewestSchema(ctx context.Context) (int64, error)
	// ClearAll brings the schema to exactly this version and empties all tables. wire.Conflict if there are people in them and anew
	// is false.
	ClearAll(ctx context.Context, version int64, anew bool) error
	// LoadRows takes the rows of a table, those of any one in the order in which they are called.
	LoadRows(ctx context.Context, t Table, rows []Row) error
	// FinishRestore brings the schema up to date, checks that rows refer to rows that are there, sets the counters, and tells the audit. at is
	// the time in ms: the restored server's numbers have another history than those that were given out after the backup.
	FinishRestore(ctx context.Context, tables []Table, at int64, detail string) error
	// CountRows is how many rows a table has.
	CountRows(ctx context.Context, table string) (int64, error)
}

// Blobs is where the bytes of files are.
type Blobs interface {
	// Read opens a blob. fs.ErrNotExist if there is none.
	Read(ctx context.Context, name string) (io.ReadCloser, int64, error)
	// Write stores a blob that is not there. One with that size stays as it is.
	Write(ctx context.Context, name string, size int64, r io.Reader) error
	// Size of a blob, 0 if there is none.
	Size(ctx context.Context, name string) (int64, error)
}
