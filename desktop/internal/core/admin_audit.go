package core

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// auditPage is how many entries a page has.
const auditPage = 200

// maxActionBytes is how long the name of an act is at most.
const maxActionBytes = 32

// AuditEntries returns a page of the record of administrative acts, for administrators and auditors.
func (c *Core) AuditEntries(query AuditQuery) (AuditPage, error) {
	out := AuditPage{Entries: []AuditEntry{}}
	if err := query.check(); err != nil {
		return out, err
	}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		page, err := s.auth.Audit(ctx, query.wanted(), query.Before, auditPage)
		for _, e := range page.Entries {
			out.Entries = append(out.Entries, AuditEntry{
				ID: e.ID, At: e.At.UnixMilli(), ActorUUID: e.ActorUUID, ActorName: e.ActorName, Action: e.Action,
				Subject: e.Subject, SubjectName: e.SubjectName, SubjectUsername: e.SubjectUsername, Detail: e.Detail,
				Address: e.RemoteAddr,
			})
		}
		out.Next = page.Next
		return err
	})
	return out, err
}

// VerifyAudit has the server read its whole record, and says how it stands.
func (c *Core) VerifyAudit() (out AuditCheck, err error) {
	err = c.change(nil, func(ctx context.Context, s *session) error {
		began := c.o.Clock.Now()
		check, err := s.auth.VerifyAudit(ctx)
		out = AuditCheck{
			Whole: check.Whole, Entries: check.Entries, Head: check.Head, Signed: check.Signed, Fault: check.Fault, Cause: check.Cause,
			TookMS: c.o.Clock.Now().Sub(began).Milliseconds(),
		}
		return err
	})
	return out, err
}

// SaveAudit asks where to, and saves what a query finds as CSV. false: the user chose nothing.
func (c *Core) SaveAudit(query AuditQuery) (bool, error) {
	if err := query.check(); err != nil {
		return false, err
	}
	s, err := c.signedIn()
	if err != nil {
		return false, err
	}
	name := "himsg-audit-" + c.o.Clock.Now().Format("2006-01-02") + ".csv"
	path, err := ask(c, func() (string, error) { return c.o.Chooser.ChooseTarget(name) })
	if err != nil || path == "" {
		return false, fail(err)
	}
	err = fail(writeWhole(path, func(w io.Writer) error { return s.auth.ExportAudit(s.life, query.wanted(), w) }))
	return err == nil, err
}

// writeWhole puts a file in place once all of it is there; before that nothing of it has its name.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".himsg-*.part")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

func (q AuditQuery) check() error {
	for _, id := range []string{q.Actor, q.Subject} {
		if id == "" {
			continue
		}
		if err := checkID(id); err != nil {
			return err
		}
	}
	if len(q.Action) > maxActionBytes || q.From < 0 || q.To < 0 || q.Before < 0 {
		return refuse(wire.BadRequest, "", "no such entries")
	}
	return nil
}

func (q AuditQuery) wanted() client.AuditQuery {
	wanted := client.AuditQuery{Actor: q.Actor, Subject: q.Subject, Action: q.Action}
	if q.From != 0 {
		wanted.From = time.UnixMilli(q.From)
	}
	if q.To != 0 {
		wanted.To = time.UnixMilli(q.To)
	}
	return wanted
}
