package app_test

import (
	"net/http"
	"time"

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
	{"POST /api/admin/import-people", admins(), func(s *scene) request {
		s.m.boss.importFile(peopleFile) // the one before is over then
		return request{method: "POST", path: "/api/admin/import-people", body: peopleFile}
	}},
	{"GET /api/admin/import-people", admins(), get("/api/admin/import-people")},
	{"GET /api/admin/import-people/{import_uuid}", admins(), onImport("GET", "")},
	{"GET /api/admin/import-people/{import_uuid}/rows", admins(), onImport("GET", "/rows")},
	{"POST /api/admin/import-people/{import_uuid}/apply", admins(), onImport("POST", "/apply")},
	{"GET /api/admin/import-people/{import_uuid}/codes", admins(), onImport("GET", "/codes")},
	{"DELETE /api/admin/import-people/{import_uuid}", admins(), onImport("DELETE", "")},
	{"GET /api/admin/export-people", admins(), get("/api/admin/export-people?format=csv")},
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

const peopleFile = "이름,사번\n새사람,NEW-1\n"

func onImport(method, path string) func(s *scene) request {
	return func(s *scene) request {
		return request{method: method, path: "/api/admin/import-people/" + s.m.boss.importFile(peopleFile) + path}
	}
}

// importFile has a file of people compared, once no other is under way.
func (p person) importFile(data string) (importUUID string) {
	p.s.t.Helper()
	var made wire.Import
	for begin := time.Now(); made.ImportUUID == ""; {
		a := p.s.do(request{method: "POST", path: "/api/admin/import-people", token: p.token, body: data})
		switch {
		case a.status == http.StatusAccepted:
			a.decode(p.s.t, &made)
		case a.refusal().Reason != wire.ReasonImportState || time.Since(begin) > 20*time.Second:
			p.s.t.Fatalf("import: %d %s", a.status, a.body)
		}
	}
	p.importState(made.ImportUUID, wire.ImportReady)
	return made.ImportUUID
}

// importState waits for a state of an import.
func (p person) importState(importUUID string, want wire.ImportState) (at wire.Import) {
	p.s.t.Helper()
	for begin := time.Now(); at.State != want; {
		p.get("/api/admin/import-people/"+importUUID, &at)
		if at.Failure != "" || time.Since(begin) > 20*time.Second {
			p.s.t.Fatalf("import stands at %+v, want %s", at, want)
		}
	}
	return at
}
