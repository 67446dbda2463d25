package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"himsg/shared/wire"
)

// Stretch is a run of messages, oldest first, without those that the user hid. FirstSeq and LastSeq say which seqs were
// looked at, so that a missing one is known to be hidden and not just unknown; 0, 0: none.
type Stretch struct {
	Messages          []wire.Message
	FirstSeq, LastSeq int64
}

// Page returns up to limit held messages with a seq below before (0: the newest).
func (s *Store) Page(ctx context.Context, roomUUID string, before int64, limit int) (Stretch, error) {
	return s.stretch(ctx, roomUUID, func(tx *sql.Tx, r Room) (Stretch, error) {
		return pageBefore(ctx, tx, r, before, limit)
	})
}

// PageAfter returns up to limit held messages with a seq above after.
func (s *Store) PageAfter(ctx context.Context, roomUUID string, after int64, limit int) (Stretch, error) {
	return s.stretch(ctx, roomUUID, func(tx *sql.Tx, r Room) (Stretch, error) {
		return pageAfter(ctx, tx, r, after, limit)
	})
}

// PageAround returns up to limit held messages, half of them before a seq and the others from it on. The stretch is empty
// if that seq is not held.
func (s *Store) PageAround(ctx context.Context, roomUUID string, seq int64, limit int) (Stretch, error) {
	return s.stretch(ctx, roomUUID, func(tx *sql.Tx, r Room) (Stretch, error) {
		if !r.holds(seq) {
			return Stretch{}, nil
		}
		newer, err := pageAfter(ctx, tx, r, seq-1, limit-limit/2)
		if err != nil {
			return Stretch{}, err
		}
		older, err := pageBefore(ctx, tx, r, seq, limit/2)
		if older.FirstSeq > 0 {
			newer.FirstSeq = older.FirstSeq
		}
		newer.Messages = append(older.Messages, newer.Messages...)
		return newer, err
	})
}

// stretch reads a page. Of an unknown room it is empty.
func (s *Store) stretch(ctx context.Context, roomUUID string, read func(*sql.Tx, Room) (Stretch, error)) (Stretch, error) {
	var out Stretch
	err := s.view(ctx, func(tx *sql.Tx) error {
		r, err := oneRoom(ctx, tx, roomUUID)
		if err == nil && r.Held.Hi != 0 {
			out, err = read(tx, r)
		}
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return out, fmt.Errorf("read a page: %w", err)
	}
	return out, nil
}

func pageBefore(ctx context.Context, tx *sql.Tx, r Room, before int64, limit int) (Stretch, error) {
	high := r.Held.Hi
	if before > 0 {
		high = min(high, before-1)
	}
	if r.Held.Hi == 0 || high < r.Held.Lo {
		return Stretch{}, nil
	}
	found, err := readMessages(ctx, tx, `
select `+messageColumns+`
from messages m
join rooms r on r.room_id = m.room_id
where m.room_id = ? and m.seq between ? and ? and `+unhidden+`
order by m.seq desc
limit ?`, r.id, r.Held.Lo, high, limit)
	slices.Reverse(found)
	out := Stretch{Messages: found, FirstSeq: r.Held.Lo, LastSeq: high}
	if limit > 0 && len(found) == limit {
		out.FirstSeq = found[0].Seq
	}
	return out, err
}

func pageAfter(ctx context.Context, tx *sql.Tx, r Room, after int64, limit int) (Stretch, error) {
	low := max(r.Held.Lo, after+1)
	if r.Held.Hi == 0 || low > r.Held.Hi {
		return Stretch{}, nil
	}
	found, err := readMessages(ctx, tx, `
select `+messageColumns+`
from messages m
join rooms r on r.room_id = m.room_id
where m.room_id = ? and m.seq between ? and ? and `+unhidden+`
order by m.seq
limit ?`, r.id, low, r.Held.Hi, limit)
	out := Stretch{Messages: found, FirstSeq: low, LastSeq: r.Held.Hi}
	if limit > 0 && len(found) == limit {
		out.LastSeq = found[limit-1].Seq
	}
	return out, err
}

// SeqAt finds the first message that was written at or after an instant (milliseconds), 0 if there is none. It returns
// ErrNotFound if what is held doesn't reach back to that instant: the server knows.
func (s *Store) SeqAt(ctx context.Context, roomUUID string, ms int64) (int64, error) {
	var seq int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		r, err := oneRoom(ctx, tx, roomUUID)
		if err != nil {
			return err
		}
		if r.Held.Hi == 0 && r.Held.HasOlder() {
			return ErrNotFound
		}
		var oldest int64
		err = tx.QueryRowContext(ctx, `
select coalesce((
  select m.at
  from messages m
  where m.room_id = ? and m.seq between ? and ?
  order by m.seq
  limit 1), 0)`, r.id, r.Held.Lo, r.Held.Hi).Scan(&oldest)
		if err == nil && r.Held.HasOlder() && oldest >= ms {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `
select coalesce((
  select m.seq
  from messages m
  where m.room_id = ? and m.at >= ? and m.seq between ? and ? and `+unhidden+`
  order by m.at, m.seq
  limit 1), 0)`, r.id, ms, r.Held.Lo, r.Held.Hi).Scan(&seq)
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("find an instant: %w", err)
	}
	return seq, err
}

// MessagesBySeq returns those of the named messages that are here, held in the stretch or loose, by seq. Hidden ones are
// left out.
func (s *Store) MessagesBySeq(ctx context.Context, roomUUID string, seqs []int64) ([]wire.Message, error) {
	list, err := json.Marshal(seqs)
	if err != nil {
		return nil, fmt.Errorf("name messages: %w", err)
	}
	found, err := s.messages(ctx, `
select `+messageColumns+`
from rooms r
join messages m on m.room_id = r.room_id
where r.room_uuid = ? and m.seq in (select value from json_each(?)) and `+unhidden+`
order by m.seq`, roomUUID, string(list))
	if err != nil {
		return nil, err
	}
	return found, s.useLoose(ctx, roomUUID, string(list))
}
