package core_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
)

func (s *server) serveAudit(w http.ResponseWriter, r *http.Request) {
	var answer http.HandlerFunc
	s.with(func() { answer = s.audit })
	answer(w, r)
}

// auditRoutes answer about a record of one entry; asked is told the query of every call.
func auditRoutes(asked func(string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked(r.URL.RawQuery)
		switch r.URL.Path {
		case "/api/admin/audit/verify":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"whole":false,"entries":6,"head":"h","signed":7,"fault":"entry 7 was changed"}`)
		case "/api/admin/audit/export":
			w.Header().Set("Content-Type", "text/csv")
			fmt.Fprint(w, "id,at\n7,x\n")
			if r.URL.Query().Get("action") == "breaks_off" {
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}
		default:
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"entries":[{"id":7,"at":"2026-11-26T01:02:03.004Z","actor_uuid":"a","actor_name":"김","action":"role_changed",
				"subject":"s","subject_name":"한지우","subject_username":"han","detail":"d","remote_addr":"10.0.0.1"}],"next":7}`)
		}
	}
}

func TestTheAuditIsReadCheckedAndSaved(t *testing.T) {
	s := newServer(t)
	var asked string
	s.with(func() { s.audit = auditRoutes(func(query string) { s.with(func() { asked = query }) }) })
	a := signedIn(t, s)
	query := core.AuditQuery{Actor: other, Subject: roomA, Action: "role_changed", From: 1000, To: 2000, Before: 9}
	page, err := a.AuditEntries(query)
	if err != nil || page.Next != 7 || len(page.Entries) != 1 || page.Entries[0].At != 1795654923004 || page.Entries[0].ActorName != "김" ||
		page.Entries[0].SubjectName != "한지우" || page.Entries[0].SubjectUsername != "han" {
		t.Errorf("%+v, %v", page, err)
	}
	s.with(func() {
		want := "action=role_changed&actor=" + other + "&before=9&from=1970-01-01T00%3A00%3A01Z&limit=200&subject=" + roomA +
			"&to=1970-01-01T00%3A00%3A02Z"
		if asked != want {
			t.Errorf("asked for %s", asked)
		}
	})
	check, err := a.VerifyAudit()
	if err != nil || check.Whole || check.Entries != 6 || check.Fault != "entry 7 was changed" || check.Signed != 7 {
		t.Errorf("%+v, %v", check, err)
	}
	target := filepath.Join(t.TempDir(), "audit.csv")
	if saved, err := a.SaveAudit(query); saved || err != nil {
		t.Errorf("nothing was chosen: %v, %v", saved, err)
	}
	a.change(func() { a.picked = []string{target} })
	if saved, err := a.SaveAudit(query); !saved || err != nil {
		t.Errorf("save: %v, %v", saved, err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "id,at\n7,x\n" {
		t.Errorf("saved %q, %v", got, err)
	}
	// What breaks off takes no file's place, and leaves none.
	if saved, err := a.SaveAudit(core.AuditQuery{Action: "breaks_off"}); saved || err == nil {
		t.Errorf("half of it: %v, %v", saved, err)
	}
	got, err := os.ReadFile(target)
	if entries, _ := os.ReadDir(filepath.Dir(target)); err != nil || string(got) != "id,at\n7,x\n" || len(entries) != 1 {
		t.Errorf("left %q and %d files, %v", got, len(entries), err)
	}
}

func TestTheAuditIsAskedForProperly(t *testing.T) {
	a := signedIn(t, newServer(t))
	for name, query := range map[string]core.AuditQuery{
		"no person": {Actor: "x/y"}, "no subject": {Subject: "../x"}, "a long act": {Action: strings.Repeat("x", 33)},
		"before the first": {Before: -1}, "no time": {From: -1},
	} {
		_, err := a.AuditEntries(query)
		_, saved := a.SaveAudit(query)
		if f, g := failure(t, err), failure(t, saved); f.Code != "bad_request" && f.Code != "not_found" || g.Code != f.Code {
			t.Errorf("%s: %+v, %+v", name, f, g)
		}
	}
}
