package sqlstore

import (
	"context"
	"database/sql"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file erases a person: a part of admin.Backups.

// RemovePerson implements admin.Backups. What others share with him they keep; who he was nobody sees any more.
func (db *DB) RemovePerson(
	ctx context.Context, b model.Backup, entry model.AuditEntry,
) (u model.User, left []model.RoomChange, err error) {
	err = db.write(ctx, "remove person", func(tx *sql.Tx) error {
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		if u, err = db.lockAccount(ctx, tx, b.UserID); err != nil {
			return err
		}
		if _, err := db.lockBackup(ctx, tx, b); err != nil {
			return err
		}
		if u.State == wire.UserActive {
			return errs.E(wire.Conflict, "", errs.Text{}) // somebody enabled him meanwhile
		}
		if err := db.notHeld(ctx, tx, u.ID); err != nil {
			return err
		}
		if err := db.eraseMemos(ctx, tx, u.ID, entry.At); err != nil {
			return err
		}
		if left, err = db.leaveAll(ctx, tx, u, entry.At); err != nil {
			return err
		}
		rev, err := nextDirectoryRev(ctx, tx)
		if err != nil {
			return err
		}
		err = execAll(ctx, tx, []statement{
			{`update users
			  set username = '', username_key = null, employee_id = '', employee_id_key = null, email = '', email_key = null,
				name = '', birth_date = '', position = '', grade = '', department = '', department_id = null, phone = '',
				status_text = '', picture_uuid = null, password_hash = '', register_token_hash = null, reject_reason = '',
				role = 'user', state = 'deleted', rev = ?, updated_at = ?, deleted_at = ?
			  where id = ?`, []any{rev, entry.At, entry.At, u.ID}},
			{"delete from user_pictures where user_id = ?", []any{u.ID}},
			{"delete from one_time_codes where user_id = ?", []any{u.ID}},
			{"delete from password_resets where user_id = ?", []any{u.ID}},
			{"delete from refresh_tokens where session_id in (select id from sessions where user_id = ?)", []any{u.ID}},
			{"update devices set name = '' where user_id = ?", []any{u.ID}},
		})
		if err != nil {
			return err
		}
		if err := db.leaveOffices(ctx, tx, u, entry.At); err != nil {
			return err
		}
		u = model.User{ID: u.ID, UUID: u.UUID, Role: wire.RoleUser, State: wire.UserDeleted, Rev: rev, DeletedAt: entry.At}
		if err := storeBackup(ctx, tx, b); err != nil {
			return err
		}
		told := entry
		told.Subject = u.UUID
		return db.appendAudit(ctx, tx, told)
	})
	return u, left, err
}

// eraseMemos makes tombstones of what the person wrote to himself.
func (db *DB) eraseMemos(ctx context.Context, tx *sql.Tx, userID, now int64) error {
	ids, err := collect(ctx, tx, scanID, `
		select m.id
		from messages m
		join rooms r on r.id = m.room_id
		where r.direct_key = ? and m.deleted_at is null
		order by m.id`, model.DirectKey(userID, userID))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, _, err := db.takeOff(ctx, tx, now, id); err != nil {
			return err
		}
		m, err := db.messageByID(ctx, tx, id)
		if err != nil {
			return err
		}
		makeTombstone(&m, now)
		if err := storeTombstone(ctx, tx, m, userID); err != nil {
			return err
		}
	}
	return nil
}

// leaveAll ends what memberships are left: of groups as he himself would leave them, of departments' rooms and notices without
// a word.
func (db *DB) leaveAll(ctx context.Context, tx *sql.Tx, u model.User, now int64) (changes []model.RoomChange, err error) {
	ids, err := collect(ctx, tx, scanID, `
		select r.id
		from room_members m
		join rooms r on r.id = m.room_id
		where m.user_id = ? and m.left_seq is null and r.closed_at is null and r.kind in ('group', 'notice')
		order by r.id`, u.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		room, err := db.roomBy(ctx, tx, "r.id = ?", id)
		if err != nil {
			return nil, err
		}
		m, err := seatOf(ctx, tx, id, u.ID)
		if err != nil {
			return nil, err
		}
		c := model.RoomChange{Room: room}
		if err := db.stepOut(ctx, tx, &c, m, u, now); err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// stepOut ends one membership of a person who is being erased.
func (db *DB) stepOut(ctx context.Context, tx *sql.Tx, c *model.RoomChange, m model.Member, u model.User, now int64) error {
	if c.Room.Kind == wire.RoomGroup && c.Room.DepartmentUUID == "" {
		return db.leaveGroup(ctx, tx, c, m, model.Actor{UserID: u.ID, UserUUID: u.UUID, Role: u.Role}, now)
	}
	if err := endMembership(ctx, tx, c.Room, u.ID, now); err != nil {
		return err
	}
	c.Left = []int64{u.ID}
	takeRev(c)
	return storeRoom(ctx, tx, c.Room, now)
}

// leaveOffices clears the departments that the person heads, and brings the rooms of departments in step.
func (db *DB) leaveOffices(ctx context.Context, tx *sql.Tx, u model.User, now int64) error {
	ids, err := collect(ctx, tx, scanID, "select id from departments where head_user_id = ? order by id", u.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		rev, err := nextDirectoryRev(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "update departments set head_user_id = null, rev = ? where id = ?", rev, id); err != nil {
			return err
		}
	}
	return db.followDepartments(ctx, tx, now, append(ids, u.DepartmentID)...)
}
