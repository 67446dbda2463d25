package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/minio/minio-go/v7"
)

// blob reads a row of objects as one. Reading on where the last read ended goes on with the same answer of the server; a
// read at another place begins a new one. It is for one goroutine.
type blob struct {
	ctx   context.Context // an io.Reader has no other way to be told
	store *Store
	row   []piece
	size  int64

	at   int64         // of Read
	open io.ReadCloser // an answer, from which bytes from next on can be read
	next int64
	end  int64
}

// Size implements files.Blob.
func (b *blob) Size() int64 { return b.size }

// Seek implements io.Seeker.
func (b *blob) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	b.at = offset
	return offset, nil
}

// Read implements io.Reader.
func (b *blob) Read(p []byte) (int, error) {
	n, err := b.readSome(p, b.at)
	b.at += int64(n)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (b *blob) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) && err == nil {
		var got int
		got, err = b.readSome(p[n:], at+int64(n))
		n += got
	}
	if n == len(p) {
		return n, nil
	}
	return n, err
}

// readSome reads from the object that holds a place.
func (b *blob) readSome(p []byte, at int64) (int, error) {
	if at >= b.size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if b.open == nil || b.next != at || b.next == b.end {
		if err := b.begin(at); err != nil {
			return 0, err
		}
	}
	n, err := b.open.Read(p[:min(int64(len(p)), b.end-at)])
	b.next += int64(n)
	switch {
	case n > 0:
		return n, nil // an error comes again
	case errors.Is(err, io.EOF):
		return 0, io.ErrUnexpectedEOF // the object is shorter than it was
	case err != nil:
		return 0, fmt.Errorf("read a blob: %w", err)
	}
	return 0, nil
}

// begin asks for an object's bytes from a place on.
func (b *blob) begin(at int64) error {
	b.Close()
	i := sort.Search(len(b.row), func(i int) bool { return b.row[i].end > at })
	p := b.row[i]
	var options minio.GetObjectOptions
	if err := options.SetRange(at-p.start, p.end-p.start-1); err != nil {
		return fmt.Errorf("read a blob: %w", err)
	}
	core := minio.Core{Client: b.store.client}
	body, _, _, err := core.GetObject(b.ctx, b.store.bucket, p.key, options)
	if err != nil {
		return failed("read a blob", err)
	}
	b.open, b.next, b.end = body, at, p.end
	return nil
}

// Close implements io.Closer. A closed blob can be read again.
func (b *blob) Close() error {
	if b.open == nil {
		return nil
	}
	err := b.open.Close()
	b.open = nil
	return err
}
