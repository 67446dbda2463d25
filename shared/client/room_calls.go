package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds a signed-in device's calls about a group's members, settings and picture.

func roomPath(roomUUID string, more ...string) string {
	path := "/api/chat-rooms/" + url.PathEscape(roomUUID)
	for _, part := range more {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// Invite brings people into a group. Who is in it already is no error.
func (s *Session) Invite(ctx context.Context, roomUUID string, userUUIDs []string) error {
	in := wire.InviteRequest{Members: userUUIDs}
	return s.do(ctx, call{method: http.MethodPost, path: roomPath(roomUUID, "members"), in: in})
}

// RemoveMember ends another's membership of a group; its owners may.
func (s *Session) RemoveMember(ctx context.Context, roomUUID, userUUID string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: roomPath(roomUUID, "members", userUUID)})
}

// SetRole makes a member of a group an owner, or an owner a member; its owners may.
func (s *Session) SetRole(ctx context.Context, roomUUID, userUUID string, role wire.RoomRole) error {
	in := wire.MemberRoleRequest{Role: role}
	return s.do(ctx, call{method: http.MethodPut, path: roomPath(roomUUID, "members", userUUID), in: in})
}

// Members returns a page of a room's present members, owners first, then by joining. after is the Next of the page before;
// a limit of 0 means the most.
func (s *Session) Members(ctx context.Context, roomUUID, after string, limit int) (wire.RoomMembers, error) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		query.Set("after", after)
	}
	var out wire.RoomMembers
	err := s.do(ctx, call{method: http.MethodGet, path: roomPath(roomUUID, "members") + "?" + query.Encode(), out: &out})
	return out, err
}

// UpdateRoom changes a group's name or history setting; its owners may. What is nil stays.
func (s *Session) UpdateRoom(ctx context.Context, roomUUID string, in wire.UpdateRoomRequest) error {
	return s.do(ctx, call{method: http.MethodPut, path: roomPath(roomUUID), in: in})
}

// SetPicture gives a group a picture, of a png, jpeg or gif of at most wire.MaxPictureBytes; its owners may. It returns the
// name of what the server made of it.
func (s *Session) SetPicture(ctx context.Context, roomUUID string, image []byte) (pictureUUID string, err error) {
	var out wire.PictureReply
	err = s.do(ctx, call{method: http.MethodPut, path: roomPath(roomUUID, "picture"), raw: image, out: &out})
	return out.PictureUUID, err
}

// RemovePicture takes a group's picture away; its owners may.
func (s *Session) RemovePicture(ctx context.Context, roomUUID string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: roomPath(roomUUID, "picture")})
}

// Picture returns a picture of a room and its content type. What a name stands for never changes: keep it.
func (s *Session) Picture(ctx context.Context, pictureUUID string) (image []byte, contentType string, err error) {
	err = s.do(ctx, call{
		method: http.MethodGet, path: "/api/pictures/" + url.PathEscape(pictureUUID), image: &image, imageType: &contentType,
	})
	return image, contentType, err
}
