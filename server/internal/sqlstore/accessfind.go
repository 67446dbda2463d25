package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"

	"himsg/server/internal/model"
)

// This file finds what is asked for or opened by a request: rooms by their people, and files of what may be read.

// FindRooms implements admin.Access.
func (db *DB) FindRooms(ctx context.Context, userUUIDs []string, before int64, limit int) (list []model.BackupRoom, err error) {
	err = db.snapshot(ctx, "rooms of people", func(q querier) error {
		where, args := make([]string, len(userUUIDs)), make([]any, 0, len(userUUIDs)+2)
		for i, userUUID := range userUUIDs {
			var id int64
			if err := q.QueryRowContext(ctx, "select id from users where user_uuid = ?", userUUID).Scan(&id); err != nil {
				return noRows(err, userUnknown)
			}
			where[i], args = "and exists (select 1 from room_members m where m.user_id = ? and m.room_id = r.id)", append(args, id)
		}
		list, err = collect(ctx, q, func(row scanner) (r model.BackupRoom, err error) {
			err = row.Scan(&r.ID, &r.UUID, &r.Kind, &r.Name)
			return r, err
		}, `
			select r.id, r.room_uuid, r.kind, r.name
			from rooms r
			where r.id < ?
			`+strings.Join(where, "\n")+`
			order by r.id desc
			limit ?`, append(slices.Insert(args, 0, any(cmp.Or(before, math.MaxInt64))), limit)...)
		for i := range list {
			if err == nil {
				list[i].Members, err = firstMembers(ctx, q, list[i].ID)
			}
		}
		return err
	})
	return list, err
}

// AccessFile implements admin.Access.
func (db *DB) AccessFile(
	ctx context.Context, a model.Access, rooms []model.BackupRoom, fileUUID string,
) (f model.File, err error) {
	err = db.snapshot(ctx, "file to read", func(q querier) error {
		f, err = scanFile(q.QueryRowContext(ctx, "select "+fileColumns+" from files f where f.file_uuid = ? and f.state = 'ready'", fileUUID))
		if errors.Is(err, sql.ErrNoRows) {
			return unknownFile()
		}
		if err != nil {
			return err
		}
		type place struct{ room, seq int64 }
		places, err := collect(ctx, q, func(row scanner) (p place, err error) {
			err = row.Scan(&p.room, &p.seq)
			return p, err
		}, `
			select m.room_id, m.seq
			from message_files x
			join messages m on m.id = x.message_id
			where x.file_id = ?
			and m.created_at >= ?
			and m.created_at < ?`, f.ID, a.From, a.To)
		if err != nil {
			return err
		}
		released := func(p place) bool {
			return slices.ContainsFunc(rooms, func(r model.BackupRoom) bool { return r.ID == p.room && r.After < p.seq && p.seq <= r.UpTo })
		}
		if !slices.ContainsFunc(places, released) {
			return unknownFile()
		}
		return stillThere(f, nil)
	})
	return f, err
}
