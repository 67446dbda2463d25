package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// Access stores requests to read others' conversations. Each method is one transaction, its audit entry included.
type Access interface {
	// AddAccess stores a request; not_found for an unknown subject.
	AddAccess(ctx context.Context, a model.Access, entry model.AuditEntry) (model.Access, error)
	// AccessList returns requests with a lower id than before (0: all), the newest first.
	AccessList(ctx context.Context, before int64, limit int) ([]model.Access, error)
	// CountAccess returns how many requests wait at a time that somebody else than userID made, and that are not about him.
	CountAccess(ctx context.Context, userID, now int64) (int, error)
	// AccessWatchers are the users who may see the list.
	AccessWatchers(ctx context.Context) ([]int64, error)
	Access(ctx context.Context, accessUUID string) (model.Access, error)
	// DecideAccess approves, rejects or ends a request that is in one of the states from; conflict otherwise.
	DecideAccess(ctx context.Context, d AccessDecision) (model.Access, error)
	// AccessRooms returns the rooms of the subject in which something was written in the period, each with the stretch of it.
	AccessRooms(ctx context.Context, a model.Access) ([]model.BackupRoom, error)
	// AccessPage returns messages of such a room within the period, the oldest first: those after a seq.
	AccessPage(ctx context.Context, a model.Access, r model.BackupRoom, after int64, limit int) ([]model.Message, error)
	// AccessSearch returns messages of such rooms within the period that a query matches, the newest first: those with a lower
	// id than before (0: all), and whether there are more.
	AccessSearch(ctx context.Context, a model.Access, rooms []model.BackupRoom, s AccessSought) ([]model.Message, bool, error)
	// AccessFile returns a file that hangs on a message of such rooms within the period.
	AccessFile(ctx context.Context, a model.Access, rooms []model.BackupRoom, fileUUID string) (model.File, error)
	// FindRooms returns rooms with a lower id than before (0: all) in which all these people are or were, the newest first; not_found
	// for an unknown person.
	FindRooms(ctx context.Context, userUUIDs []string, before int64, limit int) ([]model.BackupRoom, error)
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

// AccessSought is what is looked for in what a request opens.
type AccessSought struct {
	Query  search.Query
	Before int64
	Limit  int
}

const (
	// AccessWaits is how long a request waits for the second person.
	AccessWaits = 24 * time.Hour

	accessPage  = 100
	accessFound = 50
	accessShown = 50 // requests of a page
)

var (
	accessMayNot  = errs.Text{KO: "관리자와 감사자만 요청할 수 있습니다.", EN: "Only administrators and auditors may ask for this."}
	accessSecond  = errs.Text{KO: "요청한 사람이 아닌 소유자나 감사자가 승인해야 합니다.", EN: "A second person, an owner or auditor, has to approve."}
	accessNotOpen = errs.Text{KO: "승인된 열람 요청이 아니거나 기한이 지났습니다.", EN: "This request is not approved, or its time is over."}
	badPeriod     = errs.Text{KO: "기간이 올바르지 않습니다.", EN: "This is not a period."}
	badHours      = errs.Text{KO: "열람 시간은 1시간부터 72시간까지입니다.", EN: "Reading may last from 1 to 72 hours."}
	badQuery      = errs.Text{KO: "검색어는 두 글자 이상, 너무 길지 않게 입력해주세요.", EN: "Please look for two letters or more, and not for too much."}
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
		ExpiresAt: now.Add(AccessWaits).UnixMilli(), Hours: cmp.Or(in.Hours, wire.UsualAccessHours),
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
	case a.Hours < 1 || a.Hours > wire.MaxAccessHours:
		return a, errs.BadField("hours", badHours)
	}
	if a, err = s.o.Access.AddAccess(ctx, a, s.entry(actor, model.AuditAccessRequested)); err != nil {
		return a, fmt.Errorf("store access request: %w", err)
	}
	s.accessChanged(ctx, a)
	return a, nil
}

// accessChanged tells who may see the requests. It is a hint: who missed it sees the list when he looks.
func (s *Service) accessChanged(ctx context.Context, a model.Access) {
	watchers, err := s.o.Access.AccessWatchers(ctx)
	var data []byte
	if err == nil {
		data, err = json.Marshal(wire.AccessChanged{AccessUUID: a.UUID, State: a.State})
	}
	if err != nil {
		s.o.Logger.WarnContext(ctx, "nobody was told of a request to read", slog.Any("error", err))
		return
	}
	if len(watchers) > 0 {
		s.o.Publisher.Publish(ctx, bus.Event{Ev: wire.EvAccess, Data: data, Users: watchers})
	}
}

// AccessView is a page of requests, as they are for an actor.
type AccessView struct {
	Requests []model.Access
	Next     int64 // the before of the next page, 0: none
	Pending  int   // of all requests, those that he may decide
}

// AccessList returns a page of the requests, the newest first, for administrators and auditors.
func (s *Service) AccessList(ctx context.Context, actor model.Actor, before int64) (v AccessView, err error) {
	if err := mayReadAudit(actor); err != nil {
		return v, err
	}
	now := s.o.Now().UnixMilli()
	if v.Requests, err = s.o.Access.AccessList(ctx, before, accessShown); err != nil {
		return v, fmt.Errorf("read access requests: %w", err)
	}
	for i := range v.Requests {
		v.Requests[i] = v.Requests[i].At(now)
	}
	if n := len(v.Requests); n == accessShown {
		v.Next = v.Requests[n-1].ID
	}
	if actor.IsAuditor() {
		v.Pending, err = s.o.Access.CountAccess(ctx, actor.UserID, now)
	}
	return v, err
}

// ApproveAccess lets the asker read. Only a second person may, an owner or auditor, who is not the subject.
func (s *Service) ApproveAccess(ctx context.Context, actor model.Actor, accessUUID string) error {
	return s.secondPerson(ctx, actor, accessUUID, AccessDecision{
		From: []wire.AccessState{wire.AccessPending}, To: wire.AccessApproved,
		Entry: s.entry(actor, model.AuditAccessApproved),
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
	if !a.MayDecide(actor) {
		return errs.E(wire.Forbidden, wire.ReasonOneself, accessSecond)
	}
	d.UUID, d.By = accessUUID, actor.UserID
	if d.To == wire.AccessApproved {
		d.ExpiresAt = s.o.Now().Add(time.Duration(a.Hours) * time.Hour).UnixMilli()
	}
	return s.decideAccess(ctx, d)
}

func (s *Service) decideAccess(ctx context.Context, d AccessDecision) error {
	a, err := s.o.Access.DecideAccess(ctx, d)
	if err != nil {
		return err
	}
	s.accessChanged(ctx, a)
	return nil
}

// EndAccess ends a request before its time: its asker, and whoever may approve, may.
func (s *Service) EndAccess(ctx context.Context, actor model.Actor, accessUUID string) error {
	a, err := s.o.Access.Access(ctx, accessUUID)
	if mayReadAudit(actor) != nil || err == nil && !a.MayEnd(actor) {
		return errs.E(wire.Forbidden, wire.ReasonRank, accessSecond)
	}
	if err != nil {
		return err
	}
	return s.decideAccess(ctx, AccessDecision{
		UUID: accessUUID, From: []wire.AccessState{wire.AccessPending, wire.AccessApproved}, To: wire.AccessEnded,
		By: actor.UserID, Entry: s.entry(actor, model.AuditAccessEnded),
	})
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
	if !s.AccessOpen(actor, a) {
		return a, errs.E(wire.Forbidden, wire.ReasonRank, accessNotOpen)
	}
	return a, nil
}

// AccessOpen reports whether an actor may read now what a request asked for.
func (s *Service) AccessOpen(actor model.Actor, a model.Access) bool {
	return a.RequestedByID == actor.UserID && a.At(s.o.Now().UnixMilli()).State == wire.AccessApproved
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

// openedRooms returns the rooms of an approved request: one of them, or all when none is named.
func (s *Service) openedRooms(
	ctx context.Context, actor model.Actor, accessUUID, roomUUID string,
) (a model.Access, rooms []model.BackupRoom, err error) {
	if a, err = s.opened(ctx, actor, accessUUID); err != nil {
		return a, nil, err
	}
	if rooms, err = s.o.Access.AccessRooms(ctx, a); err != nil || roomUUID == "" {
		return a, rooms, err
	}
	rooms = slices.DeleteFunc(rooms, func(r model.BackupRoom) bool { return r.UUID != roomUUID })
	if len(rooms) == 0 {
		return a, nil, errs.NotFound(errs.Text{})
	}
	return a, rooms, nil
}

// ReadAccess returns a page of messages of one of those rooms, the oldest first, and only of the period; each page is audited
// before it is read.
func (s *Service) ReadAccess(
	ctx context.Context, actor model.Actor, accessUUID, roomUUID string, after int64,
) (page []model.Message, more bool, err error) {
	a, rooms, err := s.openedRooms(ctx, actor, accessUUID, roomUUID)
	if err != nil {
		return nil, false, err
	}
	if roomUUID == "" {
		return nil, false, errs.NotFound(errs.Text{})
	}
	if err := s.noteRead(ctx, actor, a, roomUUID, fmt.Sprintf("after seq %d", after)); err != nil {
		return nil, false, err
	}
	page, err = s.o.Access.AccessPage(ctx, a, rooms[0], after, accessPage)
	return page, len(page) == accessPage, err
}

// SearchAccess looks for messages in one of those rooms, or in all of them, the newest first; what was looked for is audited
// before anything is found.
func (s *Service) SearchAccess(
	ctx context.Context, actor model.Actor, accessUUID, roomUUID, text string, before int64,
) (page []model.Message, more bool, err error) {
	query, reason := search.Parse(text)
	if reason != "" {
		return nil, false, errs.E(wire.BadRequest, reason, badQuery)
	}
	a, rooms, err := s.openedRooms(ctx, actor, accessUUID, roomUUID)
	if err != nil {
		return nil, false, err
	}
	if err := s.noteRead(ctx, actor, a, cmp.Or(roomUUID, a.SubjectUUID), fmt.Sprintf("search %q", text)); err != nil {
		return nil, false, err
	}
	return s.o.Access.AccessSearch(ctx, a, rooms, AccessSought{Query: query, Before: before, Limit: accessFound})
}

func (s *Service) noteRead(ctx context.Context, actor model.Actor, a model.Access, subject, what string) error {
	entry := s.entry(actor, model.AuditContentRead)
	entry.Subject, entry.Detail = subject, "request "+a.UUID+", "+what
	if err := s.o.Audit.AppendAudit(ctx, entry); err != nil {
		return fmt.Errorf("record the reading: %w", err)
	}
	return nil
}
