package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var textNoPicture = errs.Text{KO: "사진을 찾을 수 없습니다.", EN: "The picture was not found."}

// UpdateRoom implements chat.Settings.
func (db *DB) UpdateRoom(
	ctx context.Context, actor model.Actor, roomUUID string, u chat.RoomUpdate, now int64,
) (c chat.RoomChange, err error) {
	err = db.write(ctx, "update room", func(tx *sql.Tx) error {
		room, err := db.lockOwned(ctx, tx, actor, roomUUID)
		c = chat.RoomChange{Room: room}
		if err != nil {
			return err
		}
		var lines []wire.SystemNotice
		if u.Name != nil && *u.Name != room.Name {
			if err := freeOfDepartment(room); err != nil {
				return err
			}
			c.Room.Name = *u.Name
			lines = append(lines, wire.SystemNotice{Action: wire.SystemRenamed, Name: *u.Name})
		}
		if u.OpenHistory != nil && *u.OpenHistory != room.OpenHistory {
			c.Room.OpenHistory = *u.OpenHistory
			lines = append(lines, wire.SystemNotice{Action: wire.SystemHistory, Name: string(historyOf(c.Room))})
		}
		if len(lines) == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, "update rooms set name = ?, history = ? where id = ?",
			c.Room.Name, string(historyOf(c.Room)), room.ID)
		if err != nil {
			return fmt.Errorf("update settings: %w", err)
		}
		takeRev(&c)
		for _, line := range lines {
			first := c.System
			line.ActorUUID = actor.UserUUID
			if err := db.addSystemLine(ctx, tx, &c, actor, line, now); err != nil {
				return err
			}
			if first != nil {
				c.System, c.Further = first, c.System
			}
		}
		return nil
	})
	return c, err
}

func historyOf(room model.Room) wire.RoomHistory {
	if room.OpenHistory {
		return wire.HistoryAll
	}
	return wire.HistoryJoined
}

// SetPicture implements chat.Settings. The picture before is gone from the database.
func (db *DB) SetPicture(
	ctx context.Context, actor model.Actor, roomUUID string, p *chat.Picture, now int64,
) (c chat.RoomChange, err error) {
	err = db.write(ctx, "set picture", func(tx *sql.Tx) error {
		room, err := db.lockOwned(ctx, tx, actor, roomUUID)
		c = chat.RoomChange{Room: room}
		if err != nil || p == nil && room.PictureUUID == "" {
			return err
		}
		if _, err := tx.ExecContext(ctx, "delete from pictures where room_id = ?", room.ID); err != nil {
			return fmt.Errorf("delete picture: %w", err)
		}
		c.Room.PictureUUID = ""
		if p != nil {
			c.Room.PictureUUID = p.UUID
			_, err := tx.ExecContext(ctx, `insert into pictures (picture_uuid, room_id, type, data, created_at)
  values (?, ?, ?, ?, ?)`, p.UUID, room.ID, p.Type, p.Data, now)
			if err != nil {
				return fmt.Errorf("insert picture: %w", err)
			}
		}
		stored := sql.NullString{String: c.Room.PictureUUID, Valid: p != nil}
		if _, err := tx.ExecContext(ctx, "update rooms set picture_uuid = ? where id = ?", stored, room.ID); err != nil {
			return fmt.Errorf("update picture: %w", err)
		}
		takeRev(&c)
		return db.addSystemLine(ctx, tx, &c, actor,
			wire.SystemNotice{Action: wire.SystemPicture, ActorUUID: actor.UserUUID}, now)
	})
	return c, err
}

// PictureFor implements chat.Settings.
func (db *DB) PictureFor(ctx context.Context, userID int64, pictureUUID string) (p chat.Picture, err error) {
	err = db.read(ctx, "picture", func(q querier) error {
		err := q.QueryRowContext(ctx, `select p.picture_uuid, p.type, p.data
  from pictures p
  join rooms r on r.id = p.room_id
  join room_members m on m.room_id = r.id and m.user_id = ?
 where p.picture_uuid = ?
   and `+presentRoom, userID, pictureUUID).Scan(&p.UUID, &p.Type, &p.Data)
		return noRows(err, textNoPicture)
	})
	return p, err
}

// SetMy implements chat.Settings. The room is not locked: nothing of it changes, and its writers must not wait.
func (db *DB) SetMy(
	ctx context.Context, userID int64, roomUUID string, u chat.MyUpdate,
) (roomID int64, changed bool, err error) {
	err = db.write(ctx, "set my", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `update room_members
   set favourite = coalesce(?, favourite),
       pinned = coalesce(?, pinned),
       locked = coalesce(?, locked),
       muted_until = nullif(coalesce(?, muted_until, 0), 0),
       notify = coalesce(?, notify),
       my_rev = my_rev + 1
 where room_id = (select id from rooms where room_uuid = ?)
   and user_id = ?
   and left_seq is null
   and (favourite <> coalesce(?, favourite)
    or pinned <> coalesce(?, pinned)
    or locked <> coalesce(?, locked)
    or coalesce(muted_until, 0) <> coalesce(?, muted_until, 0)
    or notify <> coalesce(?, notify))`,
			u.Favourite, u.Pinned, u.Locked, u.MutedUntil, u.Notify, roomUUID, userID,
			u.Favourite, u.Pinned, u.Locked, u.MutedUntil, u.Notify)
		if err != nil {
			return fmt.Errorf("update own row: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return fmt.Errorf("update own row: %w", err)
		}
		changed = n > 0
		room, _, err := roomFor(ctx, tx, userID, roomUUID)
		roomID = room.ID
		return err
	})
	return roomID, changed, err
}
