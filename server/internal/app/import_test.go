package app_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// TestPeopleAreImported: compared, applied, handed codes, exported, and imported again without a change.
func TestPeopleAreImported(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim := s.join(boss, "kim")
		file := "사번,이름,부서,직급,아이디,상태,비고\n" +
			"N-1,새사람,본부 > 1팀,사원,newone,재직,x\n" +
			"N-2,=cmd,본부,,newtwo,,\n" +
			"E-kim,이kim,본부,과장,,퇴직,\n"
		id := boss.importFile(file)
		at := boss.importState(id, wire.ImportReady)
		if at.Total != 3 || at.Counts["create"] != 1 || at.Counts["change"] != 1 || at.Counts["error"] != 1 ||
			!slices.Equal(at.IgnoredColumns, []string{"비고"}) || !slices.Equal(at.NewDepartments, []string{"본부", "본부 > 1팀"}) {
			t.Fatalf("%+v", at)
		}
		var page wire.ImportRows
		boss.get("/api/admin/import-people/"+id+"/rows?limit=2", &page)
		if len(page.Rows) != 2 || page.Next != 3 || page.Rows[1].Problems[0].Reason != wire.ReasonValueFormula {
			t.Errorf("%+v", page)
		}
		boss.get("/api/admin/import-people/"+id+"/rows?only=change&after=0", &page)
		if len(page.Rows) != 1 || page.Rows[0].UserUUID != kim.uuid || len(page.Rows[0].Changes) != 3 {
			t.Errorf("%+v", page)
		}
		s.must(202, request{method: "POST", path: "/api/admin/import-people", token: boss.token, body: file})
		for s.do(request{method: "POST", path: "/api/admin/import-people/" + id + "/apply", token: boss.token}).status == http.StatusConflict {
			continue // until the other one is read
		}
		at = boss.importState(id, wire.ImportApplied)
		if at.Counts["created"] != 1 || at.Counts["changed"] != 1 || at.Counts["error"] != 1 {
			t.Errorf("%+v", at)
		}
		s.must(401, request{method: "GET", path: "/api/users/me", token: kim.token}) // he is gone
		if a := s.do(request{method: "POST", path: "/api/admin/import-people/" + id + "/apply", token: boss.token}); a.refusal().Reason != wire.ReasonImportState {
			t.Errorf("applied twice: %d %s", a.status, a.body)
		}
		signIn := request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "newone", Password: "x"}}
		if a := s.do(signIn); a.status != 401 || a.refusal().Reason != wire.ReasonBadCredentials {
			t.Errorf("without a password: %d %s", a.status, a.body)
		}
		codes := s.must(200, request{method: "GET", path: "/api/admin/import-people/" + id + "/codes", token: boss.token})
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(codes.body), "\ufeff"))).ReadAll()
		if err != nil || len(lines) != 2 || lines[1][2] != "newone" {
			t.Fatalf("%q, %v", lines, err)
		}
		s.must(200, request{method: "POST", path: "/api/password-reset/reset", body: wire.PasswordResetRequest{
			Username: "newone", Code: lines[1][3], NewPassword: password,
		}})
		if one := s.login("newone"); one.in.User.Department != "1팀" || one.in.User.Grade != "사원" {
			t.Errorf("%+v", one.in.User)
		}
		for _, format := range []string{"csv", "xlsx"} {
			out := s.must(200, request{method: "GET", path: "/api/admin/export-people?format=" + format, token: boss.token})
			again := boss.importState(boss.importFile(string(out.body)), wire.ImportReady)
			if again.Counts["unchanged"] != 3 || again.Total != 3 {
				t.Errorf("the export as %s is imported as %+v", format, again.Counts)
			}
		}
		s.must(200, request{method: "DELETE", path: "/api/admin/import-people/" + id, token: boss.token})
		s.must(404, request{method: "GET", path: "/api/admin/import-people/" + id, token: boss.token})
	})
}

func TestBadFilesOfPeople(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	for name, data := range map[string]string{
		"no columns": "a,b\n1,2\n", "no rows": "", "a picture": smallPNG, "a broken book": "PK\x03\x04xxxx",
	} {
		var made wire.Import
		for made.ImportUUID == "" { // until the one before is read
			s.do(request{method: "POST", path: "/api/admin/import-people", token: boss.token, body: data}).decode(t, &made)
		}
		for made.State == wire.ImportReading {
			boss.get("/api/admin/import-people/"+made.ImportUUID, &made)
		}
		if made.State != wire.ImportFailed || made.Failure == "" {
			t.Errorf("%s: %+v", name, made)
		}
		s.must(409, request{method: "POST", path: "/api/admin/import-people/" + made.ImportUUID + "/apply", token: boss.token})
	}
	s.must(404, request{method: "GET", path: "/api/admin/import-people/" + uuid.NewString(), token: boss.token})
	s.must(400, request{method: "GET", path: "/api/admin/export-people?format=exe", token: boss.token})
}
