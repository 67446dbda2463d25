package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about people: lost passwords, profiles, accounts, departments.

func personPath(userUUID, more string) string {
	return "/api/admin/users/" + url.PathEscape(userUUID) + more
}

// PendingResets lists the requests for a new password that wait.
func (s *Session) PendingResets(ctx context.Context) ([]wire.ResetEntry, error) {
	var out []wire.ResetEntry
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/admin/password-reset-requests", out: &out})
	return out, err
}

// ApproveReset lets the asking device set a password.
func (s *Session) ApproveReset(ctx context.Context, id int64) error {
	return s.do(ctx, call{method: http.MethodPut, path: "/api/password-reset/approve/" + strconv.FormatInt(id, 10)})
}

// RejectReset turns a request down. The reason is shown to the person.
func (s *Session) RejectReset(ctx context.Context, id int64, reason string) error {
	in := wire.RejectRequest{Reason: reason}
	return s.do(ctx, call{method: http.MethodPut, path: "/api/password-reset/reject/" + strconv.FormatInt(id, 10), in: in})
}

// MakeResetCode makes a one-time code for somebody who lost his device. It voids an earlier one.
func (s *Session) MakeResetCode(ctx context.Context, userUUID string) (wire.OneTimeCode, error) {
	var out wire.OneTimeCode
	err := s.do(ctx, call{method: http.MethodPost, path: personPath(userUUID, "/reset-code"), out: &out})
	return out, err
}

// Person returns all that is known of a person.
func (s *Session) Person(ctx context.Context, userUUID string) (wire.Person, error) {
	var out wire.Person
	err := s.do(ctx, call{method: http.MethodGet, path: personPath(userUUID, ""), out: &out})
	return out, err
}

// ChangePerson changes a person; what is absent stays.
func (s *Session) ChangePerson(ctx context.Context, userUUID string, in wire.PersonRequest) (wire.Person, error) {
	var out wire.Person
	err := s.do(ctx, call{method: http.MethodPut, path: personPath(userUUID, ""), in: in, out: &out})
	return out, err
}

// SetPersonPicture gives a person a picture, of a png, jpeg or gif of at most wire.MaxPictureBytes.
func (s *Session) SetPersonPicture(ctx context.Context, userUUID string, image []byte) error {
	var out wire.PictureReply
	path := "/api/users/" + url.PathEscape(userUUID) + "/picture"
	return s.do(ctx, call{method: http.MethodPut, path: path, raw: image, out: &out})
}

// RemovePersonPicture takes a person's picture away.
func (s *Session) RemovePersonPicture(ctx context.Context, userUUID string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: "/api/users/" + url.PathEscape(userUUID) + "/picture"})
}

// ChangeAccounts disables, enables or gives a role to at most wire.MaxBulk people, each for himself.
func (s *Session) ChangeAccounts(ctx context.Context, in wire.BulkRequest) (wire.BulkReply, error) {
	var out wire.BulkReply
	err := s.do(ctx, call{method: http.MethodPost, path: "/api/admin/users/bulk", in: in, out: &out})
	return out, err
}

// AssignPeople gives at most wire.MaxAssigned people a department, position or grade, all or none of them.
func (s *Session) AssignPeople(ctx context.Context, in wire.AssignRequest) (changed int, err error) {
	var out wire.AssignReply
	err = s.do(ctx, call{method: http.MethodPost, path: "/api/admin/users/assign", in: in, out: &out})
	return out.Changed, err
}

const departmentsPath = "/api/admin/departments"

func departmentPath(departmentUUID, more string) string {
	return departmentsPath + "/" + url.PathEscape(departmentUUID) + more
}

// CreateDepartment makes a department.
func (s *Session) CreateDepartment(ctx context.Context, in wire.NewDepartment) (wire.Department, error) {
	var out wire.DepartmentReply
	err := s.do(ctx, call{method: http.MethodPost, path: departmentsPath, in: in, out: &out})
	return out.Department, err
}

// ChangeDepartment renames, moves or sorts a department, or changes its head.
func (s *Session) ChangeDepartment(ctx context.Context, departmentUUID string, in wire.DepartmentRequest) error {
	return s.do(ctx, call{method: http.MethodPut, path: departmentPath(departmentUUID, ""), in: in})
}

// DeleteDepartment removes a department. Its people and departments go to moveTo, a department_uuid or "top"; when it is
// empty, only a department without any is removed.
func (s *Session) DeleteDepartment(ctx context.Context, departmentUUID, moveTo string) error {
	more := ""
	if moveTo != "" {
		more = "?" + url.Values{"move_to": {moveTo}}.Encode()
	}
	return s.do(ctx, call{method: http.MethodDelete, path: departmentPath(departmentUUID, more)})
}

// DepartmentRooms lists the departments that have a room.
func (s *Session) DepartmentRooms(ctx context.Context) ([]wire.DepartmentRoom, error) {
	var out wire.DepartmentRooms
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/admin/department-rooms", out: &out})
	return out.Rooms, err
}

// SetDepartmentRoom gives a department a room that follows it; whole: with the people of all departments below it.
func (s *Session) SetDepartmentRoom(ctx context.Context, departmentUUID string, whole bool) (wire.DepartmentRoom, error) {
	var out wire.DepartmentRoom
	in := wire.DepartmentRoomRequest{Whole: whole}
	err := s.do(ctx, call{method: http.MethodPut, path: departmentPath(departmentUUID, "/room"), in: in, out: &out})
	return out, err
}

// EndDepartmentRoom ends a department's room; who was in it keeps what he could read.
func (s *Session) EndDepartmentRoom(ctx context.Context, departmentUUID string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: departmentPath(departmentUUID, "/room")})
}
