package chat

import (
	"context"
	"fmt"
	"time"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	keepReadTimes = 90 * 24 * time.Hour
	purgeRows     = 1000 // in one transaction
	purgeSteps    = 500  // transactions in one purge; the rest is for the next one
)

// Readers returns a page of those who have read a message, or have not, with how many there are of both: the present
// members who joined before it and did not write it. Who left counts no more.
//
// It returns wire.NotFound unless the actor is a present member who may see a message with that seq.
func (s *Service) Readers(ctx context.Context, actor model.Actor, req wire.ReadersRequest) (wire.ReadersReply, error) {
	n, err := limit(req.Limit, wire.MaxReadersLimit, wire.MaxReadersLimit)
	if err == nil {
		err = notNegative("seq", req.Seq)
	}
	if err == nil && req.AfterUUID != "" {
		err = checkUUID("after_uuid", req.AfterUUID)
	}
	if err != nil {
		return wire.ReadersReply{}, err
	}
	room, member, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return wire.ReadersReply{}, err
	}
	page, err := s.receipts.Readers(ctx, room, member, ReadersQuery{
		Seq: req.Seq, Read: req.Read, AfterUUID: req.AfterUUID, Limit: n,
		TimesFrom: s.clock().Add(-keepReadTimes).UnixMilli(),
	})
	if err != nil {
		return wire.ReadersReply{}, err
	}
	reply := wire.ReadersReply{Users: page.Users, ReadCount: page.Read, UnreadCount: page.Unread}
	if reply.Users == nil {
		reply.Users = []wire.Reader{}
	}
	if len(reply.Users) > n {
		reply.Users, reply.More = reply.Users[:n], true
	}
	return reply, nil
}

// Purge removes times of reading that are too old to be shown. It does a bounded amount of work.
func (s *Service) Purge(ctx context.Context) error {
	before := s.clock().Add(-keepReadTimes).UnixMilli()
	for range purgeSteps {
		n, err := s.receipts.PurgeReadTimes(ctx, before, purgeRows)
		if err != nil {
			return fmt.Errorf("purge times of reading: %w", err)
		}
		if n < purgeRows {
			return nil
		}
	}
	return nil
}
