package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"himsg/shared/search"
)

// roomBehind is a room whose index is not up with its messages: done is the rev that it has come to, rev the room's own.
type roomBehind struct{ id, rev, done int64 }

// document is a message as the index sees it: without terms it is to leave.
type document struct {
	id, rev int64
	terms   []string
}

const (
	partMessages = 200
	partTerms    = 20_000
)

// newestChange is the time of the last change of any room.
func (db *DB) newestChange(ctx context.Context) (at int64, err error) {
	err = db.read(ctx, "newest change", func(q querier) error {
		return q.QueryRowContext(ctx, "select coalesce(max(changed_at), 0) from rooms").Scan(&at)
	})
	return at, err
}

// roomsBehind returns rooms to index that changed at or after a time, those that changed last first. A room whose index is
// ahead of it comes from an older copy of the database: it begins anew.
func (db *DB) roomsBehind(ctx context.Context, since int64, limit int) (rooms []roomBehind, err error) {
	err = db.read(ctx, "rooms behind", func(q querier) error {
		rooms, err = collect(ctx, q, func(row scanner) (r roomBehind, err error) {
			err = row.Scan(&r.id, &r.rev, &r.done)
			return r, err
		}, `select r.id, r.rev, coalesce(p.rev, 0)
  from rooms r
  left join search_progress p on p.room_id = r.id
 where r.changed_at >= ?
   and r.rev <> coalesce(p.rev, 0)
 order by r.changed_at desc, r.id desc
 limit ?`, since, limit)
		return err
	})
	return rooms, err
}

// indexPart indexes the next messages of a room, by rev, and stores how far it came, in one transaction. It returns how
// many messages that were: none when another node was faster.
func (db *DB) indexPart(ctx context.Context, r roomBehind) (n int, err error) {
	after := r.done
	if r.done > r.rev {
		after = 0
	}
	part, reached, err := db.documents(ctx, r, after)
	if err != nil {
		return 0, err
	}
	err = db.writeTo(ctx, db.index, "index messages", func(tx *sql.Tx) error {
		n = 0
		mine, err := db.claimProgress(ctx, tx, r)
		if err != nil || !mine {
			return err
		}
		store := storeMatches
		if db.d.mysql {
			store = storeTerms
		}
		if err := store(ctx, tx, r.id, part); err != nil {
			return err
		}
		n = len(part)
		_, err = tx.ExecContext(ctx, "update search_progress set rev = ? where room_id = ?", reached, r.id)
		return err
	})
	return n, err
}

// documents reads the next messages of a room after a rev, and says how far that reaches.
func (db *DB) documents(ctx context.Context, r roomBehind, after int64) (part []document, reached int64, err error) {
	terms := 0
	err = db.read(ctx, "messages to index", func(q querier) error {
		rows, err := q.QueryContext(ctx, `select m.id, m.rev, m.text, m.kind = 'user' and m.deleted_at is null
  from messages m
 where m.room_id = ?
   and m.rev > ?
 order by m.rev
 limit ?`, r.id, after, partMessages)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for terms < partTerms && rows.Next() {
			var d document
			var text string
			var found bool
			if err := rows.Scan(&d.id, &d.rev, &text, &found); err != nil {
				return err
			}
			if found {
				d.terms = search.Terms(text)
			}
			terms += len(d.terms)
			part = append(part, d)
		}
		return rows.Err()
	})
	// The room's rev was read before its messages: up to it none is missing.
	reached = r.rev
	if cut := len(part) == partMessages || terms >= partTerms; cut {
		reached = part[len(part)-1].rev
	} else if len(part) > 0 {
		reached = max(reached, part[len(part)-1].rev)
	}
	return part, reached, err
}

// claimProgress locks how far a room has come. False: it is not where it was, somebody else goes on with it.
func (db *DB) claimProgress(ctx context.Context, tx *sql.Tx, r roomBehind) (bool, error) {
	ensure := "insert into search_progress (room_id, rev) values (?, 0)" + db.d.upsert("room_id", "rev = search_progress.rev")
	if _, err := tx.ExecContext(ctx, ensure, r.id); err != nil {
		return false, err
	}
	var done int64
	err := tx.QueryRowContext(ctx, "select rev from search_progress where room_id = ?"+db.d.forUpdate, r.id).Scan(&done)
	return done == r.done, err
}

// storeMatches puts a part into SQLite's index.
func storeMatches(ctx context.Context, tx *sql.Tx, roomID int64, part []document) error {
	for chunk := range slices.Chunk(part, maxIn) {
		_, err := tx.ExecContext(ctx, "delete from search_terms where rowid in ("+holes(len(chunk))+")", documentIDs(chunk)...)
		if err != nil {
			return err
		}
	}
	insert, err := tx.PrepareContext(ctx, "insert into search_terms (rowid, terms) values (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }()
	for _, d := range part {
		if len(d.terms) == 0 {
			continue
		}
		if _, err := insert.ExecContext(ctx, d.id, roomTerm(roomID)+" "+strings.Join(d.terms, " ")); err != nil {
			return err
		}
	}
	return nil
}

func documentIDs(part []document) []any {
	ids := make([]any, len(part))
	for i, d := range part {
		ids[i] = d.id
	}
	return ids
}
