package chat

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Read moves the actor's read cursor, never back and never beyond the room's last message. Repeating is harmless. His own
// devices hear of it at once, the room a little later together with others' reads.
//
// It returns wire.NotFound unless the actor is a present member.
func (s *Service) Read(ctx context.Context, actor model.Actor, req wire.ReadRequest) (wire.ReadReply, error) {
	if err := notNegative("seq", req.Seq); err != nil {
		return wire.ReadReply{}, err
	}
	room, _, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return wire.ReadReply{}, err
	}
	return s.mark(ctx, actor, room, req.Seq)
}

// MarkAllRead moves the actor's read cursor to the room's last message; as Read otherwise.
func (s *Service) MarkAllRead(ctx context.Context, actor model.Actor, roomUUID string) error {
	room, _, err := s.member(ctx, actor, roomUUID)
	if err != nil {
		return err
	}
	_, err = s.mark(ctx, actor, room, room.LastSeq)
	return err
}

func (s *Service) mark(ctx context.Context, actor model.Actor, room model.Room, seq int64) (wire.ReadReply, error) {
	last, moved, err := s.cursors.MarkRead(ctx, Mark{RoomID: room.ID, UserID: actor.UserID, Seq: seq, Now: s.now()})
	if err != nil {
		return wire.ReadReply{}, err
	}
	if moved {
		own := wire.UserRead{UserUUID: actor.UserUUID, Seq: last}
		s.publish(ctx, bus.Event{
			Ev: wire.EvRead, RoomID: room.ID, RoomUUID: room.UUID, Users: []int64{actor.UserID},
		}, wire.Read{RoomUUID: room.UUID, Reads: []wire.UserRead{own}})
		s.reads.add(room.ID, room.UUID, own)
	}
	return wire.ReadReply{LastReadSeq: last}, nil
}

// CursorsMoved tells of read cursors that retention moved to the end of what is gone: each one's devices, and the room.
func (s *Service) CursorsMoved(ctx context.Context, roomID int64, roomUUID string, moved []model.CursorMove) {
	for _, m := range moved {
		own := wire.UserRead{UserUUID: m.UserUUID, Seq: m.Seq}
		s.publish(ctx, bus.Event{
			Ev: wire.EvRead, RoomID: roomID, RoomUUID: roomUUID, Users: []int64{m.UserID},
		}, wire.Read{RoomUUID: roomUUID, Reads: []wire.UserRead{own}})
		s.reads.add(roomID, roomUUID, own)
	}
}

// Reads returns how far the present members have read, by member or, in a large room, as a histogram.
//
// It returns wire.NotFound unless the actor is a present member.
func (s *Service) Reads(ctx context.Context, actor model.Actor, req wire.ReadsRequest) (wire.ReadsReply, error) {
	room, _, err := s.member(ctx, actor, req.RoomUUID)
	if err != nil {
		return wire.ReadsReply{}, err
	}
	reads, err := s.cursors.Cursors(ctx, room.ID)
	if err != nil {
		return wire.ReadsReply{}, err
	}
	if len(reads) > wire.MaxSummaryMembers {
		return wire.ReadsReply{Histogram: histogram(reads)}, nil
	}
	return wire.ReadsReply{Reads: reads}, nil
}

// histogram counts the members at each cursor, by seq.
func histogram(reads []wire.MemberRead) [][2]int64 {
	at := make(map[int64]int64)
	for _, r := range reads {
		at[r.LastReadSeq]++
	}
	out := make([][2]int64, 0, len(at))
	for seq, n := range at {
		out = append(out, [2]int64{seq, n})
	}
	slices.SortFunc(out, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	return out
}

// publishReads tells a room who has read how far, and returns how many members it has. size is what is known of that, 0
// for nothing: then, and for the histogram of a large room, the cursors are read.
func (s *Service) publishReads(ctx context.Context, g gathered, size int) (members int, err error) {
	out, members, err := s.readsOf(ctx, g, size)
	if err != nil {
		s.unpublished(ctx, wire.EvRead, g.roomID, err)
		return 0, err
	}
	if len(out.Reads) > 0 || out.Histogram != nil { // without either, a list says it by the message
		s.publish(ctx, bus.Event{Ev: wire.EvRead, RoomID: g.roomID, RoomUUID: g.roomUUID}, out)
	}
	return members, nil
}

// readsOf is what a room is told of reads.
func (s *Service) readsOf(ctx context.Context, g gathered, size int) (out wire.Read, members int, err error) {
	out.RoomUUID = g.roomUUID
	if size == 0 || size > wire.MaxSummaryMembers {
		reads, err := s.cursors.Cursors(ctx, g.roomID)
		if err != nil {
			return out, 0, err
		}
		if size = len(reads); size > wire.MaxSummaryMembers {
			out.Histogram = histogram(reads)
		}
	}
	if out.Histogram == nil {
		for uuid, seq := range g.reads {
			out.Reads = append(out.Reads, wire.UserRead{UserUUID: uuid, Seq: seq})
		}
	}
	return out, size, nil
}

// ReadEvents implements hub.Repair: what the reader's own devices hear of a move, and what the room hears.
func (s *Service) ReadEvents(ctx context.Context, moved []bus.Read) (events []bus.Event, err error) {
	var rooms []*gathered
	byID := map[int64]*gathered{}
	add := func(e bus.Event, data wire.Read) error {
		if e.Data, err = json.Marshal(data); err != nil {
			return fmt.Errorf("encode event: %w", err)
		}
		events = append(events, e)
		return nil
	}
	for _, m := range moved {
		g := byID[m.RoomID]
		if g == nil {
			g = &gathered{roomID: m.RoomID, roomUUID: m.RoomUUID, reads: map[string]int64{}}
			byID[m.RoomID] = g
			rooms = append(rooms, g)
		}
		g.reads[m.UserUUID] = max(g.reads[m.UserUUID], m.Seq)
		own := wire.Read{RoomUUID: m.RoomUUID, Reads: []wire.UserRead{{UserUUID: m.UserUUID, Seq: m.Seq}}}
		e := bus.Event{Ev: wire.EvRead, RoomID: m.RoomID, RoomUUID: m.RoomUUID, Users: []int64{m.UserID}}
		if err := add(e, own); err != nil {
			return nil, err
		}
	}
	for _, g := range rooms {
		out, _, err := s.readsOf(ctx, *g, 0)
		if err != nil {
			return nil, err
		}
		if err := add(bus.Event{Ev: wire.EvRead, RoomID: g.roomID, RoomUUID: g.roomUUID}, out); err != nil {
			return nil, err
		}
	}
	return events, nil
}
