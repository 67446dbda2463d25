package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A file may be two things at once: a picture to one program and an archive to another (GIFAR). Archives are read from
// their end, so what is no archive must not end as one.

var errAlsoArchive = errors.New("it is a zip archive too")

const (
	zipMagic      = "PK\x03\x04"
	zipEnd        = "PK\x05\x06"
	zipEndBytes   = 22
	maxZipComment = 1<<16 - 1
)

// noArchive refuses a file with a zip archive at its end.
func noArchive(_ context.Context, b Blob) error {
	end, err := findZipEnd(b)
	if err != nil {
		return err
	}
	if end == nil {
		return nil
	}
	// The four bytes of the mark may be there by chance; a directory before them is no chance.
	at := end.at - end.dirBytes
	if at < 0 || end.dirBytes < 4 {
		return nil
	}
	mark := make([]byte, 4)
	if _, err := b.ReadAt(mark, at); err != nil {
		return fmt.Errorf("read the archive's directory: %w", err)
	}
	if string(mark) == zipEntry {
		return contentRefused(errAlsoArchive)
	}
	return nil
}

const zipEntry = "PK\x01\x02"

// onlyPicture refuses what is something else beside the picture. That it can be decoded is found out when it is.
func onlyPicture(ctx context.Context, b Blob) error { return noArchive(ctx, b) }

// zipTail is the end record of an archive.
type zipTail struct {
	at                 int64 // of the record
	entries            int64
	dirBytes, dirStart int64
	comment            int64 // bytes behind the record
	zip64              bool
}

// findZipEnd finds the last end record, nil if there is none.
func findZipEnd(b io.ReaderAt) (*zipTail, error) {
	sized, ok := b.(interface{ Size() int64 })
	if !ok {
		return nil, errors.New("a reader without size")
	}
	n := min(sized.Size(), zipEndBytes+maxZipComment)
	tail := make([]byte, n)
	if _, err := b.ReadAt(tail, sized.Size()-n); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the end: %w", err)
	}
	i := bytes.LastIndex(tail, []byte(zipEnd))
	if i < 0 || len(tail)-i < zipEndBytes {
		return nil, nil //nolint:nilnil // none is an answer
	}
	r := tail[i:]
	le := binary.LittleEndian
	end := &zipTail{
		at: sized.Size() - n + int64(i), entries: int64(le.Uint16(r[10:])), dirBytes: int64(le.Uint32(r[12:])),
		dirStart: int64(le.Uint32(r[16:])), comment: int64(len(r) - zipEndBytes),
	}
	end.zip64 = end.entries == 0xffff || end.dirBytes == 0xffffffff || end.dirStart == 0xffffffff
	return end, nil
}

// checkPDF: a PDF ends with %%EOF; programs tolerate a little behind it. Scripts in it are not looked for: it is only ever
// handed out as an attachment, and nothing of ours opens it.
func checkPDF(ctx context.Context, b Blob) error {
	const within = 4096
	n := min(b.Size(), within)
	tail := make([]byte, n)
	if _, err := b.ReadAt(tail, b.Size()-n); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the end: %w", err)
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return contentRefused(errors.New("a pdf without an end"))
	}
	return noArchive(ctx, b)
}

// checkBoxes walks the boxes of an ISO base media file: they must fill it.
func checkBoxes(ctx context.Context, b Blob) error {
	const most = 100_000
	head := make([]byte, 16)
	at := int64(0)
	for range most {
		if at == b.Size() {
			return noArchive(ctx, b)
		}
		if b.Size()-at < 8 {
			break
		}
		n, err := b.ReadAt(head, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read a box: %w", err)
		}
		size, least := int64(binary.BigEndian.Uint32(head)), int64(8)
		switch {
		case size == 0: // up to the end
			return noArchive(ctx, b)
		case size == 1 && n == 16:
			size, least = int64(binary.BigEndian.Uint64(head[8:])), 16
		}
		if size < least || size > b.Size()-at {
			break
		}
		at += size
	}
	return contentRefused(errors.New("its boxes don't fit"))
}
