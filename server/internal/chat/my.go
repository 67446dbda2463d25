package chat

import (
	"context"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// SetMy changes the actor's own row in a room: favourite, pinned, locked, muted, which messages notify. What is nil stays; a repeat that changes
// nothing is harmless. All his devices hear of it.
//
// It returns wire.BadRequest for a time out of range or an unknown choice, and wire.NotFound unless he is a present member.
func (s *Service) SetMy(ctx context.Context, actor model.Actor, req wire.MyRequest) (wire.MyReply, error) {
	if err := checkUUID("room_uuid", req.RoomUUID); err != nil {
		return wire.MyReply{}, err
	}
	u := MyUpdate{Favourite: req.Favourite, Pinned: req.Pinned, Locked: req.Locked}
	if req.MuteMinutes != nil {
		until, err := s.mutedUntil(*req.MuteMinutes)
		if err != nil {
			return wire.MyReply{}, err
		}
		u.MutedUntil = &until
	}
	if req.Notify != nil {
		if !req.Notify.Known() {
			return wire.MyReply{}, errs.BadField("notify", textRange)
		}
		u.Notify = req.Notify
	}
	roomID, changed, err := s.settings.SetMy(ctx, actor.UserID, req.RoomUUID, u)
	if err != nil {
		return wire.MyReply{}, err
	}
	if changed { // his other devices hear of it, also when this one is gone
		late, cancel := after(ctx)
		defer cancel()
		ctx = late
	}
	rooms, err := s.summaries(ctx, actor, []int64{roomID})
	switch {
	case err != nil:
		return wire.MyReply{}, err
	case len(rooms) == 0:
		return wire.MyReply{}, errs.NotFound(textNoRoom)
	case changed:
		s.publish(ctx, bus.Event{
			Ev: wire.EvRoom, RoomID: roomID, RoomUUID: req.RoomUUID, Users: []int64{actor.UserID},
		}, rooms[0])
	}
	return wire.MyReply{My: *rooms[0].My}, nil
}

// mutedUntil reads MuteMinutes by the server's clock.
func (s *Service) mutedUntil(minutes int) (int64, error) {
	switch {
	case minutes == 0:
		return 0, nil
	case minutes == -1:
		return wire.MutedForever.UnixMilli(), nil
	case minutes < 0 || minutes > wire.MaxMuteMinutes:
		return 0, errs.BadField("mute_minutes", textRange)
	}
	return s.clock().Add(time.Duration(minutes) * time.Minute).UnixMilli(), nil
}
