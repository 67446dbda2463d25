package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds the calls about notices as their readers see them.

func noticePath(noticeUUID, more string) string {
	return "/api/notices/" + url.PathEscape(noticeUUID) + more
}

// Notices returns a page of what I may read, the newest first. before is the Next of the page before, 0 at first; limit 0 is the
// most. stamp is the one of the first page that is held, or empty: when nothing changed since, the answer says so and holds nothing.
func (s *Session) Notices(ctx context.Context, before int64, limit int, stamp string) (wire.NoticeList, error) {
	query := url.Values{"before": {strconv.FormatInt(before, 10)}, "limit": {strconv.Itoa(limit)}}
	if stamp != "" {
		query.Set("stamp", stamp)
	}
	var out wire.NoticeList
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/notices?" + query.Encode(), out: &out})
	return out, err
}

// ReadNotice says that I have read a notice, as it was edited at editedAt (UTC milliseconds, 0: never). A repeat is harmless. It
// returns wire.Conflict (edit_conflict) when it was edited since.
func (s *Session) ReadNotice(ctx context.Context, noticeUUID string, editedAt int64) error {
	return s.do(ctx, call{method: http.MethodPut, path: noticePath(noticeUUID, "/read"+asEdited(editedAt))})
}

// ConfirmNotice says that I confirm a notice, as ReadNotice does. It returns wire.Conflict also for one that nobody is asked to
// confirm.
func (s *Session) ConfirmNotice(ctx context.Context, noticeUUID string, editedAt int64) error {
	return s.do(ctx, call{method: http.MethodPut, path: noticePath(noticeUUID, "/confirm"+asEdited(editedAt))})
}

func asEdited(at int64) string { return "?edited_at=" + strconv.FormatInt(at, 10) }
