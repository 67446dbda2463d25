package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"himsg/shared/wire"
)

// Loose messages are single ones outside of the held stretch: quoted, pinned, found by a search. The sync engine knows
// nothing of them, so this file sees to it that they are as true as the held ones: every change that a batch brings
// replaces them, and one that was read before such a change is not taken.

// maxLoose is how many loose messages a room keeps; the ones that were not used for the longest time go first.
const maxLoose = 500

// ErrOutdated says that messages were read before changes that are held by now: ask the server again.
var ErrOutdated = errors.New("read before changes that are held")

// SaveLoose keeps single messages of a room that were read at its revision rev. Those that are held, or may not be seen,
// are left out. It returns ErrOutdated if newer forms of them may have passed since, and ErrNotFound for an unknown room.
func (s *Store) SaveLoose(ctx context.Context, roomUUID string, messages []wire.Message, rev int64) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		r, err := oneRoom(ctx, tx, roomUUID)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if r.holds(m.Seq) || m.Seq <= r.Held.Border {
				continue
			}
			m, ok := s.outside.newest(r.UUID, wiped(m), rev)
			if !ok {
				return ErrOutdated
			}
			if _, err := s.saveMessage(ctx, tx, r.id, m); err != nil {
				return err
			}
			if err := markUsed(ctx, tx, r.id, m.Seq); err != nil {
				return err
			}
			if err := renewLast(ctx, tx, &r, m); err != nil {
				return err
			}
		}
		return boundLoose(ctx, tx, r.id)
	})
}

// renewLast shows a newer form of the room's newest message in the list of rooms, too: a deleted one would stand there with
// its text until the server tells of it again.
func renewLast(ctx context.Context, tx *sql.Tx, r *Room, m wire.Message) error {
	if r.Last == nil || r.Last.Seq != m.Seq || r.Last.Rev >= m.Rev {
		return nil
	}
	r.takeLast(m)
	return saveRoom(ctx, tx, r)
}

func markUsed(ctx context.Context, tx *sql.Tx, roomID, seq int64) error {
	_, err := tx.ExecContext(ctx, `
update messages
set used = (select coalesce(max(used), 0) + 1 from messages where room_id = ? and used > 0)
where room_id = ? and seq = ?`, roomID, roomID, seq)
	if err != nil {
		return fmt.Errorf("mark loose message: %w", err)
	}
	return nil
}

// boundLoose drops the loose messages that were not used for the longest time.
func boundLoose(ctx context.Context, tx *sql.Tx, roomID int64) error {
	_, err := tx.ExecContext(ctx, `
delete from messages
where room_id = ? and used > 0 and used <= (
  select used
  from messages
  where room_id = ? and used > 0
  order by used desc
  limit 1 offset ?)`, roomID, roomID, maxLoose)
	if err != nil {
		return fmt.Errorf("bound loose messages: %w", err)
	}
	return nil
}

// useLoose notes that loose messages were looked at. Those of the newer half stay as they are, so that looking at the same
// quotes again and again writes nothing.
func (s *Store) useLoose(ctx context.Context, roomUUID, seqs string) error {
	var due []looseKey
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
select m.room_id, m.seq
from rooms r
join messages m on m.room_id = r.room_id
where r.room_uuid = ? and m.used > 0 and m.seq in (select value from json_each(?))
  and m.used <= (select max(l.used) from messages l where l.room_id = r.room_id and l.used > 0) - ?`,
			roomUUID, seqs, maxLoose/2)
		due, err = collect(rows, err, func(rows *sql.Rows) (k looseKey, err error) {
			err = rows.Scan(&k.roomID, &k.seq)
			return k, err
		})
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		for _, k := range due {
			if err := markUsed(ctx, tx, k.roomID, k.seq); err != nil {
				return err
			}
		}
		r, err := oneRoom(ctx, tx, roomUUID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return errors.Join(err, keepLoose(ctx, tx, r)) // the stretch may have reached one of them meanwhile
	})
}

type looseKey struct{ roomID, seq int64 }

// keepLoose makes loose messages that the held stretch has reached a part of it.
func keepLoose(ctx context.Context, tx *sql.Tx, r Room) error {
	if r.Held.Hi == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, "update messages set used = 0 where room_id = ? and used > 0 and seq between ? and ?",
		r.id, r.Held.Lo, r.Held.Hi)
	if err != nil {
		return fmt.Errorf("join loose messages: %w", err)
	}
	return nil
}

// applyOutside takes a changed message outside of the held stretch.
func (s *Store) applyOutside(ctx context.Context, tx *sql.Tx, r *Room, m wire.Message) error {
	s.outside.note(r.UUID, m, r.Held.Rev)
	_, err := s.replaceMessage(ctx, tx, r.id, m)
	return err
}

// maxOutside is how many changed messages outside of the held stretch are remembered of a room.
const maxOutside = 500

// outsideLog remembers changed messages outside of the held stretches since the store was opened: a reply that is under way
// may have been read before them. It may know of changes whose transaction failed in the end; they are true nevertheless.
// The zero value is ready.
type outsideLog struct {
	mu    sync.Mutex
	rooms map[string]*outsideRoom
}

type outsideRoom struct {
	since  int64 // changes up to this revision are not remembered, or may not be
	newest map[int64]wire.Message
}

func (l *outsideLog) room(uuid string) *outsideRoom {
	if l.rooms == nil {
		l.rooms = map[string]*outsideRoom{}
	}
	r := l.rooms[uuid]
	if r == nil {
		r = &outsideRoom{newest: map[int64]wire.Message{}}
		l.rooms[uuid] = r
	}
	return r
}

// note remembers a message; rev is what the room is held up to.
func (l *outsideLog) note(uuid string, m wire.Message, rev int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.room(uuid)
	if len(r.newest) >= maxOutside {
		clear(r.newest)
		r.since = max(r.since, rev)
	}
	if held, ok := r.newest[m.Seq]; !ok || held.Rev < m.Rev {
		r.newest[m.Seq] = m
	}
}

// reset says that changes up to rev went by without being told.
func (l *outsideLog) reset(uuid string, rev int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.room(uuid)
	clear(r.newest)
	r.since = rev
}

// clear forgets all rooms.
func (l *outsideLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.rooms)
}

// newest returns the newest known form of a message that was read at rev; ok is false if there may be one that is not
// known.
func (l *outsideLog) newest(uuid string, m wire.Message, rev int64) (_ wire.Message, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.room(uuid)
	if rev < r.since {
		return m, false
	}
	if newer, ok := r.newest[m.Seq]; ok && newer.Rev > m.Rev {
		m = newer
	}
	return m, true
}
