package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ApplyHidden adds to what the user hid for himself in a room; then that is known up to rev of his own row (0: what is
// known stays, as when he hid them here just now). It never comes back. An unknown room is ignored.
func (s *Store) ApplyHidden(ctx context.Context, roomUUID string, seqs []int64, rev int64) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		r, err := oneRoom(ctx, tx, roomUUID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, seq := range seqs {
			_, err := tx.ExecContext(ctx, `
insert into hidden (room_id, seq)
values (?, ?)
on conflict (room_id, seq) do nothing`, r.id, seq)
			if err != nil {
				return fmt.Errorf("hide message: %w", err)
			}
		}
		_, err = tx.ExecContext(ctx, "update rooms set held_hidden = max(held_hidden, ?) where room_id = ?", rev, r.id)
		if err != nil {
			return fmt.Errorf("note hidden messages: %w", err)
		}
		return nil
	})
}

// Hidden lists the seqs that the user hid in a room, ascending.
func (s *Store) Hidden(ctx context.Context, roomUUID string) ([]int64, error) {
	var out []int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
select h.seq
from hidden h
join rooms r on r.room_id = h.room_id
where r.room_uuid = ?
order by h.seq`, roomUUID)
		out, err = collect(rows, err, func(rows *sql.Rows) (seq int64, err error) {
			err = rows.Scan(&seq)
			return seq, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list hidden messages: %w", err)
	}
	return out, nil
}
