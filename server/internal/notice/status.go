package notice

import (
	"context"
	"fmt"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file is how far people are, for administrators. All of it returns wire.Forbidden for others.

const (
	adminPage  = 20   // notices, each of which is counted
	exportPage = 1000 // people
)

// All is a page of all notices, withdrawn ones too, the newest first.
func (s *Service) All(ctx context.Context, actor model.Actor, before int64) (wire.AdminNoticeList, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.AdminNoticeList{}, err
	}
	list, err := s.o.Store.AdminNotices(ctx, before, adminPage)
	if err != nil {
		return list, fmt.Errorf("read all notices: %w", err)
	}
	return list, nil
}

// Status is how far each department is with a notice.
func (s *Service) Status(ctx context.Context, actor model.Actor, noticeUUID string) (wire.NoticeStatus, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.NoticeStatus{}, err
	}
	status, err := s.o.Store.NoticeStatus(ctx, noticeUUID)
	if err != nil {
		return status, fmt.Errorf("read status of notice: %w", err)
	}
	return status, nil
}

// People is a page of who has done what a notice asks for, or who has not; q.Limit is set to wire.MaxNoticePeople.
func (s *Service) People(
	ctx context.Context, actor model.Actor, noticeUUID string, q PeopleQuery,
) (wire.NoticePeople, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.NoticePeople{}, err
	}
	q.Limit = wire.MaxNoticePeople
	page, err := s.o.Store.NoticePeople(ctx, noticeUUID, q)
	if err != nil {
		return page, fmt.Errorf("read people of notice: %w", err)
	}
	return page, nil
}

// Export hands everybody whom a notice asks to each, and records that it was asked to. begin is called before, once nothing
// can be refused any more.
func (s *Service) Export(
	ctx context.Context, actor model.Actor, noticeUUID string, begin func(), each func([]wire.NoticePerson) error,
) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	q := PeopleQuery{Limit: exportPage}
	page, err := s.o.Store.NoticePeople(ctx, noticeUUID, q)
	if err == nil {
		err = s.o.Store.AppendAudit(ctx, s.entry(actor, model.AuditNoticeExported, noticeUUID))
	}
	if err != nil {
		return fmt.Errorf("begin the export: %w", err)
	}
	begin()
	for {
		if err := each(page.People); err != nil {
			return err
		}
		if page.Next == 0 {
			return nil
		}
		q.After = page.Next
		if page, err = s.o.Store.NoticePeople(ctx, noticeUUID, q); err != nil {
			return fmt.Errorf("read people of notice: %w", err)
		}
	}
}
