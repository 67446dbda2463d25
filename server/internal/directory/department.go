package directory

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var textPathMark = errs.Text{
	KO: "부서 이름에는 > 기호를 쓸 수 없습니다.", EN: "The name of a department can't hold the sign >.",
}

// departmentName checks a name. The sign that parts a path can't be in it.
func departmentName(name string) (string, error) {
	name, err := model.Line("name", name, wire.MaxNameRunes, true)
	if err == nil && strings.Contains(name, ">") {
		err = errs.BadField("name", textPathMark)
	}
	return name, err
}

// CreateDepartment makes a department, last among its siblings.
//
// It returns wire.Forbidden for who is no administrator, wire.NotFound for an unknown parent, wire.Conflict for a name that
// a sibling has, and wire.BadRequest for a bad name, too deep a tree or too many departments.
func (s *Service) CreateDepartment(
	ctx context.Context, actor model.Actor, req wire.NewDepartment,
) (wire.Department, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.Department{}, err
	}
	name, err := departmentName(req.Name)
	if err != nil {
		return wire.Department{}, err
	}
	d := model.Department{UUID: uuid.NewString(), ParentUUID: req.ParentUUID, Name: name}
	by, err := s.by(actor, model.AuditDepartmentCreated, d.UUID, map[string]string{"parent": req.ParentUUID})
	if err != nil {
		return wire.Department{}, err
	}
	out, err := s.store.CreateDepartment(ctx, by, d)
	if err != nil {
		return wire.Department{}, fmt.Errorf("create department: %w", err)
	}
	s.tell(ctx, out)
	return wireDepartment(out.Departments[0]), nil
}

// ChangeDepartment renames, moves or sorts a department, or gives it another head; what is nil stays. Repeating is harmless.
//
// It returns wire.NotFound for unknown departments, wire.Conflict for a name that a sibling has and for a place below
// itself, wire.BadRequest for a bad name, too deep a tree, and a head who is no active person; otherwise as CreateDepartment.
func (s *Service) ChangeDepartment(
	ctx context.Context, actor model.Actor, departmentUUID string, req wire.DepartmentRequest,
) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	if req.Name != nil {
		name, err := departmentName(*req.Name)
		if err != nil {
			return err
		}
		req.Name = &name
	}
	detail := map[string]string{}
	for field, value := range map[string]*string{"parent": req.ParentUUID, "head": req.HeadUUID, "before": req.BeforeUUID} {
		if value != nil {
			detail[field] = *value
		}
	}
	if req.Name != nil {
		detail["name"] = "changed"
	}
	by, err := s.by(actor, model.AuditDepartmentChanged, departmentUUID, detail)
	if err != nil {
		return err
	}
	out, err := s.store.ChangeDepartment(ctx, by, departmentUUID, DepartmentChange{
		Name: req.Name, ParentUUID: req.ParentUUID, BeforeUUID: req.BeforeUUID, HeadUUID: req.HeadUUID,
	})
	if err != nil {
		return fmt.Errorf("change department: %w", err)
	}
	s.tell(ctx, out)
	return nil
}

// DeleteDepartment removes a department. moveTo says where its people and departments go: another one, or with an empty one
// to the top and to no department; nil refuses to move any. Its room stays to be read.
//
// It returns wire.Conflict (department_used) for one that is not empty when moveTo is nil; otherwise as ChangeDepartment.
func (s *Service) DeleteDepartment(ctx context.Context, actor model.Actor, departmentUUID string, moveTo *string) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	detail := map[string]string{}
	if moveTo != nil {
		detail["move_to"] = *moveTo
	}
	by, err := s.by(actor, model.AuditDepartmentDeleted, departmentUUID, detail)
	if err != nil {
		return err
	}
	out, err := s.store.DeleteDepartment(ctx, by, departmentUUID, moveTo)
	if err != nil {
		return fmt.Errorf("delete department: %w", err)
	}
	s.tell(ctx, out)
	return nil
}

// SetDepartmentRoom gives a department a room, or changes whose people are in it. Repeating is harmless.
//
// It returns wire.BadRequest (too_many_people) for more people than a room may have; otherwise as ChangeDepartment.
func (s *Service) SetDepartmentRoom(
	ctx context.Context, actor model.Actor, departmentUUID string, req wire.DepartmentRoomRequest,
) (wire.DepartmentRoom, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.DepartmentRoom{}, err
	}
	by, err := s.by(actor, model.AuditDepartmentRoom, departmentUUID, map[string]bool{"whole": req.Whole})
	if err != nil {
		return wire.DepartmentRoom{}, err
	}
	room, out, err := s.store.SetDepartmentRoom(ctx, by, departmentUUID, uuid.NewString(), req.Whole)
	if err != nil {
		return wire.DepartmentRoom{}, fmt.Errorf("set department room: %w", err)
	}
	s.tell(ctx, out)
	return room, nil
}

// EndDepartmentRoom ends a department's room: those in it keep it, and nobody writes there any more. Repeating is harmless.
func (s *Service) EndDepartmentRoom(ctx context.Context, actor model.Actor, departmentUUID string) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	by, err := s.by(actor, model.AuditDepartmentRoomGone, departmentUUID, nil)
	if err != nil {
		return err
	}
	out, err := s.store.EndDepartmentRoom(ctx, by, departmentUUID)
	if err != nil {
		return fmt.Errorf("end department room: %w", err)
	}
	s.tell(ctx, out)
	return nil
}

// DepartmentRooms lists the departments that have a room. wire.Forbidden for who is no administrator.
func (s *Service) DepartmentRooms(ctx context.Context, actor model.Actor) (wire.DepartmentRooms, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.DepartmentRooms{}, err
	}
	rooms, err := s.store.DepartmentRooms(ctx)
	if err != nil {
		return wire.DepartmentRooms{}, fmt.Errorf("read department rooms: %w", err)
	}
	return wire.DepartmentRooms{Rooms: append([]wire.DepartmentRoom{}, rooms...)}, nil
}

// Follow makes every department's room what it should be. The server does so at its start and every hour, though each change
// of people does it in its own transaction: a backup or another program's change may say something else.
func (s *Service) Follow(ctx context.Context) error {
	out, err := s.store.FollowTree(ctx, s.o.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("follow the tree: %w", err)
	}
	s.tell(ctx, out)
	return nil
}
