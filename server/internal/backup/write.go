package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"
	"unicode/utf8"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

func writeText(path, text string) error {
	return durably(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

const partBytes = 4 << 20 // of rows in one entry of the tar

// writer writes a snapshot. It is the Sink of the database.
type writer struct {
	sealed io.WriteCloser
	packed *zstd.Encoder
	tar    *tar.Writer
	at     time.Time

	manifest Manifest
	summary  Summary
	blobs    []Blob
	progress func(what string, n int64)
	early    []entry // behind the manifest

	table int // the one whose rows come
	part  int
	rows  int64
	sum   hash.Hash
	lines bytes.Buffer
}

type entry struct {
	name    string
	content []byte
}

func newWriter(to io.Writer, keys []age.Recipient, m Manifest, at time.Time, early []entry) (*writer, error) {
	sealed, err := age.Encrypt(to, keys...)
	if err != nil {
		return nil, err
	}
	packed, err := zstd.NewWriter(sealed, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return &writer{
		sealed: sealed, packed: packed, tar: tar.NewWriter(packed), at: at, manifest: m, early: early,
		summary: Summary{Tables: map[string]TableSum{}}, table: -1, progress: func(string, int64) {},
	}, nil
}

func (w *writer) put(name string, content []byte) error {
	err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.at, Format: tar.FormatPAX})
	if err != nil {
		return err
	}
	_, err = w.tar.Write(content)
	return err
}

func (w *writer) putJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	return w.put(name, text)
}

// Begin implements Sink.
func (w *writer) Begin(s Schema) error {
	w.manifest.Schema = s
	if err := w.putJSON(manifestEntry, w.manifest); err != nil {
		return err
	}
	for _, e := range w.early {
		if err := w.put(e.name, e.content); err != nil {
			return err
		}
	}
	return nil
}

// Row implements Sink.
func (w *writer) Row(table int, row Row) error {
	for w.table != table {
		if err := w.nextTable(); err != nil {
			return err
		}
	}
	begin := w.lines.Len()
	if err := appendRow(&w.lines, row); err != nil {
		return fmt.Errorf("table %s: %w", w.manifest.Schema.Tables[table].Name, err)
	}
	w.sum.Write(w.lines.Bytes()[begin:])
	w.rows++
	if w.lines.Len() >= partBytes {
		return w.flushRows()
	}
	return nil
}

// nextTable ends the rows of a table and begins those of the next one; behind the last, of none.
func (w *writer) nextTable() error {
	if w.table >= 0 {
		if err := w.flushRows(); err != nil {
			return err
		}
		w.summary.Tables[w.manifest.Schema.Tables[w.table].Name] = TableSum{w.rows, hex.EncodeToString(w.sum.Sum(nil))}
	}
	w.table, w.part, w.rows, w.sum = w.table+1, 0, 0, sha256.New()
	return nil
}

func (w *writer) flushRows() error {
	table := w.manifest.Schema.Tables[w.table].Name
	w.progress(table, w.rows)
	if w.lines.Len() == 0 {
		return nil
	}
	w.part++
	err := w.put(fmt.Sprintf("%s%s/%06d.jsonl", tablesPrefix, table, w.part), w.lines.Bytes())
	w.lines.Reset()
	return err
}

// Blob implements Sink.
func (w *writer) Blob(b Blob) error {
	if !blobName.MatchString(b.Name) {
		return fmt.Errorf("%q is not the name of a blob", b.Name)
	}
	w.blobs = append(w.blobs, b)
	return nil
}

// endRows writes what is left of the rows.
func (w *writer) endRows() error {
	for w.table < len(w.manifest.Schema.Tables) {
		if err := w.nextTable(); err != nil {
			return err
		}
	}
	return nil
}

// end writes the list of blobs and the rest, and closes all but the file beneath.
func (w *writer) end(archives []string) error {
	for part, rest := 1, w.blobs; len(rest) > 0; part++ {
		n := min(len(rest), 20_000)
		w.lines.Reset()
		for _, b := range rest[:n] {
			line, err := json.Marshal(b)
			if err != nil {
				return err
			}
			w.lines.Write(append(line, '\n'))
		}
		if err := w.put(fmt.Sprintf("%s%06d.jsonl", blobsPrefix, part), w.lines.Bytes()); err != nil {
			return err
		}
		rest = rest[n:]
	}
	w.summary.Blobs = int64(len(w.blobs))
	if err := w.putJSON(archivesEntry, archives); err != nil {
		return err
	}
	if err := w.putJSON(summaryEntry, w.summary); err != nil {
		return err
	}
	if err := w.tar.Close(); err != nil {
		return err
	}
	if err := w.packed.Close(); err != nil {
		return err
	}
	return w.sealed.Close()
}

// wrapped is how JSON carries what its strings can't: bytes, and text of a database that is no UTF-8.
type wrapped struct {
	Bytes *string `json:"b,omitempty"`
	Text  *string `json:"t,omitempty"`
}

// appendRow adds a row as a line of JSON: an array of numbers, strings, nulls and wrapped bytes.
func appendRow(to *bytes.Buffer, row Row) error {
	to.WriteByte('[')
	for i, v := range row {
		if i > 0 {
			to.WriteByte(',')
		}
		switch v := v.(type) {
		case nil:
			to.WriteString("null")
		case int64:
			to.Write(fmt.Appendf(to.AvailableBuffer(), "%d", v))
		case string:
			if err := appendText(to, v); err != nil {
				return err
			}
		case []byte:
			code := base64.StdEncoding.EncodeToString(v)
			if err := appendJSON(to, wrapped{Bytes: &code}); err != nil {
				return err
			}
		default:
			return fmt.Errorf("a value of the type %T", v)
		}
	}
	to.WriteString("]\n")
	return nil
}

func appendText(to *bytes.Buffer, s string) error {
	if !utf8.ValidString(s) {
		code := base64.StdEncoding.EncodeToString([]byte(s))
		return appendJSON(to, wrapped{Text: &code})
	}
	return appendJSON(to, s)
}

func appendJSON(to *bytes.Buffer, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	to.Write(text)
	return nil
}

// parseRow reads what appendRow wrote.
func parseRow(line []byte, columns int) (Row, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	if len(raw) != columns {
		return nil, fmt.Errorf("%d values for %d columns", len(raw), columns)
	}
	row := make(Row, columns)
	for i, r := range raw {
		v, err := parseValue(r)
		if err != nil {
			return nil, err
		}
		row[i] = v
	}
	return row, nil
}

func parseValue(raw json.RawMessage) (any, error) {
	switch raw[0] {
	case 'n':
		return nil, nil
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case '{':
		var w wrapped
		if err := json.Unmarshal(raw, &w); err != nil {
			return nil, err
		}
		switch {
		case w.Bytes != nil:
			return base64.StdEncoding.DecodeString(*w.Bytes)
		case w.Text != nil:
			text, err := base64.StdEncoding.DecodeString(*w.Text)
			return string(text), err
		}
		return nil, fmt.Errorf("no value: %s", raw)
	}
	var n int64
	err := json.Unmarshal(raw, &n)
	return n, err
}
