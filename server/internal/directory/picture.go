package directory

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var textNoPicture = errs.Text{KO: "사진을 찾을 수 없습니다.", EN: "The picture was not found."}

// SetPicture gives a person a picture, made small, and returns its UUID. People may do that for themselves if
// administrators let them (wire.Forbidden, field_locked, otherwise), administrators for everyone.
//
// It returns wire.NotFound for who is not there, wire.UnsupportedType for what is no png, jpeg or gif that can be read, and
// wire.TooLarge for one of too many pixels.
func (s *Service) SetPicture(ctx context.Context, actor model.Actor, userUUID string, image []byte) (string, error) {
	if err := s.mayPicture(ctx, actor, userUUID); err != nil {
		return "", err
	}
	p := Picture{UUID: uuid.NewString()}
	var err error
	if p.Data, p.Type, err = s.o.Painter.Paint(ctx, image); err != nil {
		return "", err
	}
	return p.UUID, s.storePicture(ctx, actor, userUUID, &p)
}

// RemovePicture takes a person's picture away; refusals as SetPicture's. Repeating is harmless.
func (s *Service) RemovePicture(ctx context.Context, actor model.Actor, userUUID string) error {
	if err := s.mayPicture(ctx, actor, userUUID); err != nil {
		return err
	}
	return s.storePicture(ctx, actor, userUUID, nil)
}

// mayPicture is asked before an image costs anything.
func (s *Service) mayPicture(ctx context.Context, actor model.Actor, userUUID string) error {
	if actor.IsAdmin() {
		_, err := s.person(ctx, userUUID)
		return err
	}
	if actor.UserUUID != userUUID {
		return mustBeAdmin(actor)
	}
	own, err := s.store.ProfileFields(ctx)
	if err != nil {
		return fmt.Errorf("read profile fields: %w", err)
	}
	if !slices.Contains(own, wire.FieldPhoto) {
		return locked(wire.FieldPhoto)
	}
	return nil
}

func (s *Service) storePicture(ctx context.Context, actor model.Actor, userUUID string, p *Picture) error {
	by, err := s.by(actor, model.AuditPersonChanged, userUUID, map[string]any{"fields": []wire.Field{wire.FieldPhoto}})
	if err != nil {
		return err
	}
	out, err := s.store.SetUserPicture(ctx, by, userUUID, p)
	if err != nil {
		return fmt.Errorf("store picture: %w", err)
	}
	s.tell(ctx, out)
	return nil
}

// Picture returns a person's picture to any colleague; wire.NotFound for one that was replaced, or of who is gone.
func (s *Service) Picture(ctx context.Context, pictureUUID string) (Picture, error) {
	if _, err := uuid.Parse(pictureUUID); err != nil {
		return Picture{}, errs.NotFound(textNoPicture)
	}
	p, err := s.store.UserPicture(ctx, pictureUUID)
	if err != nil {
		return Picture{}, fmt.Errorf("read picture: %w", err)
	}
	return p, nil
}
