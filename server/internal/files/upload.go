package files

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// NewUpload is what somebody says of a file before he sends its bytes.
type NewUpload struct {
	Name     string
	Size     int64
	SHA256   string // hex; may be empty
	RoomUUID string // where it is meant to be sent; may be empty
}

// Create makes an upload that waits for its bytes.
//
// It returns wire.BadRequest (file_name, file_empty) for what can't be a file, wire.UnsupportedType (file_type) and
// wire.TooLarge (file_too_large, person_quota, total_quota) for what the policy doesn't allow, wire.NotFound or
// wire.Forbidden for a room that the actor can't write to.
func (s *Service) Create(ctx context.Context, actor model.Actor, u NewUpload) (model.File, error) {
	policy, err := s.o.Store.FilePolicy(ctx)
	if err != nil {
		return model.File{}, fmt.Errorf("read the policy: %w", err)
	}
	f, err := s.draft(actor, u, policy)
	if err != nil {
		s.counts.refuse(err)
		return model.File{}, err
	}
	if u.RoomUUID != "" {
		if err := s.o.Sender.MayPost(ctx, actor, u.RoomUUID); err != nil {
			return model.File{}, err
		}
	}
	f, err = s.o.Store.AddFile(ctx, f, policy)
	if err != nil {
		s.counts.refuse(err)
		return model.File{}, fmt.Errorf("add a file: %w", err)
	}
	s.counts.uploads.Add(1)
	return f, nil
}

func (s *Service) draft(actor model.Actor, u NewUpload, policy wire.FilePolicy) (model.File, error) {
	name, err := cleanName(u.Name)
	if err != nil {
		return model.File{}, err
	}
	extension := extensionOf(name)
	k, known := kindOf(extension)
	switch {
	case !known, !slices.Contains(policy.Types, extension):
		return model.File{}, typeRefused(policy.Types)
	case u.Size == 0:
		return model.File{}, errs.E(wire.BadRequest, wire.ReasonFileEmpty, textEmpty)
	case u.Size < 0:
		return model.File{}, errs.E(wire.BadRequest, "", errs.Text{})
	case u.Size > policy.MaxBytes:
		return model.File{}, tooLarge(policy.MaxBytes)
	}
	if sum, err := hex.DecodeString(u.SHA256); err != nil || len(sum) != 0 && len(sum) != 32 {
		return model.File{}, errs.E(wire.BadRequest, wire.ReasonFileChecksum, textChecksum)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return model.File{}, fmt.Errorf("make an id: %w", err)
	}
	now := s.now()
	return model.File{
		UUID: id.String(), UploaderID: actor.UserID, Name: name, Extension: extension, Size: u.Size,
		State: wire.FileReceiving, Blob: newBlobName(), SaidSHA256: lowerHex(u.SHA256), Type: k.mime,
		CreatedAt: now, UpdatedAt: now,
	}, nil
}

func lowerHex(s string) string {
	sum, _ := hex.DecodeString(s) // it was looked at before
	return hex.EncodeToString(sum)
}

// Progress is how far an upload has come.
type Progress struct{ Offset, Size int64 }

// Offset tells how many bytes of the actor's upload are stored. wire.NotFound for anybody else's.
func (s *Service) Offset(ctx context.Context, actor model.Actor, fileUUID string) (Progress, error) {
	f, err := s.own(ctx, actor, fileUUID)
	if err != nil {
		return Progress{}, err
	}
	switch f.State {
	case wire.FileRefused:
		return Progress{}, refusalOf(f)
	case wire.FileReceiving:
	default:
		return Progress{f.Size, f.Size}, nil
	}
	stored, err := s.o.Blobs.Size(ctx, f.Blob)
	if err != nil {
		return Progress{}, blobError("size of a blob", err)
	}
	if stored == f.Size { // whoever took the last byte didn't live to say so
		err = s.complete(ctx, f, f.Size)
	}
	return Progress{stored, f.Size}, err
}

// Piece is a part of an upload.
type Piece struct {
	Offset int64
	Length int64 // -1: not known before it ends
	Body   io.Reader
}

// Write adds a piece to the actor's upload and returns where it stands then, also with an error. The last byte starts the
// check, which goes on after Write has returned.
//
// It returns wire.Conflict for an offset that is not where the upload stands and for one that another request is writing,
// wire.TooLarge for more bytes than were announced, and wire.Unavailable (disk_full) when there is no room.
func (s *Service) Write(ctx context.Context, actor model.Actor, fileUUID string, p Piece) (Progress, error) {
	f, err := s.own(ctx, actor, fileUUID)
	if err != nil {
		return Progress{}, err
	}
	if f.State != wire.FileReceiving {
		return s.writeAgain(f, p)
	}
	at, err := s.writeTurn(ctx, f, p)
	if at.Offset == f.Size {
		within, cancel := after(ctx)
		defer cancel()
		err = errors.Join(err, s.complete(within, f, f.Size))
	}
	return at, err
}

// writeAgain answers a piece for an upload that has all its bytes: a repeat of the last, empty piece is harmless.
func (s *Service) writeAgain(f model.File, p Piece) (Progress, error) {
	at := Progress{f.Size, f.Size}
	switch {
	case f.State == wire.FileRefused:
		return at, refusalOf(f)
	case p.Offset != f.Size:
		return at, errs.E(wire.Conflict, "", textOffset)
	case p.Length > 0:
		return at, errs.E(wire.TooLarge, "", textTooLong)
	}
	return at, nil
}

// writeTurn takes the turn at an upload, on this node and among all, looks where it stands, and stores a piece.
func (s *Service) writeTurn(ctx context.Context, f model.File, p Piece) (Progress, error) {
	at := Progress{Size: f.Size}
	w, err := s.writers.enter(f.UploaderID, f.ID)
	if err != nil {
		return at, err
	}
	defer s.writers.leave(w)
	turn, err := s.takeTurn(ctx, f, p.Body)
	if err != nil {
		return at, err
	}
	defer turn.end(ctx)
	p.Body = turn
	if at.Offset, err = s.o.Blobs.Size(ctx, f.Blob); err != nil {
		return at, blobError("size of a blob", err)
	}
	switch {
	case p.Offset != at.Offset:
		return at, errs.E(wire.Conflict, "", textOffset)
	case p.Length > f.Size-at.Offset:
		return at, errs.E(wire.TooLarge, "", textTooLong)
	}
	n, err := s.append(ctx, f, w.from(at.Offset), p)
	at.Offset += n
	return at, err
}

// notedEvery is how often the row says how far an upload has come. Where it stands, the bytes themselves say; the row only has
// to show that somebody is still at it.
const notedEvery = time.Minute

// append stores a piece and notes, now and then, how far the upload has come.
func (s *Service) append(ctx context.Context, f model.File, w *writer, p Piece) (int64, error) {
	count := &counter{w: w}
	left := f.Size - p.Offset
	body := &source{r: p.Body}
	n, err := s.o.Blobs.Append(ctx, f.Blob, p.Offset, io.TeeReader(io.LimitReader(body, left), count))
	count.stored(n)
	s.counts.bytes.Add(n)
	if n > 0 && s.now()-f.UpdatedAt >= notedEvery.Milliseconds() {
		within, cancel := after(ctx)
		defer cancel()
		if noted := s.o.Store.Received(within, f.ID, p.Offset+n, s.now()); noted != nil {
			err = errors.Join(err, fmt.Errorf("note how far an upload is: %w", noted))
		}
	}
	switch {
	case body.err != nil:
		return n, errs.Unavailable(time.Second, fmt.Errorf("read an upload: %w", body.err))
	case err != nil:
		return n, blobError("append", err)
	case n == left && body.more():
		return n, errs.E(wire.TooLarge, "", textTooLong)
	}
	return n, nil
}

// source remembers why reading from a client ended, so that it is not taken for a fault of the store.
type source struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// more tells whether there are bytes beyond those that were taken.
func (s *source) more() bool {
	n, _ := io.ReadFull(s.r, make([]byte, 1)) // an end of any kind is the end
	return n > 0
}

// complete hands a file that has all its bytes to the check. A repeat is harmless.
func (s *Service) complete(ctx context.Context, f model.File, size int64) error {
	moved, err := s.o.Store.Checking(ctx, f.ID, size, s.now())
	if err != nil {
		return fmt.Errorf("begin the check: %w", err)
	}
	if sum := s.writers.forget(f.ID, size); moved {
		f.Size = size
		s.checks.add(job{file: f, sum: sum})
	}
	return nil
}

// Cancel removes the actor's own file, whatever has become of it, as long as he has not sent it: wire.Conflict (file_used)
// then. It returns wire.NotFound for any other.
func (s *Service) Cancel(ctx context.Context, actor model.Actor, fileUUID string) error {
	if uuid.Validate(fileUUID) != nil {
		return unknownFile()
	}
	f, err := s.o.Store.Drop(ctx, actor.UserID, fileUUID)
	if err != nil {
		return fmt.Errorf("drop a file: %w", err)
	}
	s.writers.forget(f.ID, -1)
	s.RemoveBytes(ctx, f)
	return nil
}

func (s *Service) own(ctx context.Context, actor model.Actor, fileUUID string) (model.File, error) {
	if uuid.Validate(fileUUID) != nil {
		return model.File{}, unknownFile()
	}
	f, err := s.o.Store.OwnFile(ctx, actor.UserID, fileUUID)
	if err != nil {
		return model.File{}, fmt.Errorf("find a file: %w", err)
	}
	return f, nil
}

// refusalOf is the refusal of a file, as an error. Its text comes from the language that the row holds.
func refusalOf(f model.File) error {
	if f.Refusal == nil {
		return contentRefused(nil)
	}
	return errs.E(f.Refusal.Code, f.Refusal.Reason, refusalText(*f.Refusal))
}

// blobError keeps refusals of the store of bytes and makes all else a failure that passes.
func blobError(what string, err error) error {
	if isRefusal(err) {
		return err
	}
	return errs.Unavailable(10*time.Second, fmt.Errorf("%s: %w", what, err))
}
