package client

import (
	"errors"

	"himsg/shared/wire"
)

// maxIdleTries is how often a server may tell of a revision and then not have it, before it is believed to have none.
const maxIdleTries = 6

// errNoProgress: the server told of a revision that its changes don't reach yet.
var errNoProgress = errors.New("changes do not reach the announced revision")

// pump starts repairs, as many as may run at a time; mu is held.
func (s *Syncer) pump() {
	a := s.live
	for a != nil && s.failed == nil && a.running < s.options.Parallel {
		r := s.mostUrgent(a)
		if r == nil {
			return
		}
		r.busy = a
		a.running++
		s.spawn(func(a *attachment) { s.repair(a, r) })
	}
}

// mostUrgent picks the room to repair next: one in view, then the one with the latest activity.
func (s *Syncer) mostUrgent(a *attachment) *room {
	var best *room
	for uuid, r := range s.dirty {
		if r.target <= r.Rev {
			delete(s.dirty, uuid)
			continue
		}
		if r.busy == a || r.waiting == a {
			continue
		}
		if best == nil || s.before(r, best) {
			best = r
		}
	}
	return best
}

func (s *Syncer) before(x, y *room) bool {
	if s.preferred[x.uuid] != s.preferred[y.uuid] {
		return s.preferred[x.uuid]
	}
	return x.Activity > y.Activity
}

// repair is the job for one room: it asks for changes until all that was heard of is held. Live events that arrive
// meanwhile are safe: each is applied or known by its rev.
func (s *Syncer) repair(a *attachment, r *room) {
	defer s.repaired(a, r)
	for {
		after, ok := s.behind(a, r)
		if !ok {
			return
		}
		request := wire.ChangesRequest{RoomUUID: r.uuid, AfterRev: after, Limit: wire.MaxChangesLimit}
		var reply wire.ChangesReply
		err := s.options.Remote.Call(a.ctx, wire.OpChanges, request, &reply)
		if err == nil && reply.Reset {
			err = s.reload(a, r, reply.Room)
		} else if err == nil {
			err = s.applyChanges(a, r, after, reply)
		}
		if err != nil {
			s.repairFailed(a, r, err)
			return
		}
	}
}

// behind returns the rev to ask after; ok is false when there is nothing to repair any more.
func (s *Syncer) behind(a *attachment, r *room) (after int64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.Rev, s.current(a) && s.rooms[r.uuid] == r && r.target > r.Rev
}

func (s *Syncer) repaired(a *attachment, r *room) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.running--
	if r.busy == a {
		r.busy = nil
	}
	s.pump()
}

func (s *Syncer) applyChanges(a *attachment, r *room, after int64, reply wire.ChangesReply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current(a) || s.rooms[r.uuid] != r {
		return nil
	}
	batch := MessageBatch{RoomUUID: r.uuid}
	for _, m := range reply.Messages {
		r.note(m)
		if m.Rev > r.Rev {
			r.cover(m)
			batch.Messages = append(batch.Messages, m)
		}
	}
	progress := reply.Rev > after || r.Rev > after
	if reply.Rev > r.Rev {
		r.Rev = reply.Rev
		batch.Held = r.Held
		s.store(batch)
	}
	if reply.Room != nil {
		if change, ok := s.merge(*reply.Room, false); ok {
			s.applyRooms([]RoomChange{change}, nil)
		}
	}
	if !progress && r.target > r.Rev {
		return errNoProgress
	}
	r.attempts = 0
	return nil
}

// reload takes the newest page in place of what is held: the replica is too far behind for changes. summary is the room as
// it was before the page.
func (s *Syncer) reload(a *attachment, r *room, summary *wire.RoomSummary) error {
	s.mu.Lock()
	epoch := r.epoch
	s.mu.Unlock()
	request := wire.HistoryRequest{RoomUUID: r.uuid, Limit: defaultPage}
	var page wire.HistoryReply
	if err := s.options.Remote.Call(a.ctx, wire.OpHistory, request, &page); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current(a) || s.rooms[r.uuid] != r || r.epoch != epoch {
		return nil
	}
	covered := page.Rev
	if summary != nil {
		wentBack := summary.Rev < r.Rev // an older database was restored
		if change, ok := s.merge(*summary, wentBack); ok {
			s.applyRooms([]RoomChange{change}, nil)
		}
		covered = summary.Rev
	}
	s.resetTo(r, page, covered)
	return nil
}

// resetTo makes a page all that is held of a room. covered is how far everything but messages is known: a page says nothing
// of a new name. What lies between it and the page, or was heard of beyond the page, is asked for.
func (s *Syncer) resetTo(r *room, page wire.HistoryReply, covered int64) {
	heard := max(r.Rev, r.target, page.Rev)
	r.Rev, r.Lo, r.Hi, r.attempts = min(page.Rev, covered), 0, 0, 0
	r.epoch++
	if n := len(page.Messages); n > 0 {
		r.Lo, r.Hi = page.Messages[0].Seq, page.Messages[n-1].Seq
		r.LastSeq = r.Hi
		r.Activity = max(r.Activity, page.Messages[n-1].Timestamp.UnixMilli())
	}
	if !page.HasMore {
		r.Lo = 1
	}
	s.store(MessageBatch{RoomUUID: r.uuid, Messages: page.Messages, Held: r.Held, Reset: true})
	s.aim(r, heard)
}

// repairFailed decides what a failed try means: the room is no longer ours, or it is tried again later.
func (s *Syncer) repairFailed(a *attachment, r *room, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current(a) || s.rooms[r.uuid] != r {
		return
	}
	switch code := CodeOf(err); {
	case code == wire.NotFound || code == wire.Forbidden:
		r.target = r.Rev
		s.startSync() // which says that the room is gone
		return
	case errors.Is(err, errNoProgress) && r.attempts >= maxIdleTries:
		s.options.Logger.Warn("give up a revision", "room", r.uuid, "target", r.target, "rev", r.Rev)
		r.target, r.attempts = r.Rev, 0
		return
	}
	s.options.Logger.Warn("repair room", "room", r.uuid, "error", err, "attempt", r.attempts)
	wait := pauseAfter(r.attempts, err)
	r.attempts++
	r.waiting = a
	s.spawn(func(a *attachment) {
		sleep(a.ctx, wait)
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.waiting == a {
			r.waiting = nil
		}
		s.pump()
	})
}
