package client

import (
	"context"
	"net/http"
	"net/url"

	"himsg/shared/wire"
)

// This file holds the calls about one's own profile and devices.

// MyFields says what the person may change of his own profile.
func (s *Session) MyFields(ctx context.Context) ([]wire.Field, error) {
	var out wire.ProfileFields
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/users/me/fields", out: &out})
	return out.Fields, err
}

// ChangeMe changes the person's own profile; what is nil stays.
func (s *Session) ChangeMe(ctx context.Context, in wire.ProfileRequest) (wire.Me, error) {
	var out wire.Me
	err := s.do(ctx, call{method: http.MethodPut, path: "/api/users/me", in: in, out: &out})
	return out, err
}

// SetMyPicture gives the person a picture, of a png, jpeg or gif of at most wire.MaxPictureBytes.
func (s *Session) SetMyPicture(ctx context.Context, image []byte) (pictureUUID string, err error) {
	var out wire.PictureReply
	err = s.do(ctx, call{method: http.MethodPut, path: "/api/users/me/picture", raw: image, out: &out})
	return out.PictureUUID, err
}

// RemoveMyPicture takes the person's picture away.
func (s *Session) RemoveMyPicture(ctx context.Context) error {
	return s.do(ctx, call{method: http.MethodDelete, path: "/api/users/me/picture"})
}

// MySessions lists the person's signed-in devices, the last seen first.
func (s *Session) MySessions(ctx context.Context) ([]wire.DeviceSession, error) {
	var out wire.SessionList
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/sessions", out: &out})
	return out.Sessions, err
}

// EndMySession signs one of the person's devices out.
func (s *Session) EndMySession(ctx context.Context, sessionUUID string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: "/api/sessions/" + url.PathEscape(sessionUUID)})
}

// EndMyOtherSessions signs all devices of the person out but this one, and returns how many.
func (s *Session) EndMyOtherSessions(ctx context.Context) (int, error) {
	var out wire.EndedSessions
	err := s.do(ctx, call{method: http.MethodDelete, path: "/api/sessions", out: &out})
	return out.Ended, err
}
