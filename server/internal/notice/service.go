package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Options is what a Service needs; all fields are required.
type Options struct {
	Store     Store
	Publisher Publisher
	Now       func() time.Time
	Logger    *slog.Logger
}

// Service keeps notices. It is safe for use by several goroutines.
type Service struct {
	o    Options
	told atomic.Int64 // the revision that was published last
}

// New makes a Service.
func New(o Options) *Service { return &Service{o: o} }

var (
	adminsOnly  = errs.Text{KO: "관리자만 접근할 수 있습니다.", EN: "Only administrators may do this."}
	badUUID     = errs.Text{KO: "UUID가 아닙니다.", EN: "This is not a UUID."}
	manyParts   = errs.Text{KO: "부서는 200개까지 고를 수 있습니다.", EN: "At most 200 departments can be chosen."}
	dueIsPast   = errs.Text{KO: "기한은 지금보다 뒤여야 합니다.", EN: "The due date must be in the future."}
	dueOfNobody = errs.Text{KO: "기한은 확인을 요청할 때만 정할 수 있습니다.", EN: "Only a notice that is to be confirmed can be due."}
)

// AskedFor is how long a notice asks to be read and confirmed: what nobody has done in that time counts no more, so that the count
// does not grow with the years. Who still needs it asks anew.
const AskedFor = 365 * 24 * time.Hour

// List is a page of what the actor may read, the newest first: 1 to wire.MaxNoticesLimit, 0 means the most. stamp is the one that
// he holds of the first page, or empty.
func (s *Service) List(ctx context.Context, actor model.Actor, before int64, limit int, stamp string) (wire.NoticeList, error) {
	if limit <= 0 || limit > wire.MaxNoticesLimit {
		limit = wire.MaxNoticesLimit
	}
	list, err := s.o.Store.Notices(ctx, Query{
		UserID: actor.UserID, Before: before, AskedSince: s.o.Now().Add(-AskedFor).UnixMilli(), Limit: limit, Known: stamp,
	})
	if err != nil {
		return list, fmt.Errorf("read notices: %w", err)
	}
	return list, nil
}

// Read notes that the actor has read a notice as it was edited at editedAt (0: never; AsItIs); a repeat is harmless. wire.NotFound
// for what he may not read, wire.Conflict (edit_conflict) if it was edited since.
func (s *Service) Read(ctx context.Context, actor model.Actor, noticeUUID string, editedAt int64) error {
	return s.mark(ctx, Mark{UserID: actor.UserID, NoticeUUID: noticeUUID, EditedAt: editedAt})
}

// Confirm notes that the actor confirms a notice, which he has read then, as Read does. wire.Conflict also for what nobody is asked
// to confirm.
func (s *Service) Confirm(ctx context.Context, actor model.Actor, noticeUUID string, editedAt int64) error {
	return s.mark(ctx, Mark{UserID: actor.UserID, NoticeUUID: noticeUUID, Confirm: true, EditedAt: editedAt})
}

func (s *Service) mark(ctx context.Context, m Mark) error {
	m.At = s.o.Now().UnixMilli()
	changed, err := s.o.Store.MarkNotice(ctx, m)
	if err != nil {
		return fmt.Errorf("mark notice: %w", err)
	}
	if changed { // the rev is the same: his other devices learn of the mark
		s.publish(ctx, s.told.Load(), m.UserID)
	}
	return nil
}

// Write publishes a notice. A repeat with the same notice_uuid is harmless.
//
// It returns wire.Forbidden for who is no administrator, wire.BadRequest for texts, dates and departments that can't be, and
// wire.NotFound for an unknown department.
func (s *Service) Write(ctx context.Context, actor model.Actor, in wire.NewNotice) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	if err := uuid.Validate(in.NoticeUUID); err != nil || len(in.NoticeUUID) != 36 {
		return errs.BadField("notice_uuid", badUUID)
	}
	if len(in.DepartmentUUIDs) > wire.MaxNoticeDepartments {
		return errs.BadField("department_uuids", manyParts)
	}
	var err error
	if in.Title, in.Text, err = texts(in.Title, in.Text); err != nil {
		return err
	}
	if err := s.mayBeDue(in.DueAt, in.Confirm, true); err != nil {
		return err
	}
	rev, err := s.o.Store.WriteNotice(ctx, in, s.entry(actor, model.AuditNoticeWritten, in.NoticeUUID))
	return s.changed(ctx, "write notice", rev, err)
}

// Edit changes what a notice says; what it said before is kept. Refusals as Write's; wire.Conflict when it was withdrawn, or
// changed meanwhile (edit_conflict).
func (s *Service) Edit(ctx context.Context, actor model.Actor, noticeUUID string, in wire.NoticeChange) (err error) {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	if in.Title, in.Text, err = texts(in.Title, in.Text); err != nil {
		return err
	}
	// A notice whose time is over can be corrected without a new date.
	if err := s.mayBeDue(in.DueAt, in.Confirm, in.AskAgain); err != nil {
		return err
	}
	rev, err := s.o.Store.EditNotice(ctx, noticeUUID, in, s.entry(actor, model.AuditNoticeEdited, noticeUUID))
	return s.changed(ctx, "edit notice", rev, err)
}

// Withdraw takes a notice from its readers; administrators go on seeing it. The reason goes to the audit, and may be empty. A
// repeat is harmless.
func (s *Service) Withdraw(ctx context.Context, actor model.Actor, noticeUUID, reason string) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	reason, err := model.Line("reason", reason, wire.MaxFieldRunes, false)
	if err != nil {
		return err
	}
	entry := s.entry(actor, model.AuditNoticeWithdrawn, noticeUUID)
	entry.Detail = reason
	rev, err := s.o.Store.WithdrawNotice(ctx, noticeUUID, entry)
	return s.changed(ctx, "withdraw notice", rev, err)
}

// Remind tells those who have not confirmed a notice so, and returns how many they are. wire.Conflict (reminded) within
// wire.NoticeReminderEvery of the last time.
func (s *Service) Remind(ctx context.Context, actor model.Actor, noticeUUID string) (people int, err error) {
	if err := mustBeAdmin(actor); err != nil {
		return 0, err
	}
	notSince := s.o.Now().Add(-wire.NoticeReminderEvery * time.Second).UnixMilli()
	people, rev, err := s.o.Store.RemindNotice(ctx, noticeUUID, notSince, s.entry(actor, model.AuditNoticeReminded, noticeUUID))
	return people, s.changed(ctx, "remind of notice", rev, err)
}

func (s *Service) changed(ctx context.Context, op string, rev int64, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if rev != 0 {
		s.tell(ctx, rev)
	}
	return nil
}

func texts(title, text string) (string, string, error) {
	title, err := model.Line("title", title, wire.MaxNameRunes, true)
	if err != nil {
		return "", "", err
	}
	text, err = model.MessageText(text)
	return title, text, err
}

func (s *Service) mayBeDue(at *wire.Time, confirm, fresh bool) error {
	switch {
	case at == nil:
		return nil
	case !confirm:
		return errs.BadField("due_at", dueOfNobody)
	case fresh && !at.After(s.o.Now()):
		return errs.BadField("due_at", dueIsPast)
	}
	return nil
}

func mustBeAdmin(actor model.Actor) error {
	if actor.IsAdmin() {
		return nil
	}
	return errs.E(wire.Forbidden, "", adminsOnly)
}

func (s *Service) entry(actor model.Actor, action model.AuditAction, noticeUUID string) model.AuditEntry {
	return model.AuditEntry{
		At: s.o.Now().UnixMilli(), ActorID: actor.UserID, Action: action, Subject: noticeUUID, RemoteAddr: actor.RemoteAddr,
	}
}

// tell says to everybody that a revision is there.
func (s *Service) tell(ctx context.Context, rev int64) {
	for told := s.told.Load(); told < rev; told = s.told.Load() {
		if s.told.CompareAndSwap(told, rev) {
			s.publish(ctx, rev)
			return
		}
	}
}

func (s *Service) publish(ctx context.Context, rev int64, users ...int64) {
	data, err := json.Marshal(wire.NoticesChanged{Rev: rev})
	if err != nil {
		s.o.Logger.ErrorContext(ctx, "event can't be encoded", slog.Any("error", err))
		return
	}
	s.o.Publisher.Publish(ctx, bus.Event{Ev: wire.EvNotices, Data: data, Users: users})
}

// watchEvery is how long a notice may stay untold when its event was lost.
const watchEvery = 3 * time.Second

// Watch tells of notices whose event was lost (another node's, or one killed between commit and event), until ctx ends.
func (s *Service) Watch(ctx context.Context) {
	again := time.NewTicker(watchEvery)
	defer again.Stop()
	for first := true; ; first = false {
		rev, err := s.o.Store.NoticesRev(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			s.o.Logger.WarnContext(ctx, "notices were not looked at", slog.Any("error", err))
		case err == nil && first: // whoever connects asks by himself
			s.told.CompareAndSwap(0, rev)
		case err == nil:
			s.tell(ctx, rev)
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}
