package client

import "himsg/shared/wire"

// aimHidden has the worker of a room ask for what the reader hid, if that is not held; mu is held.
func (s *Syncer) aimHidden(r *room) {
	if r.HiddenDue > r.HiddenRev {
		s.dirty[r.uuid] = r
	}
}

// forgetHidden makes the next sync bring the room's summary again, and with it the news that something is hidden; mu is
// held.
func (s *Syncer) forgetHidden(r *room) {
	if r.HiddenDue > r.HiddenRev {
		r.HiddenDue, r.MyRev = r.HiddenRev, 0
	}
}

// askHidden asks for a page of what the reader hid. He who left and came back meanwhile starts anew: the page is void.
func (s *Syncer) askHidden(a *attachment, r *room, held Held, epoch int) error {
	request := wire.HiddenRequest{RoomUUID: r.uuid, AfterRev: held.HiddenRev, Limit: wire.MaxHiddenLimit}
	var reply wire.HiddenReply
	if err := s.options.Remote.Call(a.ctx, wire.OpHidden, request, &reply); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current(a) || s.rooms[r.uuid] != r || r.epoch != epoch {
		return nil
	}
	if reply.Rev <= held.HiddenRev {
		return errNoProgress
	}
	r.HiddenRev = max(r.HiddenRev, reply.Rev)
	r.progressed()
	if err := s.options.Replica.ApplyHidden(s.life, r.uuid, reply.Seqs, r.HiddenRev); err != nil {
		s.fail(err)
	}
	return nil
}
