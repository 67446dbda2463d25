// Package s3 keeps the bytes of files in a bucket of anything that speaks S3. A blob that grows is a row of objects, one for
// each piece, so that any node can go on with it; Finish puts them together. Package app chooses it; it implements
// files.Blobs.
package s3

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"

	"github.com/minio/minio-go/v7"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/shared/wire"
)

const (
	growing   = "part/"
	complete  = "whole/"
	pieceSize = 8 << 20 // of an object while a blob grows; held in memory until it is stored
	joinSize  = 16 << 20
	nameBytes = 16
	digits    = 16 // of the offset in a piece's name: they sort as numbers do
)

// Store is a bucket of blobs. It is safe for use by several goroutines, one at a time for each blob that grows.
type Store struct {
	client *minio.Client
	bucket string
	prefix string // in front of all names; empty or ending with a slash
}

var _ files.Blobs = (*Store)(nil)

// New makes a Store of a bucket that must be there.
func New(client *minio.Client, bucket, prefix string) *Store {
	return &Store{client, bucket, prefix}
}

var errName = errors.New("not the name of a blob")

func check(name string) error {
	if raw, err := hex.DecodeString(name); err != nil || len(raw) != nameBytes {
		return errName
	}
	return nil
}

func (s *Store) whole(name string) string { return s.prefix + complete + name[:2] + "/" + name }

func (s *Store) pieces(name string) string { return s.prefix + growing + name[:2] + "/" + name + "/" }

func (s *Store) pieceKey(name string, offset int64) string {
	return s.pieces(name) + fmt.Sprintf("%0*d", digits, offset)
}

// piece is an object that holds a part of a growing blob.
type piece struct {
	key        string
	start, end int64
}

// list returns the pieces of a blob without a gap, and the keys of others, which belong to no blob any more.
func (s *Store) list(ctx context.Context, name string) (row []piece, loose []string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing
	end := int64(0)
	for object := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.pieces(name)}) {
		if object.Err != nil {
			return nil, nil, failed("list pieces", object.Err)
		}
		start, err := strconv.ParseInt(path.Base(object.Key), 10, 64)
		if err != nil || start != end {
			loose = append(loose, object.Key)
			continue
		}
		end = start + object.Size
		row = append(row, piece{object.Key, start, end})
	}
	return row, loose, nil
}

// Append implements files.Blobs. Each piece is durable when the server has acknowledged it.
func (s *Store) Append(ctx context.Context, name string, offset int64, r io.Reader) (n int64, err error) {
	if err := check(name); err != nil {
		return 0, err
	}
	if err := s.cut(ctx, name, offset); err != nil {
		return 0, err
	}
	var buffer bytes.Buffer
	for {
		buffer.Reset()
		read, err := io.CopyN(&buffer, r, pieceSize)
		if read > 0 {
			// What came before the client broke off is kept.
			within := context.WithoutCancel(ctx)
			if failedPut := s.put(within, s.pieceKey(name, offset+n), buffer.Bytes()); failedPut != nil {
				return n, failedPut
			}
			n += read
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

func (s *Store) put(ctx context.Context, key string, data []byte) error {
	_, err := s.client.PutObject(ctx, s.bucket, key, bytes.NewReader(data), int64(len(data)),
		minio.PutObjectOptions{DisableMultipart: true, DisableContentSha256: true})
	if err != nil {
		return failed("store a piece", err)
	}
	return nil
}

// cut drops what lies beyond an offset.
func (s *Store) cut(ctx context.Context, name string, offset int64) error {
	row, loose, err := s.list(ctx, name)
	if err != nil {
		return err
	}
	end := int64(0)
	for _, p := range row {
		switch {
		case p.start >= offset:
			loose = append(loose, p.key)
			continue
		case p.end > offset:
			if err := s.shorten(ctx, p, offset-p.start); err != nil {
				return err
			}
		}
		end = min(p.end, offset)
	}
	if end < offset {
		return errs.E(wire.Conflict, "", errs.Text{})
	}
	return s.removeAll(ctx, loose)
}

// shorten keeps the first n bytes of a piece.
func (s *Store) shorten(ctx context.Context, p piece, n int64) error {
	object, err := s.client.GetObject(ctx, s.bucket, p.key, minio.GetObjectOptions{})
	if err != nil {
		return failed("read a piece", err)
	}
	defer object.Close()
	kept, err := io.ReadAll(io.LimitReader(object, n))
	if err != nil {
		return failed("read a piece", err)
	}
	return s.put(ctx, p.key, kept)
}

// Size implements files.Blobs.
func (s *Store) Size(ctx context.Context, name string) (int64, error) {
	if err := check(name); err != nil {
		return 0, err
	}
	row, _, err := s.list(ctx, name)
	if err != nil {
		return 0, err
	}
	if len(row) > 0 {
		return row[len(row)-1].end, nil
	}
	size, _, err := s.finished(ctx, name)
	return size, err
}

// finished tells the size of a blob that was finished.
func (s *Store) finished(ctx context.Context, name string) (size int64, there bool, err error) {
	info, err := s.client.StatObject(ctx, s.bucket, s.whole(name), minio.StatObjectOptions{})
	if isMissing(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, failed("look at a blob", err)
	}
	return info.Size, true, nil
}

// Finish implements files.Blobs. The bytes go through this machine once more: not every S3 can put objects together that
// are smaller than 5 MiB.
func (s *Store) Finish(ctx context.Context, name string) error {
	if err := check(name); err != nil {
		return err
	}
	row, loose, err := s.list(ctx, name)
	if err != nil {
		return err
	}
	_, there, err := s.finished(ctx, name)
	if err != nil {
		return err
	}
	if len(row) == 0 && !there {
		return fmt.Errorf("finish a blob: %w", fs.ErrNotExist)
	}
	if len(row) > 0 {
		if err := s.join(ctx, name, row); err != nil {
			return err
		}
	}
	for _, p := range row {
		loose = append(loose, p.key)
	}
	return s.removeAll(ctx, loose)
}

func (s *Store) join(ctx context.Context, name string, row []piece) error {
	b := &blob{ctx: ctx, store: s, row: row, size: row[len(row)-1].end}
	defer b.Close()
	_, err := s.client.PutObject(ctx, s.bucket, s.whole(name), io.NewSectionReader(b, 0, b.size), b.size,
		minio.PutObjectOptions{PartSize: joinSize, NumThreads: 1, DisableContentSha256: true})
	if err != nil {
		return failed("put a blob together", err)
	}
	return nil
}

// Open implements files.Blobs.
func (s *Store) Open(ctx context.Context, name string) (files.Blob, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	size, there, err := s.finished(ctx, name)
	if err != nil {
		return nil, err
	}
	if there {
		return &blob{ctx: ctx, store: s, row: []piece{{s.whole(name), 0, size}}, size: size}, nil
	}
	row, _, err := s.list(ctx, name)
	if err != nil {
		return nil, err
	}
	if len(row) == 0 {
		return nil, fmt.Errorf("open a blob: %w", fs.ErrNotExist)
	}
	return &blob{ctx: ctx, store: s, row: row, size: row[len(row)-1].end}, nil
}

// Remove implements files.Blobs.
func (s *Store) Remove(ctx context.Context, name string) error {
	if err := check(name); err != nil {
		return err
	}
	row, loose, err := s.list(ctx, name)
	if err != nil {
		return err
	}
	for _, p := range row {
		loose = append(loose, p.key)
	}
	return s.removeAll(ctx, append(loose, s.whole(name)))
}

func (s *Store) removeAll(ctx context.Context, keys []string) error {
	for _, key := range keys {
		err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
		if err != nil && !isMissing(err) {
			return failed("remove a blob", err)
		}
	}
	return nil
}

// List implements files.Blobs. Of a growing blob the first piece's time counts.
func (s *Store) List(ctx context.Context, before int64, fn func(name string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing
	last := ""
	for _, where := range []string{growing, complete} {
		for object := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix + where, Recursive: true}) {
			if object.Err != nil {
				return failed("list blobs", object.Err)
			}
			name := path.Base(object.Key)
			if where == growing {
				name = path.Base(path.Dir(object.Key))
			}
			if check(name) != nil || name == last || object.LastModified.UnixMilli() >= before {
				continue // not ours, told already, or too new
			}
			last = name
			if err := fn(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Ping implements files.Blobs.
func (s *Store) Ping(ctx context.Context) error {
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return failed("look at the bucket", err)
	}
	if !there {
		return fmt.Errorf("look at the bucket: %w", fs.ErrNotExist)
	}
	return nil
}

func isMissing(err error) bool {
	return err != nil && minio.ToErrorResponse(err).StatusCode == http.StatusNotFound
}

func failed(what string, err error) error {
	if minio.ToErrorResponse(err).StatusCode == http.StatusInsufficientStorage {
		return &errs.Error{Code: wire.Unavailable, Reason: wire.ReasonDiskFull, Err: fmt.Errorf("%s: %w", what, err)}
	}
	return fmt.Errorf("%s: %w", what, err)
}
