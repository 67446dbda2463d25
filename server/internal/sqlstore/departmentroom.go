package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file keeps the rooms of departments as the tree is: who is in them, who owns them, what they are called.

// FollowTree implements directory.Tree.
func (db *DB) FollowTree(ctx context.Context, now int64) (directory.Outcome, error) {
	by := directory.By{Entry: model.AuditEntry{At: now}}
	return db.changeTree(ctx, "follow tree", by, func(_ context.Context, c *treeChange) error {
		for id := range c.tree.byID {
			c.touched[id] = true
		}
		return nil
	})
}

// followPerson makes the rooms follow a person who became active, or is not any more, within the transaction of that: it
// began with lockTree. Nobody is told: the hub's sweep finds the rooms.
func (db *DB) followPerson(ctx context.Context, tx *sql.Tx, now int64, u model.User) error {
	departments, err := departmentsOf(ctx, tx, u)
	if err != nil {
		return err
	}
	return db.followDepartments(ctx, tx, now, departments...)
}

// departmentsOf are those that a person is in or heads.
func departmentsOf(ctx context.Context, tx *sql.Tx, u model.User) ([]int64, error) {
	departments, err := collect(ctx, tx, scanID,
		"select id from departments where deleted_at is null and (id = ? or head_user_id = ?)", u.DepartmentID, u.ID)
	if err != nil {
		return nil, fmt.Errorf("departments of a person: %w", err)
	}
	return departments, nil
}

// followDepartments makes the rooms follow some departments; see followPerson.
func (db *DB) followDepartments(ctx context.Context, tx *sql.Tx, now int64, departments ...int64) error {
	if len(departments) == 0 {
		return nil
	}
	c, err := db.beginTree(ctx, tx, directory.By{Entry: model.AuditEntry{At: now}})
	if err != nil {
		return err
	}
	c.touch(departments...)
	return c.follow(ctx)
}

// follow looks at the rooms of the touched departments. Rooms are locked in the order of their ids.
func (c *treeChange) follow(ctx context.Context) error {
	if len(c.touched) == 0 {
		return nil
	}
	rooms, err := collect(ctx, c.tx, scanRoom, "select "+roomColumns+`
		from rooms r
		where r.department_uuid is not null
		order by r.id`)
	if err != nil {
		return fmt.Errorf("rooms of departments: %w", err)
	}
	for _, room := range rooms {
		d := c.tree.byUUID[room.DepartmentUUID]
		if d == nil || !c.touched[d.ID] {
			continue
		}
		locked, err := c.db.roomBy(ctx, c.tx, "r.id = ?", room.ID)
		if err == nil {
			err = c.followRoom(ctx, locked, d)
		}
		if err != nil {
			return fmt.Errorf("follow the department: %w", err)
		}
	}
	return nil
}

// occupant is a person who is, or should be, in a room.
type occupant struct {
	id   int64
	uuid string
	role wire.RoomRole
}

func scanOccupant(row scanner) (s occupant, err error) {
	err = row.Scan(&s.id, &s.uuid, &s.role)
	return s, err
}

// wanted are the active people who belong into a department's room, by id: those of the departments, and their heads.
func (c *treeChange) wanted(ctx context.Context, d *model.Department, whole bool) (map[int64]occupant, error) {
	ids := []int64{d.ID}
	if whole {
		ids = c.tree.below(d.ID)
	}
	want := map[int64]occupant{}
	for chunk := range slices.Chunk(ids, maxIn) {
		list, args := holes(len(chunk)), anys(chunk)
		err := each(ctx, c.tx, func(row scanner) error {
			s, err := scanOccupant(row)
			want[s.id] = s
			return err
		}, `select u.id, u.user_uuid, 'member'
  from users u
 where u.state = 'active'
   and (u.department_id in (`+list+`)
    or u.id in (select d.head_user_id from departments d where d.id in (`+list+`)))`, append(args, args...)...)
		if err != nil {
			return nil, err
		}
	}
	head, err := c.headOf(ctx, d)
	if s, ok := want[head]; ok {
		s.role = wire.RoomOwner
		want[head] = s
	}
	return want, err
}

// followRoom brings one locked room to what its department is. Each kind of change has one line, however many it is about.
func (c *treeChange) followRoom(ctx context.Context, room model.Room, d *model.Department) error {
	want, err := c.wanted(ctx, d, room.DepartmentWhole)
	if err != nil {
		return err
	}
	present, err := collect(ctx, c.tx, scanOccupant, `select m.user_id, u.user_uuid, m.role
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.left_seq is null
 order by m.user_id`, room.ID)
	if err != nil {
		return err
	}
	f := following{treeChange: c, room: room, want: want}
	for _, p := range present {
		if _, stays := want[p.id]; stays {
			f.stays = append(f.stays, p)
			delete(want, p.id)
		} else {
			f.leaves = append(f.leaves, p)
		}
	}
	if err := f.unseat(ctx); err != nil {
		return err
	}
	if err := f.seat(ctx); err != nil {
		return err
	}
	if err := f.crown(ctx, c.tree.byUUID[d.UUID]); err != nil {
		return err
	}
	return f.rename(ctx, d.Name)
}

// following is a room on its way to what it should be. want are those who are not in it yet.
type following struct {
	*treeChange
	room          model.Room
	want          map[int64]occupant
	stays, leaves []occupant
}

// tell makes a change of the room with its line.
func (f *following) tell(ctx context.Context, change model.RoomChange, notice wire.SystemNotice, people []occupant) error {
	for _, p := range people {
		notice.UserUUIDs = append(notice.UserUUIDs, p.uuid)
	}
	if len(people) > wire.MaxSummaryMembers {
		notice.UserUUIDs, notice.Count = notice.UserUUIDs[:wire.MaxSummaryMembers], len(people)
	}
	change.Room = f.room
	takeRev(&change)
	if err := f.line(ctx, &change, notice); err != nil {
		return err
	}
	f.room = change.Room
	f.out.Rooms = append(f.out.Rooms, change)
	return nil
}

// line stores a system line of who acts. The server's own are in the name of who gave the department its room.
func (c *treeChange) line(ctx context.Context, change *model.RoomChange, notice wire.SystemNotice) error {
	sender := c.by.Actor
	if sender.UserID == 0 {
		sender.UserID = change.Room.CreatedBy
		err := c.tx.QueryRowContext(ctx, "select user_uuid from users where id = ?", sender.UserID).Scan(&sender.UserUUID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	return c.db.addLine(ctx, c.tx, change, sender, notice, c.now)
}

func (f *following) unseat(ctx context.Context) error {
	if len(f.leaves) == 0 {
		return nil
	}
	var change model.RoomChange
	for _, p := range f.leaves {
		if err := endMembership(ctx, f.tx, f.room, p.id, f.now); err != nil {
			return err
		}
		change.Left = append(change.Left, p.id)
	}
	return f.tell(ctx, change, wire.SystemNotice{Action: wire.SystemLeft}, f.leaves)
}

// seat lets newcomers in, as many as the room may have; who is first in the company is first here.
func (f *following) seat(ctx context.Context) error {
	var fresh []occupant
	var change model.RoomChange
	for _, p := range f.want {
		fresh = append(fresh, p)
	}
	slices.SortFunc(fresh, func(a, b occupant) int { return int(a.id - b.id) })
	fresh = fresh[:min(len(fresh), max(wire.MaxRoomMembers-len(f.stays), 0))]
	if len(fresh) == 0 {
		return nil
	}
	for _, p := range fresh {
		change.Joined = append(change.Joined, p.id)
		f.stays = append(f.stays, occupant{p.id, p.uuid, wire.RoomMember})
	}
	if err := f.db.seatNewcomers(ctx, f.tx, f.room, change.Joined, f.now); err != nil {
		return err
	}
	return f.tell(ctx, change, wire.SystemNotice{Action: wire.SystemJoined}, fresh)
}

// crown makes the department's head the room's only owner.
func (f *following) crown(ctx context.Context, d *model.Department) error {
	head, err := f.headOf(ctx, d)
	if err != nil {
		return err
	}
	var change model.RoomChange
	var named []occupant
	notice := wire.SystemNotice{Action: wire.SystemRole, ActorUUID: f.by.Actor.UserUUID, Name: string(wire.RoomMember)}
	for _, p := range f.stays {
		role := wire.RoomMember
		if p.id == head {
			role = wire.RoomOwner
		}
		if p.role == role {
			continue
		}
		if err := setRole(ctx, f.tx, f.room.ID, p.id, role); err != nil {
			return err
		}
		change.Touched = append(change.Touched, p.id)
		if role == wire.RoomOwner {
			notice.Name, named = string(wire.RoomOwner), []occupant{p}
		} else if notice.Name == string(wire.RoomMember) {
			named = []occupant{p}
		}
	}
	if len(change.Touched) == 0 {
		return nil
	}
	return f.tell(ctx, change, notice, named)
}

func (f *following) rename(ctx context.Context, name string) error {
	if f.room.Name == name {
		return nil
	}
	if _, err := f.tx.ExecContext(ctx, "update rooms set name = ? where id = ?", name, f.room.ID); err != nil {
		return err
	}
	f.room.Name = name
	return f.tell(ctx, model.RoomChange{}, wire.SystemNotice{
		Action: wire.SystemRenamed, ActorUUID: f.by.Actor.UserUUID, Name: name,
	}, nil)
}

var textRoomFull = errs.Text{
	KO: "부서 인원이 대화방에 들어갈 수 있는 수보다 많습니다.", EN: "The department has more people than a room may have.",
}

// SetDepartmentRoom implements directory.Tree.
func (db *DB) SetDepartmentRoom(
	ctx context.Context, by directory.By, uuid, fresh string, whole bool,
) (reply wire.DepartmentRoom, out directory.Outcome, err error) {
	out, err = db.changeTree(ctx, "set department room", by, func(ctx context.Context, c *treeChange) error {
		d, err := c.tree.find(uuid)
		if err != nil {
			return err
		}
		want, err := c.wanted(ctx, d, whole)
		if err != nil {
			return err
		}
		if len(want) > wire.MaxRoomMembers {
			return errs.E(wire.BadRequest, wire.ReasonTooManyPeople, textRoomFull)
		}
		room, err := db.roomBy(ctx, c.tx, "r.department_uuid = ?", d.UUID)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			room.UUID = fresh
			err = c.openRoom(ctx, &room, d, want, whole)
		case err == nil && room.DepartmentWhole == whole:
			c.by.Entry.Action = ""
		case err == nil:
			_, err = c.tx.ExecContext(ctx, "update rooms set department_whole = ? where id = ?", whole, room.ID)
			c.touched[d.ID] = true
		}
		reply = wire.DepartmentRoom{DepartmentUUID: d.UUID, RoomUUID: room.UUID, Whole: whole, MemberCount: len(want)}
		return err
	})
	return reply, out, err
}

// openRoom makes a department's room with all its people and one line.
func (c *treeChange) openRoom(
	ctx context.Context, room *model.Room, d *model.Department, want map[int64]occupant, whole bool,
) (err error) {
	*room = model.Room{
		UUID: room.UUID, Kind: wire.RoomGroup, Name: d.Name, CreatedBy: c.by.Actor.UserID, CreatedAt: c.now, Rev: 1, MetaRev: 1,
		DepartmentUUID: d.UUID, DepartmentWhole: whole,
	}
	if room.ID, err = insertRoom(ctx, c.tx, *room, sql.NullString{}, sql.NullString{}); err != nil {
		return err
	}
	_, err = c.tx.ExecContext(ctx, "update rooms set department_uuid = ?, department_whole = ? where id = ?",
		d.UUID, whole, room.ID)
	if err != nil {
		return fmt.Errorf("update room: %w", err)
	}
	change := model.RoomChange{Room: *room, Rev: room.Rev, Changed: true}
	owner := int64(0)
	for id, p := range want {
		change.Joined = append(change.Joined, id)
		if p.role == wire.RoomOwner {
			owner = id
		}
	}
	slices.Sort(change.Joined)
	if err := insertMembers(ctx, c.tx, *room, change.Joined, owner); err != nil {
		return err
	}
	err = c.line(ctx, &change, wire.SystemNotice{
		Action: wire.SystemCreated, ActorUUID: c.by.Actor.UserUUID, Name: d.Name, Count: len(want),
	})
	if err != nil {
		return err
	}
	c.out.Rooms = append(c.out.Rooms, change)
	return nil
}

// EndDepartmentRoom implements directory.Tree.
func (db *DB) EndDepartmentRoom(ctx context.Context, by directory.By, uuid string) (directory.Outcome, error) {
	return db.changeTree(ctx, "end department room", by, func(ctx context.Context, c *treeChange) error {
		d, err := c.tree.find(uuid)
		if err != nil {
			return err
		}
		if err := c.endRoom(ctx, d); err != nil {
			return err
		}
		if len(c.out.Rooms) == 0 {
			c.by.Entry.Action = ""
		}
		return nil
	})
}

// endRoom leaves a department's room to those who are in it, to read what was written. Nobody writes there any more.
func (c *treeChange) endRoom(ctx context.Context, d *model.Department) error {
	room, err := c.db.roomBy(ctx, c.tx, "r.department_uuid = ?", d.UUID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("room of department: %w", err)
	}
	room.DepartmentUUID, room.DepartmentWhole, room.ReadOnly = "", false, true
	_, err = c.tx.ExecContext(ctx, `
		update rooms
		set department_uuid = null, department_whole = 0, read_only = 1
		where id = ?`, room.ID)
	if err != nil {
		return fmt.Errorf("update room: %w", err)
	}
	change := model.RoomChange{Room: room}
	takeRev(&change)
	err = c.line(ctx, &change, wire.SystemNotice{Action: wire.SystemFrozen, ActorUUID: c.by.Actor.UserUUID, Name: room.Name})
	if err != nil {
		return err
	}
	c.out.Rooms = append(c.out.Rooms, change)
	return nil
}

// DepartmentRooms implements directory.Tree.
func (db *DB) DepartmentRooms(ctx context.Context) (rooms []wire.DepartmentRoom, err error) {
	err = db.read(ctx, "department rooms", func(q querier) error {
		rooms, err = collect(ctx, q, func(row scanner) (r wire.DepartmentRoom, err error) {
			err = row.Scan(&r.DepartmentUUID, &r.RoomUUID, &r.Whole, &r.MemberCount)
			return r, err
		}, `select r.department_uuid, r.room_uuid, r.department_whole,
       (select count(*) from room_members m where m.room_id = r.id and m.left_seq is null)
  from rooms r
 where r.department_uuid is not null
 order by r.id`)
		return err
	})
	return rooms, err
}
