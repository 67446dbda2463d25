package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textNoMember   = errs.Text{KO: "이 대화방의 참여자가 아닙니다.", EN: "This person is not in the conversation."}
	textLastOwner  = errs.Text{KO: "방장이 한 명은 있어야 합니다.", EN: "A conversation needs at least one owner."}
	textManyPeople = errs.Text{KO: "대화방 인원이 너무 많습니다.", EN: "These are too many people for one room."}
)

// lockGroup locks a group in which the actor is a present member.
func (db *DB) lockGroup(
	ctx context.Context, tx *sql.Tx, actor model.Actor, roomUUID string,
) (model.Room, model.Member, error) {
	room, m, err := db.lockSeat(ctx, tx, actor.UserID, roomUUID)
	switch {
	case err != nil:
	case gone(room, m):
		err = errs.NotFound(textNoRoom)
	case room.Kind != wire.RoomGroup:
		err = errs.E(wire.BadRequest, wire.ReasonNotGroup, textOnlyGroups)
	}
	return room, m, err
}

// lockFree locks a group that does not follow a department: only there people come and go by hand.
func (db *DB) lockFree(ctx context.Context, tx *sql.Tx, actor model.Actor, roomUUID string) (model.Room, error) {
	room, _, err := db.lockGroup(ctx, tx, actor, roomUUID)
	switch {
	case err != nil:
	case room.ReadOnly:
		err = readOnly(room)
	default:
		err = freeOfDepartment(room)
	}
	return room, err
}

var textFollows = errs.Text{
	KO: "부서 대화방은 조직도를 따라 자동으로 바뀝니다.", EN: "A department's room follows the organisation by itself.",
}

// freeOfDepartment refuses what is not done by hand in a department's room.
func freeOfDepartment(room model.Room) error {
	if room.DepartmentUUID != "" {
		return errs.E(wire.Conflict, wire.ReasonDepartmentRoom, textFollows)
	}
	return nil
}

// lockOwned locks a group of which the actor is an owner.
func (db *DB) lockOwned(ctx context.Context, tx *sql.Tx, actor model.Actor, roomUUID string) (model.Room, error) {
	room, m, err := db.lockGroup(ctx, tx, actor, roomUUID)
	if err == nil && m.Role != wire.RoomOwner {
		err = errs.E(wire.Forbidden, wire.ReasonNotRoomOwner, textOnlyOwner)
	}
	return room, err
}

// Invite implements chat.Seating.
func (db *DB) Invite(
	ctx context.Context, actor model.Actor, roomUUID string, users []model.User, now int64,
) (c chat.RoomChange, err error) {
	err = db.write(ctx, "invite", func(tx *sql.Tx) error {
		room, err := db.lockFree(ctx, tx, actor, roomUUID)
		c = chat.RoomChange{Room: room}
		if err != nil {
			return err
		}
		present, err := collect(ctx, tx, scanID,
			"select user_id from room_members where room_id = ? and left_seq is null", room.ID)
		if err != nil {
			return fmt.Errorf("present members: %w", err)
		}
		fresh := newcomers(users, present)
		switch {
		case len(fresh) == 0:
			return nil
		case len(present)+len(fresh) > wire.MaxRoomMembers:
			return errs.E(wire.BadRequest, wire.ReasonTooManyPeople, textManyPeople)
		}
		notice := wire.SystemNotice{Action: wire.SystemJoined, ActorUUID: actor.UserUUID}
		for _, u := range fresh {
			c.Joined = append(c.Joined, u.ID)
			notice.UserUUIDs = append(notice.UserUUIDs, u.UUID)
		}
		if len(fresh) > wire.MaxSummaryMembers {
			notice.UserUUIDs, notice.Count = notice.UserUUIDs[:wire.MaxSummaryMembers], len(fresh)
		}
		if err := db.seatNewcomers(ctx, tx, room, c.Joined, now); err != nil {
			return err
		}
		takeRev(&c)
		return db.addSystemLine(ctx, tx, &c, actor, notice, now)
	})
	return c, err
}

// newcomers are those of users who are not among present, by id.
func newcomers(users []model.User, present []int64) []model.User {
	seated := make(map[int64]bool, len(present))
	for _, id := range present {
		seated[id] = true
	}
	fresh := slices.DeleteFunc(slices.Clone(users), func(u model.User) bool { return seated[u.ID] })
	slices.SortFunc(fresh, func(a, b model.User) int { return int(a.ID - b.ID) })
	return fresh
}

// seatNewcomers makes people members from a locked room's next message on. The row of who was one before starts anew, but
// for what he had set for himself.
func (db *DB) seatNewcomers(ctx context.Context, tx *sql.Tx, room model.Room, users []int64, now int64) error {
	again := []string{"left_seq = null", "left_at = null", "hidden_seq = -1", "last_read_at = 0", "my_rev = my_rev + 1"}
	for _, column := range []string{"role", "joined_seq", "joined_at", "last_read_seq"} {
		again = append(again, column+" = "+db.d.fresh(column))
	}
	for chunk := range slices.Chunk(users, maxIn) {
		args := make([]any, 0, 6*len(chunk))
		for _, id := range chunk {
			args = append(args, room.ID, id, string(wire.RoomMember), room.LastSeq, now, room.LastSeq)
		}
		query := insertInto("room_members", "room_id, user_id, role, joined_seq, joined_at, last_read_seq", len(chunk)) +
			db.d.upsert("room_id, user_id", again...)
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("seat newcomers: %w", err)
		}
	}
	return nil
}

// RemoveMember implements chat.Seating.
func (db *DB) RemoveMember(
	ctx context.Context, actor model.Actor, roomUUID, userUUID string, now int64,
) (c chat.RoomChange, err error) {
	err = db.write(ctx, "remove member", func(tx *sql.Tx) error {
		room, err := db.lockOwned(ctx, tx, actor, roomUUID)
		c = chat.RoomChange{Room: room}
		if err == nil {
			err = freeOfDepartment(room)
		}
		if err != nil {
			return err
		}
		target, err := presentMember(ctx, tx, room.ID, userUUID)
		if err != nil {
			return err
		}
		if err := keepsOwner(ctx, tx, target); err != nil {
			return err
		}
		if err := endMembership(ctx, tx, room, target.UserID, now); err != nil {
			return err
		}
		c.Left = []int64{target.UserID}
		takeRev(&c)
		notice := wire.SystemNotice{
			Action: wire.SystemRemoved, ActorUUID: actor.UserUUID, UserUUIDs: []string{target.UserUUID},
		}
		if target.UserID == actor.UserID {
			notice.Action = wire.SystemLeft
		}
		return db.addSystemLine(ctx, tx, &c, actor, notice, now)
	})
	return c, err
}

// SetRole implements chat.Seating.
func (db *DB) SetRole(
	ctx context.Context, actor model.Actor, roomUUID, userUUID string, role wire.RoomRole, now int64,
) (c chat.RoomChange, err error) {
	err = db.write(ctx, "set role", func(tx *sql.Tx) error {
		room, err := db.lockOwned(ctx, tx, actor, roomUUID)
		c = chat.RoomChange{Room: room}
		if err == nil {
			err = freeOfDepartment(room)
		}
		if err != nil {
			return err
		}
		target, err := presentMember(ctx, tx, room.ID, userUUID)
		if err != nil || target.Role == role {
			return err
		}
		if err := keepsOwner(ctx, tx, target); err != nil {
			return err
		}
		if err := setRole(ctx, tx, room.ID, target.UserID, role); err != nil {
			return err
		}
		c.Touched = []int64{target.UserID}
		takeRev(&c)
		return db.addSystemLine(ctx, tx, &c, actor, wire.SystemNotice{
			Action: wire.SystemRole, ActorUUID: actor.UserUUID, UserUUIDs: []string{target.UserUUID}, Name: string(role),
		}, now)
	})
	return c, err
}

// presentMember reads another's row in a locked room; not_found unless he is a present member.
func presentMember(ctx context.Context, tx *sql.Tx, roomID int64, userUUID string) (model.Member, error) {
	m, err := scanMember(tx.QueryRowContext(ctx, "select "+memberColumns+`
  from users u
  join room_members m on m.user_id = u.id and m.room_id = ?
 where u.user_uuid = ?
   and m.left_seq is null`, roomID, userUUID))
	return m, noRows(err, textNoMember)
}

// keepsOwner refuses to take the last owner of a locked room away.
func keepsOwner(ctx context.Context, tx *sql.Tx, m model.Member) error {
	if m.Role != wire.RoomOwner {
		return nil
	}
	var owners int
	err := tx.QueryRowContext(ctx,
		"select count(*) from room_members where room_id = ? and left_seq is null and role = ?",
		m.RoomID, string(wire.RoomOwner)).Scan(&owners)
	if err != nil {
		return fmt.Errorf("count owners: %w", err)
	}
	if owners == 1 {
		return errs.E(wire.Conflict, wire.ReasonLastOwner, textLastOwner)
	}
	return nil
}

// MembersPage implements chat.Seating.
func (db *DB) MembersPage(
	ctx context.Context, roomID int64, after chat.MemberPlace, limit int,
) (page []chat.MemberPlace, err error) {
	role := string(after.Role)
	if role == "" {
		role = "~" // after every role
	}
	err = db.read(ctx, "members page", func(q querier) error {
		page, err = collect(ctx, q, func(row scanner) (p chat.MemberPlace, err error) {
			err = row.Scan(&p.Role, &p.JoinedAt, &p.UserUUID)
			return p, err
		}, `select m.role, m.joined_at, u.user_uuid
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.left_seq is null
   and (m.role < ? or m.role = ? and (m.joined_at > ? or m.joined_at = ? and u.user_uuid > ?))
 order by m.role desc, m.joined_at, u.user_uuid
 limit ?`, roomID, role, role, after.JoinedAt, after.JoinedAt, after.UserUUID, limit)
		return err
	})
	return page, err
}
