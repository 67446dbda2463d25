package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/admin"
	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const auditPath = "/api/admin/audit"

// auditRoutes are those of the record of administrative acts. There is none to write it.
func (a *API) auditRoutes(doc huma.API) {
	signedIn(a, doc, op("GET "+auditPath, "A page of the audit, the newest first (administrators, auditors)"), a.auditPage)
	signedIn(a, doc, op("GET "+auditPath+"/verify", "Whether the audit is what was written (administrators, auditors)"), a.auditVerify)
}

type auditInput struct {
	Actor   string    `query:"actor" maxLength:"64" doc:"user_uuid of who did it"`
	Subject string    `query:"subject" maxLength:"200" doc:"uuid of who or what it was done to"`
	Action  string    `query:"action" maxLength:"32"`
	From    time.Time `query:"from"`
	To      time.Time `query:"to" doc:"exclusive"`
	Before  int64     `query:"before" minimum:"0" doc:"next of the page before"`
	Limit   int       `query:"limit" minimum:"0" maximum:"200" doc:"Most entries of the page; 0 means 200"`
}

func milliOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func (a *API) auditPage(ctx context.Context, actor model.Actor, in *auditInput) (*output[wire.AuditPage], error) {
	list, err := a.o.Admin.AuditPage(ctx, actor, admin.AuditQuery{
		ActorUUID: in.Actor, Subject: in.Subject, Action: in.Action, From: milliOf(in.From), To: milliOf(in.To),
		Before: in.Before, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	page := wire.AuditPage{Entries: auditEntries(list)}
	if n := len(list); n > 0 && n >= in.Limit && (in.Limit != 0 || n == auditFull) {
		page.Next = list[n-1].ID
	}
	return answer(page), nil
}

const auditFull = 200 // entries of a full page

func auditEntries(list []admin.AuditView) []wire.AuditEntry {
	entries := make([]wire.AuditEntry, len(list))
	for i, e := range list {
		entries[i] = wire.AuditEntry{
			ID: e.ID, At: wire.TimeOfMilli(e.At), ActorUUID: e.ActorUUID, ActorName: e.ActorName, Action: string(e.Action),
			Subject: e.Subject, SubjectName: e.SubjectName, SubjectUsername: e.SubjectUsername, Detail: e.Detail, RemoteAddr: e.RemoteAddr,
		}
	}
	return entries
}

func (a *API) auditVerify(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.AuditCheck], error) {
	r, err := a.o.Admin.VerifyAudit(ctx, actor)
	if err != nil {
		return nil, err
	}
	check := wire.AuditCheck{Whole: r.Whole(), Entries: r.Entries, Head: r.Head, Signed: r.Signed, Fault: r.Fault.String()}
	if !check.Whole {
		check.Cause = &r.Fault
	}
	return answer(check), nil
}

// auditExport streams entries as CSV, or as a JSON object a line.
func (a *API) auditExport(w http.ResponseWriter, r *http.Request) {
	q, err := exportQuery(r.URL.Query())
	if err != nil {
		fail(w, r, err)
		return
	}
	paced := &pacedWriter{w, a.pace(w)}
	name, contentType, each := "audit.csv", "text/csv; charset=utf-8", csvEntries(paced)
	if r.URL.Query().Get("format") == "jsonl" {
		name, contentType, each = "audit.jsonl", "application/x-ndjson", jsonEntries(paced)
	}
	begun := false
	err = a.o.Admin.ExportAudit(r.Context(), recordOf(r.Context()).actor, q, func(page []admin.AuditView) error {
		if !begun {
			begun = true
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		}
		return each(auditEntries(page))
	})
	switch {
	case err != nil && !begun:
		fail(w, r, err)
	case err != nil:
		panic(http.ErrAbortHandler) // what was sent is not all: the client must notice
	}
}

func exportQuery(v url.Values) (q admin.AuditQuery, err error) {
	q = admin.AuditQuery{ActorUUID: v.Get("actor"), Subject: v.Get("subject"), Action: v.Get("action")}
	for name, into := range map[string]*int64{"from": &q.From, "to": &q.To} {
		text := v.Get(name)
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return q, errs.BadField(name, fieldWrong)
		}
		*into = at.UnixMilli()
	}
	return q, nil
}

// csvEntries begins with a byte order mark, without which Excel takes Korean for something else.
func csvEntries(w http.ResponseWriter) func([]wire.AuditEntry) error {
	out, head := csv.NewWriter(w), []string{"\ufeffid", "at", "actor_uuid", "actor_name", "action", "subject", "detail", "remote_addr"}
	return func(entries []wire.AuditEntry) error {
		if head != nil {
			_ = out.Write(head) // the error comes back from Error
			head = nil
		}
		for _, e := range entries {
			_ = out.Write([]string{
				strconv.FormatInt(e.ID, 10), e.At.String(), e.ActorUUID, noFormula(e.ActorName), e.Action,
				noFormula(e.Subject), noFormula(e.Detail), e.RemoteAddr,
			})
		}
		out.Flush()
		return out.Error()
	}
}

// noFormula keeps a spreadsheet from running what somebody wrote as a reason.
func noFormula(s string) string {
	if directory.LooksLikeFormula(s) {
		return "'" + s
	}
	return s
}

func jsonEntries(w http.ResponseWriter) func([]wire.AuditEntry) error {
	out := json.NewEncoder(w)
	return func(entries []wire.AuditEntry) error {
		for _, e := range entries {
			if err := out.Encode(e); err != nil {
				return err
			}
		}
		return nil
	}
}
