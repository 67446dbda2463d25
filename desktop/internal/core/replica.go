package core

import (
	"context"
	"slices"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// replica is what the sync engine writes to: the store, and behind it the page.
type replica struct{ s *session }

// Held implements client.Replica.
func (r replica) Held(ctx context.Context) (client.HeldState, error) { return r.s.store.Held(ctx) }

// StartAnew implements client.Replica. The page was told of nothing that could go: there is none.
func (r replica) StartAnew(ctx context.Context, epoch int64) error {
	return r.s.store.StartAnew(ctx, epoch)
}

// ApplyRooms implements client.Replica.
func (r replica) ApplyRooms(ctx context.Context, changed []client.RoomChange, removed []string) error {
	borders, err := r.borders(ctx, changed)
	if err != nil {
		return err
	}
	applied, err := r.s.store.ApplyRooms(ctx, changed, removed)
	if err != nil {
		return err
	}
	for _, a := range applied {
		r.s.notes.Arrived(a)
		if a.Dropped {
			r.s.reload(a.RoomUUID)
		}
	}
	for _, c := range changed {
		id := c.Summary.RoomUUID
		r.s.updates.Rooms(id)
		if c.Summary.My != nil {
			r.s.cursorMoved(id, c.Summary.My.LastReadSeq)
		}
		if c.Reset {
			r.s.watches.Applied(store.Applied{RoomUUID: id, Reset: true})
		}
		if !r.s.opened.Has(id) {
			continue
		}
		if border, ok := borders[id]; c.Reset || ok && border != c.Held.Border {
			r.s.updates.Reset(id)
		}
		if !c.Stale {
			r.s.keeper.Look(id) // its members may be others now
		}
	}
	for _, id := range removed {
		r.s.forgetRoom(id)
	}
	r.s.arrived.Fire()
	return nil
}

// borders are those of the rooms that the page has opened, before a change: when one moves, messages come into sight or
// must go out of it.
func (r replica) borders(ctx context.Context, changed []client.RoomChange) (map[string]int64, error) {
	var ids []string
	for _, c := range changed {
		if r.s.opened.Has(c.Summary.RoomUUID) {
			ids = append(ids, c.Summary.RoomUUID)
		}
	}
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // no rooms, no borders
	}
	rooms, err := r.s.store.RoomsByID(ctx, ids)
	out := make(map[string]int64, len(rooms))
	for _, room := range rooms {
		out[room.UUID] = room.Held.Border
	}
	return out, err
}

// forgetRoom drops what is kept of a room beside the store.
func (s *session) forgetRoom(roomUUID string) {
	s.opened.Remove(roomUUID)
	s.recall.Forget(roomUUID)
	s.readers.Remove(roomUUID)
	s.notes.Withdraw(roomUUID)
	s.updates.RoomRemoved(roomUUID)
}

// ApplyMessages implements client.Replica.
func (r replica) ApplyMessages(ctx context.Context, batches []client.MessageBatch) error {
	applied, err := r.s.store.ApplyMessages(ctx, batches)
	if err != nil {
		return err
	}
	for _, a := range applied {
		r.s.watches.Applied(a)
		r.s.recall.Renew(a.Outside)
		r.s.updates.Rooms(a.RoomUUID)
		r.s.showApplied(a)
		r.s.notes.Arrived(a)
		if seq := r.s.saidIn(a); seq > 0 {
			r.s.notes.Read(a.RoomUUID, seq)
		}
	}
	return nil
}

// saidIn is the seq of the user's own last message in a batch, 0 for none: who says something, here or on another device, has read
// what was said before it, and no other event tells of that.
func (s *session) saidIn(a store.Applied) (seq int64) {
	for _, list := range [][]wire.Message{a.New, a.Changed, a.Outside} {
		for _, m := range list {
			if m.SenderUUID == s.me {
				seq = max(seq, m.Seq)
			}
		}
	}
	return seq
}

// showApplied tells the page of messages, if it has opened the room. Pages of history are not told: the call that asked
// for them returns them.
func (s *session) showApplied(a store.Applied) {
	if !s.opened.Has(a.RoomUUID) {
		return
	}
	if a.Dropped {
		s.reload(a.RoomUUID)
		return
	}
	if a.Reset {
		if a.Before.Hi > 0 { // else the page has nothing to drop: the first page was asked for by a call of its own
			s.updates.Reset(a.RoomUUID)
		}
		return
	}
	for _, m := range a.Outside { // in windows that don't join the held stretch, and quoted
		s.updates.Messages(a.RoomUUID, viewMessage(m, s.eyes()))
	}
	for _, m := range a.Changed {
		if !a.Live && (a.Before.Hi == 0 || m.Seq < a.Before.Lo) {
			continue
		}
		s.updates.Messages(a.RoomUUID, viewMessage(m, s.eyes()))
		if m.Kind == wire.MessageSystem {
			s.keeper.Look(a.RoomUUID) // somebody came or went
		} else if s.readers.Sent(a.RoomUUID, m.SenderUUID, m.Seq) {
			s.updates.Reads(a.RoomUUID)
		}
	}
}

// reload makes the page load an opened room again, when what it shows can't be mended piece by piece.
func (s *session) reload(roomUUID string) {
	if s.opened.Has(roomUUID) {
		s.updates.Reset(roomUUID)
		s.keeper.Look(roomUUID)
	}
}

// ApplyHidden implements client.Replica.
func (r replica) ApplyHidden(ctx context.Context, roomUUID string, seqs []int64, rev int64) error {
	s := r.s
	held, err := s.store.MessagesBySeq(ctx, roomUUID, seqs)
	if err != nil {
		return err
	}
	if err := s.store.ApplyHidden(ctx, roomUUID, seqs, rev); err != nil {
		return err
	}
	s.hidden(roomUUID, seqs, append(held, s.recall.Find(roomUUID, seqs)...))
	return nil
}

// hidden takes messages away from the page that the user hid, here or on another device. shown are those that it may hold.
func (s *session) hidden(roomUUID string, seqs []int64, shown []wire.Message) {
	s.watches.Hidden(roomUUID, seqs)
	for _, m := range shown {
		s.updates.Gone(roomUUID, viewMessage(m, s.eyes()).ClientID)
	}
	for _, seq := range seqs {
		s.notes.deleted(roomUUID, seq)
	}
	s.updates.Rooms(roomUUID)
}

// ApplyReads implements client.Replica.
func (r replica) ApplyReads(ctx context.Context, read wire.Read) error {
	mine := slices.IndexFunc(read.Reads, func(u wire.UserRead) bool { return u.UserUUID == r.s.me })
	if mine >= 0 {
		seq := read.Reads[mine].Seq
		if err := r.s.store.ApplyRead(ctx, read.RoomUUID, seq); err != nil {
			return err
		}
		r.s.updates.Rooms(read.RoomUUID)
		r.s.cursorMoved(read.RoomUUID, seq)
	}
	if r.s.readers.Apply(read) {
		r.s.updates.Reads(read.RoomUUID)
	}
	return nil
}

// cursorMoved takes back a notification of what was read, here or on another device.
func (s *session) cursorMoved(roomUUID string, seq int64) {
	s.notes.Read(roomUUID, seq)
	if s.readers.Sent(roomUUID, s.me, seq) {
		s.updates.Reads(roomUUID)
	}
}

// ApplyDirectory implements client.Replica.
func (r replica) ApplyDirectory(ctx context.Context, page wire.DirectoryPage) error {
	fresh, err := r.s.store.ApplyDirectory(ctx, page)
	if err != nil {
		return err
	}
	if len(fresh.Users) > 0 || len(fresh.Departments) > 0 {
		r.s.updates.note(func(p *changes) {
			p.departments = p.departments || len(fresh.Departments) > 0
			for _, u := range fresh.Users {
				p.people[u.UserUUID] = u
			}
		})
	}
	numbers := make(map[int64]string, len(fresh.Users))
	for _, u := range fresh.Users {
		numbers[u.Number] = u.UserUUID
		if u.UserUUID == r.s.me {
			r.s.account.profileChanged(u)
		}
	}
	r.s.know(numbers)
	return nil
}
