package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about signed-in devices.

// PeopleSessions returns a page of everybody's signed-in devices, the latest sign-in first. before is the Next of the page
// before, 0 at first; limit 0 is the most.
func (s *Session) PeopleSessions(ctx context.Context, text, platform string, before int64, limit int) (wire.PeopleSessions, error) {
	query := url.Values{}
	for name, value := range map[string]string{"q": text, "platform": platform} {
		if value != "" {
			query.Set(name, value)
		}
	}
	query.Set("limit", strconv.Itoa(limit))
	return olderPage(ctx, s, "/api/admin/sessions", query, before, func(l wire.PeopleSessions) (int, int64) {
		return len(l.Sessions), l.Next
	})
}

// RemoveDevices signs a device of a person out, or with an empty sessionUUID all of them; they wipe what they hold. It
// returns how many. The reason is kept in the audit.
func (s *Session) RemoveDevices(ctx context.Context, userUUID, sessionUUID, reason string) (int, error) {
	path := "/api/admin/users/" + url.PathEscape(userUUID) + "/sessions"
	if sessionUUID != "" {
		path += "/" + url.PathEscape(sessionUUID)
	}
	var out wire.EndedSessions
	err := s.do(ctx, call{method: http.MethodDelete, path: path, in: wire.ReasonRequest{Reason: reason}, out: &out})
	return out.Ended, err
}
