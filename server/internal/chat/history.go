package chat

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const usualHistory = 50

// Changes returns what changed in a room after a revision, each message once in its newest form. Reset tells a client that
// is too far behind, or ahead because an older database was restored, to start anew.
//
// It returns wire.NotFound unless the actor is a present member.
func (s *Service) Changes(ctx context.Context, actor model.Actor, req wire.ChangesRequest) (wire.ChangesReply, error) {
	n, err := limit(req.Limit, wire.MaxChangesLimit, wire.MaxChangesLimit)
	if err == nil {
		err = notNegative("after_rev", req.AfterRev)
	}
	if err != nil {
		return wire.ChangesReply{}, err
	}
	room, member, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return wire.ChangesReply{}, err
	}
	reply := wire.ChangesReply{Messages: []wire.Message{}, Rev: room.Rev}
	reply.Reset = req.AfterRev > room.Rev || room.Rev-req.AfterRev > wire.MaxChangesBehind
	if reply.Reset || room.MetaRev > req.AfterRev {
		rooms, err := s.summaries(ctx, actor, []int64{room.ID})
		if err != nil {
			return wire.ChangesReply{}, err
		}
		if len(rooms) == 1 {
			reply.Room = &rooms[0]
		}
	}
	if reply.Reset || req.AfterRev == room.Rev {
		return reply, nil
	}
	page, err := s.messages.Changes(ctx, room, member, req.AfterRev, n)
	if err != nil {
		return wire.ChangesReply{}, err
	}
	reply.Messages = wireMessages(page)
	if len(page) == n && page[n-1].Rev < room.Rev {
		reply.More, reply.Rev = true, page[n-1].Rev
	}
	return reply, nil
}

// DirectHistory is ShownHistory of the conversation with a person, and that person. A person with whom there is none, or
// who doesn't exist, gives an empty page and a zero User, as the original answered.
func (s *Service) DirectHistory(
	ctx context.Context, actor model.Actor, otherUUID string, beforeSeq int64, limit int,
) (wire.HistoryReply, model.User, error) {
	none := wire.HistoryReply{Messages: []wire.Message{}}
	if checkUUID("uuid", otherUUID) != nil {
		return none, model.User{}, nil
	}
	roomUUID, other, err := s.rooms.DirectWith(ctx, actor.UserID, otherUUID)
	if missing(err) {
		return none, model.User{}, nil
	}
	if err != nil {
		return wire.HistoryReply{}, model.User{}, err
	}
	page, err := s.ShownHistory(ctx, actor, wire.HistoryRequest{RoomUUID: roomUUID, BeforeSeq: beforeSeq, Limit: limit})
	return page, other, err
}

// member returns a room and the actor's row in it; not_found unless he is a present member.
func (s *Service) member(ctx context.Context, actor model.Actor, roomUUID string) (model.Room, model.Member, error) {
	if err := checkUUID("room_uuid", roomUUID); err != nil {
		return model.Room{}, model.Member{}, err
	}
	return s.rooms.RoomFor(ctx, actor.UserID, roomUUID)
}

func wireMessages(page []model.Message) []wire.Message {
	out := make([]wire.Message, len(page))
	for i, m := range page {
		out[i] = m.Wire()
	}
	return out
}
