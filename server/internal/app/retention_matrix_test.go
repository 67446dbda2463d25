package app_test

import (
	"github.com/google/uuid"

	"himsg/shared/wire"
)

// retentionRoutes are the matrix's lines about retention and holds.
var retentionRoutes = []route{
	{"GET /api/admin/retention", readers(), get("/api/admin/retention")},
	{"PUT /api/admin/retention", admins(), func(s *scene) request {
		return request{method: "PUT", path: "/api/admin/retention", body: s.m.boss.retention().RetentionPolicy}
	}},
	{"POST /api/admin/retention/preview", readers(), func(*scene) request {
		return request{method: "POST", path: "/api/admin/retention/preview", body: wire.RetentionPolicy{
			Rules: []wire.RetentionRule{{Class: wire.ClassGroup, MessageDays: 1}},
		}}
	}},
	{"POST /api/admin/retention/runs", admins(), func(s *scene) request {
		s.m.s.exec("update retention_runs set state = 'done' where state = 'running'")
		return request{method: "POST", path: "/api/admin/retention/runs", body: wire.StartRetention{Rev: s.m.boss.retention().Rev}}
	}},
	{"POST /api/admin/retention/runs/{run_uuid}/cancel", admins(), func(s *scene) request {
		id := uuid.NewString()
		s.m.s.exec(`insert into retention_runs (run_uuid, state, phase, in_window, worker, started_at, updated_at)
			values (?, 'running', 'counting', 0, 'another', 1, 9000000000000)`, id)
		return request{method: "POST", path: "/api/admin/retention/runs/" + id + "/cancel"}
	}},
	{"GET /api/admin/holds", readers(), get("/api/admin/holds")},
	{"POST /api/admin/holds", readers(), func(s *scene) request {
		person, _ := s.victim("user")
		return request{method: "POST", path: "/api/admin/holds", body: wire.NewHold{
			SubjectKind: wire.AccessPerson, SubjectUUID: person, Reason: "x",
		}}
	}},
	{"POST /api/admin/holds/{hold_uuid}/end", owners().and(ok, auditor), func(s *scene) request {
		var held wire.Hold
		s.m.s.must(201, request{method: "POST", path: "/api/admin/holds", token: s.m.boss.token, body: wire.NewHold{
			SubjectKind: wire.AccessRoom, SubjectUUID: s.room, Reason: "x",
		}}).decode(s.m.s.t, &held)
		return request{method: "POST", path: "/api/admin/holds/" + held.HoldUUID + "/end", body: wire.ReasonRequest{Reason: "x"}}
	}},
}

func (p person) retention() (now wire.Retention) {
	p.s.t.Helper()
	p.get("/api/admin/retention", &now)
	return now
}
