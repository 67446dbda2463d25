package client

import (
	"errors"
	"slices"

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
		if !r.behind() {
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
		held, epoch, ok := s.toRepair(a, r)
		if !ok {
			return
		}
		ask := s.askChanges
		if held.HiddenDue > held.HiddenRev {
			ask = s.askHidden
		}
		if err := ask(a, r, held, epoch); err != nil {
			s.repairFailed(a, r, err)
			return
		}
	}
}

// progressed notes that a try was no failed one; mu is held.
func (r *room) progressed() { r.attempts, r.idle = 0, 0 }

// behind reports whether something was heard of that is not held; mu is held.
func (r *room) behind() bool { return r.target > r.Rev || r.HiddenDue > r.HiddenRev }

// toRepair returns what is held; ok is false when there is nothing to repair any more.
func (s *Syncer) toRepair(a *attachment, r *room) (held Held, epoch int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.Held, r.epoch, s.current(a) && s.rooms[r.uuid] == r && r.behind()
}

func (s *Syncer) askChanges(a *attachment, r *room, held Held, epoch int) error {
	request := wire.ChangesRequest{RoomUUID: r.uuid, AfterRev: held.Rev, Limit: wire.MaxChangesLimit}
	var reply wire.ChangesReply
	if err := s.options.Remote.Call(a.ctx, wire.OpChanges, request, &reply); err != nil {
		return err
	}
	if reply.Reset {
		return s.reload(a, r, reply.Room, held.Rev, epoch)
	}
	return s.applyChanges(a, r, held.Rev, reply)
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
	// The room first: who is interrupted between the two asks for both again, since the messages' rev is what is named.
	if reply.Room != nil {
		if change, ok := s.merge(*reply.Room, false); ok {
			s.applyRooms([]RoomChange{change}, nil)
		}
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
	if !progress && r.target > r.Rev {
		return errNoProgress
	}
	r.progressed()
	return nil
}

// reload takes the newest page in place of what is held: the replica is too far behind for changes. summary is the room as
// it was before the page; asked and epoch are the revision and the epoch at which the changes were asked for. Both answers
// may be older than what came meanwhile.
func (s *Syncer) reload(a *attachment, r *room, summary *wire.RoomSummary, asked int64, epoch int) error {
	s.mu.Lock()
	known := max(r.summaryRev, r.Rev)
	s.mu.Unlock()
	if summary != nil {
		known = summary.Rev
	}
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
		wentBack := summary.Rev < asked // an older database was restored
		if change, ok := s.merge(*summary, wentBack); ok {
			s.applyRooms([]RoomChange{change}, nil)
		}
		covered = summary.Rev
	}
	s.resetTo(r, page, covered, known)
	return nil
}

// resetTo makes a page all that is held of a room. covered is how far everything but messages is known: a page says nothing
// of a new name. known is up to which revision the room's settings were known when the page was asked for. What lies between it and the page, or was heard of beyond the page, is asked for.
func (s *Syncer) resetTo(r *room, page wire.HistoryReply, covered, known int64) {
	heard := max(r.Rev, r.target, page.Rev)
	r.Rev, r.Lo, r.Hi = min(page.Rev, covered), 0, 0
	r.progressed()
	r.epoch++
	seen := slices.DeleteFunc(slices.Clone(page.Messages), func(m wire.Message) bool { return m.Seq <= r.Border })
	if n := len(seen); n > 0 {
		r.Lo, r.Hi = seen[0].Seq, seen[n-1].Seq
		r.LastSeq = r.Hi
		r.Activity = max(r.Activity, seen[n-1].Timestamp.UnixMilli())
		if !page.HasMore {
			r.Lo = min(r.Lo, r.bottom(page, known))
		}
	}
	s.store(MessageBatch{RoomUUID: r.uuid, Messages: seen, Held: r.Held, Reset: true})
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
		s.forgetHidden(r)
		s.startSync() // which says that the room is gone
		return
	case errors.Is(err, errNoProgress) && r.idle >= maxIdleTries:
		s.options.Logger.Warn("give up a revision", "room", r.uuid, "target", r.target, "rev", r.Rev)
		r.target = r.Rev
		s.forgetHidden(r)
		r.progressed()
		return
	case errors.Is(err, errNoProgress):
		r.idle++
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
