package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// ApplyRows implements directory.Imports.
func (db *DB) ApplyRows(
	ctx context.Context, by directory.By, id int64, rows []wire.ImportRow,
) (directory.Outcome, error) {
	return db.changeTree(ctx, "apply import", by, func(ctx context.Context, c *treeChange) error {
		for _, row := range rows {
			apply := c.applyChange
			if row.Fate == wire.RowCreate {
				apply = c.applyNew
			}
			applied, err := apply(ctx, row)
			if refusal, refused := errors.AsType[*errs.Error](err); refused {
				row.Fate, row.Problems = wire.RowError, []wire.RowProblem{problemOf(refusal)}
			} else if err != nil {
				return fmt.Errorf("row %d: %w", row.Row, err)
			} else {
				row = applied
			}
			data, err := dataOf(row)
			if err != nil {
				return err
			}
			_, err = c.tx.ExecContext(ctx, `
				update import_rows
				set fate = ?, row_data = ?, user_uuid = ?
				where import_id = ? and row_no = ?`, row.Fate, data, row.UserUUID, id, row.Row)
			if err != nil {
				return fmt.Errorf("store fate: %w", err)
			}
		}
		return nil
	})
}

// problemOf is a refusal as a row's problem.
func problemOf(refusal *errs.Error) wire.RowProblem {
	field := map[wire.Reason]wire.Field{
		wire.ReasonUsernameTaken: wire.FieldUsername, wire.ReasonEmailTaken: wire.FieldEmail,
		wire.ReasonEmployeeIDTaken: wire.FieldEmployeeID, wire.ReasonDepartmentDepth: wire.FieldDepartment,
		wire.ReasonDepartments: wire.FieldDepartment,
	}[refusal.Reason]
	reason := refusal.Reason
	if reason == "" {
		reason = wire.ReasonChangedMeanwhile
	}
	return wire.RowProblem{Field: field, Reason: reason, Message: refusal.Message("ko")}
}

// applyNew makes a person, who has no password yet. Nothing is written before all is known to be free.
func (c *treeChange) applyNew(ctx context.Context, row wire.ImportRow) (wire.ImportRow, error) {
	u := model.User{
		UUID: uuid.NewString(), Role: wire.RoleUser, State: wire.UserActive, CreatedAt: c.now, UpdatedAt: c.now, DecidedAt: c.now,
	}
	for field, value := range row.Values {
		*u.Field(field) = value
	}
	if state := row.Values[wire.FieldState]; state != "" {
		u.State = wire.UserState(state)
	}
	if err := c.freeFor(ctx, u); err != nil {
		return row, err
	}
	d, err := c.departmentAt(ctx, row.Values[wire.FieldDepartment])
	if err != nil {
		return row, err
	}
	if d != nil {
		c.placeUser(&u, d)
	}
	if u.Rev, err = c.nextRev(ctx); err != nil {
		return row, err
	}
	if u.ID, err = insertAccount(ctx, c.tx, u, ""); err != nil {
		return row, err
	}
	c.out.Users = append(c.out.Users, u)
	row.Fate, row.UserUUID = wire.RowCreated, u.UUID
	return row, nil
}

// applyChange changes a person who is still as he was when the file was compared.
func (c *treeChange) applyChange(ctx context.Context, row wire.ImportRow) (wire.ImportRow, error) {
	users, err := c.lockUsers(ctx, []string{row.UserUUID})
	if err != nil {
		return row, err
	}
	u := users[0]
	was := u
	var place *string
	for _, change := range row.Changes {
		switch change.Field {
		case wire.FieldDepartment:
			if c.pathOf(was) != change.From {
				return row, changedMeanwhile()
			}
			place = &change.To
		case wire.FieldState:
			if string(was.State) != change.From || was.Role != wire.RoleUser {
				return row, changedMeanwhile()
			}
			u.State = wire.UserState(change.To)
		default:
			value := u.Field(change.Field)
			if *value != change.From {
				return row, changedMeanwhile()
			}
			*value = change.To
		}
	}
	if err := mayRename(c.by.Actor, was, u); err != nil {
		return row, err
	}
	if err := c.freeFor(ctx, u); err != nil {
		return row, err
	}
	if place != nil {
		d, err := c.departmentAt(ctx, *place)
		if err != nil {
			return row, err
		}
		c.placeUser(&u, d)
	}
	row.Fate = wire.RowChanged
	return row, c.storeState(ctx, was, u)
}

func changedMeanwhile() error {
	problem := directory.Problem("", wire.ReasonChangedMeanwhile)
	return errs.E(wire.Conflict, problem.Reason, errs.Text{KO: problem.Message, EN: problem.Message})
}

// storeState is storeUser for who may have another state: of who is disabled the sessions end, and rooms follow.
func (c *treeChange) storeState(ctx context.Context, was, u model.User) error {
	if err := c.storeUser(ctx, u); err != nil {
		return err
	}
	if u.State == was.State {
		return nil
	}
	for id, d := range c.tree.byID {
		if id == u.DepartmentID || d.HeadUUID == u.UUID {
			c.touch(id)
		}
	}
	if u.State == wire.UserActive {
		return nil
	}
	entry := c.by.Entry
	entry.Action = model.AuditUserDisabled // why the sessions ended
	ended, err := c.db.endSessions(ctx, c.tx, u.ID, "", entry)
	c.out.Sessions = append(c.out.Sessions, ended...)
	return err
}

// pathOf is where a person stands, as an import writes it.
func (c *treeChange) pathOf(u model.User) string {
	if u.DepartmentID == 0 || c.tree.byID[u.DepartmentID] == nil {
		return u.Department
	}
	var names []string
	for _, id := range c.tree.above(u.DepartmentID) {
		names = append([]string{c.tree.byID[id].Name}, names...)
	}
	return strings.Join(names, directory.PathMark)
}

// departmentAt finds a department by its path, and makes what is missing of it. An empty path is none.
func (c *treeChange) departmentAt(ctx context.Context, path string) (d *model.Department, err error) {
	if path == "" {
		return nil, nil
	}
	parent := int64(0)
	for name := range strings.SplitSeq(path, directory.PathMark) {
		if d = c.tree.named(parent, name); d == nil {
			if d, err = c.create(ctx, uuid.NewString(), parent, name); err != nil {
				return nil, err
			}
		}
		parent = d.ID
	}
	return d, nil
}
