package judge

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
)

// row is a message as the database holds it.
type row struct {
	messageID int64
	room      string
	seq       int64
	rev       int64
	kind      string
	sender    string
	clientID  string
	text      string
	deleted   bool
}

// Stored is what the database holds.
type Stored struct {
	rows    []row // by room and seq
	lastSeq map[string]int64
	rev     map[string]int64
}

// ReadDatabase reads it with the driver and the name that database/sql takes, past the server.
func ReadDatabase(ctx context.Context, driver, dsn string) (s Stored, err error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return Stored{}, fmt.Errorf("open database: %w", err)
	}
	defer func() { _ = db.Close() }() // only read
	s = Stored{lastSeq: map[string]int64{}, rev: map[string]int64{}}
	if err := s.readRooms(ctx, db); err != nil {
		return Stored{}, fmt.Errorf("read rooms: %w", err)
	}
	if err := s.readMessages(ctx, db); err != nil {
		return Stored{}, fmt.Errorf("read messages: %w", err)
	}
	return s, nil
}

// Leave takes rooms away that the ledger knows nothing of.
func (s *Stored) Leave(out func(room string) bool) {
	s.rows = slices.DeleteFunc(s.rows, func(r row) bool { return out(r.room) })
	maps.DeleteFunc(s.lastSeq, func(room string, _ int64) bool { return out(room) })
	maps.DeleteFunc(s.rev, func(room string, _ int64) bool { return out(room) })
}

func (s *Stored) readRooms(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select room_uuid, last_seq, rev from rooms")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below tells
	for rows.Next() {
		var room string
		var lastSeq, rev int64
		if err := rows.Scan(&room, &lastSeq, &rev); err != nil {
			return err
		}
		s.lastSeq[room], s.rev[room] = lastSeq, rev
	}
	return rows.Err()
}

func (s *Stored) readMessages(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `
select m.id, r.room_uuid, m.seq, m.rev, m.kind, coalesce(u.user_uuid, ''), m.client_id, m.text, m.deleted_at is not null
from messages m
join rooms r on r.id = m.room_id
left join users u on u.id = m.sender_id
order by r.room_uuid, m.seq`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below tells
	for rows.Next() {
		var m row
		err := rows.Scan(&m.messageID, &m.room, &m.seq, &m.rev, &m.kind, &m.sender, &m.clientID, &m.text, &m.deleted)
		if err != nil {
			return err
		}
		s.rows = append(s.rows, m)
	}
	return rows.Err()
}
