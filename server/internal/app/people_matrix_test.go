package app_test

import (
	"net/http"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// peopleRoutes are the matrix's lines about profiles, departments and imports.
var peopleRoutes = []route{
	{"PUT /api/users/me", signedIn(), func(*scene) request {
		phone := "02-555-1234"
		return request{method: "PUT", path: "/api/users/me", body: wire.ProfileRequest{Phone: &phone}}
	}},
	{"GET /api/users/me/fields", signedIn(), get("/api/users/me/fields")},
	{"PUT /api/users/me/picture", signedIn(), func(*scene) request {
		return request{method: "PUT", path: "/api/users/me/picture", body: smallPNG}
	}},
	{"DELETE /api/users/me/picture", signedIn(), func(*scene) request {
		return request{method: "DELETE", path: "/api/users/me/picture"}
	}},
	{"PUT /api/users/{user_uuid}/picture", admins(), func(s *scene) request {
		return request{method: "PUT", path: "/api/users/" + s.m.boss.uuid + "/picture", body: smallPNG}
	}},
	{"DELETE /api/users/{user_uuid}/picture", admins(), func(s *scene) request {
		return request{method: "DELETE", path: "/api/users/" + s.m.boss.uuid + "/picture"}
	}},
	{"GET /api/pictures/{picture_uuid} (of a person)", signedIn(), func(s *scene) request {
		var out wire.PictureReply
		s.m.s.must(200, request{
			method: "PUT", path: "/api/users/me/picture", token: s.m.boss.token, body: smallPNG,
		}).decode(s.m.s.t, &out)
		return request{method: "GET", path: "/api/pictures/" + out.PictureUUID}
	}},
	{"GET /api/admin/users/{user_uuid}", admins(), func(s *scene) request {
		return request{method: "GET", path: "/api/admin/users/" + s.m.boss.uuid}
	}},
	{"PUT /api/admin/users/{user_uuid}", admins(), func(s *scene) request {
		grade := "부장"
		return request{
			method: "PUT", path: "/api/admin/users/" + s.m.boss.uuid,
			body: wire.PersonRequest{ProfileRequest: wire.ProfileRequest{Grade: &grade}},
		}
	}},
	{"POST /api/admin/users/assign", admins(), func(s *scene) request {
		position := "팀장"
		return request{method: "POST", path: "/api/admin/users/assign", body: wire.AssignRequest{
			UserUUIDs: []string{s.m.boss.uuid}, Position: &position,
		}}
	}},
	{"GET /api/admin/profile-fields", admins(), get("/api/admin/profile-fields")},
	{"PUT /api/admin/profile-fields", admins(), func(*scene) request {
		return request{method: "PUT", path: "/api/admin/profile-fields", body: wire.ProfileFields{Fields: wire.DefaultOwnFields}}
	}},
	{"POST /api/admin/departments", admins(), func(*scene) request {
		return request{method: "POST", path: "/api/admin/departments", body: wire.NewDepartment{Name: uuid.NewString()}}
	}},
	{"PUT /api/admin/departments/{department_uuid}", admins(), func(s *scene) request {
		name := uuid.NewString()
		return request{method: "PUT", path: "/api/admin/departments/" + s.department(), body: wire.DepartmentRequest{Name: &name}}
	}},
	{"DELETE /api/admin/departments/{department_uuid}", admins(), func(s *scene) request {
		return request{method: "DELETE", path: "/api/admin/departments/" + s.department()}
	}},
	{"PUT /api/admin/departments/{department_uuid}/room", admins(), func(s *scene) request {
		return request{
			method: "PUT", path: "/api/admin/departments/" + s.department() + "/room", body: wire.DepartmentRoomRequest{Whole: true},
		}
	}},
	{"DELETE /api/admin/departments/{department_uuid}/room", admins(), func(s *scene) request {
		return request{method: "DELETE", path: "/api/admin/departments/" + s.department() + "/room"}
	}},
	{"GET /api/admin/department-rooms", admins(), get("/api/admin/department-rooms")},
}

// department makes an empty department.
func (s *scene) department() (uuid string) {
	s.m.s.t.Helper()
	return s.m.boss.department(newName(), "")
}

func newName() string { return "부서 " + uuid.NewString()[:8] }

// department makes a department below another, or at the top.
func (p person) department(name, parent string) (uuid string) {
	p.s.t.Helper()
	var out wire.DepartmentReply
	p.s.must(http.StatusCreated, request{
		method: "POST", path: "/api/admin/departments", token: p.token, body: wire.NewDepartment{Name: name, ParentUUID: parent},
	}).decode(p.s.t, &out)
	return out.Department.DepartmentUUID
}
