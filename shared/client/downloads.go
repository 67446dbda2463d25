package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"himsg/shared/wire"
)

// This file asks for files that are on the server.

// Sink takes the bytes of a download.
type Sink interface {
	io.Writer
	// Held is how many bytes are there already, from the beginning on.
	Held() int64
	// Restart drops what is there: the server sends from the beginning.
	Restart() error
	// SHA256 is the checksum of what is there, in hex.
	SHA256() string
}

// ErrChecksum says that what arrived is not what was sent. The sink is of no use any more: Restart it.
var ErrChecksum = errors.New("the bytes that arrived are not those that were sent")

// sinkError marks errors of the sink, which are not the network's.
type sinkError struct{ err error }

func (e *sinkError) Error() string { return "keep what arrived: " + e.err.Error() }
func (e *sinkError) Unwrap() error { return e.err }

// IsSink reports whether a download ended because its sink failed: a full disk, say.
func IsSink(err error) bool {
	var e *sinkError
	return errors.As(err, &e)
}

// Download fetches what a sink does not hold of a file, and compares the checksum. After an error that is Temporary, call it
// again with the same sink: it goes on. moved is told how many bytes the sink holds; nil: nobody asks.
func (s *Session) Download(ctx context.Context, file wire.File, into Sink, moved func(done int64)) error {
	w := wanted{path: "/api/download-file/" + url.PathEscape(file.FileID), size: file.Size, sha256: file.SHA256}
	return w.fill(into, func() error {
		return s.authorised(ctx, func(token string) error { return s.http.fetch(ctx, w, token, into, moved) })
	})
}

// wanted are the bytes that a sink is to hold in the end.
type wanted struct {
	path   string
	size   int64
	sha256 string // empty: it is not known
}

// fill has fetch add what a sink does not hold, and compares the checksum.
func (w wanted) fill(into Sink, fetch func() error) error {
	if into.Held() > w.size {
		if err := into.Restart(); err != nil {
			return &sinkError{err}
		}
	}
	if into.Held() < w.size {
		if err := fetch(); err != nil {
			return err
		}
	}
	switch {
	case into.Held() < w.size:
		return fmt.Errorf("%w: cut at %d of %d bytes", ErrOffline, into.Held(), w.size)
	case w.sha256 != "" && !strings.EqualFold(into.SHA256(), w.sha256):
		return ErrChecksum
	}
	return nil
}

func (h *HTTP) fetch(ctx context.Context, w wanted, token string, into Sink, moved func(done int64)) error {
	if moved == nil {
		moved = func(int64) {}
	}
	ctx, dog, stop := watch(ctx, h.stall())
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base+w.path, http.NoBody)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAddress, err)
	}
	req.Header = h.headers(token)
	req.Header.Set("Accept", "*/*")
	req.Header.Set("Accept-Encoding", "identity") // what is counted is what was asked for
	if held := into.Held(); held > 0 && w.sha256 != "" {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(held, 10)+"-")
		req.Header.Set("If-Range", `"`+w.sha256+`"`)
	}
	return h.transfer(ctx, req, func(res *http.Response) error {
		if err := startAt(res, into); err != nil {
			return err
		}
		body := progress{io.LimitReader(res.Body, w.size-into.Held()+1), func(int) { dog.alive() }}
		return copyInto(into, body, w.size, moved)
	})
}

// startAt makes the sink hold just what comes before the reply's bytes.
func startAt(res *http.Response, into Sink) error {
	held := into.Held()
	if res.StatusCode == http.StatusPartialContent {
		if want := "bytes " + strconv.FormatInt(held, 10) + "-"; strings.HasPrefix(res.Header.Get("Content-Range"), want) {
			return nil
		}
		return fmt.Errorf("%w: another range than was asked for", ErrNotHimsg)
	}
	if held == 0 {
		return nil
	}
	if err := into.Restart(); err != nil {
		return &sinkError{err}
	}
	return nil
}

// copyInto copies a body; more than the file's size is not taken.
func copyInto(into Sink, body io.Reader, size int64, moved func(done int64)) error {
	buffer := make([]byte, 128<<10)
	for {
		n, err := body.Read(buffer)
		if into.Held()+int64(n) > size {
			return fmt.Errorf("%w: more than %d bytes", ErrNotHimsg, size)
		}
		if n > 0 {
			if _, err := into.Write(buffer[:n]); err != nil {
				return &sinkError{err}
			}
			moved(into.Held())
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Buffer is a Sink in memory, for small files.
type Buffer struct{ buffer bytes.Buffer }

// Write implements Sink.
func (m *Buffer) Write(p []byte) (int, error) { return m.buffer.Write(p) }

// Held implements Sink.
func (m *Buffer) Held() int64 { return int64(m.buffer.Len()) }

// Restart implements Sink.
func (m *Buffer) Restart() error { m.buffer.Reset(); return nil }

// SHA256 implements Sink.
func (m *Buffer) SHA256() string {
	sum := sha256.Sum256(m.buffer.Bytes())
	return hex.EncodeToString(sum[:])
}

// Bytes is what is there.
func (m *Buffer) Bytes() []byte { return m.buffer.Bytes() }

func filePath(fileID, more string) string {
	return "/api/files/" + url.PathEscape(fileID) + more
}

// FileStatus says what has become of an upload.
func (s *Session) FileStatus(ctx context.Context, fileID string) (wire.FileStatus, error) {
	var out wire.FileStatus
	err := s.do(ctx, call{method: http.MethodGet, path: filePath(fileID, ""), out: &out})
	return out, err
}

// Thumbnail returns a small picture of a file, of wire.SmallThumbnail or wire.LargeThumbnail pixels. It never changes.
func (s *Session) Thumbnail(ctx context.Context, fileID string, size int) (image []byte, contentType string, err error) {
	query := url.Values{"size": {strconv.Itoa(size)}}
	err = s.do(ctx, call{
		method: http.MethodGet, path: filePath(fileID, "/thumbnail?"+query.Encode()), image: &image, imageType: &contentType,
	})
	return image, contentType, err
}

// RoomFilesQuery is what RoomFiles asks for, see wire.RoomFilesReply. A Limit of 0 means the most.
type RoomFilesQuery struct {
	Kind, Query, Before string
	Limit               int
}

// RoomFiles lists a page of a room's files, the newest first.
func (s *Session) RoomFiles(ctx context.Context, roomUUID string, q RoomFilesQuery) (wire.RoomFilesReply, error) {
	query := url.Values{}
	for name, value := range map[string]string{"kind": q.Kind, "query": q.Query, "before": q.Before} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if q.Limit > 0 {
		query.Set("limit", strconv.Itoa(q.Limit))
	}
	var out wire.RoomFilesReply
	err := s.do(ctx, call{method: http.MethodGet, path: roomPath(roomUUID, "files") + "?" + query.Encode(), out: &out})
	return out, err
}
