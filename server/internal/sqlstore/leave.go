package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textOnlyOwner  = errs.Text{KO: "방장만 할 수 있습니다.", EN: "Only the owner of the conversation can do this."}
	textOnlyGroups = errs.Text{KO: "단체 대화방에서만 할 수 있습니다.", EN: "This is only possible in a group conversation."}
	textNotGroup   = errs.Text{KO: "1:1 대화에서만 할 수 있습니다.", EN: "This is only possible in a conversation of two."}
)

// lockSeat locks a room and reads the actor's row in it, also one of a member who left. not_found if he never was one.
func (db *DB) lockSeat(
	ctx context.Context, tx *sql.Tx, userID int64, roomUUID string,
) (model.Room, model.Member, error) {
	r, err := db.roomBy(ctx, tx, "r.room_uuid = ?", roomUUID)
	if err != nil {
		return r, model.Member{}, noRows(err, textNoRoom)
	}
	m, err := seatOf(ctx, tx, r.ID, userID)
	return r, m, err
}

// seatOf reads a person's row in a room, also of one who left; not_found if he never was a member.
func seatOf(ctx context.Context, q querier, roomID, userID int64) (model.Member, error) {
	m, err := scanMember(q.QueryRowContext(ctx, "select "+memberColumns+`
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.user_id = ?`, roomID, userID))
	return m, noRows(err, textNoRoom)
}

// noRows turns the absence of a row into not_found.
func noRows(err error, text errs.Text) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.NotFound(text)
	}
	return err
}

func gone(r model.Room, m model.Member) bool { return m.LeftSeq >= 0 || r.ClosedAt != 0 }

// LeaveRoom implements chat.Membership. When the owner leaves, the group goes to who is in it longest; when the last
// member leaves, it is closed.
func (db *DB) LeaveRoom(
	ctx context.Context, actor model.Actor, roomUUID string, now int64,
) (c chat.RoomChange, err error) {
	err = db.write(ctx, "leave room", func(tx *sql.Tx) error {
		room, m, err := db.lockSeat(ctx, tx, actor.UserID, roomUUID)
		c = chat.RoomChange{Room: room}
		switch {
		case err != nil:
			return err
		case room.Kind != wire.RoomGroup:
			return errs.E(wire.BadRequest, wire.ReasonNotGroup, textOnlyGroups)
		case gone(room, m):
			return nil
		case room.DepartmentUUID != "":
			return freeOfDepartment(room)
		}
		return db.leaveGroup(ctx, tx, &c, m, actor, now)
	})
	return c, err
}

// leaveGroup ends the membership of the actor in c.Room, a locked group, whose row is m.
func (db *DB) leaveGroup(
	ctx context.Context, tx *sql.Tx, c *chat.RoomChange, m model.Member, actor model.Actor, now int64,
) error {
	if err := endMembership(ctx, tx, c.Room, actor.UserID, now); err != nil {
		return err
	}
	heir, empty, err := passOn(ctx, tx, m)
	if err != nil {
		return err
	}
	if heir != 0 {
		c.Touched = []int64{heir}
	}
	c.Left = []int64{actor.UserID}
	takeRev(c)
	if empty {
		c.Room.ClosedAt = now
		return storeRoom(ctx, tx, c.Room, now)
	}
	notice := wire.SystemNotice{
		Action: wire.SystemLeft, ActorUUID: actor.UserUUID, UserUUIDs: []string{actor.UserUUID},
	}
	return db.addSystemLine(ctx, tx, c, actor, notice, now)
}

// takeRev gives a change of a locked room the next rev.
func takeRev(c *chat.RoomChange) {
	c.Changed = true
	c.Room.Rev++
	c.Room.MetaRev, c.Rev = c.Room.Rev, c.Room.Rev
}

// passOn gives the group of an owner who left, if no other owner is in it, to a member: to one whose account is active
// before others, and then to who is in it longest. empty: there is no member.
func passOn(ctx context.Context, tx *sql.Tx, left model.Member) (heir int64, empty bool, err error) {
	var first int64
	var role wire.RoomRole
	err = tx.QueryRowContext(ctx, `select m.user_id, m.role
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.left_seq is null
 order by case m.role when 'owner' then 0 else 1 end, case u.state when 'active' then 0 else 1 end, m.joined_at, m.user_id
 limit 1`, left.RoomID).Scan(&first, &role)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, true, nil
	}
	if err != nil || role == wire.RoomOwner {
		return 0, false, err
	}
	return first, false, setRole(ctx, tx, left.RoomID, first, wire.RoomOwner)
}

func setRole(ctx context.Context, tx *sql.Tx, roomID, userID int64, role wire.RoomRole) error {
	_, err := tx.ExecContext(ctx, "update room_members set role = ?, my_rev = my_rev + 1 where room_id = ? and user_id = ?",
		string(role), roomID, userID)
	if err != nil {
		return fmt.Errorf("set role: %w", err)
	}
	return nil
}

// everybody stands for all members where one person's id is asked for.
const everybody = 0

// endMembership marks a present member, or everybody, as having left at the room's last seq.
func endMembership(ctx context.Context, tx *sql.Tx, room model.Room, who, now int64) error {
	_, err := tx.ExecContext(ctx, `update room_members
   set left_seq = ?, left_at = ?, my_rev = my_rev + 1
 where room_id = ?
   and left_seq is null
   and (user_id = ? or ? = 0)`, room.LastSeq, now, room.ID, who, who)
	if err != nil {
		return fmt.Errorf("end membership: %w", err)
	}
	return nil
}

// HideRoom implements chat.Membership. Repeating is harmless.
func (db *DB) HideRoom(
	ctx context.Context, actor model.Actor, roomUUID string, _ int64,
) (room model.Room, err error) {
	err = db.write(ctx, "hide room", func(tx *sql.Tx) error {
		var m model.Member
		room, m, err = db.lockSeat(ctx, tx, actor.UserID, roomUUID)
		switch {
		case err != nil:
			return err
		case gone(room, m):
			return errs.NotFound(textNoRoom)
		case room.Kind != wire.RoomDirect && room.Kind != wire.RoomSelf:
			return errs.E(wire.BadRequest, "", textNotGroup)
		}
		_, err := tx.ExecContext(ctx, `update room_members
   set hidden_seq = ?, my_rev = my_rev + 1
 where room_id = ?
   and user_id = ?
   and hidden_seq < ?`, room.LastSeq, room.ID, actor.UserID, room.LastSeq)
		return err
	})
	return room, err
}

// CloseRoom implements chat.Membership. Repeating is harmless. forbidden unless the actor owns the group.
func (db *DB) CloseRoom(
	ctx context.Context, actor model.Actor, roomUUID string, now int64,
) (c chat.RoomChange, err error) {
	err = db.write(ctx, "close room", func(tx *sql.Tx) error {
		room, m, err := db.lockSeat(ctx, tx, actor.UserID, roomUUID)
		c = chat.RoomChange{Room: room}
		switch {
		case err != nil:
			return err
		case room.Kind != wire.RoomGroup:
			return errs.E(wire.BadRequest, wire.ReasonNotGroup, textOnlyGroups)
		case room.ClosedAt != 0 && m.Role == wire.RoomOwner:
			return nil
		case gone(room, m):
			return errs.NotFound(textNoRoom)
		case m.Role != wire.RoomOwner:
			return errs.E(wire.Forbidden, wire.ReasonNotRoomOwner, textOnlyOwner)
		case room.DepartmentUUID != "":
			return freeOfDepartment(room)
		}
		c.Left, err = collect(ctx, tx, scanID,
			"select user_id from room_members where room_id = ? and left_seq is null order by user_id", room.ID)
		if err != nil {
			return err
		}
		if err := endMembership(ctx, tx, room, everybody, now); err != nil {
			return err
		}
		takeRev(&c)
		c.Room.ClosedAt = now
		if err := storeRoom(ctx, tx, c.Room, now); err != nil {
			return err
		}
		return db.appendAudit(ctx, tx, model.AuditEntry{
			At: now, ActorID: actor.UserID, Action: model.AuditRoomClosed, Subject: room.UUID, RemoteAddr: actor.RemoteAddr,
		})
	})
	return c, err
}
