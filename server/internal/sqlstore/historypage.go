package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// HistoryFrom implements chat.Paging.
func (db *DB) HistoryFrom(
	ctx context.Context, room model.Room, member model.Member, from int64, limit int,
) (page []model.Message, more bool, err error) {
	err = db.snapshot(ctx, "history from", func(q querier) error {
		page, err = db.messages(ctx, q, `where m.room_id = ?
   and m.seq >= ?
 order by m.seq
 limit ?`, room.ID, max(from, visibleAfter(room, member)+1), limit+1)
		return err
	})
	if len(page) > limit {
		page, more = page[:limit], true
	}
	return page, more, err
}

// FirstAt implements chat.Paging: times grow with seq, but for what clocks of several servers differ, so it halves the
// stretch until one message is left. No index on times is needed.
func (db *DB) FirstAt(
	ctx context.Context, room model.Room, member model.Member, at int64,
) (seq int64, err error) {
	err = db.snapshot(ctx, "first message at", func(q querier) error {
		low, high := visibleAfter(room, member)+1, room.LastSeq+1 // the first at or after it is in low…high; high: none
		for low < high {
			middle := low + (high-low)/2
			var written int64
			err := q.QueryRowContext(ctx, "select created_at from messages where room_id = ? and seq = ?", room.ID, middle).
				Scan(&written)
			if err != nil {
				return err
			}
			if written < at {
				low = middle + 1
			} else {
				high = middle
			}
		}
		if seq = low; low > room.LastSeq {
			seq = 0
		}
		return nil
	})
	return seq, err
}

// MessagesAt implements chat.Paging.
func (db *DB) MessagesAt(
	ctx context.Context, room model.Room, member model.Member, seqs []int64,
) (page []model.Message, err error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	err = db.snapshot(ctx, "messages at", func(q querier) error {
		page, err = db.messages(ctx, q, `where m.room_id = ?
   and m.seq in (`+holes(len(seqs))+`)
   and m.seq > ?
 order by m.seq`, append(append([]any{room.ID}, anys(seqs)...), visibleAfter(room, member))...)
		return err
	})
	return page, err
}

// Source implements chat.Messages.
func (db *DB) Source(ctx context.Context, userID, messageID int64) (m model.Message, err error) {
	gone := errs.E(wire.NotFound, wire.ReasonSourceGone, textNoSource)
	err = db.snapshot(ctx, "source", func(q querier) error {
		var visible int64
		err := q.QueryRowContext(ctx, `select x.id
  from messages x
  join rooms r on r.id = x.room_id
  join room_members m on m.room_id = x.room_id and m.user_id = ?
 where x.id = ?
   and x.kind = 'user'
   and x.deleted_at is null
   and (x.seq > m.joined_seq or r.history = ?)
   and `+presentRoom, userID, messageID, openHistory).Scan(&visible)
		if errors.Is(err, sql.ErrNoRows) {
			return gone
		}
		if err != nil {
			return err
		}
		m, err = db.messageByID(ctx, q, visible)
		return err
	})
	return m, err
}
