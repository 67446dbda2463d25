package app_test

import (
	"fmt"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// accountRoutes are the matrix's lines about accounts: lost passwords, devices, roles, the audit. What they are done to is made
// anew for each cell.
var accountRoutes = []route{
	{"POST /api/password-reset/request", anyone(), func(*scene) request {
		return request{method: "POST", path: "/api/password-reset/request", body: wire.ResetRequest{
			Username: "x", EmployeeID: "x", Department: "x",
		}}
	}},
	{"POST /api/password-reset/status (with its secret)", anyone(), func(s *scene) request {
		var asked wire.ResetReceived
		s.m.s.must(201, request{
			method: "POST", path: "/api/password-reset/request",
			body: wire.ResetRequest{Username: "x", EmployeeID: "x", Department: "x"},
		}).decode(s.m.s.t, &asked)
		return request{method: "POST", path: "/api/password-reset/status", body: wire.ResetStatusRequest{Secret: asked.Secret}}
	}},
	{"POST /api/password-reset/status (with another)", except(unknown, unknown), func(*scene) request {
		return request{method: "POST", path: "/api/password-reset/status", body: wire.ResetStatusRequest{Secret: "x"}}
	}},
	{"POST /api/password-reset/reset (without a secret)", except(forbidden, forbidden), func(*scene) request {
		return request{method: "POST", path: "/api/password-reset/reset", body: wire.PasswordResetRequest{
			Username: "boss", NewPassword: newPassword,
		}}
	}},
	{"GET /api/admin/password-reset-requests", admins(), get("/api/admin/password-reset-requests")},
	{"PUT /api/password-reset/approve/{id}", admins(), func(s *scene) request {
		return request{method: "PUT", path: fmt.Sprint("/api/password-reset/approve/", s.asked("user"))}
	}},
	{"PUT /api/password-reset/approve/{id} (an auditor's)", owners(), func(s *scene) request {
		return request{method: "PUT", path: fmt.Sprint("/api/password-reset/approve/", s.asked("auditor"))}
	}},
	{"PUT /api/password-reset/reject/{id}", admins(), func(s *scene) request {
		return request{method: "PUT", path: fmt.Sprint("/api/password-reset/reject/", s.asked("user"))}
	}},
	{"POST /api/admin/users/{user_uuid}/reset-code", admins(), on("POST", "/reset-code", "user", nil)},
	{"POST /api/admin/users/{user_uuid}/reset-code (an administrator's)", owners(), on("POST", "/reset-code", "admin", nil)},
	{"PUT /api/admin/users/{user_uuid}/role", owners(), on("PUT", "/role", "user", wire.RoleRequest{Role: wire.RoleAuditor})},
	{"PUT /api/admin/users/{user_uuid}/disable", admins(), on("PUT", "/disable", "user", nil)},
	{"PUT /api/admin/users/{user_uuid}/disable (an auditor)", owners(), on("PUT", "/disable", "auditor", nil)},
	{"PUT /api/admin/users/{user_uuid}/enable", admins(), on("PUT", "/enable", "user", nil)},
	{"POST /api/admin/users/bulk", admins(), func(s *scene) request {
		person, _ := s.victim("user")
		return request{method: "POST", path: "/api/admin/users/bulk", body: wire.BulkRequest{
			Action: wire.BulkDisable, UserUUIDs: []string{person},
		}}
	}},
	{"GET /api/admin/health", admins(), get("/api/admin/health")},
	{"GET /api/admin/statistics", readers(), get("/api/admin/statistics?days=30")},
	{"GET /api/admin/audit", readers(), get("/api/admin/audit")},
	{"GET /api/admin/audit/verify", readers(), get("/api/admin/audit/verify")},
	{"GET /api/admin/audit/export", readers(), get("/api/admin/audit/export?format=csv")},
	{"POST /api/admin/users/{user_uuid}/delete", admins(), on("POST", "/delete", "user", wire.DeleteUserRequest{Reason: "x"})},
	{"POST /api/admin/users/{user_uuid}/delete (an administrator)", owners(), on("POST", "/delete", "admin", wire.DeleteUserRequest{Reason: "x"})},
	{"DELETE /api/delete-user/{id}", admins(), func(s *scene) request {
		return request{method: "DELETE", path: fmt.Sprint("/api/delete-user/", s.waiting)}
	}},
	{"GET /api/admin/backups", readers(), get("/api/admin/backups")},
	{"GET /api/admin/backups/{backup_uuid}", readers(), func(s *scene) request {
		return request{method: "GET", path: "/api/admin/backups/" + s.m.archive()}
	}},
	{"POST /api/admin/backups/{backup_uuid}/cancel", admins(), func(s *scene) request {
		return request{method: "POST", path: "/api/admin/backups/" + s.m.archive() + "/cancel"}
	}},
	{"GET /api/admin/backups/{backup_uuid}/file", except(forbidden, signIn, signedOut...).and(ok, auditor, chief), func(s *scene) request {
		return request{method: "GET", path: "/api/admin/backups/" + s.m.archive() + "/file"}
	}},
	{"POST /api/admin/access-requests", readers(), func(s *scene) request {
		return request{method: "POST", path: "/api/admin/access-requests", body: s.access()}
	}},
	{"GET /api/admin/access-requests", readers(), get("/api/admin/access-requests")},
	{"PUT /api/admin/access-requests/{access_uuid}/approve", owners().and(ok, auditor), onAccess("PUT", "/approve")},
	{"PUT /api/admin/access-requests/{access_uuid}/reject", owners().and(ok, auditor), onAccess("PUT", "/reject")},
	{"PUT /api/admin/access-requests/{access_uuid}/end", owners().and(ok, auditor), onAccess("PUT", "/end")},
	{"GET /api/admin/access-requests/{access_uuid}/rooms (another's)", except(forbidden, signIn, signedOut...), onAccess("GET", "/rooms")},
	{"GET /api/admin/access-requests/{access_uuid}/messages (another's)", except(forbidden, signIn, signedOut...), func(s *scene) request {
		return onAccess("GET", "/messages?room_uuid="+s.room)(s)
	}},
	{"GET /api/admin/access-requests/{access_uuid}/search (another's)", except(forbidden, signIn, signedOut...), onAccess("GET", "/search?q=word")},
	{"GET /api/admin/access-requests/{access_uuid}/files/{file_id} (another's)", except(forbidden, signIn, signedOut...), func(s *scene) request {
		return onAccess("GET", "/files/"+s.sentFile().FileID)(s)
	}},
	{"GET /api/admin/rooms", readers(), func(s *scene) request {
		return request{method: "GET", path: "/api/admin/rooms?member=" + s.m.people[sender].uuid}
	}},
	{"GET /api/sessions", signedIn(), get("/api/sessions")},
	{"DELETE /api/sessions/{session_uuid} (another's)", except(unknown, signIn, signedOut...), func(s *scene) request {
		_, session := s.victim("user")
		return request{method: "DELETE", path: "/api/sessions/" + session}
	}},
	{"DELETE /api/sessions", signedIn(), func(s *scene) request {
		s.freshSession()
		s.m.people[s.role] = s.who // his others end
		return request{method: "DELETE", path: "/api/sessions"}
	}},
	{"GET /api/admin/sessions", admins(), get("/api/admin/sessions")},
	{"GET /api/admin/users/{user_uuid}/sessions", admins(), on("GET", "/sessions", "user", nil)},
	{"DELETE /api/admin/users/{user_uuid}/sessions", admins(), on("DELETE", "/sessions", "user", nil)},
	{"DELETE /api/admin/users/{user_uuid}/sessions (an owner's)", owners(), on("DELETE", "/sessions", "owner", nil)},
	{"DELETE /api/admin/users/{user_uuid}/sessions/{session_uuid}", admins(), func(s *scene) request {
		person, session := s.victim("user")
		return request{method: "DELETE", path: "/api/admin/users/" + person + "/sessions/" + session}
	}},
}

// owners: only the company's owners may.
func owners() rule { return except(forbidden, signIn, signedOut...).and(ok, chief) }

// readers: administrators and auditors.
func readers() rule { return admins().and(ok, auditor) }

// on is a request about a person who has a role.
func on(method, path, role string, body any) func(*scene) request {
	return func(s *scene) request {
		person, _ := s.victim(role)
		return request{method: method, path: "/api/admin/users/" + person + path, body: body}
	}
}

// victim makes an active person who is signed in on a device.
func (s *scene) victim(role string) (userUUID, sessionUUID string) {
	userUUID, sessionUUID = uuid.NewString(), uuid.NewString()
	name := "victim" + userUUID[:8]
	s.m.s.exec(`insert into users (user_uuid, username, username_key, employee_id, email, name, password_hash, role, state,
		created_at, updated_at) values (?, ?, ?, '', '', ?, '', ?, 'active', 1, 1)`, userUUID, name, name, name, role)
	s.m.s.exec(`insert into devices (device_uuid, user_id, created_at, last_seen_at)
		select ?, id, 1, 1 from users where user_uuid = ?`, uuid.NewString(), userUUID)
	s.m.s.exec(`insert into sessions (session_uuid, user_id, device_id, created_at, last_seen_at, expires_at)
		select ?, user_id, id, 1, 1, 9000000000000 from devices where user_id = (select id from users where user_uuid = ?)`,
		sessionUUID, userUUID)
	return userUUID, sessionUUID
}

// access asks for the scene's room.
func (s *scene) access() wire.AccessRequest {
	return wire.AccessRequest{
		SubjectKind: wire.AccessRoom, SubjectUUID: s.room, Reason: "x", From: wire.TimeOfMilli(1), To: wire.TimeOfMilli(1 << 44),
	}
}

// onAccess is a request about one that the first owner made.
func onAccess(method, path string) func(*scene) request {
	return func(s *scene) request {
		s.m.s.t.Helper()
		var a wire.Access
		s.m.s.must(201, request{method: "POST", path: "/api/admin/access-requests", token: s.m.boss.token, body: s.access()}).
			decode(s.m.s.t, &a)
		return request{method: method, path: "/api/admin/access-requests/" + a.AccessUUID + path}
	}
}

// archive deletes somebody, once, and returns what was left of him.
func (m *matrix) archive() string {
	m.s.t.Helper()
	if m.backup == "" {
		var reply wire.BackupReply
		m.s.must(200, request{
			method: "DELETE", path: fmt.Sprint("/api/delete-user/", m.s.signUp("deleted")), token: m.boss.token,
		}).decode(m.s.t, &reply)
		m.backup = reply.Backup.BackupUUID
	}
	return m.backup
}

// asked makes a request for a new password, of a person who has a role.
func (s *scene) asked(role string) (id int64) {
	s.m.s.t.Helper()
	person, _ := s.victim(role)
	s.m.s.exec(`insert into password_resets (user_id, username, employee_id, department, secret_hash, compare_code, state,
		requested_at, expires_at) select id, username, '', '', ?, 'ABCD', 'pending', 1, 9000000000000 from users where user_uuid = ?`,
		person, person)
	row := s.m.s.bare.QueryRowContext(s.m.s.t.Context(), "select id from password_resets where secret_hash = ?", person)
	if err := row.Scan(&id); err != nil {
		s.m.s.t.Fatal(err)
	}
	return id
}
