package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// This file is the abuse table of the lost password, over real HTTP: what may set one, and all that may not.

const newPassword = "새롭고 좋은 비밀번호 77"

// factsOf are what colleagues know of somebody who signed up with form.
func factsOf(tag string) wire.ResetRequest {
	f := form(tag)
	return wire.ResetRequest{Username: f.Username, EmployeeID: f.EmployeeID, Department: f.Department}
}

// lostPassword is a server with an owner, an administrator, and kim, who forgot his password; its clock can be moved on.
type lostPassword struct {
	*server
	t           *testing.T
	boss, admin person
	kim         person
	ahead       *atomic.Int64
}

func newLostPassword(t *testing.T, database string) *lostPassword {
	t.Helper()
	ahead := &atomic.Int64{}
	s := startAt(t, settings(t, database), func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	s.owner("boss")
	l := &lostPassword{server: s, t: t, boss: s.login("boss"), ahead: ahead}
	l.admin = s.join(l.boss, "admin")
	s.exec("update users set role = 'admin' where id = ?", l.admin.id)
	l.admin, l.kim = s.login("admin"), s.join(l.boss, "kim")
	return l
}

func (l *lostPassword) ask(facts wire.ResetRequest) (asked wire.ResetReceived) {
	l.t.Helper()
	l.must(201, request{method: "POST", path: "/api/password-reset/request", body: facts}).decode(l.t, &asked)
	return asked
}

func (l *lostPassword) status(secret string) wire.ResetStatusReply {
	l.t.Helper()
	var reply wire.ResetStatusReply
	l.must(200, request{method: "POST", path: "/api/password-reset/status", body: wire.ResetStatusRequest{Secret: secret}}).
		decode(l.t, &reply)
	return reply
}

func (l *lostPassword) decide(by person, verb string, id int64) answer {
	return l.do(request{method: "PUT", path: fmt.Sprintf("/api/password-reset/%s/%d", verb, id), token: by.token})
}

func (l *lostPassword) set(r wire.PasswordResetRequest) answer {
	if r.NewPassword == "" {
		r.NewPassword = newPassword
	}
	return l.do(request{method: "POST", path: "/api/password-reset/reset", body: r})
}

func (l *lostPassword) code(by person, userUUID string) (code wire.OneTimeCode) {
	l.t.Helper()
	l.must(201, request{method: "POST", path: "/api/admin/users/" + userUUID + "/reset-code", token: by.token}).decode(l.t, &code)
	return code
}

func (l *lostPassword) signsIn(username, with string) bool {
	return l.do(request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: username, Password: with}}).status == 200
}

func TestALostPasswordIsSetByTheDeviceThatAsked(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			l := newLostPassword(t, database)
			socket, _ := l.dial(l.kim.token)
			l.server.ask(socket, wire.OpSync, wire.SyncRequest{})
			told, _ := l.dial(l.admin.token)
			l.server.ask(told, wire.OpSync, wire.SyncRequest{})

			asked := l.ask(factsOf("kim"))
			var counts wire.AdminCounts
			if await(t, told, wire.EvAdmin, &counts); counts.PendingResets != 1 {
				t.Errorf("administrators were told %+v", counts)
			}
			if st := l.status(asked.Secret); st.Request.Status != wire.ResetPending || st.Request.UserUUID != "" {
				t.Errorf("while it waits: %+v", st)
			}
			var list []wire.ResetEntry
			l.admin.get("/api/admin/password-reset-requests", &list)
			if len(list) != 1 || list[0].CompareCode != asked.CompareCode || list[0].UserName != "이kim" || list[0].UserUUID != l.kim.uuid {
				t.Fatalf("administrators see %+v", list)
			}
			if a := l.decide(l.admin, "approve", list[0].ID); a.status != 200 {
				t.Fatalf("approve: %d %s", a.status, a.body)
			}
			if st := l.status(asked.Secret); st.Request.Status != wire.ResetApproved || st.UserName != "이kim" || *st.Request.ProcessedBy != l.admin.uuid {
				t.Errorf("approved: %+v", st)
			}
			if a := l.set(wire.PasswordResetRequest{Secret: asked.Secret}); a.status != 200 {
				t.Fatalf("set: %d %s", a.status, a.body)
			}
			if code := closeCode(t, socket, 5*time.Second); code != wire.CloseRevoked {
				t.Errorf("his other device was closed with %d", code)
			}
			for what, r := range map[string]request{
				"its access token":  {method: "GET", path: "/api/users/me", token: l.kim.token},
				"its refresh token": {method: "POST", path: "/api/token/refresh", body: wire.RefreshRequest{RefreshToken: l.kim.in.RefreshToken}},
			} {
				if a := l.do(r); a.status != 401 || a.refusal().Reason != wire.ReasonPasswordReset {
					t.Errorf("%s: %d %s", what, a.status, a.body)
				}
			}
			if l.signsIn("kim", password) || !l.signsIn("kim", newPassword) {
				t.Error("the new password does not hold alone")
			}
			if st := l.status(asked.Secret); st.Request.Status != wire.ResetCompleted {
				t.Errorf("afterwards: %+v", st)
			}
			l.audited("reset_requested", "reset_approved", "password_reset")
		})
	}
}

// audited checks that the audit has entries about kim.
func (l *lostPassword) audited(actions ...string) {
	l.t.Helper()
	for _, action := range actions {
		var n int
		row := l.bare.QueryRowContext(l.t.Context(), "select count(*) from audit where action = ? and subject = ?", action, l.kim.uuid)
		if err := row.Scan(&n); err != nil || n == 0 {
			l.t.Errorf("the audit says nothing of %s: %v", action, err)
		}
	}
}

// databases are both, by name, as URLs.
func databases(t *testing.T) map[string]string {
	return map[string]string{"sqlite": "", "mariadb": mariaURL(t)}
}

func TestNobodyElseSetsALostPassword(t *testing.T) {
	approved := func(l *lostPassword) wire.ResetReceived {
		asked := l.ask(factsOf("kim"))
		if a := l.decide(l.admin, "approve", asked.RequestID); a.status != 200 {
			l.t.Fatalf("approve: %d %s", a.status, a.body)
		}
		return asked
	}
	l := newLostPassword(t, "")
	l.join(l.boss, "lee")
	for _, c := range []struct {
		name string
		try  func(l *lostPassword) answer
	}{
		{"who knows the three facts, as in the original", func(l *lostPassword) answer {
			approved(l)
			facts := factsOf("kim")
			return l.do(request{method: "POST", path: "/api/password-reset/reset", body: map[string]string{
				"username": facts.Username, "employee_id": facts.EmployeeID, "department": facts.Department, "new_password": newPassword,
			}})
		}},
		{"another device with a secret of its own", func(l *lostPassword) answer {
			other := l.ask(factsOf("kim"))
			approved(l)
			return l.set(wire.PasswordResetRequest{Secret: other.Secret})
		}},
		{"a device before the approval", func(l *lostPassword) answer {
			return l.set(wire.PasswordResetRequest{Secret: l.ask(factsOf("kim")).Secret})
		}},
		{"a device that was rejected", func(l *lostPassword) answer {
			asked := l.ask(factsOf("kim"))
			if rejected := l.decide(l.admin, "reject", asked.RequestID); rejected.status != 200 {
				l.t.Fatalf("the rejection: %d %s", rejected.status, rejected.body)
			}
			return l.set(wire.PasswordResetRequest{Secret: asked.Secret})
		}},
		{"a device that comes late", func(l *lostPassword) answer {
			asked := approved(l)
			l.ahead.Store(int64(16 * time.Minute))
			return l.set(wire.PasswordResetRequest{Secret: asked.Secret})
		}},
		{"a secret that nobody was given", func(l *lostPassword) answer {
			approved(l)
			return l.set(wire.PasswordResetRequest{Secret: strings.Repeat("A", 43)})
		}},
		{"whom nobody knows", func(l *lostPassword) answer {
			asked := l.ask(wire.ResetRequest{Username: "nobody", EmployeeID: "x", Department: "x"})
			l.decide(l.admin, "approve", asked.RequestID)
			return l.set(wire.PasswordResetRequest{Secret: asked.Secret})
		}},
		{"a person who was disabled meanwhile", func(l *lostPassword) answer {
			asked := approved(l)
			l.exec("update users set state = 'disabled' where id = ?", l.kim.id)
			a := l.set(wire.PasswordResetRequest{Secret: asked.Secret})
			l.exec("update users set state = 'active' where id = ?", l.kim.id)
			return a
		}},
		{"a wrong code", func(l *lostPassword) answer {
			l.code(l.admin, l.kim.uuid)
			return l.set(wire.PasswordResetRequest{Username: "kim", Code: "AAAA-AAAA"})
		}},
		{"the right code after five wrong ones", func(l *lostPassword) answer {
			code := l.code(l.admin, l.kim.uuid)
			for range wire.MaxCodeTries {
				l.set(wire.PasswordResetRequest{Username: "kim", Code: "AAAA-AAAA"})
			}
			return l.set(wire.PasswordResetRequest{Username: "kim", Code: code.Code})
		}},
		{"a code that is old", func(l *lostPassword) answer {
			code := l.code(l.admin, l.kim.uuid)
			l.ahead.Store(int64(11 * time.Minute))
			return l.set(wire.PasswordResetRequest{Username: "kim", Code: code.Code})
		}},
		{"a code that a newer one replaced", func(l *lostPassword) answer {
			code := l.code(l.admin, l.kim.uuid)
			l.code(l.admin, l.kim.uuid)
			return l.set(wire.PasswordResetRequest{Username: "kim", Code: code.Code})
		}},
		{"another's code", func(l *lostPassword) answer {
			code := l.code(l.admin, l.kim.uuid)
			return l.set(wire.PasswordResetRequest{Username: "lee", Code: code.Code})
		}},
		{"an administrator alone, by the person's name", func(l *lostPassword) answer {
			return l.do(request{
				method: "POST", path: "/api/password-reset/reset", token: l.admin.token,
				body: wire.PasswordResetRequest{Username: "kim", NewPassword: newPassword},
			})
		}},
		{"an administrator who wants the owner's account", func(l *lostPassword) answer {
			return l.do(request{method: "POST", path: "/api/admin/users/" + l.boss.uuid + "/reset-code", token: l.admin.token})
		}},
		{"an administrator for himself", func(l *lostPassword) answer {
			return l.do(request{method: "POST", path: "/api/admin/users/" + l.admin.uuid + "/reset-code", token: l.admin.token})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l.exec("delete from password_resets")
			l.exec("delete from one_time_codes")
			if a := c.try(l); a.status != 403 || a.refusal().Code != wire.Forbidden {
				t.Errorf("%d %s", a.status, a.body)
			}
			l.ahead.Store(0)
			if !l.signsIn("kim", password) || l.signsIn("kim", newPassword) {
				t.Error("his password was changed")
			}
		})
	}
}

func TestAOneTimeCodeIsGoodOnceAndAudited(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			l := newLostPassword(t, database)
			code := l.code(l.admin, l.kim.uuid)
			typed := strings.ToLower(strings.ReplaceAll(code.Code, "-", " "))
			if a := l.set(wire.PasswordResetRequest{Username: "KIM", Code: typed, NewPassword: "12345678"}); a.refusal().Reason != wire.ReasonWeakPassword {
				t.Errorf("a weak password: %d %s", a.status, a.body)
			}
			if a := l.set(wire.PasswordResetRequest{Username: "KIM", Code: typed}); a.status != 200 {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if a := l.set(wire.PasswordResetRequest{Username: "kim", Code: typed, NewPassword: password}); a.status != 403 {
				t.Errorf("twice: %d %s", a.status, a.body)
			}
			if !l.signsIn("kim", newPassword) {
				t.Error("the new password does not hold")
			}
			l.audited("code_made", "password_reset")
		})
	}
}

func TestASecretIsGoodOnceAlsoWhenAllComeAtOnce(t *testing.T) {
	l := newLostPassword(t, "")
	asked := l.ask(factsOf("kim"))
	l.decide(l.admin, "approve", asked.RequestID)
	const n = 4
	statuses := make([]int, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			statuses[i] = l.set(wire.PasswordResetRequest{Secret: asked.Secret, NewPassword: fmt.Sprint(newPassword, i)}).status
		})
	}
	all.Wait()
	slices.Sort(statuses)
	if want := []int{200, 403, 403, 403}; !slices.Equal(statuses, want) {
		t.Errorf("answers %v, want %v", statuses, want)
	}
}

func TestOfTwoAdministratorsOneDecides(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			l := newLostPassword(t, database)
			asked, other := l.ask(factsOf("kim")), l.ask(factsOf("kim"))
			var yes, no answer
			var both sync.WaitGroup
			both.Go(func() { yes = l.decide(l.admin, "approve", asked.RequestID) })
			both.Go(func() { no = l.decide(l.boss, "approve", asked.RequestID) })
			both.Wait()
			late, first := yes, l.boss.in.User.Name
			if yes.status == 200 {
				late, first = no, l.admin.in.User.Name
			}
			if yes.status+no.status != 600 || late.refusal().Error != "이미 처리된 요청입니다. 처리한 사람: "+first {
				t.Errorf("%d %s, %d %s", yes.status, yes.body, no.status, no.body)
			}
			var n int
			row := l.bare.QueryRowContext(t.Context(), "select count(*) from audit where action = 'reset_approved'")
			if err := row.Scan(&n); err != nil || n != 1 {
				t.Errorf("%d approvals are in the audit: %v", n, err)
			}
			// The second request of the same person waits for a decision of its own, and is void once the first was used.
			if st := l.status(other.Secret); st.Request.Status != wire.ResetPending || st.Request.ID == asked.RequestID {
				t.Errorf("the other request: %+v", st)
			}
			l.set(wire.PasswordResetRequest{Secret: asked.Secret})
			if st := l.status(other.Secret); st.Request.Status != wire.ResetReplaced {
				t.Errorf("the other request afterwards: %+v", st)
			}
		})
	}
}

func TestARequestTellsNothingOfWhoExists(t *testing.T) {
	l := newLostPassword(t, "")
	l.exec("update users set state = 'disabled' where id = ?", l.join(l.boss, "gone").id)
	l.signUp("waiting")
	shape := func(a answer) string {
		var body map[string]any
		a.decode(t, &body)
		for _, own := range []string{"request_id", "secret", "compare_code", "expires_at"} {
			body[own] = fmt.Sprintf("%T", body[own])
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(a.status, len(a.header), string(text))
	}
	post := func(facts wire.ResetRequest) answer {
		return l.do(request{method: "POST", path: "/api/password-reset/request", body: facts})
	}
	want := shape(post(factsOf("kim")))
	half := factsOf("kim")
	half.EmployeeID = "E-other"
	for name, facts := range map[string]wire.ResetRequest{
		"nobody": {Username: "nobody", EmployeeID: "E-x", Department: "x"}, "two of three facts": half,
		"disabled": factsOf("gone"), "pending": factsOf("waiting"),
	} {
		a := post(facts)
		if got := shape(a); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		var asked wire.ResetReceived
		a.decode(t, &asked)
		st := l.status(asked.Secret)
		if st.Request.Status != wire.ResetPending || st.UserName != facts.Username || st.Request.UserUUID != "" {
			t.Errorf("%s: status %+v", name, st)
		}
	}
	var list []wire.ResetEntry
	l.admin.get("/api/admin/password-reset-requests", &list)
	if len(list) != 1 {
		t.Errorf("administrators are shown %d requests", len(list))
	}
	// What many ask for one person, nobody sees beyond the first few; and it can't keep him from asking later.
	for range 8 {
		l.ask(factsOf("kim"))
	}
	if l.admin.get("/api/admin/password-reset-requests", &list); len(list) != 5 {
		t.Errorf("administrators are shown %d requests", len(list))
	}
}

// TestARequestTakesAsLongForNobody compares requests for both, alternately, by their medians: a database write for one of
// them alone would be three times the other.
func TestARequestTakesAsLongForNobody(t *testing.T) {
	l := newLostPassword(t, "")
	n := storetest.Samples(t, 100)
	times := map[string][]time.Duration{}
	for i := range n {
		for who, facts := range map[string]wire.ResetRequest{
			"kim": factsOf("kim"), "nobody": {Username: fmt.Sprint("nobody", i), EmployeeID: "E-kim", Department: "개발1팀"},
		} {
			began := time.Now()
			asked := l.ask(facts)
			times[who] = append(times[who], time.Since(began))
			if who == "kim" { // of a person with many requests the next ones are nobody's, too
				l.must(200, request{
					method: "PUT", path: fmt.Sprint("/api/password-reset/reject/", asked.RequestID), token: l.admin.token,
					body: wire.RejectRequest{Reason: "시간을 재는 중"},
				})
			}
		}
	}
	known, unknown := storetest.SpreadOf(times["kim"]), storetest.SpreadOf(times["nobody"])
	t.Logf("median of %d: known %v, unknown %v, ratio %.3f; the middle halves: %v and %v", n, known.Median, unknown.Median,
		float64(known.Median)/float64(unknown.Median), known, unknown)
	if known.Low > unknown.High || unknown.Low > known.High {
		t.Error("the middle halves of both don't overlap")
	}
}

func TestRejectedResetsTellTheReasonAndLateApprovalsAreRefused(t *testing.T) {
	l := newLostPassword(t, "")
	asked := l.ask(factsOf("kim"))
	l.must(200, request{
		method: "PUT", path: fmt.Sprint("/api/password-reset/reject/", asked.RequestID), token: l.admin.token,
		body: wire.RejectRequest{Reason: "전화로 확인되지 않았습니다."},
	})
	if st := l.status(asked.Secret); st.Request.Status != wire.ResetRejected || st.Request.Reason != "전화로 확인되지 않았습니다." {
		t.Errorf("%+v", st)
	}
	old := l.ask(factsOf("kim"))
	l.ahead.Store(int64(25 * time.Hour))
	if st := l.status(old.Secret); st.Request.Status != wire.ResetExpired {
		t.Errorf("a day later: %+v", st)
	}
	l.admin = l.login("admin")
	if a := l.decide(l.admin, "approve", old.RequestID); a.status != 400 || a.refusal().Error != "이미 처리된 요청입니다." {
		t.Errorf("approved a day later: %d %s", a.status, a.body)
	}
	if a := l.decide(l.admin, "approve", 1<<40); a.status != 404 || a.refusal().Error != "요청을 찾을 수 없습니다." {
		t.Errorf("unknown: %d %s", a.status, a.body)
	}
	for path, body := range map[string]any{
		"/api/password-reset/request": wire.ResetRequest{Username: "kim"}, "/api/password-reset/reset": wire.PasswordResetRequest{Secret: "x"},
	} {
		if a := l.do(request{method: "POST", path: path, body: body}); a.status != 400 || a.refusal().Error != "모든 필드를 입력해주세요." {
			t.Errorf("%s half filled in: %d %s", path, a.status, a.body)
		}
	}
}
