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
	var read []written
	err = db.snapshot(ctx, "messages to index", func(q querier) error {
		read, err = collect(ctx, q, func(row scanner) (w written, err error) {
			err = row.Scan(&w.id, &w.rev, &w.text, &w.found)
			return w, err
		}, `select m.id, m.rev, m.text, m.kind = 'user' and m.deleted_at is null
  from messages m
 where m.room_id = ?
   and m.rev > ?
 order by m.rev
 limit ?`, r.id, after, partMessages)
		if err != nil || len(read) == 0 {
			return err
		}
		return addFileNames(ctx, q, read)
	})
	terms := 0
	for _, w := range read {
		if terms >= partTerms {
			break
		}
		d := document{id: w.id, rev: w.rev}
		if w.found {
			d.terms = search.Terms(w.text, w.names...)
		}
		terms += len(d.terms)
		part = append(part, d)
	}
	// The room's rev was read before its messages: up to it none is missing.
	reached = r.rev
	if cut := len(part) == partMessages || terms >= partTerms; cut {
		reached = part[len(part)-1].rev
	} else if len(part) > 0 {
		reached = max(reached, part[len(part)-1].rev)
	}
	return part, reached, err
}

// written is a message to index; found is false for one that nobody should find.
type written struct {
	id, rev int64
	text    string
	names   []string // of its files
	found   bool
}

func addFileNames(ctx context.Context, q querier, part []written) error {
	ids := make([]any, len(part))
	at := make(map[int64]*written, len(part))
	for i := range part {
		ids[i] = part[i].id
		at[part[i].id] = &part[i]
	}
	return each(ctx, q, func(row scanner) error {
		var id int64
		var name string
		if err := row.Scan(&id, &name); err != nil {
			return err
		}
		at[id].names = append(at[id].names, name)
		return nil
	}, `select x.message_id, f.name
  from message_files x
  join files f on f.id = x.file_id
 where x.message_id in (`+holes(len(ids))+`)
 order by x.message_id, x.position`, ids...)
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
