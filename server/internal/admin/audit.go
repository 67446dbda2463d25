package admin

import (
	"context"
	"fmt"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Audit reads the record of administrative acts. Nobody writes it but who does such an act, in the same transaction.
type Audit interface {
	// AuditEntries returns entries, the newest first.
	AuditEntries(ctx context.Context, q AuditQuery) ([]AuditView, error)
	CheckAudit(ctx context.Context) (AuditReport, error)
	// AppendAudit records a reading that changes nothing else.
	AppendAudit(ctx context.Context, e model.AuditEntry) error
}

// AuditQuery says which entries to return; what is empty or 0 does not narrow.
type AuditQuery struct {
	ActorUUID string
	Subject   string
	Action    string
	From, To  int64 // milliseconds, To exclusive
	Before    int64 // an entry's id: those before it
	Limit     int
}

// AuditView is an entry with who its actor and its subject are.
type AuditView struct {
	model.AuditEntry

	ActorUUID string
	ActorName string // as he is called now; empty for nobody, and for who was deleted

	// A person's, as he is called now, also while he waits for an approval or was rejected. Empty: it is no person, or he was deleted.
	SubjectName, SubjectUsername string
}

// AuditReport says how the audit chain stands.
type AuditReport struct {
	Entries int64
	Head    string // hash of the last entry
	Signed  int64  // id of the last entry that the signed head outside the database names, 0: there is no such head
	Fault   wire.AuditFault
}

// Whole reports whether nothing is wrong with the chain.
func (r AuditReport) Whole() bool { return r.Fault.Kind == "" }

const auditPage = 200

var auditOnly = errs.Text{KO: "관리자와 감사자만 볼 수 있습니다.", EN: "Only administrators and auditors may see this."}

func mayReadAudit(actor model.Actor) error {
	if actor.IsAdmin() || actor.IsAuditor() {
		return nil
	}
	return errs.E(wire.Forbidden, "", auditOnly)
}

// AuditPage returns a page of the audit, the newest first, 1 to 200 entries (0 means 200). wire.Forbidden for who is neither
// administrator nor auditor.
func (s *Service) AuditPage(ctx context.Context, actor model.Actor, q AuditQuery) ([]AuditView, error) {
	if err := mayReadAudit(actor); err != nil {
		return nil, err
	}
	if q.Limit <= 0 || q.Limit > auditPage {
		q.Limit = auditPage
	}
	return s.auditEntries(ctx, q)
}

func (s *Service) auditEntries(ctx context.Context, q AuditQuery) ([]AuditView, error) {
	entries, err := s.o.Audit.AuditEntries(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	return entries, nil
}

// VerifyAudit reads the whole chain and reports the first fault.
func (s *Service) VerifyAudit(ctx context.Context, actor model.Actor) (AuditReport, error) {
	if err := mayReadAudit(actor); err != nil {
		return AuditReport{}, err
	}
	report, err := s.o.Audit.CheckAudit(ctx)
	if err != nil {
		return report, fmt.Errorf("verify audit: %w", err)
	}
	return report, nil
}

// ExportAudit hands every entry that a query finds to each, the newest first, and records that it was asked to. The caller
// streams: nothing but a page is held.
func (s *Service) ExportAudit(
	ctx context.Context, actor model.Actor, q AuditQuery, each func([]AuditView) error,
) error {
	if err := mayReadAudit(actor); err != nil {
		return err
	}
	if err := s.o.Audit.AppendAudit(ctx, s.entry(actor, model.AuditAuditExported)); err != nil {
		return fmt.Errorf("record the export: %w", err)
	}
	for q.Limit = 1000; ; {
		page, err := s.auditEntries(ctx, q)
		if err != nil {
			return err
		}
		if err := each(page); err != nil {
			return err
		}
		if len(page) < q.Limit {
			return nil
		}
		q.Before = page[len(page)-1].ID
	}
}
