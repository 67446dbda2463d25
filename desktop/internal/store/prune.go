package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Prune keeps the newest keep messages of each room, and the loose ones; older ones can be asked for again. Call it before the sync engine
// has read what is held.
func (s *Store) Prune(ctx context.Context, keep int64) (dropped int64, err error) {
	err = s.update(ctx, copied, func(tx *sql.Tx) error {
		if err := keepCalls(ctx, tx, keep); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
delete from messages
where used = 0 and (room_id, seq) in (
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

// keepCalls notes which of the messages that are about to go call the user.
func keepCalls(ctx context.Context, tx *sql.Tx, keep int64) error {
	_, err := tx.ExecContext(ctx, `
update rooms
set called = (
  select json_group_array(c.seq)
  from (
    select value as seq
    from json_each(rooms.called)
    where value not between rooms.held_low and rooms.held_high
    union
    select m.seq
    from messages m
    where m.room_id = rooms.room_id and m.calls_me = 1 and m.seq > rooms.last_read_seq
      and m.seq between rooms.held_low and rooms.held_high) c)
where held_high - held_low >= ?`, keep)
	if err != nil {
		return fmt.Errorf("note pruned mentions: %w", err)
	}
	return nil
}
