package sqlstore

import (
	"context"
	"fmt"
	"sync"

	"himsg/server/internal/chat"
	"himsg/shared/wire"
)

// maxRosters bounds what is kept of rooms, in UUIDs and seqs: some 10 MB.
const maxRosters = 200_000

// roster is what of a room changes with its meta rev only: who is in it, and what is pinned.
type roster struct {
	metaRev int64
	count   int
	members []string // user_uuids, the first wire.MaxSummaryMembers
	owners  []string // of a group, as many
	pins    []int64  // seqs, the latest pin last
}

func (s *roster) size() int { return 1 + len(s.members) + len(s.owners) + len(s.pins) }

// rosters keeps it: when everybody comes back, all members of a room ask for the same, and to number and sort a hundred members
// is most of what a view costs. A view reads the room's meta rev in its own snapshot, so what was read at that meta rev, by whomever,
// is what it would read.
type rosters struct {
	mu   sync.Mutex
	of   map[int64]*roster
	size int
}

// get returns what is known of a room at a meta rev; nil: nothing. It must not be changed.
func (s *rosters) get(roomID, metaRev int64) *roster {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.of[roomID]; found != nil && found.metaRev == metaRev {
		return found
	}
	return nil
}

// put keeps it, and forgets others when there is no room for it.
func (s *rosters) put(roomID int64, fresh *roster) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = make(map[int64]*roster)
	}
	s.drop(roomID)
	for id := range s.of {
		if s.size+fresh.size() <= maxRosters {
			break
		}
		s.drop(id)
	}
	s.of[roomID] = fresh
	s.size += fresh.size()
}

func (s *rosters) drop(roomID int64) {
	if old := s.of[roomID]; old != nil {
		s.size -= old.size()
		delete(s.of, roomID)
	}
}

// addRosters says who is in the rooms and what is pinned in them; rooms that are not known as they are now are read.
func (db *DB) addRosters(ctx context.Context, q querier, index map[int64]*chat.RoomView) error {
	fresh := make(map[int64]*roster)
	for id, v := range index {
		if known := db.rosters.get(id, v.Room.MetaRev); known != nil {
			known.show(v)
		} else {
			fresh[id] = &roster{metaRev: v.Room.MetaRev}
		}
	}
	ids := roomIDs(index, func(v *chat.RoomView) bool { return fresh[v.Room.ID] != nil })
	if len(ids) == 0 {
		return nil
	}
	if err := readMembers(ctx, q, ids, index, fresh); err != nil {
		return fmt.Errorf("members: %w", err)
	}
	if err := readPins(ctx, q, ids, fresh); err != nil {
		return fmt.Errorf("pins: %w", err)
	}
	for id, s := range fresh {
		s.show(index[id])
		db.rosters.put(id, s)
	}
	return nil
}

// show puts it into a view. What is appended there afterwards must not show in others.
func (s *roster) show(v *chat.RoomView) {
	v.MemberCount = s.count
	v.Members = s.members[:len(s.members):len(s.members)]
	v.Owners = s.owners[:len(s.owners):len(s.owners)]
	v.Pins = s.pins[:len(s.pins):len(s.pins)]
}

// readMembers counts the present members and lists the first of them, and of a group the first of its owners.
func readMembers(ctx context.Context, q querier, ids []any, index map[int64]*chat.RoomView, fresh map[int64]*roster) error {
	return each(ctx, q, func(row scanner) error {
		var id int64
		var count, place int
		var role wire.RoomRole
		var uuid string
		if err := row.Scan(&id, &count, &place, &role, &uuid); err != nil {
			return err
		}
		s := fresh[id]
		s.count = count
		if place <= wire.MaxSummaryMembers {
			s.members = append(s.members, uuid)
		}
		if role == wire.RoomOwner && index[id].Room.Kind == wire.RoomGroup && len(s.owners) < wire.MaxSummaryMembers {
			s.owners = append(s.owners, uuid)
		}
		return nil
	}, `select seats.room_id, seats.members, seats.place, seats.role, u.user_uuid
  from (select m.room_id, m.user_id, m.role,
               count(*) over (partition by m.room_id) as members,
               row_number() over (partition by m.room_id order by m.joined_at, m.user_id) as place,
               row_number() over (partition by m.room_id, m.role order by m.joined_at, m.user_id) as among
          from room_members m
         where m.room_id in (`+holes(len(ids))+`)
           and m.left_seq is null) seats
  join users u on u.id = seats.user_id
 where seats.place <= ?
    or (seats.role = 'owner' and seats.among <= ?)
 order by seats.room_id, seats.place`, append(ids[:len(ids):len(ids)], wire.MaxSummaryMembers, wire.MaxSummaryMembers)...)
}

// readPins lists each room's pinned messages, the latest pin last.
func readPins(ctx context.Context, q querier, ids []any, fresh map[int64]*roster) error {
	return each(ctx, q, func(row scanner) error {
		var id, seq int64
		if err := row.Scan(&id, &seq); err != nil {
			return err
		}
		fresh[id].pins = append(fresh[id].pins, seq)
		return nil
	}, "select room_id, seq from pins where room_id in ("+holes(len(ids))+") order by room_id, pinned_at, seq", ids...)
}
