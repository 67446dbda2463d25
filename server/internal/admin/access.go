package admin

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Access stores requests to read others' conversations. Each method is one transaction, its audit entry included.
type Access interface {
	// AddAccess stores a request; not_found for an unknown subject.
	AddAccess(ctx context.Context, a model.Access, entry model.AuditEntry) (model.Access, error)
	AccessList(ctx context.Context) ([]model.Access, error)
	Access(ctx context.Context, accessUUID string) (model.Access, error)
	// DecideAccess approves, rejects or ends a request that is in one of the states from; conflict otherwise.
	DecideAccess(ctx context.Context, d AccessDecision) (model.Access, error)
	AccessRooms(ctx context.Context, a model.Access) ([]model.BackupRoom, error)
	// AccessPage returns messages of a room of the subject within the period, the newest first: those before a seq.
	AccessPage(ctx context.Context, a model.Access, r model.BackupRoom, before int64, limit int) ([]model.Message, error)
}

// AccessDecision is what somebody decided about a request.
type AccessDecision struct {
	UUID      string
	From      []wire.AccessState
	To        wire.AccessState
	By        int64
	ExpiresAt int64 // 0: as it was
	Entry     model.AuditEntry
}

const (
	// AccessLasts is how long an approved request lets its asker read, and how long one waits for the second person.
	AccessLasts = 24 * time.Hour

	accessPage = 100
)

var (
	accessMayNot  = errs.Text{KO: "관리자와 감사자만 요청할 수 있습니다.", EN: "Only administrators and auditors may ask for this."}
	accessSecond  = errs.Text{KO: "요청한 사람이 아닌 소유자나 감사자가 승인해야 합니다.", EN: "A second person, an owner or auditor, has to approve."}
	accessNotOpen = errs.Text{KO: "승인된 열람 요청이 아니거나 기한이 지났습니다.", EN: "This request is not approved, or its time is over."}
	badPeriod     = errs.Text{KO: "기간이 올바르지 않습니다.", EN: "This is not a period."}
	badSubject    = errs.Text{KO: "대상은 person 또는 room이어야 합니다.", EN: "The subject is a person or a room."}
)

// AskAccess asks for the conversations of a person, or of a room, in a period. Somebody else has to approve.
func (s *Service) AskAccess(ctx context.Context, actor model.Actor, in wire.AccessRequest) (model.Access, error) {
	if mayReadAudit(actor) != nil {
		return model.Access{}, errs.E(wire.Forbidden, wire.ReasonRank, accessMayNot)
	}
	now := s.o.Now()
	a := model.Access{
		UUID: uuid.NewString(), Kind: in.SubjectKind, SubjectUUID: in.SubjectUUID, From: in.From.UnixMilli(), To: in.To.UnixMilli(),
		State: wire.AccessPending, RequestedBy: actor.UserUUID, RequestedByID: actor.UserID, RequestedAt: now.UnixMilli(),
		ExpiresAt: now.Add(AccessLasts).UnixMilli(),
	}
	var err error
	if a.Reason, err = model.Line("reason", in.Reason, wire.MaxFieldRunes, false); err != nil {
		return a, err
	}
	switch {
	case a.Reason == "":
		return a, errs.BadField("reason", reasonMissing)
	case a.Kind != wire.AccessPerson && a.Kind != wire.AccessRoom:
		return a, errs.BadField("subject_kind", badSubject)
	case a.From >= a.To || in.From.IsZero():
		return a, errs.BadField("to", badPeriod)
	}
	if a, err = s.o.Access.AddAccess(ctx, a, s.entry(actor, model.AuditAccessRequested)); err != nil {
		return a, fmt.Errorf("store access request: %w", err)
	}
	return a, nil
}

// AccessList returns the requests, the newest first, for administrators and auditors.
func (s *Service) AccessList(ctx context.Context, actor model.Actor) ([]model.Access, error) {
	if err := mayReadAudit(actor); err != nil {
		return nil, err
	}
	list, err := s.o.Access.AccessList(ctx)
	now := s.o.Now().UnixMilli()
	for i := range list {
		list[i] = list[i].At(now)
	}
	return list, err
}

// ApproveAccess lets the asker read. Only a second person may, an owner or auditor, who is not the subject.
func (s *Service) ApproveAccess(ctx context.Context, actor model.Actor, accessUUID string) error {
	return s.secondPerson(ctx, actor, accessUUID, AccessDecision{
		From: []wire.AccessState{wire.AccessPending}, To: wire.AccessApproved,
		ExpiresAt: s.o.Now().Add(AccessLasts).UnixMilli(), Entry: s.entry(actor, model.AuditAccessApproved),
	})
}

// RejectAccess turns a request down; who may approve it may.
func (s *Service) RejectAccess(ctx context.Context, actor model.Actor, accessUUID string) error {
	return s.secondPerson(ctx, actor, accessUUID, AccessDecision{
		From: []wire.AccessState{wire.AccessPending}, To: wire.AccessRejected, Entry: s.entry(actor, model.AuditAccessRejected),
	})
}

func (s *Service) secondPerson(ctx context.Context, actor model.Actor, accessUUID string, d AccessDecision) error {
	if !actor.IsAuditor() {
		return errs.E(wire.Forbidden, wire.ReasonRank, accessSecond)
	}
	a, err := s.o.Access.Access(ctx, accessUUID)
	if err != nil {
		return err
	}
	if a.RequestedByID == actor.UserID || a.Kind == wire.AccessPerson && a.SubjectID == actor.UserID {
		return errs.E(wire.Forbidden, wire.ReasonOneself, accessSecond)
	}
	d.UUID, d.By = accessUUID, actor.UserID
	_, err = s.o.Access.DecideAccess(ctx, d)
	return err
}

// EndAccess ends a request before its time: its asker, and whoever may approve, may.
func (s *Service) EndAccess(ctx context.Context, actor model.Actor, accessUUID string) error {
	a, err := s.o.Access.Access(ctx, accessUUID)
	if mayReadAudit(actor) != nil || err == nil && a.RequestedByID != actor.UserID && !actor.IsAuditor() {
		return errs.E(wire.Forbidden, wire.ReasonRank, accessSecond)
	}
	if err != nil {
		return err
	}
	_, err = s.o.Access.DecideAccess(ctx, AccessDecision{
		UUID: accessUUID, From: []wire.AccessState{wire.AccessPending, wire.AccessApproved}, To: wire.AccessEnded,
		By: actor.UserID, Entry: s.entry(actor, model.AuditAccessEnded),
	})
	return err
}

// opened returns an approved request that its asker may still use.
func (s *Service) opened(ctx context.Context, actor model.Actor, accessUUID string) (model.Access, error) {
	if err := mayReadAudit(actor); err != nil {
		return model.Access{}, err
	}
	a, err := s.o.Access.Access(ctx, accessUUID)
	if err != nil {
		return a, err
	}
	if a.RequestedByID != actor.UserID || a.At(s.o.Now().UnixMilli()).State != wire.AccessApproved {
		return a, errs.E(wire.Forbidden, wire.ReasonRank, accessNotOpen)
	}
	return a, nil
}

// AccessRooms returns the rooms of an approved request; it is audited. The people in them notice nothing.
func (s *Service) AccessRooms(ctx context.Context, actor model.Actor, accessUUID string) ([]model.BackupRoom, error) {
	a, err := s.opened(ctx, actor, accessUUID)
	if err != nil {
		return nil, err
	}
	if err := s.noteRead(ctx, actor, a, a.SubjectUUID, "rooms"); err != nil {
		return nil, err
	}
	return s.o.Access.AccessRooms(ctx, a)
}

// ReadAccess returns a page of messages of one of those rooms, the newest first, and only of the period; each page is audited
// before it is read.
func (s *Service) ReadAccess(
	ctx context.Context, actor model.Actor, accessUUID, roomUUID string, before int64,
) ([]model.Message, error) {
	a, err := s.opened(ctx, actor, accessUUID)
	if err != nil {
		return nil, err
	}
	rooms, err := s.o.Access.AccessRooms(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, r := range rooms {
		if r.UUID != roomUUID {
			continue
		}
		if err := s.noteRead(ctx, actor, a, roomUUID, fmt.Sprintf("before seq %d", before)); err != nil {
			return nil, err
		}
		return s.o.Access.AccessPage(ctx, a, r, before, accessPage)
	}
	return nil, errs.NotFound(errs.Text{})
}

func (s *Service) noteRead(ctx context.Context, actor model.Actor, a model.Access, subject, what string) error {
	entry := s.entry(actor, model.AuditContentRead)
	entry.Subject, entry.Detail = subject, "request "+a.UUID+", "+what
	if err := s.o.Audit.AppendAudit(ctx, entry); err != nil {
		return fmt.Errorf("record the reading: %w", err)
	}
	return nil
}
