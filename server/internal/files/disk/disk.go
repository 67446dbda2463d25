// Package disk keeps the bytes of files in a folder: in part/ what is still growing, in whole/ what is complete, both in 256
// folders by the first two digits of the name. Only this user may look into them. Package app chooses it; it implements
// files.Blobs.
package disk

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/shared/wire"
)

const (
	growing   = "part"
	complete  = "whole"
	dirMode   = 0o700
	fileMode  = 0o600
	syncEvery = 8 << 20 // bytes between syncs while a blob grows
	copyBytes = 128 << 10
	writeback = 1 << 20 // bytes after which the kernel is told to begin with them
	nameBytes = 16
	fullRetry = 30 * time.Second
)

var textFull = errs.Text{
	KO: "서버의 파일 저장 공간이 부족합니다.", EN: "The server has no room for files at the moment.",
}

// Store is a folder of blobs. It is safe for use by several goroutines, one at a time for each blob that grows.
type Store struct{ dir string }

var _ files.Blobs = (*Store)(nil)

// Open makes the folder if it is missing.
func Open(dir string) (*Store, error) {
	for _, sub := range []string{growing, complete} {
		if err := os.MkdirAll(filepath.Join(dir, sub), dirMode); err != nil {
			return nil, fmt.Errorf("make the folder of files: %w", err)
		}
	}
	return &Store{dir}, nil
}

var errName = errors.New("not the name of a blob")

func (s *Store) path(where, name string) (string, error) {
	if raw, err := hex.DecodeString(name); err != nil || len(raw) != nameBytes {
		return "", errName
	}
	return filepath.Join(s.dir, where, name[:2], name), nil
}

// Append implements files.Blobs. What is there beyond the offset is cut off first.
func (s *Store) Append(ctx context.Context, name string, offset int64, r io.Reader) (n int64, err error) {
	path, err := s.path(growing, name)
	if err != nil {
		return 0, err
	}
	f, made, err := open(path)
	if err != nil {
		return 0, failed("open a blob", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return 0, failed("look at a blob", err)
	}
	if info.Size() < offset {
		return 0, errs.E(wire.Conflict, "", errs.Text{})
	}
	if info.Size() > offset {
		if err := f.Truncate(offset); err != nil {
			return 0, failed("cut a blob", err)
		}
	}
	n, err = appendTo(ctx, f, offset, r)
	if made {
		err = errors.Join(err, syncDir(filepath.Dir(path)))
	}
	return n, err
}

// open opens a growing blob, or makes it and its folder.
func open(path string) (f *os.File, made bool, err error) {
	f, err = os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // the name was checked: 32 hex digits
	if !errors.Is(err, fs.ErrNotExist) {
		return f, false, err
	}
	if err := makeDir(filepath.Dir(path)); err != nil {
		return nil, false, err
	}
	f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode) //nolint:gosec // the name was checked: 32 hex digits
	return f, true, err
}

// appendTo writes and syncs in steps. n counts what is synced: the rest may be gone after a power cut.
func appendTo(ctx context.Context, f *os.File, offset int64, r io.Reader) (n int64, err error) {
	buffer := make([]byte, copyBytes)
	for {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		step, err := copyStep(f, offset+n, r, buffer)
		if step > 0 {
			if failedSync := f.Sync(); failedSync != nil {
				return n, failed("sync a blob", failedSync)
			}
			n += step
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// copyStep writes up to syncEvery bytes; io.EOF: there are no more.
func copyStep(f *os.File, at int64, r io.Reader, buffer []byte) (n int64, err error) {
	for begun := int64(0); n < syncEvery; {
		got, err := fill(r, buffer)
		if got > 0 {
			wrote, failedWrite := f.WriteAt(buffer[:got], at+n)
			n += int64(wrote)
			if failedWrite != nil {
				return n, failed("write a blob", failedWrite)
			}
			if n-begun >= writeback {
				beginWriteback(f, at+begun, n-begun)
				begun = n
			}
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// fill reads until the buffer is full, so that whoever sends a byte a second does not make the disk write one.
func fill(r io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var got int
		got, err = r.Read(buffer[n:])
		n += got
	}
	return n, err
}

// Size implements files.Blobs.
func (s *Store) Size(_ context.Context, name string) (int64, error) {
	for _, where := range []string{growing, complete} {
		path, err := s.path(where, name)
		if err != nil {
			return 0, err
		}
		info, err := os.Stat(path)
		if err == nil {
			return info.Size(), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return 0, failed("look at a blob", err)
		}
	}
	return 0, nil
}

// Finish implements files.Blobs. The bytes are synced already; the new name becomes durable with its folders.
func (s *Store) Finish(_ context.Context, name string) error {
	from, err := s.path(growing, name)
	if err != nil {
		return err
	}
	to, err := s.path(complete, name)
	if err != nil {
		return err
	}
	if err := makeDir(filepath.Dir(to)); err != nil {
		return failed("make a folder", err)
	}
	if err := os.Rename(from, to); err != nil {
		if _, there := os.Stat(to); errors.Is(err, fs.ErrNotExist) && there == nil {
			return nil
		}
		return failed("finish a blob", err)
	}
	return errors.Join(syncDir(filepath.Dir(to)), syncDir(filepath.Dir(from)))
}

// blob is an open file and its size.
type blob struct {
	*os.File
	size int64
}

// Size implements files.Blob.
func (b blob) Size() int64 { return b.size }

// OSFile is the file itself, which the kernel can send without copying it.
func (b blob) OSFile() *os.File { return b.File }

// Open implements files.Blobs.
func (s *Store) Open(_ context.Context, name string) (files.Blob, error) {
	for _, where := range []string{complete, growing} {
		path, err := s.path(where, name)
		if err != nil {
			return nil, err
		}
		f, err := os.Open(path) //nolint:gosec // the name was checked: 32 hex digits
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, failed("open a blob", err)
		}
		info, err := f.Stat()
		if err != nil {
			return nil, errors.Join(failed("look at a blob", err), f.Close())
		}
		return blob{f, info.Size()}, nil
	}
	return nil, fmt.Errorf("open a blob: %w", fs.ErrNotExist)
}

// Remove implements files.Blobs.
func (s *Store) Remove(_ context.Context, name string) error {
	for _, where := range []string{growing, complete} {
		path, err := s.path(where, name)
		if err != nil {
			return err
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failed("remove a blob", err)
		}
	}
	return nil
}

// List implements files.Blobs. What has no blob's name is none of ours and left alone.
func (s *Store) List(ctx context.Context, before int64, fn func(name string) error) error {
	for _, where := range []string{growing, complete} {
		err := filepath.WalkDir(filepath.Join(s.dir, where), func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // removed meanwhile
			}
			if err != nil {
				return err
			}
			if err := ctx.Err(); err != nil || d.IsDir() {
				return err
			}
			if expected, err := s.path(where, d.Name()); err != nil || expected != path {
				return nil //nolint:nilerr // not ours
			}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) || err == nil && info.ModTime().UnixMilli() >= before {
				return nil
			}
			if err != nil {
				return err
			}
			return fn(d.Name())
		})
		if err != nil {
			return fmt.Errorf("list blobs: %w", err)
		}
	}
	return nil
}

// pingBytes is how much must fit for the store to be well.
const pingBytes = 64 << 10

// Ping implements files.Blobs: it writes and syncs a small file.
func (s *Store) Ping(context.Context) (err error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, growing), ".ping-*")
	if err != nil {
		return failed("write to the folder of files", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if _, err := f.Write(make([]byte, pingBytes)); err != nil {
		return failed("write to the folder of files", err)
	}
	if err := f.Sync(); err != nil {
		return failed("write to the folder of files", err)
	}
	return nil
}

func makeDir(dir string) error {
	err := os.Mkdir(dir, dirMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// failed is an error of the disk; a full one says so.
func failed(what string, err error) error {
	err = fmt.Errorf("%s: %w", what, err)
	if errors.Is(err, syscall.ENOSPC) || isQuota(err) {
		return &errs.Error{
			Code: wire.Unavailable, Reason: wire.ReasonDiskFull, Text: textFull, RetryAfter: fullRetry, Err: err,
		}
	}
	return err
}
