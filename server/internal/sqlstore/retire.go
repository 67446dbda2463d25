package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/retention"
	"himsg/shared/wire"
)

// This file deletes what is older than it is kept: retention.Slices. Each transaction looks by itself at the rules and the holds,
// under their lock: what was found before may be spared by now.

// bordersCase is the border of messages of a room's (r) class, and its arguments.
func bordersCase(rules retention.Rules) (text string, args []any) {
	var b strings.Builder
	b.WriteString("case " + roomClass)
	for _, class := range wire.RoomClasses {
		b.WriteString(" when ? then ?")
		args = append(args, class, rules[class].Messages)
	}
	b.WriteString(" else 0 end")
	return b.String(), args
}

// DueRooms implements retention.Slices: the first message behind retired_seq is the oldest that is left.
func (db *DB) DueRooms(ctx context.Context, after, now int64, limit int) (rooms []int64, err error) {
	err = db.snapshot(ctx, "due rooms", func(q querier) error {
		p, err := readRetention(ctx, q, "")
		if err != nil {
			return err
		}
		border, args := bordersCase(retention.RulesAt(p, now))
		rooms, err = collect(ctx, q, scanID, `select r.id
  from rooms r
  join messages m on m.room_id = r.id and m.seq = r.retired_seq + 1
 where r.id > ?
   and m.created_at < `+border+`
   and not `+heldRoom+`
 order by r.id
 limit ?`, append(append([]any{after}, args...), limit)...)
		return err
	})
	return rooms, err
}

// rulesNow locks the holds and reads the rules.
func (db *DB) rulesNow(ctx context.Context, tx *sql.Tx, now int64) (retention.Rules, error) {
	if err := db.lockHolds(ctx, tx); err != nil {
		return nil, err
	}
	p, err := readRetention(ctx, tx, "")
	return retention.RulesAt(p, now), err
}

// oldMessage is a message at the end of a room that is too old.
type oldMessage struct {
	id, seq int64
	goes    bool // it is no line of the room itself, and not deleted yet
	pinned  bool
}

// RetireMessages implements retention.Slices.
func (db *DB) RetireMessages(
	ctx context.Context, r retention.Run, roomID, now int64, limit int,
) (gone retention.Retired, err error) {
	var w stopwatch
	err = db.write(ctx, "retire messages", func(tx *sql.Tx) error {
		gone = retention.Retired{}
		w.start()
		rules, err := db.rulesNow(ctx, tx, now)
		if err != nil {
			return err
		}
		room, err := db.roomBy(ctx, tx, "r.id = ?", roomID)
		if err != nil {
			return noRows(err, textNoRoom)
		}
		gone.RoomUUID = room.UUID
		w.start() // it may have waited for the room: only who comes after waits for this one
		at, err := scanClassedRoom(tx.QueryRowContext(ctx, "select r.id, r.retired_seq, "+roomClass+", case when "+heldRoom+
			" then 1 else 0 end from rooms r where r.id = ?", roomID))
		if err != nil || at.held || rules[at.class].Messages == 0 {
			return err
		}
		old, err := oldest(ctx, tx, at, rules[at.class].Messages, limit)
		if err != nil || len(old) == 0 {
			return err
		}
		gone.More = len(old) == limit
		if err := db.retireAll(ctx, tx, room, old, now, &gone); err != nil {
			return err
		}
		return moveRun(ctx, tx, r, gone, now)
	})
	gone.Took = w.took()
	return gone, err
}

// oldest reads the messages behind retired_seq up to the first that was written at or after a time.
func oldest(ctx context.Context, tx *sql.Tx, at classedRoom, before int64, limit int) (old []oldMessage, err error) {
	young := false
	return old, each(ctx, tx, func(row scanner) error {
		var m oldMessage
		var written int64
		if err := row.Scan(&m.id, &m.seq, &written, &m.goes, &m.pinned); err != nil {
			return err
		}
		if young = young || written >= before; !young {
			old = append(old, m)
		}
		return nil
	}, `select m.id, m.seq, m.created_at, case when m.kind = 'user' and m.deleted_at is null then 1 else 0 end, m.pinned
  from messages m
 where m.room_id = ?
   and m.seq > ?
 order by m.seq
 limit ?`, at.id, at.retired, limit)
}

// retireAll makes tombstones of messages of a locked room.
func (db *DB) retireAll(
	ctx context.Context, tx *sql.Tx, room model.Room, old []oldMessage, now int64, gone *retention.Retired,
) error {
	var ids []int64
	var rows []any
	for _, m := range old {
		if !m.goes {
			continue
		}
		room.Rev++
		if m.pinned {
			room.MetaRev = room.Rev
		}
		ids = append(ids, m.id)
		rows = append(rows, m.id, room.Rev, now)
	}
	gone.Through = old[len(old)-1].seq
	if len(ids) > 0 {
		gone.Messages = int64(len(ids))
		if err := db.retireTexts(ctx, tx, ids, rows, now, gone); err != nil {
			return err
		}
		if err := storeRoom(ctx, tx, room, now); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "update rooms set retired_seq = ? where id = ?", gone.Through, room.ID); err != nil {
		return fmt.Errorf("note how far a room is: %w", err)
	}
	var err error
	gone.Passed, err = passBy(ctx, tx, room.ID, gone.Through, now)
	return err
}

// retireTexts deletes what messages hold and what hangs on them. rows are id, rev and time of each.
func (db *DB) retireTexts(
	ctx context.Context, tx *sql.Tx, ids []int64, rows []any, now int64, gone *retention.Retired,
) error {
	freed, bytes, err := db.takeOff(ctx, tx, now, ids...)
	if err != nil {
		return fmt.Errorf("take files off: %w", err)
	}
	gone.Files, gone.Bytes = freed, bytes
	_, err = tx.ExecContext(ctx, db.d.updateFrom("messages", db.d.values(len(ids), "v_id", "v_rev", "v_at"), "id = v_id",
		`rev = v_rev, text = '', edited_at = null, reply_to_seq = null, forwarded_from = null, pinned = 0,
       deleted_at = v_at, deleted_by = null`), rows...)
	if err != nil {
		return fmt.Errorf("make tombstones: %w", err)
	}
	for _, table := range []string{"message_edits", "mentions", "reactions", "pins"} {
		if err := deleteOf(ctx, tx, table, ids); err != nil {
			return err
		}
	}
	return nil
}

// deleteOf deletes what a table has of messages, if it has anything: a statement that finds nothing would keep others waiting for
// the gaps that it locks.
func deleteOf(ctx context.Context, tx *sql.Tx, table string, ids []int64) error {
	found, err := collect(ctx, tx, scanID, "select distinct x.message_id from "+table+" x where x.message_id in ("+holes(len(ids))+")",
		anys(ids)...)
	if err != nil || len(found) == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, "delete from "+table+" where message_id in ("+holes(len(found))+")", anys(found)...)
	if err != nil {
		return fmt.Errorf("delete from %s: %w", table, err)
	}
	return nil
}

// passBy moves the cursors of members who have not read up to a seq there, and counts them: nobody can read that any more.
func passBy(ctx context.Context, tx *sql.Tx, roomID, seq, now int64) (moved int64, err error) {
	res, err := tx.ExecContext(ctx, `update room_members
   set last_read_seq = ?, last_read_at = ?, my_rev = my_rev + 1
 where room_id = ?
   and left_seq is null
   and last_read_seq < ?`, seq, now, roomID, seq)
	if err != nil {
		return 0, fmt.Errorf("move cursors: %w", err)
	}
	return res.RowsAffected()
}

// PassedBy implements retention.Slices. Who has read exactly so far by himself is among them.
func (db *DB) PassedBy(ctx context.Context, roomID, seq int64) (moved []model.CursorMove, err error) {
	err = db.read(ctx, "passed by", func(q querier) error {
		moved, err = collect(ctx, q, func(row scanner) (m model.CursorMove, err error) {
			err = row.Scan(&m.UserID, &m.UserUUID)
			m.Seq = seq
			return m, err
		}, `select m.user_id, u.user_uuid
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.left_seq is null
   and m.last_read_seq = ?
 order by m.user_id`, roomID, seq)
		return err
	})
	return moved, err
}

// DueFiles implements retention.Slices.
func (db *DB) DueFiles(ctx context.Context, after, now int64) (due []int64, looked int64, err error) {
	err = db.snapshot(ctx, "due files", func(q querier) error {
		due = nil
		p, err := readRetention(ctx, q, "")
		if err != nil {
			return err
		}
		if looked, err = lastFile(ctx, q, after); err != nil || looked == 0 {
			return err
		}
		places, err := filePlaces(ctx, q, after, looked)
		rules := retention.RulesAt(p, now)
		byFile(places, func(of []placeOf) {
			if goes(of, rules) {
				due = append(due, of[0].file)
			}
		})
		return err
	})
	return due, looked, err
}

// RetireFile implements retention.Slices.
func (db *DB) RetireFile(ctx context.Context, r retention.Run, fileID, now int64) (f retention.RetiredFile, err error) {
	var w stopwatch
	err = db.write(ctx, "retire file", func(tx *sql.Tx) error {
		f = retention.RetiredFile{}
		w.start()
		rules, err := db.rulesNow(ctx, tx, now)
		if err != nil {
			return err
		}
		hung, err := db.lockRoomsOf(ctx, tx, fileID)
		if err != nil {
			return err
		}
		w.start() // as in RetireMessages
		if f.File, err = db.lockFile(ctx, tx, "f.id = ?", fileID); err != nil {
			if errs.Is(err, wire.NotFound) {
				return nil
			}
			return err
		}
		places, err := filePlaces(ctx, tx, fileID-1, fileID)
		if err != nil || !goes(places, rules) {
			return err
		}
		if f.Gone, err = db.markGone(ctx, tx, f.File, hung, now); err != nil || !f.Gone {
			return err
		}
		return moveRun(ctx, tx, r, retention.Retired{Files: 1, Bytes: f.Size}, now)
	})
	f.Took = w.took()
	return f, err
}
