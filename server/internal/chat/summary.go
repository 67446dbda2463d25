package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// moment is a point in a room's life. A summary in an event is cut to the event's moment, so that the changes behind it
// still count for who applies it.
type moment struct{ rev, lastSeq int64 }

// summary is a room as one member sees it.
func summary(v *RoomView) wire.RoomSummary {
	s := wire.RoomSummary{
		RoomUUID: v.Room.UUID, Kind: v.Room.Kind, Name: v.Room.Name, MemberCount: v.MemberCount, Members: v.Members,
		Owners: v.Owners, History: historyOf(v.Room), Picture: v.Room.PictureUUID, LastSeq: v.Room.LastSeq, Rev: v.Room.Rev, My: my(v.My, v.Room.LastSeq),
		DepartmentUUID: v.Room.DepartmentUUID, ReadOnly: v.Room.ReadOnly,
	}
	if s.Members == nil {
		s.Members = []string{}
	}
	s.Pins = append([]int64{}, v.Pins...)
	s.My.MentionSeqs = append(s.My.MentionSeqs, v.MentionSeqs...)
	if s.Owners == nil {
		s.Owners = []string{}
	}
	if v.Other != nil {
		other := v.Other.Profile()
		s.Other = &other
	}
	if v.Last != nil {
		last := v.Last.Wire()
		s.LastMessage = &last
	}
	return s
}

func my(m model.Member, lastSeq int64) *wire.My {
	out := &wire.My{
		Rev: m.MyRev, LastReadSeq: m.LastReadSeq, UnreadCount: m.Unread(lastSeq), Role: m.Role,
		JoinedSeq: m.JoinedSeq, Favourite: m.Favourite, Pinned: m.Pinned, Locked: m.Locked, Notify: m.Notify, HiddenRev: m.HidesRev,
		MentionSeqs: []int64{},
	}
	if m.MutedUntil != 0 {
		until := wire.TimeOfMilli(m.MutedUntil)
		out.MutedUntil = &until
	}
	return out
}

// shared is a room as all its members see it, at a moment: without my, other and last message.
func shared(room model.Room, members []model.Member, pins []int64, at moment) wire.RoomSummary {
	s := wire.RoomSummary{
		RoomUUID: room.UUID, Kind: room.Kind, Name: room.Name, MemberCount: len(members),
		Members: make([]string, 0, min(len(members), wire.MaxSummaryMembers)), LastSeq: at.lastSeq, Rev: at.rev,
		Owners: []string{}, History: historyOf(room), Picture: room.PictureUUID, Pins: append([]int64{}, pins...),
		DepartmentUUID: room.DepartmentUUID, ReadOnly: room.ReadOnly,
	}
	for _, m := range members {
		if room.Kind == wire.RoomGroup && m.Role == wire.RoomOwner && len(s.Owners) < wire.MaxSummaryMembers {
			s.Owners = append(s.Owners, m.UserUUID)
		}
	}
	for _, m := range members[:min(len(members), wire.MaxSummaryMembers)] {
		s.Members = append(s.Members, m.UserUUID)
	}
	return s
}

func historyOf(room model.Room) wire.RoomHistory {
	if room.OpenHistory {
		return wire.HistoryAll
	}
	return wire.HistoryJoined
}

// personal is an encoded summary for one member, at a moment.
func (s *Service) personal(ctx context.Context, userID, roomID int64, at moment) (json.RawMessage, error) {
	views, err := s.rooms.RoomViews(ctx, userID, []int64{roomID})
	if err != nil {
		return nil, err
	}
	if len(views) == 0 {
		return nil, errs.NotFound(textNoRoom)
	}
	v := views[0]
	v.Room.Rev, v.Room.LastSeq = at.rev, at.lastSeq
	if v.Last != nil && v.Last.Seq > at.lastSeq {
		v.Last = nil
	}
	v.MentionSeqs = slices.DeleteFunc(v.MentionSeqs, func(seq int64) bool { return seq > at.lastSeq })
	data, err := json.Marshal(summary(&v))
	if err != nil {
		return nil, fmt.Errorf("encode summary: %w", err)
	}
	return data, nil
}
