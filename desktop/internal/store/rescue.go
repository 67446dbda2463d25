package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Saved is what exists on this device only.
type Saved struct {
	Outgoing []Outgoing       // in the order of writing; confirmed ones are not among them
	Uploads  []RescuedUpload  // their files, and those in composers
	Drafts   map[string]Draft // by room_uuid
	Unread   bool             // some of it may be there that could not be read

	folder string // where their sealed files are
	epoch  int64  // of the numbers in them
}

// RescuedUpload is a file on its way out with what was pasted.
type RescuedUpload struct {
	Upload
	Content []byte
}

// Rescue reads out of a damaged, closed file what exists only there, as far as that goes. A file that can't be read at
// all gives an empty result.
func Rescue(ctx context.Context, path string, key Key) Saved {
	saved := Saved{Drafts: map[string]Draft{}, Unread: true, folder: sealedFolder(path)}
	db, err := connect(path, key, "deferred")
	if err != nil {
		return saved
	}
	defer func() { _ = closeAll(db) }() // nothing was written
	db.SetMaxOpenConns(1)
	_ = each(ctx, db, "select cast(value as integer) from meta where key = '"+epochKey+"'", func(r *sql.Rows) error {
		return r.Scan(&saved.epoch)
	})
	// Row by row, so that a broken page takes with it only what stands on it. Errors end the reading: that is all there is.
	takeOutgoing := func(r *sql.Rows) error {
		o, err := scanOutgoing(r)
		if err == nil {
			saved.Outgoing = append(saved.Outgoing, o)
		}
		return err
	}
	takeDraft := func(r *sql.Rows) error {
		var room, mentions string
		var d Draft
		err := r.Scan(&room, &d.Text, &d.ReplyToSeq, &mentions, &d.MentionAll)
		if err == nil {
			_ = decode(mentions, &d.Mentions) // a draft without its mentions is still a draft
			saved.Drafts[room] = d
		}
		return err
	}
	const outgoing, drafts = "select %s from outbox where sent_seq = 0 order by position", "select %s from drafts"
	asked := 0
	for _, columns := range []string{outgoingColumns, secondOutgoingColumns + ", '[]'", firstOutgoingColumns} {
		if each(ctx, db, fmt.Sprintf(outgoing, columns), takeOutgoing) {
			asked++
			break
		}
	}
	if each(ctx, db, fmt.Sprintf(drafts, "room_uuid, text, reply_to_seq, mentions, mention_all"), takeDraft) ||
		each(ctx, db, fmt.Sprintf(drafts, "room_uuid, text, 0, '[]', 0"), takeDraft) {
		asked++
	}
	takeUpload := func(r *sql.Rows) error {
		var u RescuedUpload
		err := r.Scan(append(u.targets(), &u.Content)...)
		if err == nil {
			saved.Uploads = append(saved.Uploads, u)
		}
		return err
	}
	const uploads = "select %s, content from uploads"
	if each(ctx, db, fmt.Sprintf(uploads, uploadColumns), takeUpload) ||
		each(ctx, db, fmt.Sprintf(uploads, firstUploadColumns+", null"), takeUpload) {
		asked++
	}
	saved.Unread = asked < 3
	return saved
}

// firstOutgoingColumns are outgoingColumns of a file that broke before its migration to 0002.
const firstOutgoingColumns = `position, client_id, room_uuid, text, reply_to_seq, created_at, failure,
sent_id, sent_seq, sent_rev, sent_at, '[]', 0, 0, '[]'`

// each hands out the rows of a query as far as they can be read. It reports whether the query could be asked at all.
func each(ctx context.Context, db *sql.DB, query string, fn func(*sql.Rows) error) bool {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return false
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if fn(rows) != nil {
			return true
		}
	}
	_ = rows.Err() // what could be read was read
	return true
}

// Adopt puts rescued work into this store. A repeat is harmless: a client_id is taken once, a draft that is here stays.
func (s *Store) Adopt(ctx context.Context, saved Saved) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		if err := saved.takeEpoch(ctx, tx); err != nil {
			return err
		}
		for _, o := range saved.Outgoing {
			if err := enqueue(ctx, tx, o); err != nil {
				return err
			}
		}
		for _, u := range saved.Uploads {
			if u.Seal != nil {
				if err := s.moveSealed(saved.folder, u.ID); err != nil {
					return err
				}
			}
			if err := insertUpload(ctx, tx, u.Upload, u.Content); err != nil {
				return err
			}
		}
		for room, d := range saved.Drafts {
			if err := adoptDraft(ctx, tx, room, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func adoptDraft(ctx context.Context, tx *sql.Tx, roomUUID string, d Draft) error {
	var n int
	if err := tx.QueryRowContext(ctx, "select count(*) from drafts where room_uuid = ?", roomUUID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return nil
	}
	return setDraft(ctx, tx, roomUUID, d)
}
