package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"himsg/shared/search"
)

// roomBehind is a room whose index is not up with its messages: done is the rev that it has come to, rev the room's own.
type roomBehind struct {
	id        int64
	uuid      string
	rev, done int64
	changedAt int64
}

// document is a message as the index sees it: without terms it is to leave.
type document struct {
	id, rev int64
	terms   []string
}

const (
	partMessages = 200 // of a room, and after which a transaction takes no more rooms
	partTerms    = 20_000
	partRooms    = 50
)

// newestChange is the time of the last change of any room.
func (db *DB) newestChange(ctx context.Context) (at int64, err error) {
	err = db.read(ctx, "newest change", func(q querier) error {
		return q.QueryRowContext(ctx, "select coalesce(max(changed_at), 0) from rooms").Scan(&at)
	})
	return at, err
}

// roomsBehind returns rooms to index that changed at or after a time, those that changed last first. A room whose index is
// ahead of it comes from an older copy of the database: it begins anew. So does one that the index knows by another UUID:
// the file was that of another database.
func (db *DB) roomsBehind(ctx context.Context, since int64, limit int) (behind []roomBehind, err error) {
	last := roomBehind{id: math.MaxInt64, changedAt: math.MaxInt64}
	for len(behind) < limit {
		changed, err := db.roomsChanged(ctx, since, last, limit)
		if err != nil || len(changed) == 0 {
			return behind, err
		}
		last = changed[len(changed)-1]
		late, err := db.index.behind(ctx, changed)
		if err != nil {
			return nil, fmt.Errorf("read how far the index is: %w", err)
		}
		behind = append(behind, late...)
	}
	return behind[:limit], nil
}

// roomsChanged is a page of rooms that changed since a time, those that changed last first, after the last of another page.
func (db *DB) roomsChanged(ctx context.Context, since int64, last roomBehind, limit int) (rooms []roomBehind, err error) {
	err = db.read(ctx, "rooms changed", func(q querier) error {
		rooms, err = collect(ctx, q, func(row scanner) (r roomBehind, err error) {
			err = row.Scan(&r.id, &r.uuid, &r.rev, &r.changedAt)
			return r, err
		}, `select r.id, r.room_uuid, r.rev, r.changed_at
  from rooms r
 where r.changed_at between ? and ?
   and (r.changed_at < ? or r.id < ?)
 order by r.changed_at desc, r.id desc
 limit ?`, since, last.changedAt, last.changedAt, last.id, limit)
		return err
	})
	return rooms, err
}

// behind leaves of rooms those that the index is not up with, and says how far it has come.
func (x *searchIndex) behind(ctx context.Context, rooms []roomBehind) (behind []roomBehind, err error) {
	ids := make([]any, len(rooms))
	for i, r := range rooms {
		ids[i] = r.id
	}
	known := make(map[int64]roomBehind, len(rooms))
	_, reading := x.pools()
	err = each(ctx, reading, func(row scanner) error {
		var r roomBehind
		err := row.Scan(&r.id, &r.uuid, &r.done)
		known[r.id] = r
		return err
	}, "select room_id, room_uuid, rev from search_progress where room_id in ("+holes(len(ids))+")", ids...)
	for _, r := range rooms {
		if k := known[r.id]; k.uuid == r.uuid {
			r.done = k.done
		}
		if r.done != r.rev {
			behind = append(behind, r)
		}
	}
	return behind, x.note(err)
}

// part is what is next of a room, and how far it reaches.
type part struct {
	room      roomBehind
	documents []document
	reached   int64
}

// indexNext indexes what is next of the first rooms of a list, by rev, and stores how far they came: as many rooms as make
// a transaction worth its while, since most of what it costs is the same for one message and for a hundred. It returns how
// many rooms it looked at, one at least, and how many messages it stored: fewer when another process with the same file
// was faster.
func (db *DB) indexNext(ctx context.Context, behind []roomBehind) (rooms, n int, err error) {
	if err := db.refuseBroken(); err != nil { // what it holds may be gone after a restart
		return 0, 0, err
	}
	parts, err := db.parts(ctx, behind)
	if err != nil {
		return 0, 0, err
	}
	err = db.index.write(ctx, func(tx *sql.Tx) error {
		n = 0
		for _, p := range parts {
			mine, err := claimProgress(ctx, tx, p.room)
			if err != nil {
				return err
			}
			if !mine {
				continue
			}
			if err := storeDocuments(ctx, tx, p.room.id, p.documents); err != nil {
				return err
			}
			n += len(p.documents)
			_, err = tx.ExecContext(ctx, "update search_progress set rev = ? where room_id = ?", p.reached, p.room.id)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("store terms: %w", err)
	}
	return len(parts), n, nil
}

// parts reads what is next of the first of the rooms.
func (db *DB) parts(ctx context.Context, behind []roomBehind) (parts []part, err error) {
	err = db.snapshot(ctx, "messages to index", func(q querier) error {
		parts = nil
		messages, terms := 0, 0
		for _, r := range behind {
			p, err := nextPart(ctx, q, r)
			if err != nil {
				return err
			}
			parts = append(parts, p)
			messages += len(p.documents)
			for _, d := range p.documents {
				terms += len(d.terms)
			}
			if len(parts) >= partRooms || messages >= partMessages || terms >= partTerms {
				break
			}
		}
		return nil
	})
	return parts, err
}

// nextPart reads the next messages of a room.
func nextPart(ctx context.Context, q querier, r roomBehind) (part, error) {
	p := part{room: r, reached: r.rev}
	after := r.done
	if r.done > r.rev {
		after = 0
	}
	read, err := collect(ctx, q, func(row scanner) (w written, err error) {
		err = row.Scan(&w.id, &w.rev, &w.text, &w.found)
		return w, err
	}, `select m.id, m.rev, m.text, m.kind = 'user' and m.deleted_at is null
  from messages m
 where m.room_id = ?
   and m.rev > ?
 order by m.rev
 limit ?`, r.id, after, partMessages)
	if err == nil && len(read) > 0 {
		err = addFileNames(ctx, q, read)
	}
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
		p.documents = append(p.documents, d)
	}
	// The room's rev was read before its messages: up to it none is missing.
	if cut := len(p.documents) == partMessages || terms >= partTerms; cut {
		p.reached = p.documents[len(p.documents)-1].rev
	} else if len(p.documents) > 0 {
		p.reached = max(p.reached, p.documents[len(p.documents)-1].rev)
	}
	return p, err
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

// claimProgress looks how far a room has come. False: it is not where it was, somebody else goes on with it. A room of
// another database, or one that has not begun, begins.
func claimProgress(ctx context.Context, tx *sql.Tx, r roomBehind) (bool, error) {
	const begin = `insert into search_progress (room_id, room_uuid, rev) values (?, ?, 0)
    on conflict (room_id) do update set room_uuid = excluded.room_uuid, rev = 0 where room_uuid <> excluded.room_uuid`
	if _, err := tx.ExecContext(ctx, begin, r.id, r.uuid); err != nil {
		return false, err
	}
	var done int64
	err := tx.QueryRowContext(ctx, "select rev from search_progress where room_id = ?", r.id).Scan(&done)
	return done == r.done, err
}

// storeDocuments puts a part into the index, in place of what it held of these messages.
func storeDocuments(ctx context.Context, tx *sql.Tx, roomID int64, part []document) error {
	for chunk := range slices.Chunk(part, maxIn) {
		for _, from := range []string{"search_terms where rowid", "search_messages where message_id"} {
			_, err := tx.ExecContext(ctx, "delete from "+from+" in ("+holes(len(chunk))+")", documentIDs(chunk)...)
			if err != nil {
				return err
			}
		}
	}
	terms, err := tx.PrepareContext(ctx, "insert into search_terms (rowid, terms) values (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = terms.Close() }()
	room, err := tx.PrepareContext(ctx, "insert into search_messages (message_id, room_id) values (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = room.Close() }()
	for _, d := range part {
		if len(d.terms) == 0 {
			continue
		}
		if _, err := terms.ExecContext(ctx, d.id, roomTerm(roomID)+" "+strings.Join(d.terms, " ")); err != nil {
			return err
		}
		if _, err := room.ExecContext(ctx, d.id, roomID); err != nil {
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
