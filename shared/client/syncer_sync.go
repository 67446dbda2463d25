package client

import (
	"cmp"
	"slices"

	"himsg/shared/wire"
)

// startSync asks the server what changed since what is held, or asks again if that is under way; mu is held.
func (s *Syncer) startSync() {
	a := s.live
	if a == nil || s.failed != nil {
		return
	}
	if a.syncing {
		a.again = true
		return
	}
	a.syncing, a.touched = true, map[string]bool{}
	s.spawn(s.sync)
}

// sync is the job: it repeats until a reply was applied and nobody asked again.
func (s *Syncer) sync(a *attachment) {
	for attempt := 0; ; {
		request := s.syncRequest(a)
		var reply wire.SyncReply
		err := s.options.Remote.Call(a.ctx, wire.OpSync, request, &reply)
		if a.ctx.Err() != nil {
			return
		}
		if err == nil {
			if s.applySync(a, request, reply) {
				return
			}
			attempt = 0
			continue
		}
		s.options.Logger.Warn("sync", "error", err, "attempt", attempt)
		if !sleep(a.ctx, pauseAfter(attempt, err)) {
			return
		}
		attempt++
	}
}

// syncRequest names what is held; of more than wire.MaxSyncRooms rooms the ones with the latest activity.
func (s *Syncer) syncRequest(a *attachment) wire.SyncRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.touched = map[string]bool{}
	named := make([]*room, 0, len(s.rooms))
	for _, r := range s.rooms {
		named = append(named, r)
	}
	if len(named) > wire.MaxSyncRooms {
		slices.SortFunc(named, func(x, y *room) int { return cmp.Compare(y.Activity, x.Activity) })
		named = named[:wire.MaxSyncRooms]
	}
	request := wire.SyncRequest{Rooms: make(map[string][2]int64, len(named)), DirectoryRev: s.directory.held}
	for _, r := range named {
		request.Rooms[r.uuid] = [2]int64{r.Rev, r.MyRev}
	}
	return request
}

// applySync takes a reply; it returns false if the server must be asked again.
func (s *Syncer) applySync(a *attachment, request wire.SyncRequest, reply wire.SyncReply) (done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current(a) {
		return true
	}
	s.applyRooms(s.syncedRooms(a, request, reply), s.syncedRemovals(a, request, reply))
	s.directory.target = max(s.directory.target, reply.DirectoryRev)
	s.startDirectory()
	if a.again && s.failed == nil {
		a.again = false
		return false
	}
	a.syncing, a.synced = false, true
	s.pump()
	return true
}

// syncedRooms merges the reply's rooms. A room that an event removed meanwhile is not taken back: its summary is older
// than the event, or newer, which another sync tells.
func (s *Syncer) syncedRooms(a *attachment, request wire.SyncRequest, reply wire.SyncReply) []RoomChange {
	var changed []RoomChange
	for _, summary := range reply.Rooms {
		if added, touched := a.touched[summary.RoomUUID]; touched && !added {
			a.again = true
			continue
		}
		asked, named := request.Rooms[summary.RoomUUID]
		wentBack := named && summary.Rev < asked[0]
		if change, ok := s.merge(summary, wentBack); ok {
			changed = append(changed, change)
		}
	}
	return changed
}

// syncedRemovals returns the rooms that are no longer the reader's. A room that was not named is still his only if the
// reply brings it as a new one.
func (s *Syncer) syncedRemovals(a *attachment, request wire.SyncRequest, reply wire.SyncReply) []string {
	gone := map[string]bool{}
	for _, uuid := range reply.Removed {
		gone[uuid] = true
	}
	if len(s.rooms) > len(request.Rooms) {
		brought := map[string]bool{}
		for _, summary := range reply.Rooms {
			brought[summary.RoomUUID] = true
		}
		for uuid := range s.rooms {
			if _, named := request.Rooms[uuid]; !named && !brought[uuid] {
				gone[uuid] = true
			}
		}
	}
	var removed []string
	for uuid := range gone {
		switch {
		case s.rooms[uuid] == nil:
		case a.touched[uuid]:
			a.again = true // an event brought it after this reply was made, or before: another sync tells
		default:
			removed = append(removed, uuid)
		}
	}
	return removed
}
