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
		ids := make([]any, len(userUUIDs))
		for i, userUUID := range userUUIDs {
			var id int64
			if err := q.QueryRowContext(ctx, "select id from users where user_uuid = ?", userUUID).Scan(&id); err != nil {
				return noRows(err, userUnknown)
			}
			ids[i] = id
		}
		args := append(append(slices.Clone(ids[:1]), cmp.Or(before, math.MaxInt64)), ids[1:]...)
		list, err = collect(ctx, q, func(row scanner) (r model.BackupRoom, err error) {
			err = row.Scan(&r.ID, &r.UUID, &r.Kind, &r.Name)
			return r, err
		}, `
			select r.id, r.room_uuid, r.kind, r.name
			from room_members m
			join rooms r on r.id = m.room_id
			where m.user_id = ?
			and m.room_id < ?`+strings.Repeat(`
			and exists (select 1 from room_members o where o.room_id = m.room_id and o.user_id = ?)`, len(ids)-1)+`
			order by m.room_id desc
			limit ?`, append(args, limit)...)
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
