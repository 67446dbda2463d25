package app_test

import (
	"github.com/google/uuid"

	"himsg/shared/wire"
)

// noticeRoutes are the matrix's lines about notices.
var noticeRoutes = []route{
	{"GET /api/notices", signedIn(), get("/api/notices")},
	{"PUT /api/notices/{notice_uuid}/read", signedIn(), onNotice("PUT", "/api/notices/", "/read", nil)},
	{"PUT /api/notices/{notice_uuid}/confirm", signedIn(), onNotice("PUT", "/api/notices/", "/confirm", nil)},
	{"PUT /api/notices/{notice_uuid}/read (for another department)", signedIn().and(unknown, signedInRoles()...), func(s *scene) request {
		id := s.notice(s.department())
		return request{method: "PUT", path: "/api/notices/" + id + "/read"}
	}},
	{"GET /api/admin/notices", admins(), get("/api/admin/notices")},
	{"POST /api/admin/notices", admins(), func(*scene) request {
		return request{method: "POST", path: "/api/admin/notices", body: newNotice()}
	}},
	{"GET /api/admin/notices/{notice_uuid}", admins(), onNotice("GET", "/api/admin/notices/", "", nil)},
	{"PUT /api/admin/notices/{notice_uuid}", admins(), func(s *scene) request {
		id := s.notice()
		var at wire.NoticeStatus
		s.m.boss.get("/api/admin/notices/"+id, &at)
		return request{method: "PUT", path: "/api/admin/notices/" + id, body: wire.NoticeChange{
			Title: "y", Text: "y", BaseRev: at.Notice.Rev,
		}}
	}},
	{"POST /api/admin/notices/{notice_uuid}/withdraw", admins(), onNotice("POST", "/api/admin/notices/", "/withdraw", nil)},
	{"POST /api/admin/notices/{notice_uuid}/remind", admins(), onNotice("POST", "/api/admin/notices/", "/remind", nil)},
	{"GET /api/admin/notices/{notice_uuid}/people", admins(), onNotice("GET", "/api/admin/notices/", "/people?settled=no", nil)},
	{"GET /api/admin/notices/{notice_uuid}/export", admins(), onNotice("GET", "/api/admin/notices/", "/export", nil)},
}

func signedInRoles() []role { return roles[len(signedOut):] }

func newNotice(departments ...string) wire.NewNotice {
	return wire.NewNotice{NoticeUUID: uuid.NewString(), Title: "x", Text: "x", Confirm: true, DepartmentUUIDs: departments}
}

// notice has the first owner publish a notice.
func (s *scene) notice(departments ...string) (noticeUUID string) {
	s.m.s.t.Helper()
	n := newNotice(departments...)
	s.m.s.must(201, request{method: "POST", path: "/api/admin/notices", token: s.m.boss.token, body: n})
	return n.NoticeUUID
}

func onNotice(method, before, after string, body any) func(*scene) request {
	return func(s *scene) request {
		return request{method: method, path: before + s.notice() + after, body: body}
	}
}
