package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Applied is what a batch changed in one room.
type Applied struct {
	RoomUUID string
	Changed  []wire.Message // rows that are new or newer than what was held
	New      []wire.Message // messages that came after what was held before, outside of the held range too
	Deleted  []int64        // seqs of tombstones in the batch, held or not
	// Outside are changed messages outside of the held stretch, for whoever shows some of them apart: quotes, pins, pages
	// that hang together with nothing.
	Outside []wire.Message
	Before  client.Held // what was held before
	Reset   bool        // the room's messages were dropped first
	Live    bool
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
		s.outside.reset(r.UUID, b.Held.Rev)
		if err := dropMessages(ctx, tx, r.id); err != nil {
			return out, err
		}
	}
	r.takeHeld(b.Held)
	if err := keepLoose(ctx, tx, r); err != nil {
		return out, err
	}
	for _, m := range b.Messages {
		if m.Seq <= r.Held.Border {
			continue
		}
		if err := s.applyMessage(ctx, tx, &r, wiped(m), &out); err != nil {
			return out, err
		}
	}
	if err := saveRoom(ctx, tx, &r); err != nil {
		return out, err
	}
	dropped, err := dropPassed(ctx, tx, r)
	out.Dropped = out.Dropped || dropped
	return out, err
}

func (s *Store) applyMessage(ctx context.Context, tx *sql.Tx, r *Room, m wire.Message, out *Applied) error {
	if m.Seq > out.Before.LastSeq {
		out.New = append(out.New, m)
	}
	if m.DeletedAt != nil {
		out.Deleted = append(out.Deleted, m.Seq)
	}
	r.takeLast(m)
	r.notePin(m)
	r.Held.Activity = max(r.Held.Activity, m.Timestamp.UnixMilli())
	mine, err := s.ownMessage(ctx, tx, r, m)
	if err != nil {
		return err
	}
	if !r.holds(m.Seq) {
		out.Dropped = out.Dropped || mine
		out.Outside = append(out.Outside, m)
		r.noteCall(m, s.calls(m))
		return s.applyOutside(ctx, tx, r, m)
	}
	changed, err := s.saveMessage(ctx, tx, r.id, m)
	if changed {
		out.Changed = append(out.Changed, m)
	}
	return err
}

// ownMessage settles what a message of the user's own means: it leaves the outbox, and he has read up to it. It reports
// whether the outbox held it.
func (s *Store) ownMessage(ctx context.Context, tx *sql.Tx, r *Room, m wire.Message) (bool, error) {
	if m.SenderUUID != s.me {
		return false, nil
	}
	r.serverRead = max(r.serverRead, m.Seq) // the server's own line about what he did moves his cursor too
	if m.Kind != wire.MessageUser {
		return false, nil
	}
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
