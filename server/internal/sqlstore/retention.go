package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/retention"
	"himsg/shared/wire"
)

// This file keeps the rules of retention and counts what they would delete: retention.Policies.

var _ retention.Store = (*DB)(nil)

// retentionSetting is the name of the setting that holds the rules, as JSON.
const retentionSetting = "retention"

// roomClass is the class of a room (r), a wire.RoomClass.
const roomClass = "case when r.department_uuid is null then r.kind else 'department' end"

var rulesChanged = errs.Text{
	KO: "다른 관리자가 먼저 보관 기간을 바꾸었습니다.", EN: "Another administrator changed the rules meanwhile.",
}

// RetentionPolicy implements retention.Policies.
func (db *DB) RetentionPolicy(ctx context.Context) (p wire.RetentionPolicy, err error) {
	err = db.read(ctx, "retention policy", func(q querier) error {
		p, err = readRetention(ctx, q, "")
		return err
	})
	return p, err
}

func readRetention(ctx context.Context, q querier, lock string) (p wire.RetentionPolicy, err error) {
	p.Rules = []wire.RetentionRule{}
	var value string
	err = q.QueryRowContext(ctx, "select value from settings where name = ?"+lock, retentionSetting).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(value), &p); err != nil {
		return p, fmt.Errorf("decode the rules: %w", err)
	}
	return p, nil
}

// SetRetentionPolicy implements retention.Policies.
func (db *DB) SetRetentionPolicy(
	ctx context.Context, p wire.RetentionPolicy, entry model.AuditEntry,
) (stored wire.RetentionPolicy, err error) {
	err = db.write(ctx, "set retention policy", func(tx *sql.Tx) error {
		if err := db.lockHolds(ctx, tx); err != nil { // who deletes looks at the rules under it
			return err
		}
		was, err := readRetention(ctx, tx, db.d.forUpdate)
		if err != nil {
			return err
		}
		if was.Rev != p.Rev {
			return errs.E(wire.Conflict, wire.ReasonEditConflict, rulesChanged)
		}
		stored = p
		stored.Rev++
		value, err := json.Marshal(stored)
		if err != nil {
			return fmt.Errorf("encode the rules: %w", err)
		}
		_, err = tx.ExecContext(ctx, insertInto("settings", "name, value, updated_at, updated_by", 1)+
			db.d.upsert("name", "value = "+db.d.fresh("value"), "updated_at = "+db.d.fresh("updated_at"),
				"updated_by = "+db.d.fresh("updated_by")),
			retentionSetting, string(value), entry.At, nullInt(entry.ActorID))
		if err != nil {
			return fmt.Errorf("store the rules: %w", err)
		}
		told, err := json.Marshal(map[string]wire.RetentionPolicy{"was": was, "is": stored})
		if err != nil {
			return fmt.Errorf("encode the rules: %w", err)
		}
		entry.Detail = string(told)
		return db.appendAudit(ctx, tx, entry)
	})
	return stored, err
}

const (
	countRooms = 200  // rooms of a page of CountOldMessages
	countFiles = 2000 // ids of a page of CountOldFiles
)

// classedRoom is a room as retention sees it.
type classedRoom struct {
	id, retired int64
	class       wire.RoomClass
	held        bool
}

func scanClassedRoom(row scanner) (r classedRoom, err error) {
	err = row.Scan(&r.id, &r.retired, &r.class, &r.held)
	return r, err
}

// CountOldMessages implements retention.Policies. It reads no text.
func (db *DB) CountOldMessages(
	ctx context.Context, rules retention.Rules, afterRoom int64,
) (counts retention.Counts, last int64, err error) {
	err = db.snapshot(ctx, "count messages", func(q querier) error {
		counts, last = retention.Counts{}, 0
		rooms, err := collect(ctx, q, scanClassedRoom, "select r.id, r.retired_seq, "+roomClass+", case when "+heldRoom+` then 1 else 0 end
  from rooms r
 where r.id > ?
 order by r.id
 limit ?`, afterRoom, countRooms)
		if err != nil {
			return err
		}
		if len(rooms) == countRooms {
			last = rooms[countRooms-1].id
		}
		byClass := map[wire.RoomClass][]classedRoom{}
		for _, r := range rooms {
			if rules[r.class].Messages > 0 {
				byClass[r.class] = append(byClass[r.class], r)
			}
		}
		for class, rooms := range byClass {
			if counts[class], err = db.countOld(ctx, q, rooms, rules[class].Messages); err != nil {
				return err
			}
		}
		return nil
	})
	return counts, last, err
}

// countOld counts the messages of rooms of one class that were written before a time.
func (db *DB) countOld(ctx context.Context, q querier, rooms []classedRoom, before int64) (n retention.Count, err error) {
	held := map[int64]bool{}
	var args []any
	for _, r := range rooms {
		held[r.id] = r.held
		args = append(args, r.id, r.retired)
	}
	return n, each(ctx, q, func(row scanner) error {
		var id, messages, oldest int64
		if err := row.Scan(&id, &messages, &oldest); err != nil {
			return err
		}
		part := retention.Counts{"": {Rooms: 1, Messages: messages, Oldest: oldest}}
		if held[id] {
			part = retention.Counts{"": {HeldRooms: 1, HeldMessages: messages}}
		}
		part.Add(retention.Counts{"": n})
		n = part[""]
		return nil
	}, `select m.room_id, count(*), min(m.created_at)
  from `+db.d.values(len(rooms), "v_room", "v_seq")+`
 cross join messages m on m.room_id = v.v_room and m.seq > v.v_seq
 where m.created_at < ?
   and m.kind = 'user'
   and m.deleted_at is null
 group by m.room_id`, append(args, before)...)
}

// placeOf is where a file hangs, as retention sees it.
type placeOf struct {
	file, size, written int64
	class               wire.RoomClass
	held                bool
}

// filePlaces reads where the kept files with ids in after…upTo hang, in the order in which they were sent there. A file that hangs
// nowhere is not in it. Each place has a message and a room; the left joins keep MariaDB from beginning with all rooms.
func filePlaces(ctx context.Context, q querier, after, upTo int64) ([]placeOf, error) {
	return collect(ctx, q, func(row scanner) (p placeOf, err error) {
		err = row.Scan(&p.file, &p.size, &p.written, &p.class, &p.held)
		return p, err
	}, "select f.id, f.size, m.created_at, "+roomClass+", case when "+heldRoom+` then 1 else 0 end
  from files f
  join message_files x on x.file_id = f.id
  left join messages m on m.id = x.message_id
  left join rooms r on r.id = x.room_id
 where f.id > ?
   and f.id <= ?
   and f.gone_at is null
 order by f.id, x.message_id`, after, upTo)
}

// goes reports whether no place needs a file any more.
func goes(places []placeOf, rules retention.Rules) bool {
	for _, p := range places {
		if p.held || p.written >= rules[p.class].Files {
			return false
		}
	}
	return len(places) > 0
}

// byFile cuts places into those of each file.
func byFile(places []placeOf, each func([]placeOf)) {
	for from := 0; from < len(places); {
		to := from
		for to < len(places) && places[to].file == places[from].file {
			to++
		}
		each(places[from:to])
		from = to
	}
}

// lastFile is the end of a page of files behind one; 0: there are none.
func lastFile(ctx context.Context, q querier, after int64) (upTo int64, err error) {
	err = q.QueryRowContext(ctx, `select coalesce(max(p.id), 0)
  from (select f.id from files f where f.id > ? order by f.id limit ?) p`, after, countFiles).Scan(&upTo)
	return upTo, err
}

// CountOldFiles implements retention.Policies.
func (db *DB) CountOldFiles(
	ctx context.Context, rules retention.Rules, afterFile int64,
) (counts retention.Counts, last int64, err error) {
	err = db.snapshot(ctx, "count files", func(q querier) error {
		counts = retention.Counts{}
		if last, err = lastFile(ctx, q, afterFile); err != nil || last == 0 {
			return err
		}
		places, err := filePlaces(ctx, q, afterFile, last)
		byFile(places, func(of []placeOf) {
			if goes(of, rules) {
				counts.Add(retention.Counts{of[0].class: {Files: 1, Bytes: of[0].size}})
			}
		})
		return err
	})
	return counts, last, err
}
