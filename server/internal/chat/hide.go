package chat

import (
	"context"
	"slices"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Hide deletes messages for the actor alone, all of them or none. A repeat is harmless. His devices hear of it by a room
// event of each room with his own row; nobody else does.
//
// It returns wire.NotFound if the actor can't see one of them, wire.BadRequest for none or too many.
func (s *Service) Hide(ctx context.Context, actor model.Actor, req wire.HideRequest) (wire.Empty, error) {
	if len(req.MessageIDs) == 0 || len(req.MessageIDs) > wire.MaxHideIDs {
		return wire.Empty{}, errs.BadField("message_ids", textRange)
	}
	for _, id := range req.MessageIDs {
		if id <= 0 {
			return wire.Empty{}, errs.BadField("message_ids", textRange)
		}
	}
	rooms, err := s.messages.Hide(ctx, actor, req.MessageIDs)
	if err != nil {
		return wire.Empty{}, err
	}
	ctx, cancel := after(ctx)
	defer cancel()
	for _, room := range rooms {
		s.publishMine(ctx, actor, room)
	}
	return wire.Empty{}, nil
}

// publishMine tells the actor's own devices how a room looks to him now.
func (s *Service) publishMine(ctx context.Context, actor model.Actor, room model.Room) {
	mine, err := s.summaries(ctx, actor, []int64{room.ID})
	if err != nil {
		s.unpublished(ctx, wire.EvRoom, room.ID, err)
		return
	}
	for _, summary := range mine { // none, if he has left since
		s.publish(ctx, bus.Event{
			Ev: wire.EvRoom, RoomID: room.ID, RoomUUID: room.UUID, Users: []int64{actor.UserID},
		}, summary)
	}
}

// Hidden returns which messages of a room the actor has hidden after a my.rev.
//
// It returns wire.NotFound unless the actor is a present member.
func (s *Service) Hidden(ctx context.Context, actor model.Actor, req wire.HiddenRequest) (wire.HiddenReply, error) {
	n, err := limit(req.Limit, wire.MaxHiddenLimit, wire.MaxHiddenLimit)
	if err == nil {
		err = notNegative("after_rev", req.AfterRev)
	}
	if err != nil {
		return wire.HiddenReply{}, err
	}
	_, member, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return wire.HiddenReply{}, err
	}
	seqs, rev, more, err := s.messages.Hidden(ctx, member, req.AfterRev, n)
	if err != nil {
		return wire.HiddenReply{}, err
	}
	if seqs == nil {
		seqs = []int64{}
	}
	return wire.HiddenReply{Seqs: seqs, Rev: rev, More: more}, nil
}

// ShownHistory is History without what the actor has hidden, for clients that don't ask Hidden. A page may have fewer
// messages than asked for, but none only at the end.
func (s *Service) ShownHistory(
	ctx context.Context, actor model.Actor, req wire.HistoryRequest,
) (wire.HistoryReply, error) {
	for {
		page, err := s.History(ctx, actor, req)
		if err != nil || len(page.Messages) == 0 {
			return page, err
		}
		room, _, err := s.member(ctx, actor, req.RoomUUID)
		if err != nil {
			return wire.HistoryReply{}, err
		}
		before := page.Messages[0].Seq
		spots := make([]Spot, len(page.Messages))
		for i, m := range page.Messages {
			spots[i] = Spot{room.ID, m.Seq}
		}
		hidden, err := s.messages.HiddenAmong(ctx, actor.UserID, spots)
		if err != nil {
			return wire.HistoryReply{}, err
		}
		page.Messages = slices.DeleteFunc(page.Messages, func(m wire.Message) bool { return hidden[Spot{room.ID, m.Seq}] })
		if len(page.Messages) > 0 || !page.HasMore {
			return page, nil
		}
		req.BeforeSeq = before
	}
}

// coverHidden shows those last messages that the actor has hidden as deleted, for clients that don't ask Hidden.
func (s *Service) coverHidden(ctx context.Context, actor model.Actor, views []RoomView) error {
	var spots []Spot
	for _, v := range views {
		if v.Last != nil && v.My.HidesRev > 0 {
			spots = append(spots, Spot{v.Room.ID, v.Last.Seq})
		}
	}
	if len(spots) == 0 {
		return nil
	}
	hidden, err := s.messages.HiddenAmong(ctx, actor.UserID, spots)
	if err != nil {
		return err
	}
	for _, v := range views {
		if v.Last != nil && hidden[Spot{v.Room.ID, v.Last.Seq}] {
			v.Last.DeletedAt = max(v.Last.DeletedAt, v.Last.CreatedAt)
		}
	}
	return nil
}
