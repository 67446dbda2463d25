package chat

import (
	"context"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// History returns a page of messages, oldest first: before or after a seq, around one or an instant, or the newest. A page
// around something has half of its messages before it; one that is around the end of the room has no more on that side.
//
// It returns wire.NotFound unless the actor is a present member, wire.BadRequest for more than one place.
func (s *Service) History(ctx context.Context, actor model.Actor, req wire.HistoryRequest) (wire.HistoryReply, error) {
	n, err := limit(req.Limit, usualHistory, wire.MaxHistoryLimit)
	if err == nil {
		err = checkPlace(req)
	}
	if err != nil {
		return wire.HistoryReply{}, err
	}
	room, member, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return wire.HistoryReply{}, err
	}
	var target int64
	if req.At != nil {
		if target, err = s.messages.FirstAt(ctx, room, member, req.At.UnixMilli()); err != nil {
			return wire.HistoryReply{}, err
		}
		req.AroundSeq = target
	}
	p := pager{s.messages, room, member}
	var page stretch
	switch {
	case req.AroundSeq > 0:
		page, err = p.around(ctx, req.AroundSeq, n)
	case req.AfterSeq > 0:
		page, err = p.from(ctx, req.AfterSeq+1, n)
	default:
		page, err = p.before(ctx, req.BeforeSeq, n)
	}
	if err != nil {
		return wire.HistoryReply{}, err
	}
	return wire.HistoryReply{
		Messages: wireMessages(page.messages), HasMore: page.older, HasNewer: page.newer, Rev: room.Rev, TargetSeq: target,
	}, nil
}

// checkPlace refuses more than one place, and places that can't be.
func checkPlace(req wire.HistoryRequest) error {
	places := 0
	for _, p := range []struct {
		field string
		seq   int64
	}{{"before_seq", req.BeforeSeq}, {"after_seq", req.AfterSeq}, {"around_seq", req.AroundSeq}} {
		if err := notNegative(p.field, p.seq); err != nil {
			return err
		}
		if p.seq > 0 {
			places++
		}
	}
	if req.At != nil {
		places++
	}
	if places > 1 {
		return errs.E(wire.BadRequest, "", textOnePlace)
	}
	return nil
}

// pager reads pages of a room as one member sees it.
type pager struct {
	messages Messages
	room     model.Room
	member   model.Member
}

// stretch is a page, and whether there is more on either side of it.
type stretch struct {
	messages     []model.Message
	older, newer bool
}

func (p pager) before(ctx context.Context, seq int64, n int) (stretch, error) {
	page, older, err := p.messages.History(ctx, p.room, p.member, seq, n)
	return stretch{page, older, seq > 0 && seq <= p.room.LastSeq}, err
}

func (p pager) from(ctx context.Context, seq int64, n int) (stretch, error) {
	page, newer, err := p.messages.HistoryFrom(ctx, p.room, p.member, seq, n)
	first := p.room.VisibleAfter(p.member) + 1 // seqs have no gaps
	return stretch{page, min(seq, p.room.LastSeq+1) > first, newer}, err
}

func (p pager) around(ctx context.Context, seq int64, n int) (stretch, error) {
	newer, err := p.from(ctx, seq, n-n/2)
	if err != nil || n < 2 {
		return newer, err
	}
	older, err := p.before(ctx, seq, n/2)
	return stretch{slices.Concat(older.messages, newer.messages), older.older, newer.newer}, err
}

// Messages returns single messages of a room by seq; those that the actor may not see are left out.
//
// It returns wire.NotFound unless the actor is a present member.
func (s *Service) Messages(ctx context.Context, actor model.Actor, req wire.MessagesRequest) (wire.MessagesReply, error) {
	if len(req.Seqs) > wire.MaxMessagesSeqs {
		return wire.MessagesReply{}, errs.BadField("seqs", textTooMany)
	}
	for _, seq := range req.Seqs {
		if seq <= 0 {
			return wire.MessagesReply{}, errs.BadField("seqs", textRange)
		}
	}
	room, member, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return wire.MessagesReply{}, err
	}
	page, err := s.messages.MessagesAt(ctx, room, member, req.Seqs)
	if err != nil {
		return wire.MessagesReply{}, err
	}
	return wire.MessagesReply{Messages: wireMessages(page), Rev: room.Rev}, nil
}
