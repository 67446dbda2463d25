package sqlstore

import (
	"cmp"
	"context"

	"himsg/server/internal/model"
)

// openHistory is the value of rooms.history under which members see what was written before they joined.
const openHistory = "all"

// roomColumns are what scanRoom reads, of a table r.
const roomColumns = `r.id, r.room_uuid, r.kind, r.name, r.last_seq, r.rev, r.meta_rev, r.last_message_at,
       coalesce(r.created_by, 0), r.created_at, coalesce(r.closed_at, 0), r.history, coalesce(r.picture_uuid, ''),
       coalesce(r.department_uuid, ''), r.department_whole, r.read_only`

// memberColumns are what scanMember reads, of tables m and u.
const memberColumns = `m.room_id, m.user_id, u.user_uuid, m.role, m.joined_seq, coalesce(m.left_seq, -1),
       m.last_read_seq, m.my_rev, coalesce(m.muted_until, 0), m.notify, m.favourite, m.pinned, m.locked, m.hidden_seq, m.hides_rev`

// presentRoom is the condition under which a person (m) sees a room (r) at all.
const presentRoom = "m.left_seq is null and r.closed_at is null"

// also scans further columns behind those of a scanner function.
type also struct {
	row  scanner
	dest []any
}

// Scan implements scanner.
func (a also) Scan(dest ...any) error { return a.row.Scan(append(dest, a.dest...)...) }

func roomDest(r *model.Room, history *string) []any {
	return []any{
		&r.ID, &r.UUID, &r.Kind, &r.Name, &r.LastSeq, &r.Rev, &r.MetaRev, &r.LastMessageAt,
		&r.CreatedBy, &r.CreatedAt, &r.ClosedAt, history, &r.PictureUUID,
		&r.DepartmentUUID, &r.DepartmentWhole, &r.ReadOnly,
	}
}

func scanRoom(row scanner) (r model.Room, err error) {
	var history string
	err = row.Scan(roomDest(&r, &history)...)
	r.OpenHistory = history == openHistory
	return r, err
}

func memberDest(m *model.Member) []any {
	return []any{
		&m.RoomID, &m.UserID, &m.UserUUID, &m.Role, &m.JoinedSeq, &m.LeftSeq, &m.LastReadSeq,
		&m.MyRev, &m.MutedUntil, &m.Notify, &m.Favourite, &m.Pinned, &m.Locked, &m.HiddenSeq, &m.HidesRev,
	}
}

func scanMember(row scanner) (model.Member, error) {
	var m model.Member
	err := row.Scan(memberDest(&m)...)
	return m, err
}

func compareSeats(a, b seat) int {
	return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.user, b.user))
}

// RoomFor implements chat.Rooms.
func (db *DB) RoomFor(ctx context.Context, userID int64, roomUUID string) (r model.Room, m model.Member, err error) {
	err = db.read(ctx, "room", func(q querier) error {
		r, m, err = roomFor(ctx, q, userID, roomUUID)
		return err
	})
	return r, m, err
}

func roomFor(ctx context.Context, q querier, userID int64, roomUUID string) (r model.Room, m model.Member, err error) {
	row := q.QueryRowContext(ctx, "select "+roomColumns+", "+memberColumns+`
  from rooms r
  join room_members m on m.room_id = r.id and m.user_id = ?
  join users u on u.id = m.user_id
 where r.room_uuid = ?
   and `+presentRoom, userID, roomUUID)
	r, err = scanRoom(also{row, memberDest(&m)})
	return r, m, noRows(err, textNoRoom)
}

// RoomByID implements chat.Rooms.
func (db *DB) RoomByID(ctx context.Context, roomID int64) (r model.Room, err error) {
	err = db.read(ctx, "room by id", func(q querier) error {
		r, err = scanRoom(q.QueryRowContext(ctx, "select "+roomColumns+" from rooms r where r.id = ?", roomID))
		return noRows(err, textNoRoom)
	})
	return r, err
}

// DirectWith implements chat.Rooms.
func (db *DB) DirectWith(
	ctx context.Context, userID int64, otherUUID string,
) (roomUUID string, other model.User, err error) {
	err = db.snapshot(ctx, "direct room with", func(q querier) error {
		other, err = scanAccount(q.QueryRowContext(ctx,
			"select "+accountColumns+accountTables+"where u.user_uuid = ?", otherUUID))
		if err != nil {
			return err
		}
		err = q.QueryRowContext(ctx, "select r.room_uuid from rooms r where r.direct_key = ?",
			model.DirectKey(userID, other.ID)).Scan(&roomUUID)
		return noRows(err, textNoRoom)
	})
	return roomUUID, other, err
}

// roomsOf lists a person's rooms, of those that he has put away too. Their UUIDs come by db.roomUUIDs.
const roomsOf = `select r.id, r.rev, m.my_rev, m.hidden_seq >= r.last_seq
  from room_members m
  join rooms r on r.id = m.room_id
 where m.user_id = ?
   and ` + presentRoom

// RoomList implements chat.Rooms.
func (db *DB) RoomList(ctx context.Context, userID int64) (refs []model.RoomRef, err error) {
	err = db.read(ctx, "room list", func(q querier) error {
		refs = nil
		var r model.RoomRef
		err := eachInto(ctx, q, []any{&r.RoomID, &r.Rev, &r.MyRev, &r.Hidden}, func() error {
			refs = append(refs, r)
			return nil
		}, roomsOf, userID)
		if err != nil {
			return err
		}
		return db.roomUUIDs.fill(ctx, q, len(refs), func(i int) (int64, *string) { return refs[i].RoomID, &refs[i].RoomUUID })
	})
	return refs, err
}

// Members implements chat.Rooms.
func (db *DB) Members(ctx context.Context, roomID int64) (members []model.Member, err error) {
	err = db.read(ctx, "members", func(q querier) error {
		members, err = collect(ctx, q, scanMember, "select "+memberColumns+`
  from room_members m
  join users u on u.id = m.user_id
 where m.room_id = ?
   and m.left_seq is null
 order by m.joined_at, m.user_id`, roomID)
		return err
	})
	return members, err
}
