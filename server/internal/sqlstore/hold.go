package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/retention"
	"himsg/shared/wire"
)

// This file keeps holds: retention.Holds. Locks are taken in one order: the tree, holds, rooms by id, files by id.

var _ retention.Holds = (*DB)(nil)

var (
	holdUnknown = errs.Text{KO: "보존 조치를 찾을 수 없습니다.", EN: "There is no such hold."}
	holdEnded   = errs.Text{KO: "이미 끝난 보존 조치입니다.", EN: "This hold has ended already."}
	holdOwn     = errs.Text{KO: "본인에 대한 보존 조치는 끝낼 수 없습니다.", EN: "Nobody may end a hold on himself."}
	heldBack    = errs.Text{KO: "법적 보존 대상이라 삭제할 수 없습니다.", EN: "A legal hold keeps this from being deleted."}
)

// heldRoom is the condition that a room (r) is held: itself, or somebody who is or was in it.
const heldRoom = `(exists (select 1 from holds k where k.ended_at is null and k.kind = 'room' and k.subject_id = r.id)
    or exists (select 1
         from holds k
         join room_members g on g.room_id = r.id and g.user_id = k.subject_id
        where k.ended_at is null
          and k.kind = 'person'))`

// lockHolds keeps holds from being placed and ended until the commit. Its row counts how often, since the members of a cluster compare
// what was changed and know nothing of each other's locks.
func (db *DB) lockHolds(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "update counters set value = value + 1 where name = 'holds'"); err != nil {
		return fmt.Errorf("lock the holds: %w", err)
	}
	return nil
}

// notHeld refuses to delete a person who is held, or whose memo to himself is. The transaction goes on under lockHolds.
func (db *DB) notHeld(ctx context.Context, tx *sql.Tx, userID int64) error {
	if err := db.lockHolds(ctx, tx); err != nil {
		return err
	}
	var held int
	err := tx.QueryRowContext(ctx, `
		select count(*)
		from holds k
		where k.ended_at is null and (k.kind = 'person' and k.subject_id = ?
			or k.kind = 'room' and k.subject_id in (select r.id from rooms r where r.direct_key = ?))`,
		userID, model.DirectKey(userID, userID)).Scan(&held)
	if err == nil && held > 0 {
		return errs.E(wire.Conflict, wire.ReasonHeld, heldBack)
	}
	return err
}

const holdColumns = `k.id, k.subject_id, k.hold_uuid, k.kind, coalesce(s.user_uuid, r.room_uuid, ''), coalesce(s.name, r.name, ''),
	k.reason, p.user_uuid, k.placed_at, coalesce(e.user_uuid, ''), coalesce(k.ended_at, 0), k.end_reason`

const holdTables = ` from holds k
	join users p on p.id = k.placed_by
	left join users e on e.id = k.ended_by
	left join users s on s.id = k.subject_id and k.kind = 'person'
	left join rooms r on r.id = k.subject_id and k.kind = 'room' `

// storedHold is a hold with the ids of its row and its subject.
type storedHold struct {
	wire.Hold

	id, subject int64
}

func scanHold(row scanner) (h storedHold, err error) {
	var placed, ended int64
	err = row.Scan(&h.id, &h.subject, &h.HoldUUID, &h.SubjectKind, &h.SubjectUUID, &h.SubjectName, &h.Reason, &h.PlacedBy, &placed,
		&h.EndedBy, &ended, &h.EndReason)
	h.PlacedAt = wire.TimeOfMilli(placed)
	if ended != 0 {
		at := wire.TimeOfMilli(ended)
		h.EndedAt = &at
	}
	return h, noRows(err, holdUnknown)
}

// openPlace is what a hold that has not ended has on top of its id, where a page begins: they come before those that ended. It is
// less than 2^53, which a number of JavaScript can hold.
const openPlace = int64(1) << 52

// HoldList implements retention.Holds.
func (db *DB) HoldList(ctx context.Context, before int64, limit int) (list wire.HoldList, err error) {
	err = db.snapshot(ctx, "holds", func(q querier) error {
		list = wire.HoldList{Holds: []wire.Hold{}}
		for _, part := range []struct {
			where string
			place int64
		}{{"k.ended_at is null", openPlace}, {"k.ended_at is not null", 0}} {
			left := limit - len(list.Holds)
			if left == 0 || before != 0 && before <= part.place {
				continue
			}
			stored, err := collect(ctx, q, scanHold, "select "+holdColumns+holdTables+"where "+part.where+`
				and k.id < ?
				order by k.id desc
				limit ?`, min(cmp.Or(before, math.MaxInt64)-part.place, openPlace), left)
			if err != nil {
				return err
			}
			for _, h := range stored {
				if err := describeHold(ctx, q, &h); err != nil {
					return err
				}
				list.Holds, list.Next = append(list.Holds, h.Hold), part.place+h.id
			}
		}
		if len(list.Holds) < limit {
			list.Next = 0
		}
		return nil
	})
	return list, err
}

// describeHold adds what is listed of a hold beside its row.
func describeHold(ctx context.Context, q querier, h *storedHold) (err error) {
	if h.SubjectKind == wire.AccessRoom && h.SubjectName == "" {
		if h.People, err = firstMembers(ctx, q, h.subject); err != nil {
			return err
		}
	}
	return countHeldRooms(ctx, q, h)
}

func countHeldRooms(ctx context.Context, q querier, h *storedHold) error {
	if h.EndedAt != nil {
		return nil
	}
	if h.SubjectKind == wire.AccessRoom {
		h.Rooms = 1
		return nil
	}
	return q.QueryRowContext(ctx, "select count(*) from room_members where user_id = ?", h.subject).Scan(&h.Rooms)
}

// AddHold implements retention.Holds.
func (db *DB) AddHold(
	ctx context.Context, holdUUID string, in wire.NewHold, entry model.AuditEntry,
) (stored wire.Hold, err error) {
	err = db.write(ctx, "add hold", func(tx *sql.Tx) error {
		if err := db.lockHolds(ctx, tx); err != nil {
			return err
		}
		query, unknown := "select id from users where user_uuid = ? and state not in ('deleted', 'bot')", userUnknown
		if in.SubjectKind == wire.AccessRoom {
			query, unknown = "select id from rooms where room_uuid = ?", textNoRoom
		}
		var subject int64
		if err := tx.QueryRowContext(ctx, query, in.SubjectUUID).Scan(&subject); err != nil {
			return noRows(err, unknown)
		}
		_, err := tx.ExecContext(ctx, `
			insert into holds (hold_uuid, kind, subject_id, reason, placed_by, placed_at)
			values (?, ?, ?, ?, ?, ?)`, holdUUID, in.SubjectKind, subject, in.Reason, entry.ActorID, entry.At)
		if err != nil {
			return err
		}
		stored, err = db.tellHold(ctx, tx, holdUUID, in.Reason, entry)
		return err
	})
	return stored, err
}

// EndHold implements retention.Holds.
func (db *DB) EndHold(
	ctx context.Context, holdUUID, reason string, entry model.AuditEntry,
) (stored wire.Hold, err error) {
	err = db.write(ctx, "end hold", func(tx *sql.Tx) error {
		if err := db.lockHolds(ctx, tx); err != nil {
			return err
		}
		h, err := scanHold(tx.QueryRowContext(ctx, "select "+holdColumns+holdTables+"where k.hold_uuid = ?", holdUUID))
		switch {
		case err != nil:
			return err
		case h.EndedAt != nil:
			return errs.E(wire.Conflict, wire.ReasonDecided, holdEnded)
		case h.SubjectKind == wire.AccessPerson && h.subject == entry.ActorID:
			return errs.E(wire.Forbidden, wire.ReasonOneself, holdOwn)
		}
		_, err = tx.ExecContext(ctx, "update holds set ended_by = ?, ended_at = ?, end_reason = ? where id = ?",
			entry.ActorID, entry.At, reason, h.id)
		if err != nil {
			return err
		}
		stored, err = db.tellHold(ctx, tx, holdUUID, reason, entry)
		return err
	})
	return stored, err
}

// tellHold reads a hold again, and writes into the audit what was done to it.
func (db *DB) tellHold(
	ctx context.Context, tx *sql.Tx, holdUUID, reason string, entry model.AuditEntry,
) (wire.Hold, error) {
	h, err := scanHold(tx.QueryRowContext(ctx, "select "+holdColumns+holdTables+"where k.hold_uuid = ?", holdUUID))
	if err != nil {
		return h.Hold, err
	}
	if err := countHeldRooms(ctx, tx, &h); err != nil {
		return h.Hold, err
	}
	detail, err := json.Marshal(struct {
		Hold   string          `json:"hold"`
		Kind   wire.AccessKind `json:"kind"`
		Reason string          `json:"reason"`
	}{holdUUID, h.SubjectKind, reason})
	if err != nil {
		return h.Hold, fmt.Errorf("encode hold: %w", err)
	}
	entry.Subject, entry.Detail = h.SubjectUUID, string(detail)
	return h.Hold, db.appendAudit(ctx, tx, entry)
}
