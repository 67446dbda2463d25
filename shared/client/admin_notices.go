package client

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about notices.

const adminNoticesPath = "/api/admin/notices"

func adminNoticePath(noticeUUID, more string) string {
	return adminNoticesPath + "/" + url.PathEscape(noticeUUID) + more
}

// AllNotices returns a page of all notices, withdrawn ones too, the newest first. before is the Next of the page before, 0 at first.
func (s *Session) AllNotices(ctx context.Context, before int64) (wire.AdminNoticeList, error) {
	return olderPage(ctx, s, adminNoticesPath, nil, before, func(l wire.AdminNoticeList) (int, int64) {
		return len(l.Notices), l.Next
	})
}

// WriteNotice publishes a notice. A repeat with the same notice_uuid is harmless.
func (s *Session) WriteNotice(ctx context.Context, in wire.NewNotice) error {
	return s.do(ctx, call{method: http.MethodPost, path: adminNoticesPath, in: in})
}

// EditNotice changes what a notice says. It returns wire.Conflict (edit_conflict) when somebody else did so after in.BaseRev.
func (s *Session) EditNotice(ctx context.Context, noticeUUID string, in wire.NoticeChange) error {
	return s.do(ctx, call{method: http.MethodPut, path: adminNoticePath(noticeUUID, ""), in: in})
}

// WithdrawNotice takes a notice from its readers. A repeat is harmless.
func (s *Session) WithdrawNotice(ctx context.Context, noticeUUID, reason string) error {
	in := wire.ReasonRequest{Reason: reason}
	return s.do(ctx, call{method: http.MethodPost, path: adminNoticePath(noticeUUID, "/withdraw"), in: in})
}

// RemindNotice tells those who have not confirmed a notice so, and returns how many they are. It returns wire.Conflict (reminded)
// within wire.NoticeReminderEvery of the last time.
func (s *Session) RemindNotice(ctx context.Context, noticeUUID string) (people int, err error) {
	var out wire.NoticeReminded
	err = s.do(ctx, call{method: http.MethodPost, path: adminNoticePath(noticeUUID, "/remind"), out: &out})
	return out.People, err
}

// NoticeStatus returns a notice, and how far each department is with it.
func (s *Session) NoticeStatus(ctx context.Context, noticeUUID string) (wire.NoticeStatus, error) {
	var out wire.NoticeStatus
	err := s.do(ctx, call{method: http.MethodGet, path: adminNoticePath(noticeUUID, ""), out: &out})
	return out, err
}

// NoticePeopleQuery says whom NoticePeople lists; what is empty does not narrow. Settled is "yes" (they have done what the notice
// asks for) or "no", Department a department_uuid, or "none" for those without one. After is the Next of the page before.
type NoticePeopleQuery struct {
	Settled, Department string
	After               int64
}

// NoticePeople returns a page of those whom a notice asks.
func (s *Session) NoticePeople(ctx context.Context, noticeUUID string, q NoticePeopleQuery) (wire.NoticePeople, error) {
	query := url.Values{"after": {strconv.FormatInt(q.After, 10)}}
	if q.Settled != "" {
		query.Set("settled", q.Settled)
	}
	if q.Department != "" {
		query.Set("department_uuid", q.Department)
	}
	var out wire.NoticePeople
	err := s.do(ctx, call{method: http.MethodGet, path: adminNoticePath(noticeUUID, "/people?"+query.Encode()), out: &out})
	return out, err
}

// SaveNotice writes who has confirmed a notice and who has not, as CSV.
func (s *Session) SaveNotice(ctx context.Context, noticeUUID string, into io.Writer) error {
	return s.save(ctx, adminNoticePath(noticeUUID, "/export"), into)
}
