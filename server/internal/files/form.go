package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Receive takes a file of a form in one go. atMost is how long it can be at most: a form doesn't say how long its parts are.
// What goes wrong leaves nothing behind.
func (s *Service) Receive(
	ctx context.Context, actor model.Actor, name string, atMost int64, body io.Reader,
) (model.File, error) {
	policy, err := s.o.Store.FilePolicy(ctx)
	if err != nil {
		return model.File{}, fmt.Errorf("read the policy: %w", err)
	}
	f, err := s.Create(ctx, actor, NewUpload{Name: name, Size: min(atMost, policy.MaxBytes)})
	if err != nil {
		return model.File{}, err
	}
	if err := s.receive(ctx, f, policy, body); err != nil {
		s.giveUp(ctx, actor, f.UUID)
		return model.File{}, err
	}
	return f, nil
}

func (s *Service) receive(ctx context.Context, f model.File, policy wire.FilePolicy, body io.Reader) error {
	w, err := s.writers.enter(f.UploaderID, f.ID)
	if err != nil {
		return err
	}
	n, err := s.append(ctx, f, w.from(0), Piece{Body: body})
	s.writers.leave(w)
	switch {
	case errs.Is(err, wire.TooLarge):
		return tooLarge(policy.MaxBytes)
	case err != nil:
		return err
	case n == 0:
		return errs.E(wire.BadRequest, wire.ReasonFileEmpty, textEmpty)
	}
	return s.complete(ctx, f, n)
}

// Deliver waits for the check of a file that came with a form, and sends it. To names the room or the person.
func (s *Service) Deliver(
	ctx context.Context, actor model.Actor, f model.File, to wire.SendRequest,
) (wire.UploadFileReply, error) {
	checked, err := s.Checked(ctx, actor, f)
	var sent wire.SendReply
	if err == nil {
		to.ClientID, to.FileIDs = uuid.NewString(), []string{f.UUID}
		sent, err = s.o.Sender.Send(ctx, actor, to)
	}
	if err != nil {
		s.giveUp(ctx, actor, f.UUID)
		return wire.UploadFileReply{}, err
	}
	return wire.UploadFileReply{
		FileName: checked.Name, FileSize: checked.Size, FileID: checked.UUID,
		MessageID: sent.MessageID, RoomUUID: sent.RoomUUID, Seq: sent.Seq, Timestamp: sent.Timestamp,
	}, nil
}

// Checked waits for the check of a file that came in one go. It returns the refusal of one that is not taken.
func (s *Service) Checked(ctx context.Context, actor model.Actor, f model.File) (model.File, error) {
	checked, err := s.awaitCheck(ctx, actor, f)
	if err == nil && checked.State == wire.FileRefused {
		err = refusalOf(checked)
	}
	return checked, err
}

// awaitCheck waits until a file is ready or refused, or ctx ends.
func (s *Service) awaitCheck(ctx context.Context, actor model.Actor, f model.File) (model.File, error) {
	for {
		looked := s.checks.next(f.ID)
		now, err := s.own(ctx, actor, f.UUID)
		if err != nil {
			return now, err
		}
		if now.State == wire.FileReady || now.State == wire.FileRefused {
			return now, nil
		}
		select {
		case <-looked:
		case <-ctx.Done():
			return now, &errs.Error{Code: wire.Unavailable, Reason: wire.ReasonFileNotReady, Text: textNotReady, Err: ctx.Err()}
		}
	}
}

// giveUp removes what a request leaves behind that failed. What was sent in spite of that stays.
func (s *Service) giveUp(ctx context.Context, actor model.Actor, fileUUID string) {
	ctx, cancel := after(ctx)
	defer cancel()
	if err := s.Cancel(ctx, actor, fileUUID); err != nil && !errors.Is(err, context.Canceled) {
		s.o.Logger.DebugContext(ctx, "a file of a failed form stays",
			slog.String("file_uuid", fileUUID), slog.Any("error", err))
	}
}
