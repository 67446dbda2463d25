package store

import (
	"context"
	"database/sql"
)

// Saved is what exists on this device only.
type Saved struct {
	Outgoing []Outgoing // in the order of writing; confirmed ones are not among them
	Drafts   map[string]string
}

// Rescue reads out of a damaged, closed file what exists only there, as far as that goes. A file that can't be read at
// all gives an empty result.
func Rescue(ctx context.Context, path string, key Key) Saved {
	saved := Saved{Drafts: map[string]string{}}
	db, err := connect(path, key, "deferred")
	if err != nil {
		return saved
	}
	defer func() { _ = closeAll(db) }() // nothing was written
	db.SetMaxOpenConns(1)
	// Row by row, so that a broken page takes with it only what stands on it. Errors end the reading: that is all there is.
	each(ctx, db, "select "+outgoingColumns+" from outbox where sent_seq = 0 order by position", func(r *sql.Rows) error {
		o, err := scanOutgoing(r)
		if err == nil {
			saved.Outgoing = append(saved.Outgoing, o)
		}
		return err
	})
	each(ctx, db, "select room_uuid, text from drafts", func(r *sql.Rows) error {
		var room, text string
		err := r.Scan(&room, &text)
		if err == nil {
			saved.Drafts[room] = text
		}
		return err
	})
	return saved
}

func each(ctx context.Context, db *sql.DB, query string, fn func(*sql.Rows) error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if fn(rows) != nil {
			return
		}
	}
	_ = rows.Err() // what could be read was read
}

// Adopt puts rescued work into this store. A repeat is harmless: a client_id is taken once, a draft that is here stays.
func (s *Store) Adopt(ctx context.Context, saved Saved) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		for _, o := range saved.Outgoing {
			if err := enqueue(ctx, tx, o); err != nil {
				return err
			}
		}
		for room, text := range saved.Drafts {
			if err := adoptDraft(ctx, tx, room, text); err != nil {
				return err
			}
		}
		return nil
	})
}

func adoptDraft(ctx context.Context, tx *sql.Tx, roomUUID, text string) error {
	var n int
	if err := tx.QueryRowContext(ctx, "select count(*) from drafts where room_uuid = ?", roomUUID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return nil
	}
	return setDraft(ctx, tx, roomUUID, text)
}
