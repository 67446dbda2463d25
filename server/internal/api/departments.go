package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// peopleRoutes are those of profiles, departments and their rooms.
func (a *API) peopleRoutes(doc huma.API) {
	const department, person = "/api/admin/departments/{department_uuid}", "/api/admin/users/{user_uuid}"
	signedIn(a, doc, op("PUT /api/users/me", "Change my profile, as far as administrators let me"), a.changeMe)
	signedIn(a, doc, op("GET /api/users/me/fields", "What I may change of my profile"), a.profileFields)
	signedIn(a, doc, op("PUT /api/users/me/picture", "Give myself a picture").upTo(wire.MaxPictureBytes), a.setMyPicture)
	signedIn(a, doc, op("DELETE /api/users/me/picture", "Take my picture away"), a.removeMyPicture)
	signedIn(a, doc, op("PUT /api/users/{user_uuid}/picture", "Give a person a picture (administrators)").upTo(wire.MaxPictureBytes), a.setUserPicture)
	signedIn(a, doc, op("DELETE /api/users/{user_uuid}/picture", "Take a person's picture away (administrators)"), a.removeUserPicture)

	signedIn(a, doc, op("GET "+person, "All that is known of a person (administrators)"), a.person)
	signedIn(a, doc, op("PUT "+person, "Change a person (administrators)"), a.changePerson)
	signedIn(a, doc, op("POST /api/admin/users/assign", "Give many people a department, position or grade (administrators)").upTo(maxPeopleBody), a.assign)
	signedIn(a, doc, op("GET /api/admin/profile-fields", "What people may change of their profile (administrators)"), a.adminProfileFields)
	signedIn(a, doc, op("PUT /api/admin/profile-fields", "Say what people may change of their profile (administrators)"), a.setProfileFields)

	signedIn(a, doc, op("POST /api/admin/departments", "Make a department (administrators)").created(), a.createDepartment)
	signedIn(a, doc, op("PUT "+department, "Rename, move or sort a department, or change its head (administrators)"), a.changeDepartment)
	signedIn(a, doc, op("DELETE "+department, "Remove a department (administrators)"), a.deleteDepartment)
	signedIn(a, doc, op("PUT "+department+"/room", "Give a department a room that follows it (administrators)"), a.setDepartmentRoom)
	signedIn(a, doc, op("DELETE "+department+"/room", "End a department's room (administrators)"), a.endDepartmentRoom)
	signedIn(a, doc, op("GET "+importsPath, "The last imports of people, the newest first (administrators)"), a.recentImports)
	signedIn(a, doc, op("GET "+importPath, "How an import of people stands (administrators)"), a.importState)
	signedIn(a, doc, op("GET "+importPath+"/rows", "A page of an import's rows (administrators)"), a.importRows)
	signedIn(a, doc, op("POST "+importPath+"/apply", "Begin to do what the rows say (administrators)"), a.applyImport)
	signedIn(a, doc, op("DELETE "+importPath, "Cancel an import, or forget it (administrators)"), a.endImport)
	signedIn(a, doc, op("GET /api/admin/department-rooms", "Departments that have a room (administrators)"), a.departmentRooms)
}

func (a *API) createDepartment(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.NewDepartment },
) (*output[wire.DepartmentReply], error) {
	d, err := a.o.Directory.CreateDepartment(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(wire.DepartmentReply{Department: d}), nil
}

type departmentInput struct {
	DepartmentUUID string `path:"department_uuid"`
}

type changeDepartmentInput struct {
	DepartmentUUID string `path:"department_uuid"`
	Body           wire.DepartmentRequest
}

func (a *API) changeDepartment(
	ctx context.Context, actor model.Actor, in *changeDepartmentInput,
) (*output[wire.MessageReply], error) {
	if err := a.o.Directory.ChangeDepartment(ctx, actor, in.DepartmentUUID, in.Body); err != nil {
		return nil, err
	}
	return said(ctx, "부서를 변경했습니다.", "The department was changed."), nil
}

// top is the move_to that stands for no department.
const top = "top"

type deleteDepartmentInput struct {
	DepartmentUUID string `path:"department_uuid"`
	MoveTo         string `query:"move_to" doc:"Where its people and departments go: a department_uuid, or top. Without it one that is not empty stays"`
}

func (a *API) deleteDepartment(
	ctx context.Context, actor model.Actor, in *deleteDepartmentInput,
) (*output[wire.MessageReply], error) {
	var moveTo *string
	switch in.MoveTo {
	case "":
	case top:
		moveTo = new(string)
	default:
		moveTo = &in.MoveTo
	}
	if err := a.o.Directory.DeleteDepartment(ctx, actor, in.DepartmentUUID, moveTo); err != nil {
		return nil, err
	}
	return said(ctx, "부서를 삭제했습니다.", "The department was removed."), nil
}

type departmentRoomInput struct {
	DepartmentUUID string `path:"department_uuid"`
	Body           wire.DepartmentRoomRequest
}

func (a *API) setDepartmentRoom(
	ctx context.Context, actor model.Actor, in *departmentRoomInput,
) (*output[wire.DepartmentRoom], error) {
	room, err := a.o.Directory.SetDepartmentRoom(ctx, actor, in.DepartmentUUID, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(room), nil
}

func (a *API) endDepartmentRoom(
	ctx context.Context, actor model.Actor, in *departmentInput,
) (*output[wire.MessageReply], error) {
	if err := a.o.Directory.EndDepartmentRoom(ctx, actor, in.DepartmentUUID); err != nil {
		return nil, err
	}
	return said(ctx, "부서 대화방을 종료했습니다.", "The department's room was ended."), nil
}

func (a *API) departmentRooms(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.DepartmentRooms], error) {
	rooms, err := a.o.Directory.DepartmentRooms(ctx, actor)
	if err != nil {
		return nil, err
	}
	return answer(rooms), nil
}
