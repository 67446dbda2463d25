package chat

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Sync compares what a client holds with what is: it returns every room in which either revision differs or that is new,
// newest last message first, and those that are no longer the actor's or that he has put away. A number of queries that
// doesn't depend on the number of rooms. wire.BadRequest for more than wire.MaxSyncRooms rooms.
//
// listed are his rooms as they were when what changes began to reach the client, a moment ago; nil: they are read.
func (s *Service) Sync(
	ctx context.Context, actor model.Actor, req wire.SyncRequest, listed []model.RoomRef,
) (wire.SyncReply, error) {
	if len(req.Rooms) > wire.MaxSyncRooms {
		return wire.SyncReply{}, errs.BadField("rooms", textTooMany)
	}
	// Read before the rooms: a person whom a room names is in the directory at this rev or in an event after it.
	rev, err := s.directory.DirectoryRev(ctx)
	if err != nil {
		return wire.SyncReply{}, err
	}
	changed, gone := compare(req.Rooms, listed)
	if listed == nil || len(gone) > 0 { // what is not in the list may have come since
		if listed, err = s.rooms.RoomList(ctx, actor.UserID); err != nil {
			return wire.SyncReply{}, err
		}
		changed, gone = compare(req.Rooms, listed)
	}
	reply := wire.SyncReply{DirectoryRev: rev, Removed: gone}
	reply.Rooms, err = s.summaries(ctx, actor, changed)
	return reply, err
}

// compare returns which of the rooms that are there differ from what a client holds, and which it holds that are not there.
func compare(held map[string][2]int64, refs []model.RoomRef) (changed []int64, gone []string) {
	left := make(map[string]struct{}, len(held))
	for uuid := range held {
		left[uuid] = struct{}{}
	}
	for _, ref := range refs {
		if ref.Hidden {
			continue
		}
		delete(left, ref.RoomUUID)
		if revs, ok := held[ref.RoomUUID]; !ok || revs != [2]int64{ref.Rev, ref.MyRev} {
			changed = append(changed, ref.RoomID)
		}
	}
	gone = slices.AppendSeq(make([]string, 0, len(left)), maps.Keys(left))
	slices.Sort(gone)
	return changed, gone
}

// RoomSummaries returns the actor's rooms that he has not put away, newest last message first. A last message that he has
// hidden shows as deleted.
func (s *Service) RoomSummaries(ctx context.Context, actor model.Actor) ([]wire.RoomSummary, error) {
	refs, err := s.rooms.RoomList(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, ref := range refs {
		if !ref.Hidden {
			ids = append(ids, ref.RoomID)
		}
	}
	if len(ids) == 0 {
		return []wire.RoomSummary{}, nil
	}
	views, err := s.rooms.RoomViews(ctx, actor.UserID, ids)
	if err != nil {
		return nil, err
	}
	if err := s.coverHidden(ctx, actor, views); err != nil {
		return nil, err
	}
	return newestFirst(views), nil
}

// summaries leaves out rooms that ended for the actor a moment ago.
func (s *Service) summaries(ctx context.Context, actor model.Actor, roomIDs []int64) ([]wire.RoomSummary, error) {
	if len(roomIDs) == 0 {
		return []wire.RoomSummary{}, nil
	}
	views, err := s.rooms.RoomViews(ctx, actor.UserID, roomIDs)
	if err != nil {
		return nil, err
	}
	return newestFirst(views), nil
}

// newestFirst sorts by the last message, and by id those of the same moment, which come so.
func newestFirst(views []RoomView) []wire.RoomSummary {
	order := make([]int, len(views)) // places: the views themselves are large
	for i := range views {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(views[b].Room.LastMessageAt, views[a].Room.LastMessageAt), cmp.Compare(a, b))
	})
	out := make([]wire.RoomSummary, 0, len(views))
	for _, place := range order {
		out = append(out, summary(&views[place]))
	}
	return out
}
