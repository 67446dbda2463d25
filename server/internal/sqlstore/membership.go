package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// CreateRoom implements chat.Membership.
func (db *DB) CreateRoom(ctx context.Context, r chat.NewRoom) (c chat.RoomChange, err error) {
	key := createKey(r)
	err = db.write(ctx, "create room", func(tx *sql.Tx) error {
		c = chat.RoomChange{}
		if key.Valid {
			room, err := db.roomBy(ctx, tx, "r.create_key = ?", key.String)
			if err == nil || !errors.Is(err, sql.ErrNoRows) {
				c.Room = room
				return err
			}
		}
		room := model.Room{
			UUID: r.UUID, Kind: r.Kind, Name: r.Name, CreatedBy: r.Creator.UserID, CreatedAt: r.Now, Rev: 1, MetaRev: 1,
		}
		if room.ID, err = insertRoom(ctx, tx, room, sql.NullString{}, key); err != nil {
			return err
		}
		c = chat.RoomChange{Room: room, Rev: room.Rev, Joined: withCreator(r), Changed: true}
		if err := insertMembers(ctx, tx, room, c.Joined, r.Creator.UserID); err != nil {
			return err
		}
		return db.addSystemLine(ctx, tx, &c, r.Creator,
			wire.SystemNotice{Action: wire.SystemCreated, ActorUUID: r.Creator.UserUUID, Name: r.Name}, r.Now)
	})
	if _, taken := uniqueKey(err); taken && key.Valid { // made by a twin of this request meanwhile
		return db.existingRoom(ctx, "r.create_key = ?", key.String)
	}
	return c, err
}

// createKey keeps one person's keys apart from another's.
func createKey(r chat.NewRoom) sql.NullString {
	return sql.NullString{
		String: strconv.FormatInt(r.Creator.UserID, 10) + ":" + r.CreateKey, Valid: r.CreateKey != "",
	}
}

func withCreator(r chat.NewRoom) []int64 {
	members := append(slices.Clone(r.Members), r.Creator.UserID)
	slices.Sort(members)
	return slices.Compact(members)
}

// DirectRoom implements chat.Membership.
func (db *DB) DirectRoom(
	ctx context.Context, actor model.Actor, otherID int64, newUUID string, now int64,
) (c chat.RoomChange, err error) {
	kind, members := wire.RoomDirect, []int64{min(actor.UserID, otherID), max(actor.UserID, otherID)}
	if actor.UserID == otherID {
		kind, members = wire.RoomSelf, members[:1]
	}
	key := sql.NullString{String: model.DirectKey(actor.UserID, otherID), Valid: true}
	const twins = 2 // the second try finds what the twin of this request made
	for range twins {
		err = db.write(ctx, "direct room", func(tx *sql.Tx) error {
			c = chat.RoomChange{}
			room, err := db.roomBy(ctx, tx, "r.direct_key = ?", key.String)
			if err == nil {
				c.Room = room
				c.Unhidden, err = unhide(ctx, tx, room, actor.UserID)
				return err
			}
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			room = model.Room{
				UUID: newUUID, Kind: kind, CreatedBy: actor.UserID, CreatedAt: now, Rev: 1, MetaRev: 1,
			}
			if room.ID, err = insertRoom(ctx, tx, room, key, sql.NullString{}); err != nil {
				return err
			}
			c = chat.RoomChange{Room: room, Rev: room.Rev, Joined: members, Changed: true}
			return insertMembers(ctx, tx, room, members, actor.UserID)
		})
		if _, taken := uniqueKey(err); !taken {
			break
		}
	}
	return c, err
}

// unhide shows a conversation again to somebody who opens it.
func unhide(ctx context.Context, tx *sql.Tx, room model.Room, userID int64) (bool, error) {
	res, err := tx.ExecContext(ctx, `update room_members
   set hidden_seq = -1, my_rev = my_rev + 1
 where room_id = ?
   and user_id = ?
   and hidden_seq >= ?`, room.ID, userID, room.LastSeq)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// roomBy locks and reads one room.
func (db *DB) roomBy(ctx context.Context, tx *sql.Tx, where string, args ...any) (model.Room, error) {
	return scanRoom(tx.QueryRowContext(ctx, "select "+roomColumns+" from rooms r where "+where+db.d.forUpdate, args...))
}

func (db *DB) existingRoom(ctx context.Context, where string, args ...any) (c chat.RoomChange, err error) {
	err = db.read(ctx, "existing room", func(q querier) error {
		c.Room, err = scanRoom(q.QueryRowContext(ctx, "select "+roomColumns+" from rooms r where "+where, args...))
		return err
	})
	return c, err
}

func insertRoom(ctx context.Context, tx *sql.Tx, r model.Room, directKey, createKey sql.NullString) (int64, error) {
	res, err := tx.ExecContext(ctx, `insert into rooms
  (room_uuid, kind, name, direct_key, create_key, created_by, created_at, rev, meta_rev, changed_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.UUID, string(r.Kind), r.Name, directKey, createKey, null(r.CreatedBy), r.CreatedAt, r.Rev, r.MetaRev, r.CreatedAt)
	if err != nil {
		return 0, fmt.Errorf("insert room: %w", err)
	}
	return res.LastInsertId()
}

// insertMembers puts people into a room that has no messages yet. The owner is who made a group.
func insertMembers(ctx context.Context, tx *sql.Tx, room model.Room, members []int64, creator int64) error {
	for chunk := range slices.Chunk(members, maxIn) {
		args := make([]any, 0, 6*len(chunk))
		for _, id := range chunk {
			role := wire.RoomMember
			if id == creator && room.Kind != wire.RoomDirect {
				role = wire.RoomOwner
			}
			args = append(args, room.ID, id, string(role), room.LastSeq, room.CreatedAt, room.LastSeq)
		}
		query := insertInto("room_members", "room_id, user_id, role, joined_seq, joined_at, last_read_seq", len(chunk))
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("insert members: %w", err)
		}
	}
	return nil
}

// addSystemLine stores the server's own line about what a member did, and moves his cursor over it.
func (db *DB) addSystemLine(
	ctx context.Context, tx *sql.Tx, c *chat.RoomChange, actor model.Actor, notice wire.SystemNotice, now int64,
) error {
	if err := db.addLine(ctx, tx, c, actor, notice, now); err != nil {
		return err
	}
	move := cursorMove{seat: seat{c.Room.ID, actor.UserID}, seq: c.System.Seq, at: now}
	if err := timeJump(ctx, tx, move); err != nil {
		return err
	}
	if err := db.moveCursors(ctx, tx, []cursorMove{move}); err != nil {
		return fmt.Errorf("move the actor's cursor: %w", err)
	}
	return nil
}

// addLine stores the server's own line about a change as the room's next message and writes the room's new numbers. c.Room
// is locked and holds the rev of the change.
func (db *DB) addLine(
	ctx context.Context, tx *sql.Tx, c *chat.RoomChange, actor model.Actor, notice wire.SystemNotice, now int64,
) error {
	text, err := json.Marshal(notice)
	if err != nil {
		return fmt.Errorf("system notice: %w", err)
	}
	r := &c.Room
	r.LastSeq++
	r.Rev++
	r.LastMessageAt = now
	m := model.Message{
		RoomID: r.ID, RoomUUID: r.UUID, Seq: r.LastSeq, Rev: r.Rev, Kind: wire.MessageSystem,
		SenderID: actor.UserID, SenderUUID: actor.UserUUID, ClientID: uuid.NewString(), System: &notice, CreatedAt: now,
	}
	res, err := tx.ExecContext(ctx, `insert into messages
  (room_id, seq, rev, kind, sender_id, client_id, text, system_notice, created_at)
  values (?, ?, ?, ?, ?, ?, '', ?, ?)`,
		m.RoomID, m.Seq, m.Rev, string(m.Kind), m.SenderID, m.ClientID, string(text), m.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert system line: %w", err)
	}
	if m.ID, err = res.LastInsertId(); err != nil {
		return fmt.Errorf("insert system line: %w", err)
	}
	c.System = &m
	return storeRoom(ctx, tx, *r, now)
}

// storeRoom writes the numbers of a locked room.
func storeRoom(ctx context.Context, tx *sql.Tx, r model.Room, now int64) error {
	_, err := tx.ExecContext(ctx, `update rooms
   set last_seq = ?, rev = ?, meta_rev = ?, last_message_at = ?, closed_at = ?, changed_at = ?
 where id = ?`, r.LastSeq, r.Rev, r.MetaRev, r.LastMessageAt, null(r.ClosedAt), now, r.ID)
	if err != nil {
		return fmt.Errorf("update room: %w", err)
	}
	return nil
}
