package client

import (
	"context"

	"himsg/shared/wire"
)

// Events implements Handler for the connection: it applies what came in one frame and passes the rest on.
func (s *Syncer) Events(ctx context.Context, events []Event) {
	rest := s.absorb(ctx, events)
	if len(rest) > 0 {
		s.tell(func(next Listener) { next.Events(ctx, rest) })
	}
}

func (s *Syncer) absorb(ctx context.Context, events []Event) (rest []Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil || s.live.ctx != ctx || s.failed != nil {
		return nil
	}
	run := batches{syncer: s}
	for _, event := range events {
		switch data := event.Data.(type) {
		case *wire.Message:
			s.message(&run, *data)
		case *wire.RoomSummary:
			run.flush()
			s.roomEvent(&run, *data)
		case *wire.RoomRemoved:
			run.flush()
			s.roomRemoved(data.RoomUUID)
		case *wire.Read:
			run.flush() // a cursor may be at a message of this very frame
			s.reads(*data)
		case *wire.UserChanged:
			s.directoryEvent(wire.DirectoryPage{Users: []wire.Profile{data.User}, Rev: data.DirectoryRev})
		case *wire.DepartmentChanged:
			s.directoryEvent(wire.DirectoryPage{Departments: []wire.Department{data.Department}, Rev: data.DirectoryRev})
		default:
			if event.Ev == wire.EvResync {
				s.startSync()
			}
			rest = append(rest, event)
		}
	}
	run.flush()
	s.pump()
	return rest
}

// batches collects the messages of a frame, so that the replica stores them in one transaction.
type batches struct {
	syncer *Syncer
	list   []MessageBatch
	at     map[string]int // room → its place in list
}

func (b *batches) add(r *room, m wire.Message) {
	i, ok := b.at[r.uuid]
	if !ok {
		i = len(b.list)
		b.list = append(b.list, MessageBatch{RoomUUID: r.uuid, Live: true})
		if b.at == nil {
			b.at = map[string]int{}
		}
		b.at[r.uuid] = i
	}
	b.list[i].Messages = append(b.list[i].Messages, m)
	b.list[i].Held = r.Held
}

func (b *batches) flush() {
	if len(b.list) > 0 {
		b.syncer.store(b.list...)
	}
	b.list, b.at = nil, nil
}

// store gives messages to the replica; mu is held.
func (s *Syncer) store(list ...MessageBatch) {
	if err := s.options.Replica.ApplyMessages(s.life, list); err != nil {
		s.fail(err)
	}
}

// message takes a live message: the next revision is applied, a later one shows a gap, an earlier one is known already.
func (s *Syncer) message(run *batches, m wire.Message) {
	r := s.rooms[m.RoomUUID]
	if r == nil {
		s.startSync() // its summary comes first
		return
	}
	r.note(m)
	switch {
	case m.Rev <= r.Rev:
	case m.Rev == r.Rev+1:
		r.Rev = m.Rev
		r.cover(m)
		run.add(r, m)
	default:
		s.aim(r, m.Rev)
	}
}

// cover widens the held range to a message that is newer than all in it. A message above the range has, like all between,
// been made after Held.Rev, so those between come by their own revisions.
func (r *room) cover(m wire.Message) {
	switch {
	case m.Seq <= r.Border: // an event of before the border
	case r.Hi == 0 && m.Seq > r.LastSeq:
		r.Lo, r.Hi = max(r.LastSeq, r.Border)+1, m.Seq
	case r.Hi != 0 && m.Seq > r.Hi:
		r.Hi = m.Seq
	}
	r.LastSeq = max(r.LastSeq, m.Seq)
	r.Activity = max(r.Activity, m.Timestamp.UnixMilli())
}

// aim says that a room has changes up to rev; if they are not held, a repair fetches them. mu is held.
func (s *Syncer) aim(r *room, rev int64) {
	r.target = max(r.target, rev)
	if r.target > r.Rev {
		s.dirty[r.uuid] = r
	}
}

// roomEvent takes a room that is new or changed. The held messages' rev is never raised by it: a summary may tell of a
// revision whose message is still to come.
func (s *Syncer) roomEvent(run *batches, summary wire.RoomSummary) {
	known := s.rooms[summary.RoomUUID] != nil
	if !known && s.live.gone[summary.RoomUUID] {
		s.startSync() // he is back in it, or this was said before he went: the server knows
		return
	}
	s.touch(summary.RoomUUID, true)
	change, ok := s.merge(summary, false)
	if !ok {
		return
	}
	s.applyRooms([]RoomChange{change}, nil)
	r := s.rooms[summary.RoomUUID]
	if last := summary.LastMessage; !known && last != nil && last.Seq == summary.LastSeq && last.Seq > r.Border {
		// A room that is made by its first message: its event may have come before the room's, and won't come again.
		r.Lo, r.Hi = last.Seq, last.Seq
		run.add(r, *last)
		run.flush()
	}
}

func (s *Syncer) roomRemoved(uuid string) {
	s.touch(uuid, false)
	s.live.gone[uuid] = true
	if s.rooms[uuid] != nil {
		s.applyRooms(nil, []string{uuid})
	}
}

// touch remembers what an event did to a room while a sync is under way, whose reply may be older than the event.
func (s *Syncer) touch(uuid string, added bool) {
	if s.live.syncing {
		s.live.touched[uuid] = added
	}
}

// applyRooms gives rooms to the replica and forgets the removed ones; mu is held.
func (s *Syncer) applyRooms(changed []RoomChange, removed []string) {
	if len(changed) == 0 && len(removed) == 0 {
		return
	}
	for _, uuid := range removed {
		delete(s.rooms, uuid)
		delete(s.dirty, uuid)
		s.live.gone[uuid] = true
	}
	if err := s.options.Replica.ApplyRooms(s.life, changed, removed); err != nil {
		s.fail(err)
	}
}

func (s *Syncer) reads(read wire.Read) {
	if s.rooms[read.RoomUUID] == nil {
		return
	}
	if err := s.options.Replica.ApplyReads(s.life, read); err != nil {
		s.fail(err)
	}
}

// merge takes a summary into what is known of its room and says what the replica has to do; ok is false if it is older
// than what is known. fresh: the server went back (a restored backup), so what is held is void.
func (s *Syncer) merge(summary wire.RoomSummary, fresh bool) (change RoomChange, ok bool) {
	r := s.rooms[summary.RoomUUID]
	if r == nil {
		return s.meet(summary)
	}
	complete := summary.My != nil // made for the reader, so that it tells of the last message too
	if complete && summary.My.Rev < r.MyRev && !fresh {
		summary.My = nil
	}
	if fresh || summary.My != nil && summary.My.JoinedSeq != r.JoinedSeq {
		// He left and came back: what he saw before is no longer his to see.
		next := newRoom(summary)
		r.Held, r.summaryRev, r.target = next.Held, next.summaryRev, next.target
		r.progressed()
		r.epoch++
		delete(s.dirty, r.uuid)
		s.aimHidden(r)
		return RoomChange{Summary: summary, Held: r.Held, Reset: true}, true
	}
	newer := summary.My != nil && summary.My.Rev > r.MyRev
	if summary.My != nil {
		r.MyRev = summary.My.Rev
		r.HiddenDue = max(r.HiddenDue, summary.My.HiddenRev)
		s.aimHidden(r)
	}
	if summary.Rev < max(r.summaryRev, r.Rev) {
		return RoomChange{Summary: summary, Held: r.Held, Stale: true}, newer
	}
	r.summaryRev = summary.Rev
	r.moveBorder(borderOf(summary, r.JoinedSeq))
	if r.Hi == 0 && complete {
		if summary.Rev > r.Rev {
			r.epoch++ // a page under way may be older than what is skipped here
		}
		r.Rev, r.LastSeq = summary.Rev, max(r.LastSeq, summary.LastSeq)
	}
	r.Activity = max(r.Activity, activity(summary))
	s.aim(r, summary.Rev)
	return RoomChange{Summary: summary, Held: r.Held}, true
}

// meet takes a room that was not known.
func (s *Syncer) meet(summary wire.RoomSummary) (change RoomChange, ok bool) {
	if summary.My == nil {
		// Made for all members: it tells neither what is the reader's own nor the last message, which its revision would
		// make seem known. A sync brings a whole one.
		s.startSync()
		return RoomChange{}, false
	}
	r := newRoom(summary)
	s.rooms[r.uuid] = r
	s.aimHidden(r)
	return RoomChange{Summary: summary, Held: r.Held}, true
}

func newRoom(summary wire.RoomSummary) *room {
	held := Held{Rev: summary.Rev, LastSeq: summary.LastSeq, Activity: activity(summary)}
	if summary.My != nil {
		held.MyRev, held.JoinedSeq, held.HiddenDue = summary.My.Rev, summary.My.JoinedSeq, summary.My.HiddenRev
	}
	held.Border = borderOf(summary, held.JoinedSeq)
	return &room{Held: held, uuid: summary.RoomUUID, summaryRev: summary.Rev, target: summary.Rev}
}

// borderOf is up to where a room's messages are not to be seen by one who joined at a seq.
func borderOf(summary wire.RoomSummary, joined int64) int64 {
	if summary.History == wire.HistoryAll {
		return 0
	}
	return joined
}

// moveBorder takes another history setting: what is now behind the border is no longer held. A page on its way may have been
// read by the other setting.
func (r *room) moveBorder(border int64) {
	if border == r.Border {
		return
	}
	r.Border = border
	r.epoch++
	if r.Hi <= border {
		r.Lo, r.Hi = 0, 0
	} else {
		r.Lo = max(r.Lo, border+1)
	}
}

func activity(summary wire.RoomSummary) int64 {
	if summary.LastMessage == nil {
		return 0
	}
	return summary.LastMessage.Timestamp.UnixMilli()
}
