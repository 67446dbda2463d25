package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var _ directory.Store = (*DB)(nil)

var textNoDepartment = errs.Text{KO: "부서를 찾을 수 없습니다.", EN: "There is no such department."}

// tree is the departments that exist.
type tree struct {
	byID     map[int64]*model.Department
	byUUID   map[string]*model.Department
	children map[int64][]*model.Department // in their order; those of 0 are at the top
}

func newTree(departments []model.Department) *tree {
	t := &tree{
		byID: map[int64]*model.Department{}, byUUID: map[string]*model.Department{}, children: map[int64][]*model.Department{},
	}
	for _, d := range departments {
		t.add(d)
	}
	return t
}

func (t *tree) add(d model.Department) *model.Department {
	stored := &d
	t.byID[d.ID], t.byUUID[d.UUID] = stored, stored
	t.children[d.ParentID] = append(t.children[d.ParentID], stored)
	t.order(d.ParentID)
	return stored
}

func (t *tree) order(parent int64) {
	slices.SortStableFunc(t.children[parent], func(a, b *model.Department) int {
		return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.Name, b.Name))
	})
}

func (t *tree) detach(d *model.Department) {
	t.children[d.ParentID] = slices.DeleteFunc(t.children[d.ParentID], func(c *model.Department) bool { return c.ID == d.ID })
}

// find returns a department by UUID.
func (t *tree) find(uuid string) (*model.Department, error) {
	if d, ok := t.byUUID[uuid]; ok {
		return d, nil
	}
	return nil, errs.NotFound(textNoDepartment)
}

// place is find that takes an empty UUID for the top, which is id 0.
func (t *tree) place(uuid string) (id int64, err error) {
	if uuid == "" {
		return 0, nil
	}
	d, err := t.find(uuid)
	if err != nil {
		return 0, err
	}
	return d.ID, nil
}

// above lists a department and those that it is in, the top one last. Damaged rows must not keep it running.
func (t *tree) above(id int64) (ids []int64) {
	for d := t.byID[id]; d != nil && len(ids) <= len(t.byID); d = t.byID[d.ParentID] {
		ids = append(ids, d.ID)
	}
	return ids
}

// below lists a department and all that are in it.
func (t *tree) below(id int64) []int64 {
	ids := []int64{id}
	for i := 0; i < len(ids) && len(ids) <= len(t.byID); i++ {
		for _, child := range t.children[ids[i]] {
			ids = append(ids, child.ID)
		}
	}
	return ids
}

// height is how many levels a department has, its own among them.
func (t *tree) height(id int64) int {
	levels := 0
	for row := []int64{id}; len(row) > 0 && levels <= len(t.byID); levels++ {
		var next []int64
		for _, parent := range row {
			for _, child := range t.children[parent] {
				next = append(next, child.ID)
			}
		}
		row = next
	}
	return levels
}

// named returns the child of a department that has a name, or nil.
func (t *tree) named(parent int64, name string) *model.Department {
	key := model.Key(name)
	for _, child := range t.children[parent] {
		if model.Key(child.Name) == key {
			return child
		}
	}
	return nil
}

// treeChange is one transaction that changes the tree, or who belongs where.
type treeChange struct {
	db   *DB
	tx   *sql.Tx
	tree *tree
	by   directory.By
	now  int64
	out  directory.Outcome
	// touched are the departments whose people, head, name or place changed, with all that they are in: rooms that follow
	// one of them are looked at.
	touched map[int64]bool
}

// changeTree runs do under the tree's lock, makes the rooms follow, and writes the audit entry, unless its action is empty.
func (db *DB) changeTree(
	ctx context.Context, op string, by directory.By, do func(ctx context.Context, c *treeChange) error,
) (out directory.Outcome, err error) {
	err = db.write(ctx, op, func(tx *sql.Tx) error {
		c, err := db.beginTree(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := do(ctx, c); err != nil {
			return err
		}
		if err := c.follow(ctx); err != nil {
			return err
		}
		out = c.out
		if c.by.Entry.Action == "" {
			return nil
		}
		return db.appendAudit(ctx, tx, c.by.Entry)
	})
	return out, err
}

func (db *DB) beginTree(ctx context.Context, tx *sql.Tx, by directory.By) (*treeChange, error) {
	if err := lockTree(ctx, tx); err != nil {
		return nil, err
	}
	departments, err := scanDepartments(ctx, tx, " where d.deleted_at is null")
	if err != nil {
		return nil, fmt.Errorf("read departments: %w", err)
	}
	return &treeChange{
		db: db, tx: tx, tree: newTree(departments), by: by, now: by.Entry.At, touched: map[int64]bool{},
	}, nil
}

// lockTree is the first statement of every transaction that changes departments, or which active people are in them. What
// one of them reads, no other changes before its commit: two moves can't make a cycle together, and nobody is missed who
// joins while a room is made.
func lockTree(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "update counters set value = value + 1 where name = 'department_tree'")
	if err != nil {
		return fmt.Errorf("lock the tree: %w", err)
	}
	return nil
}

// touch notes that something of a department changed; call it also before it moves away.
func (c *treeChange) touch(departments ...int64) {
	for _, id := range departments {
		for _, above := range c.tree.above(id) {
			c.touched[above] = true
		}
	}
}

// nextRev takes the next revision of the directory.
func (c *treeChange) nextRev(ctx context.Context) (int64, error) {
	rev, err := nextDirectoryRev(ctx, c.tx)
	if err != nil {
		return 0, fmt.Errorf("take a revision: %w", err)
	}
	return rev, nil
}

// storeDepartment writes a department with a new rev.
func (c *treeChange) storeDepartment(ctx context.Context, d *model.Department, head int64) (err error) {
	if d.Rev, err = c.nextRev(ctx); err != nil {
		return err
	}
	d.ParentUUID = ""
	if parent := c.tree.byID[d.ParentID]; parent != nil {
		d.ParentUUID = parent.UUID
	}
	_, err = c.tx.ExecContext(ctx, `
		update departments
		set parent_id = ?, name = ?, head_user_id = ?, sort = ?, rev = ?, deleted_at = ?
		where id = ?`, nullInt(d.ParentID), d.Name, nullInt(head), d.Sort, d.Rev, nullInt(d.DeletedAt), d.ID)
	if err != nil {
		return fmt.Errorf("store department: %w", err)
	}
	c.out.Departments = append(c.out.Departments, *d)
	return nil
}

// headOf is the id of a department's head, 0 for none.
func (c *treeChange) headOf(ctx context.Context, d *model.Department) (id int64, err error) {
	err = c.tx.QueryRowContext(ctx, "select coalesce(head_user_id, 0) from departments where id = ?", d.ID).Scan(&id)
	return id, err
}

var (
	textCycle = errs.Text{
		KO: "부서를 자기 자신이나 하위 부서 아래로 옮길 수 없습니다.", EN: "A department can't be moved below itself.",
	}
	textTooDeep = errs.Text{KO: "조직도의 단계가 너무 많습니다.", EN: "The tree of departments would get too deep."}
	textSibling = errs.Text{KO: "같은 위치에 같은 이름의 부서가 있습니다.", EN: "There is a department of this name in the same place."}
	textTooMany = errs.Text{KO: "부서가 너무 많습니다.", EN: "There are too many departments."}
)

// mayStand refuses a place for a department, in which it has a name.
func (c *treeChange) mayStand(d *model.Department, parent int64, name string) error {
	above := c.tree.above(parent)
	switch other := c.tree.named(parent, name); {
	case d.ID != 0 && slices.Contains(above, d.ID):
		return errs.E(wire.Conflict, wire.ReasonDepartmentCycle, textCycle)
	case d.ID == 0 && len(above) >= wire.MaxDepartmentDepth,
		d.ID != 0 && len(above)+c.tree.height(d.ID) > wire.MaxDepartmentDepth:
		return errs.E(wire.BadRequest, wire.ReasonDepartmentDepth, textTooDeep)
	case other != nil && other.ID != d.ID:
		return errs.E(wire.Conflict, wire.ReasonDepartmentName, textSibling)
	}
	return nil
}
