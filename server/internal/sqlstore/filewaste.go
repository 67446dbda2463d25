package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file finds the files that go, and lets them go. Locks are taken in one order: rooms by id, then files by id.

// Waste implements files.Store: what deleted messages left first.
func (db *DB) Waste(ctx context.Context, before, retained int64, limit int) (found []files.Waste, err error) {
	err = db.snapshot(ctx, "waste", func(q querier) error {
		found = nil
		for _, kind := range []struct {
			reason files.WasteReason
			where  string
			args   []any
		}{
			{files.WasteUnused, "f.unused_at is not null order by f.unused_at, f.id", nil},
			{files.WasteAbandoned, "f.sent_at is null and f.updated_at < ? order by f.updated_at, f.id", []any{before}},
			{files.WasteRetention, "f.gone_at is null and f.sent_at < ? and f.unused_at is null and not " + heldFile +
				" order by f.sent_at, f.id", []any{retained}},
		} {
			room := limit - len(found)
			if room <= 0 {
				return nil
			}
			part, err := collect(ctx, q, scanFile, "select "+fileColumns+" from files f where "+kind.where+" limit ?",
				append(kind.args, room)...)
			if err != nil {
				return err
			}
			for _, f := range part {
				w := files.Waste{File: f, Reason: kind.reason}
				if f.State == wire.FileRefused {
					w.Reason = files.WasteRefused
				}
				found = append(found, w)
			}
		}
		return nil
	})
	return found, err
}

// Forget implements files.Store. Where retention took a file its messages take a rev each, so that every device learns of it
// as of any other change.
func (db *DB) Forget(ctx context.Context, w files.Waste, now int64) (mine bool, err error) {
	err = db.write(ctx, "forget file", func(tx *sql.Tx) error {
		mine = false
		var hung []spot
		if w.Reason == files.WasteRetention {
			if err := db.lockHolds(ctx, tx); err != nil {
				return err
			}
			if hung, err = db.lockRoomsOf(ctx, tx, w.File.ID); err != nil {
				return err
			}
		}
		f, err := db.lockFile(ctx, tx, "f.id = ?", w.File.ID)
		if errs.Is(err, wire.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if mine, err = stillWaste(ctx, tx, w, f); err != nil || !mine {
			return err
		}
		if w.Reason != files.WasteRetention {
			return db.removeFile(ctx, tx, f)
		}
		mine, err = db.retire(ctx, tx, f, hung, now)
		return err
	})
	return mine, err
}

// stillWaste reports whether a file is waste for the reason that was found: nobody sent it, went on with it or took it.
func stillWaste(ctx context.Context, q querier, w files.Waste, f model.File) (bool, error) {
	switch w.Reason {
	case files.WasteAbandoned, files.WasteRefused:
		return f.SentAt == 0 && f.State == w.File.State && f.UpdatedAt == w.File.UpdatedAt, nil
	case files.WasteRetention:
		var held bool
		err := q.QueryRowContext(ctx, "select case when "+heldFile+" then 1 else 0 end from files f where f.id = ?", f.ID).Scan(&held)
		return f.SentAt != 0 && f.GoneAt == 0 && !held, err
	}
	var unused bool
	err := q.QueryRowContext(ctx, "select unused_at is not null from files where id = ?", f.ID).Scan(&unused)
	return unused, err
}

// lockRoomsOf locks the rooms of a file's messages and returns where they are.
func (db *DB) lockRoomsOf(ctx context.Context, tx *sql.Tx, fileID int64) ([]spot, error) {
	hung, err := hungAt(ctx, tx, fileID)
	if err != nil || len(hung) == 0 {
		return hung, err
	}
	var rooms []int64
	for _, at := range hung {
		rooms = append(rooms, at.room)
	}
	rooms = slices.Compact(rooms)
	_, err = collect(ctx, tx, scanID, "select id from rooms where id in ("+holes(len(rooms))+") order by id"+db.d.forUpdate,
		anys(rooms)...)
	return hung, err
}

// hungAt is where a file hangs, by room.
func hungAt(ctx context.Context, q querier, fileID int64) ([]spot, error) {
	return collect(ctx, q, func(row scanner) (at spot, err error) {
		err = row.Scan(&at.room, &at.seq)
		return at, err
	}, "select room_id, seq from message_files where file_id = ? order by room_id, seq", fileID)
}

// heldFile is the condition that a file (f) hangs in a room that is held.
const heldFile = `exists (select 1
         from message_files x
         join rooms r on r.id = x.room_id
        where x.file_id = f.id
          and ` + heldRoom + `)`

// retire marks a file as gone, and tells the audit.
func (db *DB) retire(ctx context.Context, tx *sql.Tx, f model.File, locked []spot, now int64) (bool, error) {
	gone, err := db.markGone(ctx, tx, f, locked, now)
	if err != nil || !gone {
		return false, err
	}
	return true, db.appendAudit(ctx, tx, model.AuditEntry{
		At: now, Action: model.AuditFileRetired, Subject: f.UUID, Detail: "{}",
	})
}

// markGone marks a file as gone. False: somebody forwarded it or deleted one of its messages meanwhile; the next look finds it.
func (db *DB) markGone(ctx context.Context, tx *sql.Tx, f model.File, locked []spot, now int64) (bool, error) {
	hung, err := hungAt(ctx, tx, f.ID)
	if err != nil || !slices.Equal(hung, locked) {
		return false, err
	}
	if err := db.addUsage(ctx, tx, f.UploaderID, -f.Size, -1); err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, "update files set gone_at = ? where id = ?", now, f.ID); err != nil {
		return false, err
	}
	for _, at := range hung {
		err := execAll(ctx, tx, []statement{
			{"update rooms set rev = rev + 1, changed_at = ? where id = ?", []any{now, at.room}},
			{`update messages
   set rev = (select r.rev from rooms r where r.id = ?)
 where room_id = ?
   and seq = ?`, []any{at.room, at.room, at.seq}},
		})
		if err != nil {
			return false, fmt.Errorf("tell of a file that is gone: %w", err)
		}
	}
	return true, nil
}

// takeOff takes messages' files off them; those that hang on no other are waste from now on, and it returns how many these are.
// Where they hung is kept.
func (db *DB) takeOff(
	ctx context.Context, tx *sql.Tx, now int64, messageIDs ...int64,
) (freed, bytes int64, err error) {
	of := holes(len(messageIDs))
	ids, err := collect(ctx, tx, scanID, `select f.id
  from message_files x
  join files f on f.id = x.file_id
 where x.message_id in (`+of+`)
 order by f.id`+db.d.forUpdate, anys(messageIDs)...)
	if err != nil || len(ids) == 0 {
		return 0, 0, err
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	err = execAll(ctx, tx, []statement{
		{`insert into file_graves (file_uuid, room_id, seq)
select f.file_uuid, x.room_id, x.seq
  from message_files x
  join files f on f.id = x.file_id
 where x.message_id in (` + of + ")", anys(messageIDs)},
		{"delete from message_files where message_id in (" + of + ")", anys(messageIDs)},
	})
	if err != nil {
		return 0, 0, err
	}
	for chunk := range slices.Chunk(ids, maxIn) {
		n, size, err := freeUnused(ctx, tx, now, chunk)
		if err != nil {
			return 0, 0, err
		}
		freed, bytes = freed+n, bytes+size
	}
	return freed, bytes, nil
}

// freeUnused marks those of files that hang nowhere.
func freeUnused(ctx context.Context, tx *sql.Tx, now int64, ids []int64) (freed, bytes int64, err error) {
	_, err = tx.ExecContext(ctx, `update files
   set unused_at = ?
 where id in (`+holes(len(ids))+`)
   and not exists (select 1 from message_files x where x.file_id = files.id)`, append([]any{now}, anys(ids)...)...)
	if err != nil {
		return 0, 0, err
	}
	err = tx.QueryRowContext(ctx, `select count(*), coalesce(sum(size), 0)
  from files
 where id in (`+holes(len(ids))+`)
   and unused_at = ?
   and gone_at is null`, append(anys(ids), now)...).Scan(&freed, &bytes)
	return freed, bytes, err
}
