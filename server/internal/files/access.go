package files

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// Status tells what has become of a file: to its uploader from the first byte on, and once it is sent to who may see it. The
// refusals are those of Open.
func (s *Service) Status(ctx context.Context, actor model.Actor, fileUUID, lang string) (wire.FileStatus, error) {
	f, err := s.own(ctx, actor, fileUUID)
	if errs.Is(err, wire.NotFound) || err == nil && f.SentAt != 0 {
		f, err = s.visible(ctx, actor, fileUUID)
	}
	if err != nil {
		return wire.FileStatus{}, err
	}
	st := wire.FileStatus{State: f.State, Received: f.Received, File: f.Wire()}
	if f.State == wire.FileRefused && f.Refusal != nil {
		refusal := *f.Refusal
		refusal.Message = refusalText(refusal).In(lang)
		st.Refusal = &refusal
	}
	if f.State != wire.FileReceiving {
		return st, nil
	}
	if st.Received, err = s.o.Blobs.Size(ctx, f.Blob); err != nil {
		return wire.FileStatus{}, blobError("size of a blob", err)
	}
	if st.Received == f.Size { // whoever took the last byte didn't live to say so
		if err := s.complete(ctx, f, f.Size); err != nil {
			return wire.FileStatus{}, err
		}
		st.State = wire.FileChecking
	}
	return st, nil
}

// Open finds a file that the actor may have now and opens its bytes; the caller closes them. id is a file_id, or a
// message_id, whose first file is meant.
//
// It returns wire.NotFound (file_deleted, file_gone, file_unknown) for a file that is not there for the actor,
// wire.Forbidden (file_forbidden) for one of a conversation that he has left, and for his own that is not sent
// wire.Conflict (file_not_ready) or why it was refused.
func (s *Service) Open(ctx context.Context, actor model.Actor, id string) (model.File, Blob, error) {
	var f model.File
	var err error
	if messageID, bad := strconv.ParseInt(id, 10, 64); bad == nil && messageID > 0 {
		f, err = s.o.Store.MessageFile(ctx, actor.UserID, messageID)
	} else {
		f, err = s.visible(ctx, actor, id)
	}
	if err != nil {
		return model.File{}, nil, err
	}
	b, err := s.OpenFound(ctx, f)
	return f, b, err
}

// OpenFound opens a file whose reader was let in elsewhere; the caller closes it.
func (s *Service) OpenFound(ctx context.Context, f model.File) (Blob, error) {
	b, err := s.o.Blobs.Open(ctx, f.Blob)
	if err != nil {
		return nil, blobError("open a blob", err)
	}
	s.counts.downloads.Add(1)
	return b, nil
}

// Thumbnail opens a thumbnail of a picture that the actor may have now; the caller closes it.
func (s *Service) Thumbnail(ctx context.Context, actor model.Actor, fileUUID string, size int) (model.File, Blob, error) {
	part, ok := thumbnailPart(size)
	if !ok {
		return model.File{}, nil, errs.E(wire.BadRequest, "", errs.Text{})
	}
	f, err := s.visible(ctx, actor, fileUUID)
	if err != nil {
		return model.File{}, nil, err
	}
	if !f.Thumbnail {
		return model.File{}, nil, unknownFile()
	}
	b, err := s.o.Blobs.Open(ctx, blobPart(f.Blob, part))
	if err != nil {
		return model.File{}, nil, blobError("open a thumbnail", err)
	}
	return f, b, nil
}

func (s *Service) visible(ctx context.Context, actor model.Actor, fileUUID string) (model.File, error) {
	if uuid.Validate(fileUUID) != nil {
		return model.File{}, unknownFile()
	}
	f, err := s.o.Store.VisibleFile(ctx, actor.UserID, fileUUID)
	if err != nil {
		return model.File{}, fmt.Errorf("find a file: %w", err)
	}
	return f, nil
}

func unknownFile() *errs.Error { return errs.E(wire.NotFound, wire.ReasonFileUnknown, textNoFile) }

// RoomFiles pages through the files of a room that the actor is in. wire.Forbidden (file_forbidden) for one that he has left,
// wire.NotFound for any other.
func (s *Service) RoomFiles(ctx context.Context, actor model.Actor, q RoomFiles) (wire.RoomFilesReply, error) {
	switch {
	case uuid.Validate(q.RoomUUID) != nil:
		return wire.RoomFilesReply{}, errs.NotFound(errs.Text{})
	case q.Kind != "" && q.Kind != "photo" && q.Kind != "other":
		return wire.RoomFilesReply{}, errs.E(wire.BadRequest, "", errs.Text{})
	}
	q.UserID, q.Query = actor.UserID, search.Fold(q.Query)
	if q.Limit <= 0 || q.Limit > wire.MaxRoomFilesLimit {
		q.Limit = wire.MaxRoomFilesLimit
	}
	return s.o.Store.RoomFiles(ctx, q)
}
