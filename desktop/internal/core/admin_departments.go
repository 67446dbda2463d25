package core

import (
	"context"

	"himsg/shared/wire"
)

// topDepartment stands for no department, where one's people and departments go.
const topDepartment = "top"

// CreateDepartment makes a department below another, or at the top; it returns its department_uuid.
func (c *Core) CreateDepartment(parentUUID, name string) (string, error) {
	wrong := checkOptionalID(&parentUUID)
	if wrong == nil {
		wrong = checkField(name, maxLineRunes)
	}
	made := ""
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		d, err := s.auth.CreateDepartment(ctx, wire.NewDepartment{ParentUUID: parentUUID, Name: name})
		made = d.DepartmentUUID
		return err
	})
	return made, err
}

// ChangeDepartment renames, moves or sorts a department, or changes its head.
func (c *Core) ChangeDepartment(departmentUUID string, change wire.DepartmentRequest) error {
	wrong := checkID(departmentUUID)
	for _, id := range []*string{change.ParentUUID, change.BeforeUUID, change.HeadUUID} {
		if wrong == nil {
			wrong = checkOptionalID(id)
		}
	}
	if wrong == nil {
		wrong = checkLines(change.Name)
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		return s.insist(ctx, func(ctx context.Context) error { return s.auth.ChangeDepartment(ctx, departmentUUID, change) })
	})
}

// DeleteDepartment removes a department. Its people and departments go to moveTo, another one or "top"; without it only one
// that is empty is removed.
func (c *Core) DeleteDepartment(departmentUUID, moveTo string) error {
	wrong := checkID(departmentUUID)
	if wrong == nil && moveTo != topDepartment {
		wrong = checkOptionalID(&moveTo)
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		return s.insistGone(ctx, func(ctx context.Context) error { return s.auth.DeleteDepartment(ctx, departmentUUID, moveTo) })
	})
}

// DepartmentRooms lists the departments that have a room.
func (c *Core) DepartmentRooms() ([]wire.DepartmentRoom, error) {
	out := []wire.DepartmentRoom{}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		rooms, err := s.auth.DepartmentRooms(ctx)
		out = append(out, rooms...)
		return err
	})
	return out, offered(err)
}

// SetDepartmentRoom gives a department a room that follows it; whole: with the people of all departments below it.
func (c *Core) SetDepartmentRoom(departmentUUID string, whole bool) error {
	return c.change(checkID(departmentUUID), func(ctx context.Context, s *session) error {
		return s.insist(ctx, func(ctx context.Context) error {
			_, err := s.auth.SetDepartmentRoom(ctx, departmentUUID, whole)
			return err
		})
	})
}

// EndDepartmentRoom ends a department's room; who was in it keeps what he could read.
func (c *Core) EndDepartmentRoom(departmentUUID string) error {
	return c.change(checkID(departmentUUID), func(ctx context.Context, s *session) error {
		return s.insistGone(ctx, func(ctx context.Context) error { return s.auth.EndDepartmentRoom(ctx, departmentUUID) })
	})
}
