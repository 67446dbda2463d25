package app_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/shared/wire"
)

func TestTheAuditIsFilteredPagedAndExported(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim := s.join(boss, "kim")
		boss.put(kim, "disable")
		boss.put(kim, "enable")
		s.must(200, request{
			method: "PUT", path: "/api/admin/users/" + kim.uuid + "/disable", token: boss.token,
			body: wire.ReasonRequest{Reason: `=HYPERLINK("http://x","y")`},
		})
		list := func(query string) (page wire.AuditPage) {
			boss.get("/api/admin/audit?"+query, &page)
			return page
		}
		for query, want := range map[string]int{
			"action=user_disabled": 2, "actor=" + boss.uuid + "&action=user_enabled": 1, "subject=" + kim.uuid: 5,
			"actor=" + kim.uuid: 0, "action=user_disabled&to=2001-01-01T00:00:00Z": 0,
			"action=user_disabled&from=2001-01-01T00:00:00Z": 2,
		} {
			page := list(query)
			if len(page.Entries) != want || page.Next != 0 {
				t.Errorf("%s: %d entries, next %d; want %d", query, len(page.Entries), page.Next, want)
			}
		}
		var seen []int64
		for before := int64(0); ; {
			page := list(fmt.Sprintf("subject=%s&limit=2&before=%d", kim.uuid, before))
			for _, e := range page.Entries {
				if len(seen) > 0 && e.ID >= seen[len(seen)-1] {
					t.Errorf("entry %d after %v", e.ID, seen)
				}
				seen = append(seen, e.ID)
			}
			if before = page.Next; before == 0 {
				break
			}
		}
		if len(seen) != 5 {
			t.Errorf("paged through %v", seen)
		}
		waiting := s.signUp("han")
		if e := list("limit=1").Entries[0]; e.Action != "user_registered" || e.SubjectName != "이han" || e.SubjectUsername != "han" {
			t.Errorf("who waits for an approval: %+v", e)
		}
		s.must(200, request{
			method: "PUT", path: fmt.Sprint("/api/reject-user/", waiting), token: boss.token, body: wire.RejectRequest{Reason: "사번"},
		})
		if e := list("limit=1").Entries[0]; e.Action != "user_rejected" || e.SubjectName != "이han" || e.SubjectUsername != "han" {
			t.Errorf("who was rejected: %+v", e)
		}
		newest := list("limit=1&subject=" + kim.uuid).Entries[0]
		if newest.ActorName != "김대표" || newest.ActorUUID != boss.uuid || newest.Subject != kim.uuid || newest.RemoteAddr == "" {
			t.Errorf("%+v", newest)
		}

		a := s.must(200, request{method: "GET", path: "/api/admin/audit/export?format=csv&action=user_disabled", token: boss.token})
		rows, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
		if err != nil || len(rows) != 3 || rows[1][6] != `'=HYPERLINK("http://x","y")` || !strings.HasPrefix(string(a.body), "\ufeffid,") {
			t.Errorf("%v: %q", err, rows)
		}
		a = s.must(200, request{method: "GET", path: "/api/admin/audit/export?format=jsonl&subject=" + kim.uuid, token: boss.token})
		lines := strings.Split(strings.TrimSpace(string(a.body)), "\n")
		var e wire.AuditEntry
		if err := json.Unmarshal([]byte(lines[0]), &e); err != nil || len(lines) != 5 || e.Action != "user_disabled" {
			t.Errorf("%v: %d lines, %+v", err, len(lines), e)
		}
		if n := len(list("action=audit_exported").Entries); n != 2 {
			t.Errorf("%d exports are in the audit", n)
		}
	})
}

// TestTamperingWithTheAuditIsFound cuts the end off with the counter mended, as somebody could who has the database alone.
func TestTamperingWithTheAuditIsFound(t *testing.T) {
	const cut = "delete from audit where id > 5; update counters set value = 5 where name = 'audit_entries'"
	const swap = "update audit set id = 9003 where id = 3; update audit set id = 3 where id = 4; update audit set id = 4 where id = 9003"
	for _, c := range []struct{ name, tamper, says string }{
		{"nothing", "", ""},
		{"changed", "update audit set detail = 'x' where id = 3", "entry 3 was changed"},
		{"deleted", "delete from audit where id = 3", "entry 4 does not follow"},
		{"reordered", swap, "entry 3 does not follow"},
		{"an older version claimed", "update audit set version = 1 where id = 3", "entry 3 was changed"},
		{"the end cut off, and the counter mended", cut, "but the chain ends with entry 5: its end was cut off"},
		{"the end cut off, and others added", cut + "; #", "was signed as the last one and is missing"},
		{"the head forged", "#forge", "the file was changed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, settings(t, ""))
			s.owner("boss")
			boss := s.login("boss")
			for i := range 4 {
				s.join(boss, fmt.Sprint("kim", i))
			}
			head := filepath.Join(s.c.Data, "audit.head")
			await := func() {
				for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
					var h struct{ Entries int }
					if text, err := os.ReadFile(head); err == nil && json.Unmarshal(text, &h) == nil && h.Entries == 9 {
						return
					}
				}
				t.Fatal("the head was not written")
			}
			await()
			tamper, more := strings.CutSuffix(c.tamper, "; #")
			if tamper == "#forge" {
				if err := os.WriteFile(head, []byte(`{"entries":1,"id":1,"hash":"x","mac":"y"}`), 0o600); err != nil {
					t.Fatal(err)
				}
			} else if tamper != "" {
				s.exec(tamper)
			}
			if more {
				for i := range 3 {
					s.join(boss, fmt.Sprint("lee", i))
				}
			}
			var check wire.AuditCheck
			boss.get("/api/admin/audit/verify", &check)
			if check.Whole != (c.says == "") || !strings.Contains(check.Fault, c.says) {
				t.Errorf("%+v, want %q", check, c.says)
			}
			if c.tamper == "" && (check.Entries != 9 || check.Signed == 0) {
				t.Errorf("%+v", check)
			}
		})
	}
}
