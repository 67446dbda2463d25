package core_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// admins is a server with an administrator at work.
func admins(t *testing.T) (*server, *app) {
	t.Helper()
	s := newServer(t)
	s.me.Role, s.me.IsAdmin = wire.RoleAdmin, true
	s.people[0].Role = wire.RoleAdmin
	s.admin.answer = map[string]any{}
	return s, signedIn(t, s)
}

// asked is what the server was asked for about administration, without what the app asks by itself.
func (s *server) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	byItself := []string{"GET /api/update", "GET /api/admin/integrations?before=0"}
	return slices.DeleteFunc(slices.Clone(s.admin.calls), func(call string) bool {
		return slices.ContainsFunc(byItself, func(own string) bool { return strings.HasPrefix(call, own) })
	})
}

func TestWhoIsSecondIsToldWhoWasFirst(t *testing.T) {
	s, a := admins(t)
	taken := wire.HTTPError{Error: "김대표 님이 이미 처리했습니다.", Code: wire.Conflict, Reason: wire.ReasonDecided}
	s.answers("PUT /api/approve-user/7", taken)
	s.answers("PUT /api/password-reset/approve/8", taken)
	for name, err := range map[string]error{"a sign-up": a.Approve(7), "a password": a.ApproveReset(8)} {
		if f := failure(t, err); f.Reason != "decided" || !strings.Contains(f.Message, "김대표") {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestLostPasswordsComeWithTheirCompareCode(t *testing.T) {
	s, a := admins(t)
	at := wire.TimeOfMilli(1_700_000_000_000)
	s.answers("GET /api/admin/password-reset-requests", []wire.ResetEntry{{
		ID: 4, UserUUID: other, UserName: "이준호", Username: "junho", CompareCode: "482913", RequestedAt: at, ExpiresAt: at,
	}})
	s.answers("POST /api/admin/users/"+other+"/reset-code", wire.OneTimeCode{Code: "ABCD-EFGH", ExpiresAt: at})
	list, err := a.PendingResets()
	a.ok(err)
	if len(list) != 1 || list[0].CompareCode != "482913" || list[0].RequestedAt != at.UnixMilli() || list[0].Name != "이준호" {
		t.Errorf("waiting: %+v", list)
	}
	a.ok(a.RejectReset(4, "전화로 확인되지 않음"))
	code, err := a.MakeResetCode(other)
	if err != nil || code.Code != "ABCD-EFGH" || code.ExpiresAt != at.UnixMilli() {
		t.Errorf("code: %+v %v", code, err)
	}
	if calls := s.asked(); !slices.Contains(calls, `PUT /api/password-reset/reject/4 {"reason":"전화로 확인되지 않음"}`) {
		t.Errorf("asked: %q", calls)
	}
}

func TestAccountsAreChangedEachForHimself(t *testing.T) {
	s, a := admins(t)
	s.answers("POST /api/admin/users/bulk", wire.BulkReply{Changed: 1, Results: []wire.BulkFate{
		{UserUUID: other, Changed: true},
		{UserUUID: third, Refused: &wire.Error{Code: wire.Forbidden, Reason: wire.ReasonRank, Message: "no"}},
	}})
	fates, err := a.ChangeAccounts([]string{other, third}, core.AccountChange{Action: "disable", Reason: "퇴사"})
	a.ok(err)
	if len(fates) != 2 || !fates[0].Changed || fates[1].Refused == nil || fates[1].Refused.Reason != string(wire.ReasonRank) {
		t.Errorf("fates: %+v", fates)
	}
	before := len(s.asked())
	many := slices.Repeat([]string{other}, 101)
	if _, err := a.ChangeAccounts(many, core.AccountChange{Action: "enable"}); err != nil {
		t.Error(err)
	}
	var sizes []int
	for _, call := range s.asked()[before:] {
		sizes = append(sizes, strings.Count(call, other))
	}
	if !slices.Equal(sizes, []int{50, 50, 1}) {
		t.Errorf("people in each request: %v", sizes)
	}
	name, nowhere := "이준호B", ""
	_, err = a.ChangePerson(other, wire.PersonRequest{ProfileRequest: wire.ProfileRequest{Name: &name}, DepartmentUUID: &nowhere})
	a.ok(err)
	if calls := s.asked(); !slices.Contains(calls, "PUT /api/admin/users/"+other+` {"name":"이준호B","department_uuid":""}`) {
		t.Errorf("asked: %q", calls)
	}
}

// What the page hands over is looked at before anything leaves this device.
func TestHostileAdministration(t *testing.T) {
	s, a := admins(t)
	long, notID := strings.Repeat("x", 201), "../../users"
	many := slices.Repeat([]string{other}, 1001)
	for name, err := range map[string]error{
		"a path for a person":    second(a.Person(notID)),
		"no id":                  second(a.MakeResetCode("")),
		"a long name":            second(a.ChangePerson(other, wire.PersonRequest{ProfileRequest: wire.ProfileRequest{Name: &long}})),
		"a department's path":    second(a.ChangePerson(other, wire.PersonRequest{DepartmentUUID: &notID})),
		"too many accounts":      second(a.ChangeAccounts(many, core.AccountChange{Action: "disable"})),
		"nobody":                 second(a.ChangeAccounts(nil, core.AccountChange{Action: "disable"})),
		"too many people":        second(a.AssignPeople(many, core.Assignment{})),
		"a long reason":          second(a.ChangeAccounts([]string{other}, core.AccountChange{Action: "sign_out", Reason: long})),
		"a parent's path":        second(a.CreateDepartment(notID, "x")),
		"a department's head":    a.ChangeDepartment(other, wire.DepartmentRequest{HeadUUID: &notID}),
		"where its people go":    a.DeleteDepartment(other, notID),
		"a room of nothing":      a.SetDepartmentRoom(notID, true),
		"a format":               second(a.ExportPeople("../x")),
		"an archive's path":      second(a.SaveBackup(notID)),
		"a long passphrase":      second(a.DeletePerson(other, core.DeleteOrder{Passphrase: strings.Repeat("x", 1025)})),
		"rows before the first":  second(a.ImportRows(-1, "")),
		"a picture of something": second(a.ChoosePersonPicture(notID)),
	} {
		if f := failure(t, err); f.Code != "bad_request" {
			t.Errorf("%s: %v", name, f)
		}
	}
	if calls := s.asked(); len(calls) != 0 {
		t.Errorf("the server was asked: %q", calls)
	}
}

func TestAnImportGoesFromTheDialogToTheRows(t *testing.T) {
	s, a := admins(t)
	s.answers("GET /api/admin/import-people", wire.ImportList{})
	if i, err := a.ImportStatus(); err != nil || i.State != "" {
		t.Errorf("before the first: %+v %v", i, err)
	}
	path := filepath.Join(t.TempDir(), "비밀 명단.csv")
	a.ok(os.WriteFile(path, []byte("이름,사번\n홍길동,1\n"), 0o600))
	a.change(func() { a.chosen = path })
	at := "/api/admin/import-people/" + third
	s.answers("POST /api/admin/import-people", wire.Import{ImportUUID: third, State: wire.ImportReading})
	s.answers("GET "+at, wire.Import{ImportUUID: third, State: wire.ImportReady, Total: 1, Counts: map[string]int{"create": 1}})
	s.answers("GET "+at+"/rows?after=0&only=create", wire.ImportRows{Next: 2, Rows: []wire.ImportRow{{
		Row: 2, Fate: wire.RowCreate, Values: map[wire.Field]string{wire.FieldName: "홍길동"},
	}}})
	if chosen, err := a.ChooseImport(); !chosen || err != nil {
		t.Fatalf("chosen: %v %v", chosen, err)
	}
	if i, err := a.ImportStatus(); err != nil || i.State != wire.ImportReady || i.Counts["create"] != 1 || i.Columns == nil {
		t.Errorf("compared: %+v %v", i, err)
	}
	rows, err := a.ImportRows(0, "create")
	if err != nil || rows.Next != 2 || len(rows.Rows) != 1 || rows.Rows[0].Values["name"] != "홍길동" || rows.Rows[0].Problems == nil {
		t.Errorf("rows: %+v %v", rows, err)
	}
	a.ok(a.ApplyImport())
	a.ok(a.EndImport())
	calls := s.asked()
	for _, want := range []string{"POST " + at + "/apply", "DELETE " + at, "POST /api/admin/import-people 이름,사번\n홍길동,1"} {
		if !slices.Contains(calls, want) {
			t.Errorf("%q is missing in %q", want, calls)
		}
	}
	if strings.Contains(strings.Join(calls, " "), "비밀") {
		t.Error("the file's name left the device")
	}
	if i, err := a.ImportStatus(); err != nil || i.State != "" {
		t.Errorf("forgotten: %+v %v", i, err)
	}
}

// TestAnImportIsFoundAgain: a core that was started anew asks the server for the last one, and its calls are about that.
func TestAnImportIsFoundAgain(t *testing.T) {
	s, a := admins(t)
	s.answers("GET /api/admin/import-people", wire.ImportList{Imports: []wire.Import{
		{ImportUUID: third, State: wire.ImportApplying, Total: 9, Done: 4}, {ImportUUID: other, State: wire.ImportApplied},
	}})
	if i, err := a.ImportStatus(); err != nil || i.State != wire.ImportApplying || i.Done != 4 {
		t.Errorf("found: %+v %v", i, err)
	}
	at := "/api/admin/import-people/" + third
	s.answers("GET "+at, wire.Import{ImportUUID: third, State: wire.ImportApplying})
	a.ok(a.EndImport())
	path := filepath.Join(t.TempDir(), "next.csv")
	a.ok(os.WriteFile(path, []byte("이름,사번\n"), 0o600))
	a.change(func() { a.chosen = path })
	s.answers("POST /api/admin/import-people", wire.Import{ImportUUID: other, State: wire.ImportReading})
	if chosen, err := a.ChooseImport(); !chosen || err != nil {
		t.Fatalf("chosen: %v %v", chosen, err)
	}
	forgotten := 0
	for _, call := range s.asked() {
		if call == "DELETE "+at {
			forgotten++
		}
	}
	if forgotten != 2 {
		t.Errorf("it was cancelled and then forgotten for the new one: %d", forgotten)
	}
}

func TestAnArchiveIsSavedWholeOrNotAtAll(t *testing.T) {
	s, a := admins(t)
	folder := t.TempDir()
	target := filepath.Join(folder, "x.age")
	a.change(func() { a.picked = []string{target} })
	whole := bytes.Repeat([]byte("sealed "), 1<<14)
	s.with(func() { s.admin.file, s.admin.cut = whole, true })
	if saved, err := a.SaveBackup(other); saved || failure(t, err).Code != "offline" {
		t.Errorf("cut off: %v %v", saved, err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}

	hang := make(chan struct{})
	s.with(func() { s.admin.cut, s.admin.hang = false, hang })
	stopped := make(chan error)
	go func() { <-hang; stopped <- a.StopSaving() }()
	if saved, err := a.SaveBackup(other); saved || err != nil {
		t.Errorf("stopped: %v %v", saved, err)
	}
	a.ok(<-stopped)
	if left, err = os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left behind by a stop: %v %v", left, err)
	}

	s.with(func() { s.admin.hang = nil })
	if saved, err := a.SaveBackup(other); !saved || err != nil {
		t.Fatalf("saved: %v %v", saved, err)
	}
	if content, err := os.ReadFile(target); err != nil || !bytes.Equal(content, whole) {
		t.Errorf("saved %d of %d bytes, %v", len(content), len(whole), err)
	}
}
