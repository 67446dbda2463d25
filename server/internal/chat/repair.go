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

// maxRepairPages of wire.MaxChangesLimit messages are rebuilt; who missed more is better off with a resync.
const maxRepairPages = 5

// EventsSince rebuilds what was published about a room after a revision from what is stored; it implements hub.Repair.
// Of a message that changed several times only the last form is left, so revisions may be missing between the events, but
// the last one is the room's. Who joined and left is not in them: the hub compares members by itself. resync says that too
// much happened.
func (s *Service) EventsSince(ctx context.Context, roomID, afterRev int64) (events []bus.Event, resync bool, err error) {
	room, err := s.rooms.RoomByID(ctx, roomID)
	if err != nil {
		return nil, false, fmt.Errorf("repair room: %w", err)
	}
	if room.Rev <= afterRev {
		return nil, false, nil
	}
	if room.Rev-afterRev > maxRepairPages*wire.MaxChangesLimit {
		return nil, true, nil
	}
	members, err := s.rooms.Members(ctx, roomID)
	if err != nil {
		return nil, false, fmt.Errorf("repair room: %w", err)
	}
	changed, err := s.changedSince(ctx, room, afterRev)
	if err != nil {
		return nil, false, fmt.Errorf("repair room: %w", err)
	}
	pins, err := s.messages.Pins(ctx, roomID)
	if err != nil {
		return nil, false, fmt.Errorf("repair room: %w", err)
	}
	events, err = rebuild(room, members, pins, afterRev, changed)
	return events, false, err
}

// changedSince pages through all messages with a rev above after and up to the room's.
func (s *Service) changedSince(ctx context.Context, room model.Room, after int64) (all []model.Message, err error) {
	everyone := model.Member{RoomID: room.ID, LeftSeq: -1} // joined before the first message: sees all
	for {
		page, err := s.messages.Changes(ctx, room, everyone, after, wire.MaxChangesLimit)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if m.Rev <= room.Rev {
				all = append(all, m)
			}
		}
		if len(page) < wire.MaxChangesLimit || page[len(page)-1].Rev >= room.Rev {
			return all, nil
		}
		after = page[len(page)-1].Rev
	}
}

// rebuild puts the messages' events and, where it belongs, the room's own into the order of their revs. The room's comes
// last when nothing else has the room's rev, so that whoever gets them all is up to date. A message that changed with the
// room at one rev (a pin) is left to the room's event: who gets that asks for what he lacks.
func rebuild(
	room model.Room, members []model.Member, pins []int64, after int64, changed []model.Message,
) ([]bus.Event, error) {
	events := make([]bus.Event, 0, len(changed)+1)
	last := room.MetaRev
	for _, m := range changed {
		if m.Rev == room.MetaRev {
			continue
		}
		e := messageEvent(m, silence(members, m.Seq))
		data, err := json.Marshal(m.Wire())
		if err != nil {
			return nil, fmt.Errorf("encode message: %w", err)
		}
		e.Data = data
		events = append(events, e)
		last = max(last, m.Rev)
	}
	at := moment{rev: room.MetaRev, lastSeq: room.LastSeq}
	if last < room.Rev {
		at.rev = room.Rev
	}
	if at.rev > after {
		data, err := json.Marshal(shared(room, members, pins, at))
		if err != nil {
			return nil, fmt.Errorf("encode room: %w", err)
		}
		events = append(events, bus.Event{Ev: wire.EvRoom, Data: data, RoomID: room.ID, RoomUUID: room.UUID, Rev: at.rev})
	}
	slices.SortFunc(events, func(a, b bus.Event) int { return cmp.Compare(a.Rev, b.Rev) })
	return events, nil
}
