package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds the calls of a signed-in device.

// Logout ends the session on the server; its tokens are refused from then on.
func (s *Session) Logout(ctx context.Context) error {
	return s.do(ctx, call{method: http.MethodPost, path: "/api/logout"})
}

// Me returns the signed-in person.
func (s *Session) Me(ctx context.Context) (wire.Me, error) {
	var out wire.Me
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/users/me", out: &out})
	return out, err
}

// ChangePassword sets a new password; all other sessions of the person end.
func (s *Session) ChangePassword(ctx context.Context, current, next string) error {
	in := wire.PasswordRequest{CurrentPassword: current, NewPassword: next}
	return s.do(ctx, call{method: http.MethodPut, path: "/api/users/me/password", in: in})
}

// Directory returns people and departments that changed after a revision, at most limit of them (0: the server's most).
func (s *Session) Directory(ctx context.Context, afterRev int64, limit int) (wire.DirectoryPage, error) {
	query := url.Values{"after_rev": {strconv.FormatInt(afterRev, 10)}}
	if limit > 0 {
		query.Set("limit", strconv.Itoa(limit))
	}
	var out wire.DirectoryPage
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/directory?" + query.Encode(), out: &out})
	return out, err
}

// CreateRoom makes a group. With a ClientID a repeat returns the first one's room.
func (s *Session) CreateRoom(ctx context.Context, in wire.CreateRoomRequest) (roomUUID string, err error) {
	var out wire.CreateRoomReply
	err = s.do(ctx, call{method: http.MethodPost, path: "/api/create-chat-room", in: in, out: &out})
	return out.RoomUUID, err
}

// OpenDirect returns the conversation with a person (oneself: the memo), made if there is none.
func (s *Session) OpenDirect(ctx context.Context, userUUID string) (roomUUID string, err error) {
	var out wire.CreateRoomReply
	in := wire.OpenDirectRequest{ReceiverUUID: userUUID}
	err = s.do(ctx, call{method: http.MethodPost, path: "/api/direct-rooms", in: in, out: &out})
	return out.RoomUUID, err
}

// LeaveRoom leaves a group; id is its room_uuid. Nobody else loses anything.
func (s *Session) LeaveRoom(ctx context.Context, id string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: "/api/delete-chat-room/" + url.PathEscape(id)})
}

// CloseRoom ends a group for everybody; its owners may.
func (s *Session) CloseRoom(ctx context.Context, id string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: "/api/delete-chat-room/" + url.PathEscape(id) + "?for=all"})
}

// PendingUsers lists the sign-ups that wait, for administrators.
func (s *Session) PendingUsers(ctx context.Context) ([]wire.PendingUser, error) {
	var out []wire.PendingUser
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/pending-users", out: &out})
	return out, err
}

// ApproveUser lets a person in, for administrators.
func (s *Session) ApproveUser(ctx context.Context, id int64) error {
	return s.do(ctx, call{method: http.MethodPut, path: "/api/approve-user/" + strconv.FormatInt(id, 10)})
}

// RejectUser turns a sign-up down, for administrators. The reason is shown to the person.
func (s *Session) RejectUser(ctx context.Context, id int64, reason string) error {
	in := wire.RejectRequest{Reason: reason}
	return s.do(ctx, call{method: http.MethodPut, path: "/api/reject-user/" + strconv.FormatInt(id, 10), in: in})
}
