package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"himsg/server/internal/admin"
	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file reads what an approved request opens: rooms, messages, and a search in them.

// AccessRooms implements admin.Access.
func (db *DB) AccessRooms(ctx context.Context, a model.Access) (list []model.BackupRoom, err error) {
	if a.Kind == wire.AccessPerson {
		list, err = db.BackupRooms(ctx, a.SubjectID)
	} else {
		list, err = db.accessRoom(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	err = db.snapshot(ctx, "stretches to read", func(q querier) error {
		for i := range list {
			first, err := firstFrom(ctx, q, list[i], a.From)
			if err != nil {
				return err
			}
			end, err := firstFrom(ctx, q, list[i], a.To)
			if err != nil {
				return err
			}
			list[i].After, list[i].UpTo = first-1, end-1
		}
		return nil
	})
	return slices.DeleteFunc(list, func(r model.BackupRoom) bool { return r.After >= r.UpTo }), err
}

// firstFrom returns the seq of a room's first message that was written at an instant or later, the one after its last if there
// is none. Times grow with seq, so it halves the stretch; messages may be missing in it.
func firstFrom(ctx context.Context, q querier, r model.BackupRoom, at int64) (seq int64, err error) {
	low, high := r.After+1, r.UpTo+1
	for low < high {
		middle := low + (high-low)/2
		var found, written int64
		err := q.QueryRowContext(ctx, `
			select seq, created_at
			from messages
			where room_id = ?
			and seq >= ?
			and seq < ?
			order by seq
			limit 1`, r.ID, middle, high).Scan(&found, &written)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			high = middle
		case err != nil:
			return 0, err
		case written < at:
			low = found + 1
		default:
			high = middle
		}
	}
	return low, nil
}

// accessRoom is a room with all that was ever written there.
func (db *DB) accessRoom(ctx context.Context, a model.Access) (list []model.BackupRoom, err error) {
	err = db.snapshot(ctx, "room to read", func(q querier) error {
		var r model.BackupRoom
		err := q.QueryRowContext(ctx, "select id, room_uuid, kind, name, last_seq from rooms where id = ?", a.SubjectID).
			Scan(&r.ID, &r.UUID, &r.Kind, &r.Name, &r.UpTo)
		if err != nil {
			return noRows(err, textNoRoom)
		}
		r.Members, err = firstMembers(ctx, q, r.ID)
		list = []model.BackupRoom{r}
		return err
	})
	return list, err
}

// firstMembers returns the first of those who are or were in a room.
func firstMembers(ctx context.Context, q querier, roomID int64) ([]string, error) {
	return collect(ctx, q, func(row scanner) (uuid string, err error) {
		err = row.Scan(&uuid)
		return uuid, err
	}, `
		select u.user_uuid
		from room_members m
		join users u on u.id = m.user_id
		where m.room_id = ?
		order by m.joined_at, u.id
		limit ?`, roomID, wire.MaxSummaryMembers)
}

// AccessPage implements admin.Access.
func (db *DB) AccessPage(
	ctx context.Context, a model.Access, r model.BackupRoom, after int64, limit int,
) (page []model.Message, err error) {
	err = db.snapshot(ctx, "messages to read", func(q querier) error {
		page, err = db.messages(ctx, q, `where m.room_id = ?
   and m.seq > ?
   and m.seq <= ?
   and m.created_at >= ?
   and m.created_at < ?
 order by m.seq
 limit ?`, r.ID, max(r.After, after), r.UpTo, a.From, a.To, limit)
		return err
	})
	return page, err
}

// AccessSearch implements admin.Access.
func (db *DB) AccessSearch(
	ctx context.Context, a model.Access, rooms []model.BackupRoom, s admin.AccessSought,
) (page []model.Message, more bool, err error) {
	sought := chat.Sought{Query: s.Query, From: a.From, To: a.To, Before: s.Before, Limit: s.Limit}
	within := make([]searchRoom, len(rooms))
	for i, r := range rooms {
		within[i] = searchRoom{id: r.ID, visible: r.After, upTo: r.UpTo}
	}
	err = db.snapshot(ctx, "search what may be read", func(q querier) error {
		page, more, err = db.searchIn(ctx, q, within, sought)
		return err
	})
	return page, more, err
}
