package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Applied is what a batch changed in one room.
type Applied struct {
	RoomUUID string
	Changed  []wire.Message // rows that are new or newer than what was held
	New      []wire.Message // messages that came after what was held before, outside of the held range too
	Deleted  []int64        // seqs of tombstones in the batch, held or not
	Before   client.Held    // what was held before
	Reset    bool           // the room's messages were dropped first
	Live     bool
	// Dropped: outgoing messages left the outbox that are not in Changed; they are among what is held, or outside of it.
	Dropped bool
}

// ApplyMessages stores messages and what is held of their rooms then. An outgoing message that is among them leaves the
// outbox in the same transaction: it is never seen twice, nor for a moment not at all. A batch for a room that is not
// held is ignored.
func (s *Store) ApplyMessages(ctx context.Context, batches []client.MessageBatch) ([]Applied, error) {
	var out []Applied
	err := s.update(ctx, copied, func(tx *sql.Tx) error {
		out = nil
		for _, b := range batches {
			applied, err := s.applyBatch(ctx, tx, b)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			out = append(out, applied)
		}
		return nil
	})
	return out, err
}

func (s *Store) applyBatch(ctx context.Context, tx *sql.Tx, b client.MessageBatch) (Applied, error) {
	out := Applied{RoomUUID: b.RoomUUID, Reset: b.Reset, Live: b.Live}
	r, err := oneRoom(ctx, tx, b.RoomUUID)
	if err != nil {
		return out, err
	}
	out.Before = r.Held
	if b.Reset {
		if err := dropMessages(ctx, tx, r.id); err != nil {
			return out, err
		}
	}
	r.takeHeld(b.Held)
	for _, m := range b.Messages {
		m = wiped(m)
		if m.Seq > out.Before.LastSeq {
			out.New = append(out.New, m)
		}
		if m.DeletedAt != nil {
			out.Deleted = append(out.Deleted, m.Seq)
		}
		r.takeLast(m)
		r.Held.Activity = max(r.Held.Activity, m.Timestamp.UnixMilli())
		mine, err := s.ownMessage(ctx, tx, &r, m)
		if err != nil {
			return out, err
		}
		if m.Seq < b.Held.Lo || m.Seq > b.Held.Hi {
			out.Dropped = out.Dropped || mine
			continue
		}
		changed, err := saveMessage(ctx, tx, r.id, m)
		if err != nil {
			return out, err
		}
		if changed {
			out.Changed = append(out.Changed, m)
		}
	}
	if err := saveRoom(ctx, tx, &r); err != nil {
		return out, err
	}
	dropped, err := dropPassed(ctx, tx, r)
	out.Dropped = out.Dropped || dropped
	return out, err
}

// ownMessage settles what a message of the user's own means: it leaves the outbox, and he has read up to it. It reports
// whether the outbox held it.
func (s *Store) ownMessage(ctx context.Context, tx *sql.Tx, r *Room, m wire.Message) (bool, error) {
	if m.SenderUUID != s.me || m.Kind != wire.MessageUser {
		return false, nil
	}
	r.serverRead = max(r.serverRead, m.Seq)
	return clearOutbox(ctx, tx, "delete from outbox where client_id = ?", m.ClientID)
}

// dropPassed removes confirmed outgoing messages that the held state has passed: they are among the messages, or lie
// outside of what is held. It reports whether there were any.
func dropPassed(ctx context.Context, tx *sql.Tx, r Room) (bool, error) {
	return clearOutbox(ctx, tx,
		"delete from outbox where room_uuid = ? and sent_seq > 0 and sent_rev <= ?", r.UUID, r.Held.Rev)
}

func clearOutbox(ctx context.Context, tx *sql.Tx, query string, args ...any) (bool, error) {
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("clear outbox: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func dropMessages(ctx context.Context, tx *sql.Tx, roomID int64) error {
	if _, err := tx.ExecContext(ctx, "delete from messages where room_id = ?", roomID); err != nil {
		return fmt.Errorf("drop messages: %w", err)
	}
	return nil
}

// wiped makes sure that a tombstone holds nothing, whatever the sender of the event left in it.
func wiped(m wire.Message) wire.Message {
	if m.DeletedAt != nil {
		m.Text, m.Mentions, m.Files, m.Reactions, m.ReplyToSeq = "", nil, nil, nil, 0
	}
	return m
}

// extra holds the fields that most messages don't have.
type extra struct {
	Mentions      []string           `json:"mentions,omitempty"`
	Files         []wire.File        `json:"files,omitempty"`
	Reactions     []wire.Reaction    `json:"reactions,omitempty"`
	System        *wire.SystemNotice `json:"system,omitempty"`
	ForwardedFrom int64              `json:"forwarded_from,omitempty"`
	Pinned        bool               `json:"pinned,omitempty"`
}

func saveMessage(ctx context.Context, tx *sql.Tx, roomID int64, m wire.Message) (changed bool, err error) {
	more, err := json.Marshal(extra{
		Mentions: m.Mentions, Files: m.Files, Reactions: m.Reactions, System: m.System,
		ForwardedFrom: m.ForwardedFrom, Pinned: m.Pinned,
	})
	if err != nil {
		return false, fmt.Errorf("encode message: %w", err)
	}
	res, err := tx.ExecContext(ctx, `
insert into messages (room_id, seq, rev, message_id, client_id, kind, sender_uuid, text, at, edited_at, deleted_at,
  reply_to_seq, extra)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (room_id, seq) do update
set rev = excluded.rev, message_id = excluded.message_id, client_id = excluded.client_id, kind = excluded.kind,
  sender_uuid = excluded.sender_uuid, text = excluded.text, at = excluded.at, edited_at = excluded.edited_at,
  deleted_at = excluded.deleted_at, reply_to_seq = excluded.reply_to_seq, extra = excluded.extra
where excluded.rev > rev`,
		roomID, m.Seq, m.Rev, m.MessageID, m.ClientID, m.Kind, m.SenderUUID, m.Text, m.Timestamp.UnixMilli(),
		milli(m.EditedAt), milli(m.DeletedAt), m.ReplyToSeq, string(more))
	if err != nil {
		return false, fmt.Errorf("save message: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func milli(t *wire.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

const messageColumns = `r.room_uuid, m.seq, m.rev, m.message_id, m.client_id, m.kind, m.sender_uuid, m.text, m.at,
m.edited_at, m.deleted_at, m.reply_to_seq, m.extra`

func scanMessage(rows *sql.Rows) (wire.Message, error) {
	var m wire.Message
	var at, edited, deleted int64
	var text string
	err := rows.Scan(&m.RoomUUID, &m.Seq, &m.Rev, &m.MessageID, &m.ClientID, &m.Kind, &m.SenderUUID, &m.Text, &at,
		&edited, &deleted, &m.ReplyToSeq, &text)
	if err != nil {
		return m, err
	}
	var more extra
	if err := json.Unmarshal([]byte(text), &more); err != nil {
		return m, fmt.Errorf("%w: a message", ErrDamaged)
	}
	m.Timestamp, m.EditedAt, m.DeletedAt = wire.TimeOfMilli(at), optionalTime(edited), optionalTime(deleted)
	m.Mentions, m.Files, m.Reactions = more.Mentions, more.Files, more.Reactions
	m.System, m.ForwardedFrom, m.Pinned = more.System, more.ForwardedFrom, more.Pinned
	return m, nil
}

func optionalTime(ms int64) *wire.Time {
	if ms == 0 {
		return nil
	}
	t := wire.TimeOfMilli(ms)
	return &t
}

// Page returns up to limit held messages with a seq below before (0: the newest), oldest first.
func (s *Store) Page(ctx context.Context, roomUUID string, before int64, limit int) ([]wire.Message, error) {
	out, err := s.messages(ctx, `
select `+messageColumns+`
from rooms r
join messages m on m.room_id = r.room_id
where r.room_uuid = ? and (? = 0 or m.seq < ?) and m.seq between r.held_low and r.held_high
order by m.seq desc
limit ?`, roomUUID, before, before, limit)
	slices.Reverse(out)
	return out, err
}

// MessageByID finds a held message, or returns ErrNotFound.
func (s *Store) MessageByID(ctx context.Context, messageID int64) (wire.Message, error) {
	found, err := s.messages(ctx, `
select `+messageColumns+`
from messages m
join rooms r on r.room_id = m.room_id
where m.message_id = ?`, messageID)
	if err != nil {
		return wire.Message{}, err
	}
	if len(found) == 0 {
		return wire.Message{}, ErrNotFound
	}
	return found[0], nil
}

func (s *Store) messages(ctx context.Context, query string, args ...any) ([]wire.Message, error) {
	var out []wire.Message
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		out, err = collect(rows, err, scanMessage)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return out, nil
}

// ApplyRead moves the user's own cursor to what another device of his has read, never back.
func (s *Store) ApplyRead(ctx context.Context, roomUUID string, seq int64) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		return raiseCursor(ctx, tx, roomUUID, seq)
	})
}

// Prune keeps the newest keep messages of each room; older ones can be asked for again. Call it before the sync engine
// has read what is held.
func (s *Store) Prune(ctx context.Context, keep int64) (dropped int64, err error) {
	err = s.update(ctx, copied, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `
delete from messages
where (room_id, seq) in (
  select m.room_id, m.seq
  from rooms r
  join messages m on m.room_id = r.room_id
  where r.held_high - r.held_low >= ? and m.seq <= r.held_high - ?)`, keep, keep)
		if err != nil {
			return fmt.Errorf("prune messages: %w", err)
		}
		if dropped, err = res.RowsAffected(); err != nil {
			return fmt.Errorf("prune messages: %w", err)
		}
		_, err = tx.ExecContext(ctx, `
update rooms
set held_low = held_high - ? + 1
where held_high - held_low >= ?`, keep, keep)
		if err != nil {
			return fmt.Errorf("note pruned rooms: %w", err)
		}
		return nil
	})
	return dropped, err
}
