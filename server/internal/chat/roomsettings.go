package chat

import (
	"context"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// UpdateRoom changes a group's name, or what newcomers see of it; its owners may. What is nil stays; repeating is
// harmless.
//
// It returns wire.BadRequest for a bad name or setting or a room that is no group, wire.NotFound unless the actor is a
// member, and wire.Forbidden unless he is an owner.
func (s *Service) UpdateRoom(
	ctx context.Context, actor model.Actor, roomUUID string, req wire.UpdateRoomRequest,
) error {
	if err := checkUUID("room_uuid", roomUUID); err != nil {
		return err
	}
	var u RoomUpdate
	if req.Name != nil {
		name, err := model.Line("name", *req.Name, wire.MaxNameRunes, true)
		if err != nil {
			return err
		}
		u.Name = &name
	}
	if req.History != nil {
		if *req.History != wire.HistoryAll && *req.History != wire.HistoryJoined {
			return errs.BadField("history", textUnknown)
		}
		open := *req.History == wire.HistoryAll
		u.OpenHistory = &open
	}
	change, err := s.settings.UpdateRoom(ctx, actor, roomUUID, u, s.now())
	if err != nil {
		return err
	}
	s.announce(ctx, change)
	return nil
}

// SetPicture gives a group a picture, made small; its owners may. It returns the picture's UUID.
//
// It returns wire.UnsupportedType for what is no png, jpeg or gif that can be read, wire.TooLarge for one of too many
// pixels; otherwise as UpdateRoom.
func (s *Service) SetPicture(ctx context.Context, actor model.Actor, roomUUID string, image []byte) (string, error) {
	room, member, err := s.member(ctx, actor, roomUUID)
	switch {
	case err != nil:
		return "", err
	case room.Kind != wire.RoomGroup:
		return "", errs.E(wire.BadRequest, wire.ReasonNotGroup, textOnlyGroups)
	case member.Role != wire.RoomOwner: // asked before the image costs anything, and again when it is stored
		return "", errs.E(wire.Forbidden, wire.ReasonNotRoomOwner, textOnlyOwner)
	}
	var p Picture
	if p.Data, p.Type, err = s.painter.Paint(ctx, image); err != nil {
		return "", err
	}
	if p.UUID, err = newUUID(); err != nil {
		return "", err
	}
	change, err := s.settings.SetPicture(ctx, actor, roomUUID, &p, s.now())
	if err != nil {
		return "", err
	}
	s.announce(ctx, change)
	return p.UUID, nil
}

// RemovePicture takes a group's picture away; its owners may. Repeating is harmless; refusals as UpdateRoom's.
func (s *Service) RemovePicture(ctx context.Context, actor model.Actor, roomUUID string) error {
	if err := checkUUID("room_uuid", roomUUID); err != nil {
		return err
	}
	change, err := s.settings.SetPicture(ctx, actor, roomUUID, nil, s.now())
	if err != nil {
		return err
	}
	s.announce(ctx, change)
	return nil
}

// Picture returns a room's picture to a member; wire.NotFound to others, and for one that was replaced.
func (s *Service) Picture(ctx context.Context, actor model.Actor, pictureUUID string) (Picture, error) {
	if checkUUID("picture_uuid", pictureUUID) != nil {
		return Picture{}, errs.NotFound(textNoPicture)
	}
	return s.settings.PictureFor(ctx, actor.UserID, pictureUUID)
}
