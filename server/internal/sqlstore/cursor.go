package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

var markLimits = batchLimits{items: 500, weight: 500, queue: 16384}

// marker stores read cursors by group commit: a thousand people who open the same notice cost a few transactions.
type marker struct {
	*committer[*mark]
	db *DB
}

type mark struct {
	chat.Mark
	done chan marked // takes one
}

type marked struct {
	last  int64
	moved bool
	err   error
}

func newMarker(ctx context.Context, db *DB) *marker {
	m := &marker{db: db}
	m.committer = newCommitter(ctx, 1, markLimits, func(*mark) int { return 1 }, m.run)
	return m
}

// MarkRead implements chat.Cursors. Repeating is harmless. not_found if the user is not a present member.
func (db *DB) MarkRead(ctx context.Context, m chat.Mark) (lastRead int64, moved bool, err error) {
	p := &mark{Mark: m, done: make(chan marked, 1)}
	if err := db.marks.put(0, p); err != nil {
		return 0, false, err
	}
	select {
	case r := <-p.done:
		return r.last, r.moved, r.err
	case <-ctx.Done():
		return 0, false, errs.Unavailable(busyRetry, ctx.Err())
	}
}

func (m *marker) run(ctx context.Context, batch []*mark) (answer func()) {
	var results []marked
	err := m.db.write(ctx, "mark read", func(tx *sql.Tx) (err error) {
		results, err = m.db.markBatch(ctx, tx, batch)
		return err
	})
	return func() {
		for i, p := range batch {
			if err != nil {
				p.done <- marked{err: err}
				continue
			}
			p.done <- results[i]
		}
	}
}

// place is where a cursor stands, and how far it may go.
type place struct{ read, last int64 }

func (db *DB) markBatch(ctx context.Context, tx *sql.Tx, batch []*mark) ([]marked, error) {
	places, err := db.lockCursors(ctx, tx, batch)
	if err != nil {
		return nil, fmt.Errorf("lock cursors: %w", err)
	}
	results := make([]marked, len(batch))
	moves := make(map[seat]cursorMove)
	for i, p := range batch {
		s := seat{p.RoomID, p.UserID}
		at, present := places[s]
		if !present {
			results[i].err = errs.NotFound(textNoRoom)
			continue
		}
		if seq := min(p.Seq, at.last); seq > at.read {
			at.read = seq
			places[s] = at
			moves[s] = cursorMove{seat: s, seq: seq, at: p.Now}
			results[i].moved = true
		}
		results[i].last = at.read
	}
	if len(moves) == 0 {
		return results, nil
	}
	list := make([]cursorMove, 0, len(moves))
	for _, move := range moves {
		list = append(list, move)
	}
	if err := db.moveCursors(ctx, tx, list); err != nil {
		return nil, fmt.Errorf("move cursors: %w", err)
	}
	if err := insertReadTimes(ctx, tx, list); err != nil {
		return nil, err
	}
	return results, nil
}

// lockCursors reads the cursors of a batch in the order of their key and keeps them from moving until the commit. The
// rooms' rows are not locked: last_seq only grows, and a hot room's writers must not wait for its readers.
func (db *DB) lockCursors(ctx context.Context, tx *sql.Tx, batch []*mark) (map[seat]place, error) {
	seats := make([]seat, 0, len(batch))
	for _, p := range batch {
		seats = append(seats, seat{p.RoomID, p.UserID})
	}
	slices.SortFunc(seats, compareSeats)
	seats = slices.Compact(seats)
	args := make([]any, 0, 2*len(seats))
	for _, s := range seats {
		args = append(args, s.room, s.user)
	}
	places := make(map[seat]place, len(seats))
	err := each(ctx, tx, func(row scanner) error {
		var s seat
		var p place
		if err := row.Scan(&s.room, &s.user, &p.read); err != nil {
			return err
		}
		places[s] = p
		return nil
	}, `select m.room_id, m.user_id, m.last_read_seq
  from `+db.d.values(len(seats), "v_room", "v_user")+`
 cross join room_members m on m.room_id = v.v_room and m.user_id = v.v_user
 where m.left_seq is null`+db.d.forUpdate, args...)
	if err != nil {
		return nil, err
	}
	return places, db.readLasts(ctx, tx, seats, places)
}

func (db *DB) readLasts(ctx context.Context, tx *sql.Tx, seats []seat, places map[seat]place) error {
	rooms := make([]int64, 0, len(seats))
	for _, s := range seats {
		rooms = append(rooms, s.room)
	}
	rooms = slices.Compact(rooms)
	lasts := make(map[int64]int64, len(rooms))
	err := each(ctx, tx, func(row scanner) error {
		var id, last int64
		if err := row.Scan(&id, &last); err != nil {
			return err
		}
		lasts[id] = last
		return nil
	}, "select id, last_seq from rooms where id in ("+holes(len(rooms))+")", anys(rooms)...)
	if err != nil {
		return err
	}
	for s, p := range places {
		p.last = lasts[s.room]
		places[s] = p
	}
	return nil
}

// Cursors implements chat.Cursors.
func (db *DB) Cursors(ctx context.Context, roomID int64) (reads []wire.MemberRead, err error) {
	err = db.read(ctx, "cursors", func(q querier) error {
		reads, err = collect(ctx, q, func(row scanner) (r wire.MemberRead, err error) {
			err = row.Scan(&r.UserUUID, &r.JoinedSeq, &r.LastReadSeq)
			return r, err
		}, `select u.user_uuid, m.joined_seq, m.last_read_seq
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.left_seq is null`, roomID)
		return err
	})
	return reads, err
}
