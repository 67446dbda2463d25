package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"himsg/shared/wire"
)

// This file sends files: tus 1.0 (tus.io/protocols/resumable-upload) at /api/uploads.

const uploadsPath = "/api/uploads"

// smallUpload is what goes along with the request that makes the upload. The answer may be lost on the way, and with it
// the name to go on by: so only what costs little to send again.
const smallUpload = 256 << 10

// Upload is a file on its way to the server.
type Upload struct {
	FileID   string // of an upload that was begun before; empty: a new one
	RoomUUID string
	Name     string
	Size     int64  // at least 1
	SHA256   string // hex
	Content  io.ReaderAt
	// Begun is told the name of the upload before any more is sent, so that it can go on after a restart. It is told again
	// when the server no longer knew the one before.
	Begun func(fileID string) error
	// Progress is told how many bytes the server has or is being sent. It returns soon. nil: nobody asks.
	Progress func(done int64)
}

// Upload sends what the server does not have yet of a file. After an error that is Temporary, call it again with the FileID
// that Begun was told: it goes on where the server says. When it returns nil all bytes are there, and FileStatus says what
// becomes of them.
func (s *Session) Upload(ctx context.Context, u Upload) error {
	if u.Progress == nil {
		u.Progress = func(int64) {}
	}
	offset, err := s.resumeUpload(ctx, &u)
	if err == nil && u.FileID == "" {
		offset, err = s.beginUpload(ctx, &u)
	}
	for err == nil && offset < u.Size {
		u.Progress(offset)
		offset, err = s.uploadChunk(ctx, u, offset)
	}
	if err == nil {
		u.Progress(u.Size)
	}
	return err
}

// resumeUpload asks how far an upload came. One that the server no longer has, or has otherwise, is begun anew.
func (s *Session) resumeUpload(ctx context.Context, u *Upload) (offset int64, err error) {
	if u.FileID == "" {
		return 0, nil
	}
	offset, size, err := s.uploadOffset(ctx, u.FileID)
	switch {
	case isStatus(err, http.StatusNotFound), isStatus(err, http.StatusGone), err == nil && size != u.Size:
		u.FileID = ""
		return 0, nil
	case err == nil && offset > size:
		return 0, fmt.Errorf("%w: more bytes than the file has", ErrNotHimsg)
	}
	return offset, err
}

func (s *Session) uploadOffset(ctx context.Context, fileID string) (offset, size int64, err error) {
	err = s.uploadCall(ctx, http.MethodHead, uploadPath(fileID), nil, func(res *http.Response) error {
		var wrong error
		offset, wrong = countHeader(res.Header, "Upload-Offset")
		if wrong == nil {
			size, wrong = countHeader(res.Header, "Upload-Length")
		}
		return wrong
	})
	return offset, size, err
}

// beginUpload makes an upload; the bytes of a small file go along.
func (s *Session) beginUpload(ctx context.Context, u *Upload) (offset int64, err error) {
	header := http.Header{
		"Upload-Length":   {strconv.FormatInt(u.Size, 10)},
		"Upload-Metadata": {metadata("filename", u.Name) + "," + metadata("room_uuid", u.RoomUUID) + "," + metadata("sha256", u.SHA256)},
	}
	body := &uploadBody{header: header}
	if u.Size <= smallUpload {
		content := make([]byte, u.Size)
		if err := readAll(u.Content, content); err != nil {
			return 0, err
		}
		header.Set("Content-Type", "application/offset+octet-stream")
		body.open = func() io.Reader { return bytes.NewReader(content) }
		body.size = u.Size
	}
	err = s.uploadCall(ctx, http.MethodPost, uploadsPath, body, func(res *http.Response) error {
		place, err := url.Parse(res.Header.Get("Location"))
		if err != nil || !isID(path.Base(place.Path)) {
			return fmt.Errorf("%w: no place of an upload", ErrNotHimsg)
		}
		u.FileID = path.Base(place.Path)
		if res.Header.Get("Upload-Offset") == "" {
			return nil
		}
		offset, err = countHeader(res.Header, "Upload-Offset")
		if err == nil && offset > body.size {
			err = fmt.Errorf("%w: more bytes than were sent", ErrNotHimsg)
		}
		return err
	})
	if err == nil && u.Begun != nil {
		err = u.Begun(u.FileID)
	}
	return offset, err
}

// uploadChunk sends the bytes from an offset on, and returns the next one.
func (s *Session) uploadChunk(ctx context.Context, u Upload, offset int64) (next int64, err error) {
	size := min(wire.UploadChunkBytes, u.Size-offset)
	body := &uploadBody{
		header: http.Header{
			"Content-Type":  {"application/offset+octet-stream"},
			"Upload-Offset": {strconv.FormatInt(offset, 10)},
		},
		size: size,
		open: func() io.Reader {
			done := offset
			return progress{&source{u.Content, offset, size}, func(n int) {
				done += int64(n)
				u.Progress(done)
			}}
		},
	}
	err = s.uploadCall(ctx, http.MethodPatch, uploadPath(u.FileID), body, func(res *http.Response) error {
		next, err = countHeader(res.Header, "Upload-Offset")
		if err == nil && (next <= offset || next > offset+size) {
			err = fmt.Errorf("%w: offset %d after %d bytes from %d", ErrNotHimsg, next, size, offset)
		}
		return err
	})
	return next, err
}

// CancelUpload ends an upload or removes a file that was not sent yet. A repeat is harmless.
func (s *Session) CancelUpload(ctx context.Context, fileID string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := s.uploadCall(ctx, http.MethodDelete, uploadPath(fileID), nil, func(*http.Response) error { return nil })
	if isStatus(err, http.StatusNotFound) || isStatus(err, http.StatusGone) {
		return nil
	}
	return err
}

// uploadBody is what a request of an upload carries. open may be called again: a token may have to be renewed.
type uploadBody struct {
	header http.Header
	size   int64
	open   func() io.Reader
}

func (s *Session) uploadCall(
	ctx context.Context, method, path string, body *uploadBody, take func(*http.Response) error,
) error {
	return s.authorised(ctx, func(token string) error {
		ctx, dog, stop := watch(ctx, s.http.stall())
		defer stop()
		var content io.Reader
		if body != nil && body.size > 0 {
			content = progress{body.open(), func(int) { dog.alive() }}
		}
		req, err := http.NewRequestWithContext(ctx, method, s.http.base+path, content)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAddress, err)
		}
		req.Header = s.http.headers(token)
		req.Header.Set("Tus-Resumable", "1.0.0")
		if body != nil {
			req.ContentLength = body.size
			for name, values := range body.header {
				req.Header[name] = values
			}
		}
		return s.http.transfer(ctx, req, take)
	})
}

// isID reports whether a text has the form of a UUID.
func isID(text string) bool {
	const digits = "0123456789abcdefABCDEF-"
	return len(text) == 36 && strings.Trim(text, digits) == ""
}

func uploadPath(fileID string) string { return uploadsPath + "/" + url.PathEscape(fileID) }

func metadata(name, value string) string {
	return name + " " + base64.StdEncoding.EncodeToString([]byte(value))
}

// ErrSource says that the bytes to be sent can't be read, or are fewer than they were.
var ErrSource = errors.New("the file can't be read")

// source reads what is to be sent, and says of a file that became shorter meanwhile that it can't be read.
type source struct {
	from     io.ReaderAt
	at, left int64
}

func (s *source) Read(b []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	n, err := s.from.ReadAt(b[:min(int64(len(b)), s.left)], s.at)
	s.at, s.left = s.at+int64(n), s.left-int64(n)
	if n > 0 || err == nil {
		return n, nil
	}
	return 0, fmt.Errorf("%w: %w", ErrSource, err)
}

func readAll(from io.ReaderAt, into []byte) error {
	n, err := from.ReadAt(into, 0)
	if n == len(into) {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrSource, err)
}

func countHeader(header http.Header, name string) (int64, error) {
	n, err := strconv.ParseInt(header.Get(name), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%w: %s %q", ErrNotHimsg, name, header.Get(name))
	}
	return n, nil
}

func isStatus(err error, status int) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == status
}

// transferRefusal is refusal for calls whose replies may have no body (HEAD), and in which two may meet: who comes second
// asks again for the offset. The first may be one's own, given up on a slow line, of which the server still gets bytes.
func transferRefusal(res *http.Response, body []byte) error {
	e := &Error{Status: res.StatusCode, RetryAfter: retryAfter(res.Header)}
	known := json.Unmarshal(body, &e.HTTPError) == nil && e.Code != ""
	second := e.Reason == "" || e.Reason == wire.ReasonBusy
	if second && (res.StatusCode == http.StatusConflict || res.StatusCode == http.StatusLocked) {
		e.Code, e.Reason = wire.Unavailable, wire.ReasonBusy
		return e
	}
	if code, ok := codeByStatus[res.StatusCode]; ok && !known {
		e.Code = code
		return e
	}
	return refusal(res, body)
}

var codeByStatus = map[int]wire.Code{
	http.StatusUnauthorized:          wire.Unauthenticated,
	http.StatusForbidden:             wire.Forbidden,
	http.StatusNotFound:              wire.NotFound,
	http.StatusGone:                  wire.NotFound,
	http.StatusRequestEntityTooLarge: wire.TooLarge,
	http.StatusTooManyRequests:       wire.RateLimited,
	http.StatusInternalServerError:   wire.Internal,
}
