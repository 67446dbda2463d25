package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// ApplyRooms stores changed rooms and drops removed ones with all that belongs to them. It returns the rooms whose
// summary told of a message that was not known, or passed one of the outbox.
func (s *Store) ApplyRooms(ctx context.Context, changed []client.RoomChange, removed []string) ([]Applied, error) {
	var out []Applied
	err := s.update(ctx, copied, func(tx *sql.Tx) error {
		out = nil
		for _, c := range changed {
			applied, err := s.applyRoom(ctx, tx, c)
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

func (s *Store) applyRoom(ctx context.Context, tx *sql.Tx, c client.RoomChange) (Applied, error) {
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
	if c.Reset {
		r.startAnew()
	}
	if m := c.Summary.LastMessage; m != nil && !c.Stale && m.Seq > r.LastSeq {
		out.New = []wire.Message{wiped(*m)}
	}
	r.takeChange(c, isNew)
	if err := saveRoom(ctx, tx, &r); err != nil {
		return out, err
	}
	if isNew {
		s.outside.reset(r.UUID, r.Held.Rev)
	}
	if err := s.dropUnseen(ctx, tx, r, c.Reset, out.Before); err != nil {
		return out, err
	}
	if err := raiseCursor(ctx, tx, r.UUID, r.serverRead); err != nil {
		return out, err
	}
	out.Dropped, err = dropPassed(ctx, tx, r)
	return out, err
}

// startAnew forgets what was known of a room that the user left and came back to, or that a restored server knows less of.
func (r *Room) startAnew() {
	r.Last, r.LastSeq, r.serverRead = nil, 0, 0
	r.Pins, r.pinsRev, r.called, r.calledRev = nil, 0, nil, 0
}

// dropUnseen drops what is no longer the user's to see: everything, or what is from before the border. Where no stretch is
// held, nobody asks what happened up to a summary's revision: loose messages may have changed since.
func (s *Store) dropUnseen(ctx context.Context, tx *sql.Tx, r Room, all bool, before client.Held) error {
	if all {
		if _, err := tx.ExecContext(ctx, "delete from hidden where room_id = ?", r.id); err != nil {
			return fmt.Errorf("forget hidden messages: %w", err)
		}
	}
	if all || r.Held.Hi == 0 && r.Held.Rev > before.Rev {
		s.outside.reset(r.UUID, r.Held.Rev)
		return dropMessages(ctx, tx, r.id)
	}
	if r.Held.Border == before.Border {
		return nil
	}
	_, err := tx.ExecContext(ctx, "delete from messages where room_id = ? and seq <= ?", r.id, r.Held.Border)
	if err != nil {
		return fmt.Errorf("drop messages from before the border: %w", err)
	}
	return nil
}

func (r *Room) takeChange(c client.RoomChange, isNew bool) {
	r.takeHeld(c.Held)
	if isNew || !c.Stale {
		r.takeSummary(c.Summary)
	}
	if c.Summary.My != nil {
		r.takeMy(*c.Summary.My)
	}
	if r.Last != nil && r.Last.Seq <= r.Held.Border {
		r.Last = nil
	}
}

func (r *Room) takeSummary(s wire.RoomSummary) {
	r.Kind, r.Name, r.MemberCount, r.Members = s.Kind, s.Name, s.MemberCount, s.Members
	r.Owners, r.History, r.Picture = s.Owners, s.History, s.Picture
	r.Department, r.ReadOnly = s.DepartmentUUID, s.ReadOnly
	r.Pins, r.pinsRev = s.Pins, s.Rev
	if s.Other != nil {
		r.OtherUUID = s.Other.UserUUID
	}
	r.LastSeq = max(r.LastSeq, s.LastSeq)
	if s.LastMessage != nil {
		r.takeLast(*s.LastMessage)
	}
	if s.My != nil {
		r.called, r.calledRev = s.My.MentionSeqs, s.Rev
	}
}

// takeLast makes m the room's newest message, if it is.
func (r *Room) takeLast(m wire.Message) {
	if m.Seq <= r.Held.Border {
		return
	}
	r.LastSeq = max(r.LastSeq, m.Seq)
	if r.Last != nil && (m.Seq < r.Last.Seq || m.Seq == r.Last.Seq && m.Rev < r.Last.Rev) {
		return
	}
	r.Last = preview(m)
}

// previewNames is how many files a preview names.
const previewNames = 3

// preview is a message as the list of rooms shows it.
func preview(m wire.Message) *wire.Message {
	m = wiped(m)
	if runes := []rune(m.Text); len(runes) > previewRunes {
		m.Text = string(runes[:previewRunes])
	}
	m.Files = previewOf(m.Files)
	m.Reactions, m.Mentions = nil, nil
	return &m
}

// previewOf keeps how many files there are, which are photos, and a few names.
func previewOf(files []wire.File) []wire.File {
	out := make([]wire.File, len(files))
	for i, f := range files {
		out[i].Thumbnail = f.Thumbnail
		if i < previewNames {
			out[i].Name = f.Name
		}
	}
	return out
}

func (r *Room) takeMy(my wire.My) {
	r.Role, r.JoinedSeq, r.Favourite, r.Pinned, r.Locked = my.Role, my.JoinedSeq, my.Favourite, my.Pinned, my.Locked
	r.serverRead = max(r.serverRead, my.LastReadSeq)
	r.MutedUntil, r.Notify = 0, cmp.Or(my.Notify, wire.NotifyAll)
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
	members, err := encode(r.Members)
	owners, errOwners := encode(r.Owners)
	pins, errPins := encode(r.Pins)
	called, errCalled := encode(r.called)
	if err := errors.Join(err, errOwners, errPins, errCalled); err != nil {
		return fmt.Errorf("encode room: %w", err)
	}
	var last []byte
	if r.Last != nil {
		if last, err = json.Marshal(r.Last); err != nil {
			return fmt.Errorf("encode last message: %w", err)
		}
	}
	err = tx.QueryRowContext(ctx, roomRow,
		r.UUID, r.Kind, r.Name, r.MemberCount, members, owners, r.History, r.Picture, pins, r.pinsRev, r.OtherUUID, r.LastSeq,
		r.Held.Activity, string(last), r.Role, r.JoinedSeq, r.serverRead, r.MutedUntil, r.Notify, r.Favourite, r.Pinned, r.Locked,
		r.Department, r.ReadOnly, called, r.calledRev, r.Held.Rev, r.Held.MyRev, r.Held.Lo, r.Held.Hi, r.Held.LastSeq, r.Held.JoinedSeq, r.Held.Border,
		r.Held.HiddenRev, r.Held.HiddenDue).Scan(&r.id)
	if err != nil {
		return fmt.Errorf("save room: %w", err)
	}
	return nil
}

const roomRow = `
insert into rooms (room_uuid, kind, name, member_count, members, owners, history, picture, pins, pins_rev, other_uuid, last_seq,
  activity, last_message, role, joined_seq, last_read_seq, muted_until, notify, favourite, pinned, locked,
  department_uuid, read_only, called, called_rev, held_rev, held_my_rev, held_low, held_high, held_last_seq, held_joined, held_border,
  held_hidden, held_hidden_due)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (room_uuid) do update
set kind = excluded.kind, name = excluded.name, member_count = excluded.member_count, members = excluded.members,
  owners = excluded.owners, history = excluded.history, picture = excluded.picture, pins = excluded.pins,
  pins_rev = excluded.pins_rev, other_uuid = excluded.other_uuid, last_seq = excluded.last_seq,
  activity = excluded.activity, last_message = excluded.last_message, role = excluded.role,
  joined_seq = excluded.joined_seq, last_read_seq = excluded.last_read_seq, muted_until = excluded.muted_until,
  notify = excluded.notify,
  favourite = excluded.favourite, pinned = excluded.pinned, locked = excluded.locked,
  department_uuid = excluded.department_uuid, read_only = excluded.read_only, called = excluded.called,
  called_rev = excluded.called_rev, held_rev = excluded.held_rev, held_my_rev = excluded.held_my_rev,
  held_low = excluded.held_low, held_high = excluded.held_high, held_last_seq = excluded.held_last_seq,
  held_joined = excluded.held_joined, held_border = excluded.held_border, held_hidden = excluded.held_hidden,
  held_hidden_due = excluded.held_hidden_due
returning room_id`

// removeRoom drops a room that is no longer the user's. What he had not sent there can never be sent.
func removeRoom(ctx context.Context, tx *sql.Tx, roomUUID string) error {
	for _, query := range []string{
		"delete from rooms where room_uuid = ?", // messages and what is hidden follow by the foreign keys
		"delete from outbox where room_uuid = ?",
		"delete from drafts where room_uuid = ?",
		"delete from uploads where room_uuid = ?",
		"delete from places where room_uuid = ?",
		"delete from read_marks where room_uuid = ?",
	} {
		if _, err := tx.ExecContext(ctx, query, roomUUID); err != nil {
			return fmt.Errorf("remove room: %w", err)
		}
	}
	return nil
}
