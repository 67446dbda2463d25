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

// sortStep is the distance between siblings, so that one can be put between two of them without touching the others.
const sortStep = 1 << 10

var (
	textUsed = errs.Text{
		KO: "부서에 사람이나 하위 부서가 있습니다. 옮길 곳을 선택해주세요.",
		EN: "There are people or departments in it. Say where they go.",
	}
	textHead = errs.Text{KO: "부서장으로 정할 수 없는 사람입니다.", EN: "This person can't be the head of a department."}
)

// CreateDepartment implements directory.Tree.
func (db *DB) CreateDepartment(
	ctx context.Context, by directory.By, d model.Department,
) (directory.Outcome, error) {
	return db.changeTree(ctx, "create department", by, func(ctx context.Context, c *treeChange) error {
		parent, err := c.tree.place(d.ParentUUID)
		if err != nil {
			return err
		}
		_, err = c.create(ctx, d.UUID, parent, d.Name)
		return err
	})
}

// create adds a department, last among its siblings.
func (c *treeChange) create(ctx context.Context, uuid string, parent int64, name string) (*model.Department, error) {
	d := model.Department{UUID: uuid, ParentID: parent, Name: name, CreatedAt: c.now}
	if len(c.tree.byID) >= wire.MaxDepartments {
		return nil, errs.E(wire.BadRequest, wire.ReasonDepartments, textTooMany)
	}
	if err := c.mayStand(&d, parent, name); err != nil {
		return nil, err
	}
	d.Sort = c.lastSort(parent)
	if above := c.tree.byID[parent]; above != nil {
		d.ParentUUID = above.UUID
	}
	var err error
	if d.Rev, err = c.nextRev(ctx); err != nil {
		return nil, err
	}
	res, err := c.tx.ExecContext(ctx, `
		insert into departments (department_uuid, parent_id, name, sort, rev, created_at)
		values (?, ?, ?, ?, ?, ?)`, d.UUID, nullInt(parent), d.Name, d.Sort, d.Rev, d.CreatedAt)
	if err == nil {
		d.ID, err = res.LastInsertId()
	}
	if err != nil {
		return nil, fmt.Errorf("insert department: %w", err)
	}
	c.out.Departments = append(c.out.Departments, d)
	return c.tree.add(d), nil
}

func (c *treeChange) lastSort(parent int64) int {
	siblings := c.tree.children[parent]
	if len(siblings) == 0 {
		return 0
	}
	return siblings[len(siblings)-1].Sort + sortStep
}

// ChangeDepartment implements directory.Tree.
func (db *DB) ChangeDepartment(
	ctx context.Context, by directory.By, uuid string, change directory.DepartmentChange,
) (directory.Outcome, error) {
	return db.changeTree(ctx, "change department", by, func(ctx context.Context, c *treeChange) error {
		d, err := c.tree.find(uuid)
		if err != nil {
			return err
		}
		head, err := c.headOf(ctx, d)
		if err != nil {
			return err
		}
		was, wasHead := *d, head
		c.touch(d.ID)
		if err := c.moveDepartment(ctx, d, change); err != nil {
			return err
		}
		if change.HeadUUID != nil {
			if head, d.HeadUUID, err = c.pickHead(ctx, *change.HeadUUID); err != nil {
				return err
			}
		}
		c.touch(d.ID)
		if *d == was && head == wasHead {
			c.by.Entry.Action = "" // nothing to tell of
			return nil
		}
		if err := c.storeDepartment(ctx, d, head); err != nil {
			return err
		}
		if d.Name == was.Name {
			return nil
		}
		return c.renamePeople(ctx, d)
	})
}

// moveDepartment gives a department its new name and place, in the tree only.
func (c *treeChange) moveDepartment(ctx context.Context, d *model.Department, change directory.DepartmentChange) error {
	parent, name := d.ParentID, d.Name
	if change.Name != nil {
		name = *change.Name
	}
	if change.ParentUUID != nil {
		var err error
		if parent, err = c.tree.place(*change.ParentUUID); err != nil {
			return err
		}
	}
	if err := c.mayStand(d, parent, name); err != nil {
		return err
	}
	moved := parent != d.ParentID
	c.tree.detach(d)
	d.ParentID, d.Name = parent, name
	if moved || change.BeforeUUID != nil {
		before := ""
		if change.BeforeUUID != nil {
			before = *change.BeforeUUID
		}
		if err := c.sortBefore(ctx, d, before); err != nil {
			return err
		}
	}
	c.tree.children[parent] = append(c.tree.children[parent], d)
	c.tree.order(parent)
	return nil
}

// sortBefore finds a place before a sibling, or behind the last. d is not among the siblings.
func (c *treeChange) sortBefore(ctx context.Context, d *model.Department, before string) error {
	siblings := c.tree.children[d.ParentID]
	for i, next := range siblings {
		if next.UUID != before {
			continue
		}
		if i == 0 {
			d.Sort = next.Sort - sortStep
			return nil
		}
		if last := siblings[i-1]; next.Sort-last.Sort >= 2 {
			d.Sort = last.Sort + (next.Sort-last.Sort)/2
			return nil
		}
		return c.spread(ctx, d, i)
	}
	if before != "" {
		return errs.NotFound(textNoDepartment)
	}
	d.Sort = c.lastSort(d.ParentID)
	return nil
}

// spread gives the siblings room, with d at a place among them.
func (c *treeChange) spread(ctx context.Context, d *model.Department, at int) error {
	for i, sibling := range c.tree.children[d.ParentID] {
		n := i
		if i >= at {
			n++
		}
		if sibling.Sort == n*sortStep {
			continue
		}
		head, err := c.headOf(ctx, sibling)
		if err != nil {
			return err
		}
		sibling.Sort = n * sortStep
		if err := c.storeDepartment(ctx, sibling, head); err != nil {
			return err
		}
	}
	d.Sort = at * sortStep
	return nil
}

// pickHead looks up an active person of the company.
func (c *treeChange) pickHead(ctx context.Context, uuid string) (id int64, headUUID string, err error) {
	if uuid == "" {
		return 0, "", nil
	}
	var state wire.UserState
	err = c.tx.QueryRowContext(ctx, "select id, state from users where user_uuid = ?"+c.db.d.forUpdate, uuid).Scan(&id, &state)
	if errors.Is(err, sql.ErrNoRows) || err == nil && state != wire.UserActive {
		return 0, "", errs.E(wire.BadRequest, wire.ReasonDepartmentHead, textHead)
	}
	return id, uuid, err
}

// DeleteDepartment implements directory.Tree.
func (db *DB) DeleteDepartment(
	ctx context.Context, by directory.By, uuid string, moveTo *string,
) (directory.Outcome, error) {
	return db.changeTree(ctx, "delete department", by, func(ctx context.Context, c *treeChange) error {
		d, err := c.tree.find(uuid)
		if err != nil {
			return err
		}
		people, err := c.peopleOf(ctx, d.ID)
		if err != nil {
			return err
		}
		c.touch(d.ID)
		if len(people)+len(c.tree.children[d.ID]) > 0 {
			if moveTo == nil {
				return errs.E(wire.Conflict, wire.ReasonDepartmentUsed, textUsed)
			}
			if err := c.empty(ctx, d, people, *moveTo); err != nil {
				return err
			}
		}
		if err := c.endRoom(ctx, d); err != nil {
			return err
		}
		d.DeletedAt, d.HeadUUID = c.now, ""
		if err := c.storeDepartment(ctx, d, 0); err != nil {
			return err
		}
		c.tree.detach(d)
		delete(c.tree.byID, d.ID)
		delete(c.tree.byUUID, d.UUID)
		return nil
	})
}

// empty moves all that is in a department into another one, or to the top.
func (c *treeChange) empty(ctx context.Context, d *model.Department, people []model.User, to string) error {
	target, err := c.tree.place(to)
	if err != nil {
		return err
	}
	if target != 0 && slices.Contains(c.tree.below(d.ID), target) {
		return errs.E(wire.Conflict, wire.ReasonDepartmentCycle, textCycle)
	}
	if target == d.ParentID {
		c.tree.detach(d) // the name of what goes is free for what is in it
	}
	for _, child := range slices.Clone(c.tree.children[d.ID]) {
		head, err := c.headOf(ctx, child)
		if err != nil {
			return err
		}
		last := ""
		if err := c.moveDepartment(ctx, child, directory.DepartmentChange{ParentUUID: &to, BeforeUUID: &last}); err != nil {
			return err
		}
		if err := c.storeDepartment(ctx, child, head); err != nil {
			return err
		}
		c.touch(child.ID)
	}
	return c.transfer(ctx, people, c.tree.byID[target])
}
