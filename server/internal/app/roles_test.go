package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"himsg/shared/wire"
)

func (p person) role(of person, role wire.UserRole) answer {
	return p.s.do(request{
		method: "PUT", path: "/api/admin/users/" + of.uuid + "/role", token: p.token, body: wire.RoleRequest{Role: role, Reason: "인사"},
	})
}

func (p person) put(of person, verb string) answer {
	return p.s.do(request{
		method: "PUT", path: "/api/admin/users/" + of.uuid + "/" + verb, token: p.token, body: wire.ReasonRequest{Reason: "퇴사"},
	})
}

func (s *server) count(query string, args ...any) (n int) {
	s.t.Helper()
	if err := s.bare.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func refusedWith(t *testing.T, what string, a answer, status int, reason wire.Reason) {
	t.Helper()
	if a.status != status || a.refusal().Reason != reason {
		t.Errorf("%s: %d %s, want %d (%s)", what, a.status, a.body, status, reason)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		admin := s.join(boss, "admin")
		s.must(200, request{method: "PUT", path: "/api/admin/users/" + admin.uuid + "/role", token: boss.token, body: wire.RoleRequest{Role: wire.RoleAdmin}})
		refusedWith(t, "demotes himself", boss.role(boss, wire.RoleAdmin), 409, wire.ReasonLastOwner)
		refusedWith(t, "disables himself", boss.put(boss, "disable"), 403, wire.ReasonOneself)
		refusedWith(t, "an administrator disables him", admin.put(boss, "disable"), 403, wire.ReasonRank)
		refusedWith(t, "an administrator makes himself an owner", admin.role(admin, wire.RoleOwner), 403, wire.ReasonRank)

		// Two owners who demote, or disable, each other at once: one of them stays.
		for _, clash := range []func(by, of person) answer{
			func(by, of person) answer { return by.role(of, wire.RoleUser) },
			func(by, of person) answer { return by.put(of, "disable") },
			func(by, _ person) answer { return by.role(by, wire.RoleUser) },
		} {
			s.exec("update users set role = 'owner', state = 'active' where id in (?, ?)", boss.id, admin.id)
			boss, admin = s.login("boss"), s.login("admin")
			var both sync.WaitGroup
			both.Go(func() { clash(boss, admin) })
			both.Go(func() { clash(admin, boss) })
			both.Wait()
			if n := s.count("select count(*) from users where role = 'owner' and state = 'active'"); n != 1 {
				t.Errorf("%d owners are left", n)
			}
		}
	})
}

// TestANewRoleVoidsWhatCouldSetThePassword: an administrator who has a way into a user's account must not become an auditor by
// it, the second person of his own requests.
func TestANewRoleVoidsWhatCouldSetThePassword(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		admin, kim := s.join(boss, "admin"), s.join(boss, "kim")
		boss.role(admin, wire.RoleAdmin)
		var code wire.OneTimeCode
		s.must(201, request{method: "POST", path: "/api/admin/users/" + kim.uuid + "/reset-code", token: admin.token}).decode(t, &code)
		var asked wire.ResetReceived
		s.must(201, request{method: "POST", path: "/api/password-reset/request", body: factsOf("kim")}).decode(t, &asked)
		s.must(200, request{method: "PUT", path: fmt.Sprint("/api/password-reset/approve/", asked.RequestID), token: admin.token})
		id := admin.importFile("사번,이름,아이디\nN-1,새사람,newone\n")
		s.must(200, request{method: "POST", path: "/api/admin/import-people/" + id + "/apply", token: admin.token})
		admin.importState(id, wire.ImportApplied)
		codes := request{method: "GET", path: "/api/admin/import-people/" + id + "/codes", token: admin.token}
		lines := strings.Split(strings.TrimSpace(string(s.must(200, codes).body)), "\n")
		first := lines[1][strings.LastIndex(lines[1], ",")+1:]
		var newcomer string
		if err := s.bare.QueryRowContext(t.Context(), "select user_uuid from users where username = 'newone'").Scan(&newcomer); err != nil {
			t.Fatal(err)
		}

		s.must(200, request{method: "PUT", path: "/api/admin/users/" + kim.uuid + "/role", token: boss.token, body: wire.RoleRequest{Role: wire.RoleAuditor}})
		s.must(200, request{method: "PUT", path: "/api/admin/users/" + newcomer + "/role", token: boss.token, body: wire.RoleRequest{Role: wire.RoleAuditor}})
		for what, way := range map[string]wire.PasswordResetRequest{
			"a code":             {Username: "kim", Code: code.Code},
			"an approved device": {Secret: asked.Secret},
			"a first code":       {Username: "newone", Code: strings.TrimSpace(first)},
		} {
			way.NewPassword = newPassword
			if a := s.do(request{method: "POST", path: "/api/password-reset/reset", body: way}); a.status != 403 {
				t.Errorf("%s sets an auditor's password: %d %s", what, a.status, a.body)
			}
		}
		if again := s.must(200, codes); strings.Contains(string(again.body), "newone") {
			t.Errorf("an administrator gets a code of an auditor: %s", again.body)
		}
	})
}

func TestADisabledPersonIsOutWithinASecondAndComesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim := s.join(boss, "kim")
		socket, _ := s.dial(kim.token)
		s.ask(socket, wire.OpSync, wire.SyncRequest{})
		began := time.Now()
		if a := boss.put(kim, "disable"); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		refusedWith(t, "his token", s.do(request{method: "GET", path: "/api/users/me", token: kim.token}), 401, wire.ReasonDisabled)
		if code := closeCode(t, socket, 5*time.Second); code != wire.CloseRevoked {
			t.Errorf("closed with %d", code)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("it took %v", took)
		}
		refusedWith(t, "his password", s.do(request{
			method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "kim", Password: password},
		}), 403, wire.ReasonDisabled)
		boss.put(kim, "disable")
		if n := s.count("select count(*) from audit where action = 'user_disabled' and subject = ? and detail = '퇴사'", kim.uuid); n != 1 {
			t.Errorf("%d entries for one change", n)
		}
		boss.put(kim, "enable")
		s.login("kim")
	})
}

func TestANewRoleHoldsAtOnceAlsoOnOpenSockets(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim := s.join(boss, "kim")
	socket, _ := s.dial(kim.token)
	s.ask(socket, wire.OpSync, wire.SyncRequest{})
	s.must(403, request{method: "GET", path: "/api/pending-users", token: kim.token})
	boss.role(kim, wire.RoleAdmin)
	if code := closeCode(t, socket, 5*time.Second); code != wire.CloseRestart {
		t.Errorf("closed with %d", code)
	}
	s.must(200, request{method: "GET", path: "/api/pending-users", token: kim.token})
	if n := s.count("select count(*) from audit where action = 'role_changed' and subject = ? and detail = 'user → admin: 인사'", kim.uuid); n != 1 {
		t.Error("the audit does not say so")
	}
	boss.role(kim, wire.RoleUser)
	s.must(403, request{method: "GET", path: "/api/pending-users", token: kim.token})
}

func TestManyAreChangedAtOnceAndEachHasHisFate(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim, lee, chief := s.join(boss, "kim"), s.join(boss, "lee"), s.join(boss, "chief")
		boss.role(chief, wire.RoleAdmin)
		bulk := func(by person, in wire.BulkRequest) (reply wire.BulkReply) {
			s.must(200, request{method: "POST", path: "/api/admin/users/bulk", token: by.token, body: in}).decode(t, &reply)
			return reply
		}
		reply := bulk(chief, wire.BulkRequest{
			Action: wire.BulkDisable, Reason: "휴직", UserUUIDs: []string{kim.uuid, boss.uuid, chief.uuid, "nobody", lee.uuid, kim.uuid},
		})
		want := []wire.Reason{"", wire.ReasonRank, wire.ReasonOneself, "404", "", "again"}
		for i, r := range reply.Results {
			switch want[i] {
			case "":
				if !r.Changed {
					t.Errorf("%d: %+v", i, r)
				}
			case "404":
				if r.Refused == nil || r.Refused.Code != wire.NotFound {
					t.Errorf("%d: %+v", i, r)
				}
			case "again":
				if r.Changed || r.Refused != nil {
					t.Errorf("%d: %+v", i, r)
				}
			default:
				if r.Refused == nil || r.Refused.Reason != want[i] {
					t.Errorf("%d: %+v", i, r)
				}
			}
		}
		if reply.Changed != 2 || len(reply.Results) != len(want) {
			t.Errorf("%+v", reply)
		}
		park, choi := s.join(boss, "park"), s.join(boss, "choi")
		if r := bulk(chief, wire.BulkRequest{Action: wire.BulkSignOut, Reason: "점검", UserUUIDs: []string{park.uuid, boss.uuid, choi.uuid, park.uuid}}); r.Changed != 2 ||
			r.Results[1].Refused == nil || r.Results[1].Refused.Reason != wire.ReasonRank || r.Results[3].Changed || r.Results[3].Refused != nil {
			t.Errorf("%+v", r)
		}
		s.must(401, request{method: "GET", path: "/api/users/me", token: park.token})
		s.must(200, request{method: "GET", path: "/api/users/me", token: boss.token})
		if r := bulk(chief, wire.BulkRequest{Action: wire.BulkRole, Role: wire.RoleOwner, UserUUIDs: []string{lee.uuid}}); r.Results[0].Refused == nil {
			t.Error("an administrator made an owner")
		}
		if r := bulk(boss, wire.BulkRequest{Action: wire.BulkRole, Role: wire.RoleAuditor, UserUUIDs: []string{lee.uuid, kim.uuid}}); r.Changed != 2 {
			t.Errorf("%+v", r)
		}
		s.must(400, request{method: "POST", path: "/api/admin/users/bulk", token: boss.token, body: wire.BulkRequest{
			Action: wire.BulkEnable, UserUUIDs: make([]string, wire.MaxBulk+1),
		}})
	})
}

// TestWhoSignsUpFirstIsNoOwner: an empty server waits for its owner from the command line, whoever comes first.
func TestWhoSignsUpFirstIsNoOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		for _, name := range []string{"first", "second"} {
			s.must(201, request{method: "POST", path: "/api/register", body: form(name)})
			refusedWith(t, name, s.do(request{
				method: "POST", path: "/api/login", body: wire.LoginRequest{Username: name, Password: password},
			}), 403, wire.ReasonPending)
		}
		if n := s.count("select count(*) from users where role = 'user' and state = 'pending'"); n != 2 {
			t.Errorf("%d of two wait as users", n)
		}
	})
}
