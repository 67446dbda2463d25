package client

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds the calls about reading others' conversations, which takes two persons.

const accessesPath = "/api/admin/access-requests"

func accessPath(accessUUID, more string) string {
	return accessesPath + "/" + url.PathEscape(accessUUID) + more
}

// AccessRequests returns a page of the requests, the newest first. before is the Next of the page before, 0 at first.
func (s *Session) AccessRequests(ctx context.Context, before int64) (wire.AccessList, error) {
	return olderPage(ctx, s, accessesPath, nil, before, func(l wire.AccessList) (int, int64) { return len(l.Requests), l.Next })
}

// AskAccess asks to read conversations; a second person decides.
func (s *Session) AskAccess(ctx context.Context, in wire.AccessRequest) (wire.Access, error) {
	var out wire.Access
	err := s.do(ctx, call{method: http.MethodPost, path: accessesPath, in: in, out: &out})
	return out, err
}

// DecideAccess approves, rejects or ends a request; verb is approve, reject or end.
func (s *Session) DecideAccess(ctx context.Context, accessUUID, verb string) error {
	return s.do(ctx, call{method: http.MethodPut, path: accessPath(accessUUID, "/"+url.PathEscape(verb))})
}

// AccessRooms lists the rooms that an approved request opens. It is audited.
func (s *Session) AccessRooms(ctx context.Context, accessUUID string) ([]wire.AccessedRoom, error) {
	var out wire.AccessRooms
	err := s.do(ctx, call{method: http.MethodGet, path: accessPath(accessUUID, "/rooms"), out: &out})
	return out.Rooms, err
}

// AccessMessages returns a page of messages of such a room, the oldest first: those after a seq. It is audited.
func (s *Session) AccessMessages(ctx context.Context, accessUUID, roomUUID string, after int64) (wire.AccessedMessages, error) {
	query := url.Values{"room_uuid": {roomUUID}, "after_seq": {strconv.FormatInt(after, 10)}}
	out, err := ask[wire.AccessedMessages](ctx, s, http.MethodGet, accessPath(accessUUID, "/messages?"+query.Encode()), nil)
	if err == nil && out.Next != 0 && (out.Next <= after || len(out.Messages) == 0) {
		return wire.AccessedMessages{}, errNoEnd
	}
	return out, err
}

// FindRooms returns a page of the rooms in which all these people are or were, the newest first. before is the Next of the page
// before, 0 at first. It is audited.
func (s *Session) FindRooms(ctx context.Context, members []string, before int64) (wire.FoundRooms, error) {
	return olderPage(ctx, s, "/api/admin/rooms", url.Values{"member": members}, before, func(l wire.FoundRooms) (int, int64) {
		return len(l.Rooms), l.Next
	})
}

// SaveAccessFile writes a file of what an approved request opens. It is audited.
func (s *Session) SaveAccessFile(ctx context.Context, accessUUID, fileID string, into io.Writer) error {
	return s.save(ctx, accessPath(accessUUID, "/files/"+url.PathEscape(fileID)), into)
}

// SearchAccess looks for messages in such a room, or with an empty roomUUID in all of them, the newest first. before is the
// Next of the page before, 0 at first. It is audited, with the text.
func (s *Session) SearchAccess(
	ctx context.Context, accessUUID, roomUUID, text string, before int64,
) (wire.AccessedMessages, error) {
	query := url.Values{"q": {text}, "room_uuid": {roomUUID}}
	return olderPage(ctx, s, accessPath(accessUUID, "/search"), query, before, func(l wire.AccessedMessages) (int, int64) {
		return len(l.Messages), l.Next
	})
}
