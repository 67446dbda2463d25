package chat

import (
	"context"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/search"
	"himsg/shared/wire"
)

const usualSearch = 20

// The texts of refused queries.
var queryTexts = map[wire.Reason]errs.Text{
	wire.ReasonQueryTooShort: {KO: "두 글자 이상 입력해주세요.", EN: "Please write at least two letters."},
	wire.ReasonQueryTooLong:  {KO: "검색어가 너무 깁니다.", EN: "The search text is too long."},
}

// Search looks for messages in the actor's rooms, the newest first; see wire.SearchRequest and package search for what
// matches.
//
// It returns wire.BadRequest with ReasonQueryTooShort or ReasonQueryTooLong for such queries, and wire.NotFound unless the
// actor is a present member of the room that the request names. An unknown sender has written nothing.
func (s *Service) Search(ctx context.Context, actor model.Actor, req wire.SearchRequest) (wire.SearchReply, error) {
	sought, err := soughtBy(actor, req)
	if err != nil {
		return wire.SearchReply{}, err
	}
	page, more, err := s.search.Search(ctx, sought)
	if err != nil {
		return wire.SearchReply{}, err
	}
	reply := wire.SearchReply{Messages: wireMessages(page)}
	if more {
		reply.Next = page[len(page)-1].ID
	}
	return reply, nil
}

func soughtBy(actor model.Actor, req wire.SearchRequest) (Sought, error) {
	query, reason := search.ParseNarrowed(req.Query, req.HasFile)
	if reason != "" {
		return Sought{}, errs.E(wire.BadRequest, reason, queryTexts[reason])
	}
	n, err := limit(req.Limit, usualSearch, wire.MaxSearchLimit)
	if err == nil {
		err = notNegative("before", req.Before)
	}
	if err == nil && req.RoomUUID != "" {
		err = checkUUID("room_uuid", req.RoomUUID)
	}
	if err == nil && req.SenderUUID != "" {
		err = checkUUID("sender_uuid", req.SenderUUID)
	}
	if err != nil {
		return Sought{}, err
	}
	return Sought{
		UserID: actor.UserID, Query: query, RoomUUID: req.RoomUUID, SenderUUID: req.SenderUUID,
		From: milli(req.From), To: milli(req.To), HasFile: req.HasFile, Before: req.Before, Limit: n,
	}, nil
}

// milli is a time as the database holds it, 0 for none.
func milli(t *wire.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}
