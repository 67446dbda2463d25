package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// act is what the audit says of a call of an administrator's route.
type act struct {
	action model.AuditAction // empty: it changes nothing and shows nothing that people wrote
	before func(*scene, request)
	after  func(*scene, request)
	alone  bool // the first owner calls it: what it is about is his
}

func silent() act                         { return act{} }
func leaves(action model.AuditAction) act { return act{action: action} }

// acts has every administrator's route. The request is the one of the authorisation matrix.
var acts = map[string]act{
	"GET /api/pending-users":                   silent(),
	"PUT /api/approve-user/{id}":               leaves(model.AuditUserApproved),
	"PUT /api/reject-user/{id}":                leaves(model.AuditUserRejected),
	"DELETE /api/delete-user/{id}":             leaves(model.AuditUserDeleted),
	"PUT /api/password-reset/approve/{id}":     leaves(model.AuditResetApproved),
	"PUT /api/password-reset/reject/{id}":      leaves(model.AuditResetRejected),
	"GET /api/admin/password-reset-requests":   silent(),
	"GET /api/admin/file-policy":               silent(),
	"PUT /api/admin/file-policy":               leaves(model.AuditFilePolicy),
	"GET /api/admin/users/{user_uuid}":         silent(),
	"PUT /api/admin/users/{user_uuid}":         leaves(model.AuditPersonChanged),
	"POST /api/admin/users/assign":             leaves(model.AuditPeopleChanged),
	"POST /api/admin/users/bulk":               leaves(model.AuditUserDisabled),
	"PUT /api/admin/users/{user_uuid}/role":    leaves(model.AuditRoleChanged),
	"PUT /api/admin/users/{user_uuid}/disable": leaves(model.AuditUserDisabled),
	"PUT /api/admin/users/{user_uuid}/enable": {action: model.AuditUserEnabled, before: func(s *scene, r request) {
		s.m.s.must(200, request{method: "PUT", path: strings.Replace(r.path, "/enable", "/disable", 1), token: s.m.boss.token})
	}},
	"POST /api/admin/users/{user_uuid}/reset-code": leaves(model.AuditCodeMade),
	"POST /api/admin/users/{user_uuid}/delete":     {action: model.AuditDeleteRequested, after: deleted},
	"PUT /api/users/{user_uuid}/picture":           leaves(model.AuditPersonChanged),
	"DELETE /api/users/{user_uuid}/picture": {action: model.AuditPersonChanged, before: func(s *scene, r request) {
		s.m.s.must(200, request{method: "PUT", path: r.path, token: s.m.boss.token, body: smallPNG})
	}},
	"GET /api/admin/sessions":                                     silent(),
	"GET /api/admin/users/{user_uuid}/sessions":                   silent(),
	"DELETE /api/admin/users/{user_uuid}/sessions":                leaves(model.AuditDeviceRemoved),
	"DELETE /api/admin/users/{user_uuid}/sessions/{session_uuid}": leaves(model.AuditDeviceRemoved),

	"GET /api/admin/profile-fields":                     silent(),
	"PUT /api/admin/profile-fields":                     leaves(model.AuditProfileFields),
	"POST /api/admin/departments":                       leaves(model.AuditDepartmentCreated),
	"PUT /api/admin/departments/{department_uuid}":      leaves(model.AuditDepartmentChanged),
	"DELETE /api/admin/departments/{department_uuid}":   leaves(model.AuditDepartmentDeleted),
	"GET /api/admin/department-rooms":                   silent(),
	"PUT /api/admin/departments/{department_uuid}/room": leaves(model.AuditDepartmentRoom),
	"DELETE /api/admin/departments/{department_uuid}/room": {
		action: model.AuditDepartmentRoomGone,
		before: func(s *scene, r request) {
			s.m.s.must(200, request{method: "PUT", path: r.path, token: s.m.boss.token, body: wire.DepartmentRoomRequest{}})
		},
	},

	"POST /api/admin/import-people":                   silent(), // it is only compared
	"GET /api/admin/import-people":                    silent(),
	"GET /api/admin/import-people/{import_uuid}":      silent(),
	"GET /api/admin/import-people/{import_uuid}/rows": silent(),
	"DELETE /api/admin/import-people/{import_uuid}":   silent(), // nothing was applied
	"POST /api/admin/import-people/{import_uuid}/apply": {action: model.AuditPeopleImported, after: func(s *scene, r request) {
		s.m.boss.importState(strings.Split(r.path, "/")[4], wire.ImportApplied)
	}},
	"GET /api/admin/import-people/{import_uuid}/codes": leaves(model.AuditFirstCodes),
	"GET /api/admin/export-people":                     leaves(model.AuditPeopleExported),

	"GET /api/admin/audit":                         silent(),
	"GET /api/admin/audit/verify":                  silent(),
	"GET /api/admin/audit/export":                  leaves(model.AuditAuditExported),
	"GET /api/admin/backups":                       silent(),
	"GET /api/admin/backups/{backup_uuid}":         silent(),
	"POST /api/admin/backups/{backup_uuid}/cancel": silent(), // the job itself says that it was cancelled
	"GET /api/admin/backups/{backup_uuid}/file":    leaves(model.AuditBackupFetched),

	"GET /api/admin/health":                          silent(),
	"GET /api/admin/statistics":                      silent(),
	"GET /api/admin/notices":                         silent(),
	"POST /api/admin/notices":                        leaves(model.AuditNoticeWritten),
	"GET /api/admin/notices/{notice_uuid}":           silent(),
	"PUT /api/admin/notices/{notice_uuid}":           leaves(model.AuditNoticeEdited),
	"POST /api/admin/notices/{notice_uuid}/withdraw": leaves(model.AuditNoticeWithdrawn),
	"POST /api/admin/notices/{notice_uuid}/remind":   leaves(model.AuditNoticeReminded),
	"GET /api/admin/notices/{notice_uuid}/people":    silent(),
	"GET /api/admin/notices/{notice_uuid}/export":    leaves(model.AuditNoticeExported),

	"GET /api/admin/retention":                         silent(),
	"PUT /api/admin/retention":                         leaves(model.AuditRetentionSet),
	"POST /api/admin/retention/preview":                silent(),
	"POST /api/admin/retention/runs":                   {action: model.AuditRetentionBegun, after: retired},
	"POST /api/admin/retention/runs/{run_uuid}/cancel": leaves(model.AuditRetentionEnded),
	"GET /api/admin/holds":                             silent(),
	"POST /api/admin/holds":                            leaves(model.AuditHoldPlaced),
	"POST /api/admin/holds/{hold_uuid}/end":            leaves(model.AuditHoldEnded),

	"GET /api/admin/integrations":                             silent(),
	"POST /api/admin/integrations":                            leaves(model.AuditIntegrationCreated),
	"POST /api/admin/integrations/{integration_uuid}/rotate":  leaves(model.AuditIntegrationRotated),
	"POST /api/admin/integrations/{integration_uuid}/disable": leaves(model.AuditIntegrationDisabled),
	"POST /api/admin/integrations/{integration_uuid}/enable": {action: model.AuditIntegrationEnabled, before: func(s *scene, r request) {
		s.m.s.must(200, request{method: "POST", path: strings.Replace(r.path, "/enable", "/disable", 1), token: s.m.boss.token})
	}},
	"DELETE /api/admin/integrations/{integration_uuid}": leaves(model.AuditIntegrationRemoved),

	"GET /api/admin/access-requests":                        silent(),
	"POST /api/admin/access-requests":                       leaves(model.AuditAccessRequested),
	"PUT /api/admin/access-requests/{access_uuid}/approve":  leaves(model.AuditAccessApproved),
	"PUT /api/admin/access-requests/{access_uuid}/reject":   leaves(model.AuditAccessRejected),
	"PUT /api/admin/access-requests/{access_uuid}/end":      leaves(model.AuditAccessEnded),
	"GET /api/admin/access-requests/{access_uuid}/rooms":    {action: model.AuditContentRead, before: approved, alone: true},
	"GET /api/admin/access-requests/{access_uuid}/messages": {action: model.AuditContentRead, before: approved, alone: true},
	"GET /api/admin/access-requests/{access_uuid}/search":   {action: model.AuditContentRead, before: approved, alone: true},

	"GET /api/admin/access-requests/{access_uuid}/files/{file_id}": {action: model.AuditContentRead, before: approved, alone: true},

	"GET /api/admin/rooms": leaves(model.AuditRoomsFound),
}

// deleted waits until nobody is at work on a deletion: its end is an act too, which would be counted as another one's.
func deleted(s *scene, _ request) {
	eventually(s.m.s.t, "the deletion to end", func() bool {
		return s.m.s.count("select count(*) from backups where state in ('running', 'verifying')") == 0
	})
}

// approved has the second person allow what the first owner asked for.
func approved(s *scene, r request) {
	s.m.s.must(200, request{
		method: "PUT", path: strings.Join(strings.Split(r.path, "/")[:5], "/") + "/approve", token: s.m.people[chief].token,
	})
}

// administrative reports whether a route is for those who administer.
func administrative(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	for _, of := range []string{
		"/api/admin/", "/api/pending-users", "/api/approve-user/", "/api/reject-user/", "/api/delete-user/",
		"/api/password-reset/approve/", "/api/password-reset/reject/", "/api/users/{user_uuid}/",
	} {
		if strings.HasPrefix(path, of) {
			return true
		}
	}
	return false
}

// TestEveryActIsInTheAudit calls every route of administrators, and looks for its entry. A route without a row fails.
func TestEveryActIsInTheAudit(t *testing.T) {
	m := newMatrix(t)
	served, listed := map[string]bool{}, map[string]bool{}
	err := chi.Walk(m.s.Handler().Routes(), func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if name := method + " " + path; administrative(name) {
			served[name] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range acts {
		listed[name] = true
	}
	compare(t, "act", served, listed)
	done := map[string]bool{}
	for _, r := range slices.Concat(fileRoutes, accountRoutes, peopleRoutes, noticeRoutes, retentionRoutes, hookRoutes, routeTable) {
		name, _, _ := strings.Cut(r.name, " (")
		if a, known := acts[name]; known && !done[name] {
			done[name] = true
			t.Run(name, func(t *testing.T) { m.perform(t, a, r) })
		}
	}
	for name := range acts {
		if !done[name] {
			t.Errorf("%s was not called: no table of the matrix has its request", name)
		}
	}
}

// elsewhere has the actions that no route of administrators leaves, each with the function that looks for its entry.
var elsewhere = map[model.AuditAction]string{
	model.AuditOwnerCreated:    "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditUserRegistered:  "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditPasswordChanged: "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditRefreshReused:   "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditSessionEnded:    "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditRoomClosed:      "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditResetRequested:  "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditPasswordReset:   "app/acts_test.go TestWhatPeopleDoThemselvesIsInTheAudit",
	model.AuditDeleteFailed:    "app/backup_test.go TestNothingIsDeletedUnlessTheBackupIsWhole",
	model.AuditBackupExpired:   "app/backup_test.go TestArchivesNeedTheirKeysAndExpire",
	model.AuditMirrored:        "app/outside_test.go TestPeopleOfTheCompanysDirectory",
	model.AuditFileUnscanned:   "storetest/files.go fileGoesItsWay",
	model.AuditServerBackedUp:  "sqlstore/dump_test.go TestADatabaseGoesFromOneMakeIntoTheOther",
	model.AuditServerRestored:  "sqlstore/dump_test.go without", // of the same test
	model.AuditLegacyBegun:     "legacy/moving_test.go looksRight",
	model.AuditLegacyImported:  "legacy/moving_test.go looksRight",
	model.AuditFileRetired:     "storetest/filesight.go retentionTellsDevices",

	model.AuditIntegrationFailed: "storetest/integrations.go aHookThatFailsIsGivenUp",
}

// TestEveryActionHasItsProof: an action that nothing looks for could be lost without a sign.
func TestEveryActionHasItsProof(t *testing.T) {
	known := everyAction(t)
	told := map[model.AuditAction]bool{}
	for name, a := range acts {
		if a.action != "" && known[a.action] == "" {
			t.Errorf("%s leaves %q, which is no action", name, a.action)
		}
		told[a.action] = true
	}
	for action, by := range elsewhere {
		if told[action] {
			t.Errorf("%s is left by a route of administrators: it needs no other proof", action)
		}
		told[action] = true
		if known[action] == "" {
			t.Errorf("%s is no action", action)
		} else if body := sourceOf(t, by); !strings.Contains(body, known[action]) && !regexp.MustCompile(`['"]`+string(action)+`['"]`).MatchString(body) {
			t.Errorf("%s: %s does not look for it", action, by)
		}
	}
	for action := range known {
		if !told[action] {
			t.Errorf("the action %s has no test that looks for its entry", action)
		}
	}
}

// everyAction has the actions that there are, each with its name in the code.
func everyAction(t *testing.T) map[model.AuditAction]string {
	t.Helper()
	source, err := os.ReadFile("../model/audit.go")
	if err != nil {
		t.Fatal(err)
	}
	known := map[model.AuditAction]string{}
	for _, found := range regexp.MustCompile(`(Audit\w+) +AuditAction = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		known[model.AuditAction(found[2])] = found[1]
	}
	if len(known) < 50 {
		t.Fatalf("%d actions: are they read rightly?", len(known))
	}
	return known
}

// sourceOf is the code of a function that is named by its file and its name.
func sourceOf(t *testing.T, by string) string {
	t.Helper()
	file, name, _ := strings.Cut(by, " ")
	source, err := os.ReadFile(filepath.Join("..", file))
	if err != nil {
		t.Fatal(err)
	}
	_, body, there := strings.Cut(string(source), "\nfunc "+name+"(")
	if !there {
		t.Errorf("there is no %s", by)
	}
	body, _, _ = strings.Cut(body, "\n}\n")
	return body
}

// TestWhatPeopleDoThemselvesIsInTheAudit: acts that need no administrator.
func TestWhatPeopleDoThemselvesIsInTheAudit(t *testing.T) {
	l := newLostPassword(t, "")
	room := l.kim.room(l.admin)
	spend := func(want int, token string) (next wire.RefreshReply) {
		body := wire.RefreshRequest{RefreshToken: token}
		l.must(want, request{method: "POST", path: "/api/token/refresh", body: body}).decode(t, &next)
		return next
	}
	other, third := l.login("kim"), l.login("kim")
	reset := func() {
		asked := l.ask(factsOf("kim"))
		l.decide(l.admin, "approve", asked.RequestID)
		if a := l.set(wire.PasswordResetRequest{Secret: asked.Secret}); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	for _, c := range []struct {
		action string
		by     int64
		on     string
		act    func()
	}{
		{"owner_created", 0, l.boss.uuid, nil}, // newLostPassword did it
		{"user_registered", 0, l.kim.uuid, nil},
		{"room_closed", l.kim.id, room, func() {
			l.must(200, request{method: "DELETE", path: "/api/delete-chat-room/" + room + "?for=all", token: l.kim.token})
		}},
		{"session_ended", l.kim.id, l.kim.uuid, func() {
			l.must(200, request{method: "DELETE", path: "/api/sessions/" + third.sessionOf(), token: l.kim.token})
		}},
		{"refresh_reused", 0, l.kim.uuid, func() {
			spend(200, spend(200, other.in.RefreshToken).RefreshToken)
			spend(401, other.in.RefreshToken)
		}},
		{"password_changed", l.kim.id, l.kim.uuid, func() {
			l.must(200, request{
				method: "PUT", path: "/api/users/me/password", token: l.kim.token,
				body: wire.PasswordRequest{CurrentPassword: password, NewPassword: password},
			})
		}},
		{"reset_requested", 0, l.kim.uuid, reset},
		{"password_reset", l.kim.id, l.kim.uuid, nil}, // reset did it
	} {
		const entries = "select count(*) from audit where action = ? and coalesce(actor_id, 0) = ? and subject = ?"
		if c.act != nil {
			if n := l.count(entries, c.action, c.by, c.on); n != 0 {
				t.Errorf("%s: %d entries before it was done", c.action, n)
			}
			c.act()
		}
		if n := l.count(entries, c.action, c.by, c.on); n != 1 {
			t.Errorf("%s: %d entries", c.action, n)
		}
	}
}

// sessionOf is the session of a person's token.
func (p person) sessionOf() string {
	p.s.t.Helper()
	var list wire.SessionList
	p.get("/api/sessions", &list)
	for _, s := range list.Sessions {
		if s.Current {
			return s.SessionUUID
		}
	}
	p.s.t.Fatal("no session of his own")
	return ""
}

// retired waits for the end of a run: it is an entry too, in the name of who began it.
func retired(s *scene, _ request) {
	eventually(s.m.s.t, "the run ended", func() bool {
		return s.m.s.count("select count(*) from retention_runs where state = 'running' and worker <> 'another'") == 0
	})
}

// perform does an act, and compares what the audit says of it.
func (m *matrix) perform(t *testing.T, a act, r route) {
	s := m.scene(t, chief)
	who := m.people[chief]
	if a.alone {
		who = m.boss
	}
	req := r.req(s)
	if a.before != nil {
		a.before(s, req)
	}
	const mine = "select count(*) from audit where actor_id = ? and action like ?"
	action := string(a.action)
	if action == "" {
		action = "%" // any would be too much
	}
	before := m.s.count(mine, who.id, action)
	req.token = who.token
	if got := m.s.do(req); got.status >= 400 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if a.after != nil {
		a.after(s, req)
	}
	switch entries := m.s.count(mine, who.id, action) - before; {
	case a.action == "" && entries != 0:
		t.Errorf("it left %d entries, and the table says none", entries)
	case a.action != "" && entries != 1:
		t.Errorf("it left %d entries %s", entries, a.action)
	}
}
