package sqlstore

import (
	"context"
	"database/sql"

	"himsg/server/internal/bus"
	"himsg/server/internal/hub"
)

// RoomsOf implements hub.Membership.
func (db *DB) RoomsOf(ctx context.Context, userID int64) (rooms []hub.RoomRev, err error) {
	err = db.read(ctx, "rooms of user", func(q querier) error {
		rooms = nil
		var r hub.RoomRev
		err := eachInto(ctx, q, []any{&r.RoomID, &r.Rev, &r.MyRev, &r.Hidden}, func() error {
			rooms = append(rooms, r)
			return nil
		}, roomsOf, userID)
		if err != nil {
			return err
		}
		return db.roomUUIDs.fill(ctx, q, len(rooms), func(i int) (int64, *string) { return rooms[i].RoomID, &rooms[i].RoomUUID })
	})
	return rooms, err
}

// ChangedRooms implements hub.Membership.
func (db *DB) ChangedRooms(ctx context.Context, since int64, limit int) (rooms []hub.RoomRev, err error) {
	err = db.read(ctx, "changed rooms", func(q querier) error {
		rooms, err = collect(ctx, q, func(row scanner) (r hub.RoomRev, err error) {
			err = row.Scan(&r.RoomID, &r.RoomUUID, &r.Rev, &r.MetaRev, &r.ChangedAt)
			return r, err
		}, `select r.id, r.room_uuid, r.rev, r.meta_rev, r.changed_at
  from rooms r
 where r.changed_at >= ?
 order by r.changed_at, r.id
 limit ?`, since, limit)
		return err
	})
	return rooms, err
}

// MembersOf implements hub.Membership. A room that is unknown or closed has no members.
func (db *DB) MembersOf(ctx context.Context, roomID int64) (users []int64, rev int64, err error) {
	err = db.read(ctx, "members of room", func(q querier) error {
		users, rev = nil, 0
		return each(ctx, q, func(row scanner) error {
			var user sql.NullInt64
			if err := row.Scan(&rev, &user); err != nil {
				return err
			}
			if user.Valid {
				users = append(users, user.Int64)
			}
			return nil
		}, `select r.rev, m.user_id
  from rooms r
  left join room_members m on m.room_id = r.id and m.left_seq is null and r.closed_at is null
 where r.id = ?`, roomID)
	})
	return users, rev, err
}

// RevokedSince implements hub.Membership.
func (db *DB) RevokedSince(ctx context.Context, since int64, limit int) (sessions []string, err error) {
	err = db.read(ctx, "revoked sessions", func(q querier) error {
		sessions, err = collect(ctx, q, func(row scanner) (uuid string, err error) {
			err = row.Scan(&uuid)
			return uuid, err
		}, `select s.session_uuid
  from sessions s
 where s.revoked_at >= ?
 order by s.revoked_at, s.id
 limit ?`, since, limit)
		return err
	})
	return sessions, err
}

// ReadsSince implements hub.Membership.
func (db *DB) ReadsSince(ctx context.Context, since int64, limit int) (moved []bus.Read, err error) {
	err = db.read(ctx, "moved cursors", func(q querier) error {
		moved, err = collect(ctx, q, func(row scanner) (m bus.Read, err error) {
			err = row.Scan(&m.RoomID, &m.RoomUUID, &m.UserID, &m.UserUUID, &m.Seq, &m.At)
			return m, err
		}, `select t.room_id, r.room_uuid, t.user_id, u.user_uuid, t.seq, t.at
  from read_times t
  join rooms r on r.id = t.room_id
  join users u on u.id = t.user_id
 where t.at >= ?
 order by t.at
 limit ?`, since, limit)
		return err
	})
	return moved, err
}
