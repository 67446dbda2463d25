package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// peopleOf reads who is in a department, in whatever state but deleted.
func (c *treeChange) peopleOf(ctx context.Context, department int64) ([]model.User, error) {
	users, err := scanAccounts(ctx, c.tx, "select "+accountColumns+accountTables+`
		where u.department_id = ? and u.state <> 'deleted'
		order by u.id`, department)
	if err != nil {
		return nil, fmt.Errorf("people of department: %w", err)
	}
	return users, nil
}

// transfer puts people into a department, nil for none.
func (c *treeChange) transfer(ctx context.Context, people []model.User, to *model.Department) error {
	for _, u := range people {
		c.placeUser(&u, to)
		if err := c.storeUser(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// placeUser gives a person another department, in memory.
func (c *treeChange) placeUser(u *model.User, to *model.Department) {
	if u.DepartmentID != 0 {
		c.touch(u.DepartmentID)
	}
	u.DepartmentID, u.DepartmentUUID, u.Department = 0, "", ""
	if to != nil {
		u.DepartmentID, u.DepartmentUUID, u.Department = to.ID, to.UUID, to.Name
		c.touch(to.ID)
	}
}

// renamePeople writes the new name of a department into the rows of its people, where clients read it.
func (c *treeChange) renamePeople(ctx context.Context, d *model.Department) error {
	people, err := c.peopleOf(ctx, d.ID)
	if err != nil {
		return err
	}
	for _, u := range people {
		u.Department = d.Name
		if err := c.storeUser(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// storeUser writes a person, with a new rev if he is in the directory. A taken name is refused. Who follows the company's own
// directory is brought in step with it again.
func (c *treeChange) storeUser(ctx context.Context, u model.User) (err error) {
	listed := u.State == wire.UserActive || u.State == wire.UserDisabled
	if listed {
		if u.Rev, err = c.nextRev(ctx); err != nil {
			return err
		}
	}
	u.UpdatedAt = c.now
	_, err = c.tx.ExecContext(ctx, `
		update users
		set username = ?, username_key = ?, employee_id = ?, employee_id_key = ?, email = ?, email_key = ?, name = ?,
			birth_date = ?, position = ?, grade = ?, department = ?, department_id = ?, phone = ?, status_text = ?,
			picture_uuid = ?, state = ?, rev = ?, updated_at = ?, outside_digest = ''
		where id = ?`,
		u.Username, nullText(model.Key(u.Username)), u.EmployeeID, nullText(model.Key(u.EmployeeID)), u.Email,
		nullText(model.Key(u.Email)), u.Name, u.BirthDate, u.Position, u.Grade, u.Department, nullInt(u.DepartmentID),
		u.Phone, u.StatusText, nullText(u.PictureUUID), u.State, u.Rev, u.UpdatedAt, u.ID)
	if err != nil {
		return namesTaken(err)
	}
	if listed {
		c.out.Users = append(c.out.Users, u)
	}
	return nil
}

// namesTaken turns the violation of a unique name into its refusal.
func namesTaken(err error) error {
	column, taken := uniqueKey(err)
	if !taken {
		return err
	}
	for _, unique := range takenBy {
		if unique.column == column {
			return unique.refusal
		}
	}
	return err
}

// ChangePeople implements directory.Persons.
func (db *DB) ChangePeople(
	ctx context.Context, by directory.By, uuids []string, change directory.PersonChange,
) (directory.Outcome, error) {
	return db.changeTree(ctx, "change people", by, func(ctx context.Context, c *treeChange) error {
		users, err := c.lockUsers(ctx, uuids)
		if err != nil {
			return err
		}
		var to *model.Department
		if change.DepartmentUUID != nil && *change.DepartmentUUID != "" {
			if to, err = c.tree.find(*change.DepartmentUUID); err != nil {
				return err
			}
		}
		for _, u := range users {
			if err := c.changeUser(ctx, u, change, to); err != nil {
				return err
			}
		}
		if len(c.out.Users) == 0 {
			c.by.Entry.Action = ""
		}
		return nil
	})
}

// changeUser changes one person, unless he is so already. to is the department of the change.
func (c *treeChange) changeUser(
	ctx context.Context, u model.User, change directory.PersonChange, to *model.Department,
) error {
	was := u
	for field, value := range change.Fields {
		*u.Field(field) = value
	}
	if change.DepartmentUUID != nil && (u.DepartmentUUID != *change.DepartmentUUID || to == nil && u.Department != "") {
		c.placeUser(&u, to)
	}
	if u == was {
		return nil
	}
	if err := mayRename(c.by.Actor, was, u); err != nil {
		return err
	}
	if err := c.freeFor(ctx, u); err != nil {
		return err
	}
	return c.storeUser(ctx, u)
}

// mayRename keeps administrators from changing what those above them are found and sign in by.
func mayRename(actor model.Actor, was, u model.User) error {
	same := was.Username == u.Username && was.EmployeeID == u.EmployeeID && was.Email == u.Email
	if same || actor.UserID == 0 || actor.UserID == u.ID || actor.MayAdminister(was) {
		return nil
	}
	return errs.E(wire.Forbidden, wire.ReasonRank, mayNotOn)
}

// lockUsers reads people by UUID, all of them or not_found.
func (c *treeChange) lockUsers(ctx context.Context, uuids []string) (users []model.User, err error) {
	for chunk := range slices.Chunk(uuids, maxIn) {
		list, args := holes(len(chunk)), anys(chunk)
		_, err := collect(ctx, c.tx, scanID, `
			select id
			from users
			where user_uuid in (`+list+`)
			order by id`+c.db.d.forUpdate, args...)
		if err != nil {
			return nil, fmt.Errorf("lock people: %w", err)
		}
		part, err := scanAccounts(ctx, c.tx, "select "+accountColumns+accountTables+`
			where u.user_uuid in (`+list+`) and u.state in ('active', 'disabled')
			order by u.id`, args...)
		if err != nil {
			return nil, fmt.Errorf("read people: %w", err)
		}
		users = append(users, part...)
	}
	if len(users) != len(uuids) {
		return nil, errs.NotFound(userUnknown)
	}
	return users, nil
}

// freeFor refuses names that another holds, and takes them from sign-ups that were rejected.
func (c *treeChange) freeFor(ctx context.Context, u model.User) error {
	for _, unique := range takenBy {
		var id int64
		var state wire.UserState
		row := c.tx.QueryRowContext(ctx, "select id, state from users where "+unique.column+" = ?"+c.db.d.forUpdate,
			nullText(unique.value(u)))
		switch err := row.Scan(&id, &state); {
		case errors.Is(err, sql.ErrNoRows):
			continue
		case err != nil:
			return err
		case id == u.ID:
			continue
		case state != wire.UserRejected:
			return unique.refusal
		}
		if err := freeRejected(ctx, c.tx, id, c.now); err != nil {
			return err
		}
	}
	return nil
}

func freeRejected(ctx context.Context, tx *sql.Tx, id, now int64) error {
	_, err := tx.ExecContext(ctx, `
		update users
		set username_key = null, email_key = null, employee_id_key = null, updated_at = ?
		where id = ?`, now, id)
	return err
}

// SetUserPicture implements directory.Persons. The picture before is gone from the database.
func (db *DB) SetUserPicture(
	ctx context.Context, by directory.By, uuid string, p *directory.Picture,
) (directory.Outcome, error) {
	return db.changeTree(ctx, "set user picture", by, func(ctx context.Context, c *treeChange) error {
		users, err := c.lockUsers(ctx, []string{uuid})
		if err != nil {
			return err
		}
		u := users[0]
		if p == nil && u.PictureUUID == "" {
			c.by.Entry.Action = ""
			return nil
		}
		if _, err := c.tx.ExecContext(ctx, "delete from user_pictures where user_id = ?", u.ID); err != nil {
			return fmt.Errorf("delete picture: %w", err)
		}
		u.PictureUUID = ""
		if p != nil {
			u.PictureUUID = p.UUID
			_, err := c.tx.ExecContext(ctx, `
				insert into user_pictures (picture_uuid, user_id, type, data, created_at)
				values (?, ?, ?, ?, ?)`, p.UUID, u.ID, p.Type, p.Data, c.now)
			if err != nil {
				return fmt.Errorf("insert picture: %w", err)
			}
		}
		return c.storeUser(ctx, u)
	})
}

// UserPicture implements directory.Persons.
func (db *DB) UserPicture(ctx context.Context, pictureUUID string) (p directory.Picture, err error) {
	err = db.read(ctx, "user picture", func(q querier) error {
		err := q.QueryRowContext(ctx, `
			select p.picture_uuid, p.type, p.data
			from user_pictures p
			join users u on u.id = p.user_id
			where p.picture_uuid = ? and u.state <> 'deleted'`, pictureUUID).Scan(&p.UUID, &p.Type, &p.Data)
		return noRows(err, textNoPicture)
	})
	return p, err
}

// EachAccount implements directory.Reading. It pages, so that no reader is held for long.
func (db *DB) EachAccount(ctx context.Context, fn func(model.User) error) error {
	after := int64(0)
	for {
		var page []model.User
		err := db.read(ctx, "accounts", func(q querier) (err error) {
			page, err = scanAccounts(ctx, q, "select "+accountColumns+accountTables+`
				where u.id > ? and u.state in ('active', 'disabled', 'pending')
				order by u.id
				limit ?`, after, accountsPage)
			return err
		})
		if err != nil {
			return err
		}
		for _, u := range page {
			if err := fn(u); err != nil {
				return err
			}
		}
		if len(page) < accountsPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

const accountsPage = 1000

// profileFields is the name of the setting that holds them, as JSON.
const profileFields = "profile_fields"

// ProfileFields implements directory.Persons.
func (db *DB) ProfileFields(ctx context.Context) (fields []wire.Field, err error) {
	err = db.read(ctx, "profile fields", func(q querier) error {
		fields, err = readProfileFields(ctx, q, "")
		return err
	})
	return fields, err
}

func readProfileFields(ctx context.Context, q querier, lock string) (fields []wire.Field, err error) {
	var value string
	err = q.QueryRowContext(ctx, "select value from settings where name = ?"+lock, profileFields).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return wire.DefaultOwnFields, nil
	}
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal([]byte(value), &fields)
	return fields, err
}

// SetProfileFields implements directory.Persons.
func (db *DB) SetProfileFields(ctx context.Context, by directory.By, fields, was []wire.Field) error {
	value, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("encode profile fields: %w", err)
	}
	return db.write(ctx, "set profile fields", func(tx *sql.Tx) error {
		held, err := readProfileFields(ctx, tx, db.d.forUpdate)
		if err != nil {
			return err
		}
		if was != nil && !slices.Equal(slices.Sorted(slices.Values(held)), slices.Sorted(slices.Values(was))) {
			return errs.E(wire.Conflict, wire.ReasonEditConflict, textPolicyRev)
		}
		_, err = tx.ExecContext(ctx, "insert into settings (name, value, updated_at, updated_by) values (?, ?, ?, ?)"+
			db.d.upsert("name", "value = "+db.d.fresh("value"), "updated_at = "+db.d.fresh("updated_at"),
				"updated_by = "+db.d.fresh("updated_by")),
			profileFields, string(value), by.Entry.At, nullInt(by.Actor.UserID))
		if err != nil {
			return fmt.Errorf("store profile fields: %w", err)
		}
		return db.appendAudit(ctx, tx, by.Entry)
	})
}
