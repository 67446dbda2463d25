package store

import (
	"context"
	"database/sql"
	"fmt"
)

// ApplyRead moves the user's own cursor to what another device of his has read, never back.
func (s *Store) ApplyRead(ctx context.Context, roomUUID string, seq int64) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		return raiseCursor(ctx, tx, roomUUID, seq)
	})
}

// ReadMark is how far the user has read a room here; the server is still to be told.
type ReadMark struct {
	RoomUUID string
	Seq      int64
}

// MarkRead moves the local read cursor of a room and queues it for the server. It never moves back, nor beyond the
// room's last message. It returns where the cursor is then and whether it moved, and ErrNotFound for an unknown room.
func (s *Store) MarkRead(ctx context.Context, roomUUID string, seq int64) (cursor int64, moved bool, err error) {
	err = s.update(ctx, copied, func(tx *sql.Tx) error {
		r, err := oneRoom(ctx, tx, roomUUID)
		if err != nil {
			return err
		}
		seq = min(seq, r.LastSeq)
		cursor, moved = r.LastReadSeq, seq > r.LastReadSeq
		if !moved {
			return nil
		}
		cursor = seq
		_, err = tx.ExecContext(ctx, `
insert into read_marks (room_uuid, seq)
values (?, ?)
on conflict (room_uuid) do update set seq = max(seq, excluded.seq)`, roomUUID, seq)
		if err != nil {
			return fmt.Errorf("queue read mark: %w", err)
		}
		return nil
	})
	return cursor, moved, err
}

// ReadMarks lists what the server is still to be told.
func (s *Store) ReadMarks(ctx context.Context) ([]ReadMark, error) {
	var out []ReadMark
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "select room_uuid, seq from read_marks")
		out, err = collect(rows, err, func(r *sql.Rows) (ReadMark, error) {
			var m ReadMark
			err := r.Scan(&m.RoomUUID, &m.Seq)
			return m, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list read marks: %w", err)
	}
	return out, nil
}

// ReadConfirmed notes where the server says that the user's cursor stands, and drops the queued mark if it is not ahead
// of sent: what the server was told. A refused mark is dropped too, by confirming it with the cursor 0.
func (s *Store) ReadConfirmed(ctx context.Context, sent ReadMark, cursor int64) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		if err := raiseCursor(ctx, tx, sent.RoomUUID, cursor); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "delete from read_marks where room_uuid = ? and seq <= ?", sent.RoomUUID, sent.Seq)
		if err != nil {
			return fmt.Errorf("drop read mark: %w", err)
		}
		return nil
	})
}

// raiseCursor moves the server's word on the user's cursor, never back, and drops a queued mark that it makes needless.
func raiseCursor(ctx context.Context, tx *sql.Tx, roomUUID string, seq int64) error {
	if _, err := tx.ExecContext(ctx,
		"update rooms set last_read_seq = ? where room_uuid = ? and last_read_seq < ?", seq, roomUUID, seq); err != nil {
		return fmt.Errorf("move read cursor: %w", err)
	}
	if _, err := tx.ExecContext(ctx,
		"delete from read_marks where room_uuid = ? and seq <= ?", roomUUID, seq); err != nil {
		return fmt.Errorf("drop read mark: %w", err)
	}
	return nil
}
