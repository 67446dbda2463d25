package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Room is what is held of a room, with this device's own work in it.
type Room struct {
	UUID        string
	Kind        wire.RoomKind
	Name        string
	Members     []string
	MemberCount int
	OtherUUID   string
	LastSeq     int64
	Last        *wire.Message // its text cut to previewRunes
	Role        wire.RoomRole
	JoinedSeq   int64
	LastReadSeq int64 // read marks that the server does not know of yet included
	MutedUntil  int64
	Favourite   bool
	Held        client.Held
	Unsent      int // in the outbox and not confirmed
	Draft       string

	id         int64
	serverRead int64
}

// Unread is how many messages are behind the user's cursor. It is derived, never kept.
func (r Room) Unread() int64 { return max(0, r.LastSeq-r.LastReadSeq) }

// previewRunes is how much of a room's last message the list keeps.
const previewRunes = 200

const roomQuery = `
select r.room_id, r.room_uuid, r.kind, r.name, r.member_count, r.members, r.other_uuid, r.last_seq, r.activity,
       r.last_message, r.role, r.joined_seq, r.last_read_seq, r.muted_until, r.favourite,
       r.held_rev, r.held_my_rev, r.held_low, r.held_high, r.held_last_seq, r.held_joined,
       coalesce(m.seq, 0), coalesce(d.text, ''),
       (select count(*) from outbox o where o.room_uuid = r.room_uuid and o.sent_seq = 0)
from rooms r
left join read_marks m on m.room_uuid = r.room_uuid
left join drafts d on d.room_uuid = r.room_uuid`

func scanRoom(rows *sql.Rows) (Room, error) {
	var r Room
	var members, last string
	var mark int64
	err := rows.Scan(&r.id, &r.UUID, &r.Kind, &r.Name, &r.MemberCount, &members, &r.OtherUUID, &r.LastSeq,
		&r.Held.Activity, &last, &r.Role, &r.JoinedSeq, &r.serverRead, &r.MutedUntil, &r.Favourite,
		&r.Held.Rev, &r.Held.MyRev, &r.Held.Lo, &r.Held.Hi, &r.Held.LastSeq, &r.Held.JoinedSeq,
		&mark, &r.Draft, &r.Unsent)
	if err != nil {
		return r, err
	}
	r.LastReadSeq = max(r.serverRead, mark)
	if err := json.Unmarshal([]byte(members), &r.Members); err != nil {
		return r, fmt.Errorf("%w: members of a room", ErrDamaged)
	}
	if last != "" {
		if err := json.Unmarshal([]byte(last), &r.Last); err != nil {
			return r, fmt.Errorf("%w: last message of a room", ErrDamaged)
		}
	}
	return r, nil
}

// Rooms lists all rooms that are held, in no order.
func (s *Store) Rooms(ctx context.Context) ([]Room, error) {
	return s.rooms(ctx, roomQuery)
}

// RoomsByID lists those of the named rooms that are held.
func (s *Store) RoomsByID(ctx context.Context, roomUUIDs []string) ([]Room, error) {
	ids, err := json.Marshal(roomUUIDs)
	if err != nil {
		return nil, fmt.Errorf("name rooms: %w", err)
	}
	return s.rooms(ctx, roomQuery+"\nwhere r.room_uuid in (select value from json_each(?))", string(ids))
}

func (s *Store) rooms(ctx context.Context, query string, args ...any) ([]Room, error) {
	var out []Room
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		out, err = collect(rows, err, scanRoom)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read rooms: %w", err)
	}
	return out, nil
}

// Room finds one, or returns ErrNotFound.
func (s *Store) Room(ctx context.Context, roomUUID string) (Room, error) {
	var r Room
	err := s.view(ctx, func(tx *sql.Tx) error {
		var err error
		r, err = oneRoom(ctx, tx, roomUUID)
		return err
	})
	return r, err
}

func oneRoom(ctx context.Context, tx *sql.Tx, roomUUID string) (Room, error) {
	rows, err := tx.QueryContext(ctx, roomQuery+"\nwhere r.room_uuid = ?", roomUUID)
	found, err := collect(rows, err, scanRoom)
	if err != nil {
		return Room{}, fmt.Errorf("read room: %w", err)
	}
	if len(found) == 0 {
		return Room{}, ErrNotFound
	}
	return found[0], nil
}

// UnreadTotal is the number on the badge: unread messages of all rooms.
func (s *Store) UnreadTotal(ctx context.Context) (int64, error) {
	var n int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `
select coalesce(sum(max(0, r.last_seq - max(r.last_read_seq, coalesce(m.seq, 0)))), 0)
from rooms r
left join read_marks m on m.room_uuid = r.room_uuid`).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count unread: %w", err)
	}
	return n, nil
}

// Held is what the sync engine starts from.
func (s *Store) Held(ctx context.Context) (client.HeldState, error) {
	state := client.HeldState{Rooms: map[string]client.Held{}}
	rooms, err := s.Rooms(ctx)
	if err != nil {
		return state, err
	}
	for _, r := range rooms {
		state.Rooms[r.UUID] = r.Held
	}
	state.DirectoryRev, err = s.DirectoryRev(ctx)
	return state, err
}

// ApplyRooms stores changed rooms and drops removed ones with all that belongs to them. It returns the rooms whose
// summary told of a message that was not known, or passed one of the outbox.
func (s *Store) ApplyRooms(ctx context.Context, changed []client.RoomChange, removed []string) ([]Applied, error) {
	var out []Applied
	err := s.update(ctx, copied, func(tx *sql.Tx) error {
		out = nil
		for _, c := range changed {
			applied, err := applyRoom(ctx, tx, c)
			if err != nil {
				return err
			}
			if len(applied.New) > 0 || applied.Dropped {
				out = append(out, applied)
			}
		}
		for _, id := range removed {
			if err := removeRoom(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func applyRoom(ctx context.Context, tx *sql.Tx, c client.RoomChange) (Applied, error) {
	out := Applied{RoomUUID: c.Summary.RoomUUID, Reset: c.Reset}
	r, err := oneRoom(ctx, tx, c.Summary.RoomUUID)
	isNew := errors.Is(err, ErrNotFound)
	if err != nil && !isNew {
		return out, err
	}
	if isNew {
		r = Room{UUID: c.Summary.RoomUUID, Role: wire.RoomMember}
	}
	out.Before = r.Held
	if m := c.Summary.LastMessage; m != nil && !c.Stale && m.Seq > r.LastSeq {
		out.New = []wire.Message{wiped(*m)}
	}
	r.takeChange(c, isNew)
	if err := saveRoom(ctx, tx, &r); err != nil {
		return out, err
	}
	if c.Reset {
		if err := dropMessages(ctx, tx, r.id); err != nil {
			return out, err
		}
	}
	if err := raiseCursor(ctx, tx, r.UUID, r.serverRead); err != nil {
		return out, err
	}
	out.Dropped, err = dropPassed(ctx, tx, r)
	return out, err
}

func (r *Room) takeChange(c client.RoomChange, isNew bool) {
	if isNew || !c.Stale {
		r.takeSummary(c.Summary)
	}
	if c.Summary.My != nil {
		r.takeMy(*c.Summary.My)
	}
	r.takeHeld(c.Held)
}

func (r *Room) takeSummary(s wire.RoomSummary) {
	r.Kind, r.Name, r.MemberCount, r.Members = s.Kind, s.Name, s.MemberCount, s.Members
	if s.Other != nil {
		r.OtherUUID = s.Other.UserUUID
	}
	r.LastSeq = max(r.LastSeq, s.LastSeq)
	if s.LastMessage != nil {
		r.takeLast(*s.LastMessage)
	}
}

// takeLast makes m the room's newest message, if it is.
func (r *Room) takeLast(m wire.Message) {
	r.LastSeq = max(r.LastSeq, m.Seq)
	if r.Last != nil && (m.Seq < r.Last.Seq || m.Seq == r.Last.Seq && m.Rev < r.Last.Rev) {
		return
	}
	m = wiped(m)
	if runes := []rune(m.Text); len(runes) > previewRunes {
		m.Text = string(runes[:previewRunes])
	}
	m.Files, m.Reactions, m.Mentions = nil, nil, nil
	r.Last = &m
}

func (r *Room) takeMy(my wire.My) {
	r.Role, r.JoinedSeq, r.Favourite = my.Role, my.JoinedSeq, my.Favourite
	r.serverRead = max(r.serverRead, my.LastReadSeq)
	r.MutedUntil = 0
	if my.MutedUntil != nil {
		r.MutedUntil = my.MutedUntil.UnixMilli()
	}
}

// takeHeld notes what the sync engine holds. It alone knows; nothing is compared here.
func (r *Room) takeHeld(h client.Held) {
	activity := max(r.Held.Activity, h.Activity)
	r.Held = h
	r.Held.Activity = activity
	r.LastSeq = max(r.LastSeq, h.LastSeq)
}

func saveRoom(ctx context.Context, tx *sql.Tx, r *Room) error {
	members, err := json.Marshal(r.Members)
	if err != nil {
		return fmt.Errorf("encode members: %w", err)
	}
	var last []byte
	if r.Last != nil {
		if last, err = json.Marshal(r.Last); err != nil {
			return fmt.Errorf("encode last message: %w", err)
		}
	}
	err = tx.QueryRowContext(ctx, `
insert into rooms (room_uuid, kind, name, member_count, members, other_uuid, last_seq, activity, last_message,
  role, joined_seq, last_read_seq, muted_until, favourite,
  held_rev, held_my_rev, held_low, held_high, held_last_seq, held_joined)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (room_uuid) do update
set kind = excluded.kind, name = excluded.name, member_count = excluded.member_count, members = excluded.members,
  other_uuid = excluded.other_uuid, last_seq = excluded.last_seq, activity = excluded.activity,
  last_message = excluded.last_message, role = excluded.role, joined_seq = excluded.joined_seq,
  last_read_seq = excluded.last_read_seq, muted_until = excluded.muted_until, favourite = excluded.favourite,
  held_rev = excluded.held_rev, held_my_rev = excluded.held_my_rev, held_low = excluded.held_low,
  held_high = excluded.held_high, held_last_seq = excluded.held_last_seq, held_joined = excluded.held_joined
returning room_id`,
		r.UUID, r.Kind, r.Name, r.MemberCount, string(members), r.OtherUUID, r.LastSeq, r.Held.Activity, string(last),
		r.Role, r.JoinedSeq, r.serverRead, r.MutedUntil, r.Favourite,
		r.Held.Rev, r.Held.MyRev, r.Held.Lo, r.Held.Hi, r.Held.LastSeq, r.Held.JoinedSeq).Scan(&r.id)
	if err != nil {
		return fmt.Errorf("save room: %w", err)
	}
	return nil
}

// removeRoom drops a room that is no longer the user's. What he had not sent there can never be sent.
func removeRoom(ctx context.Context, tx *sql.Tx, roomUUID string) error {
	for _, query := range []string{
		"delete from rooms where room_uuid = ?", // messages follow by the foreign key
		"delete from outbox where room_uuid = ?",
		"delete from drafts where room_uuid = ?",
		"delete from read_marks where room_uuid = ?",
	} {
		if _, err := tx.ExecContext(ctx, query, roomUUID); err != nil {
			return fmt.Errorf("remove room: %w", err)
		}
	}
	return nil
}
