package client

import (
	"context"
	"net/http"
	"net/url"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about what the server keeps, and how it is.

const (
	filePolicyPath    = "/api/admin/file-policy"
	retentionPath     = "/api/admin/retention"
	holdsPath         = "/api/admin/holds"
	profileFieldsPath = "/api/admin/profile-fields"
)

// ask does a call and returns its answer.
func ask[T any](ctx context.Context, s *Session, method, path string, in any) (out T, err error) {
	err = s.do(ctx, call{method: method, path: path, in: in, out: &out})
	return out, err
}

// FilePolicy returns what files are taken.
func (s *Session) FilePolicy(ctx context.Context) (wire.FilePolicyReply, error) {
	return ask[wire.FilePolicyReply](ctx, s, http.MethodGet, filePolicyPath, nil)
}

// SetFilePolicy replaces it; wire.Conflict if it was changed since p.Rev.
func (s *Session) SetFilePolicy(ctx context.Context, p wire.FilePolicy) (wire.FilePolicyReply, error) {
	return ask[wire.FilePolicyReply](ctx, s, http.MethodPut, filePolicyPath, p)
}

// Retention returns how long what people wrote is kept, and the last runs.
func (s *Session) Retention(ctx context.Context) (wire.Retention, error) {
	return ask[wire.Retention](ctx, s, http.MethodGet, retentionPath, nil)
}

// SetRetention replaces the rules; wire.Conflict if they were changed since p.Rev.
func (s *Session) SetRetention(ctx context.Context, p wire.RetentionPolicy) (wire.RetentionPolicy, error) {
	return ask[wire.RetentionPolicy](ctx, s, http.MethodPut, retentionPath, p)
}

// PreviewRetention counts what rules would delete now.
func (s *Session) PreviewRetention(ctx context.Context, p wire.RetentionPolicy) (wire.RetentionPreview, error) {
	return ask[wire.RetentionPreview](ctx, s, http.MethodPost, retentionPath+"/preview", p)
}

// StartRetention begins to delete what is older than it is kept.
func (s *Session) StartRetention(ctx context.Context, in wire.StartRetention) error {
	return s.do(ctx, call{method: http.MethodPost, path: retentionPath + "/runs", in: in})
}

// CancelRetention ends a run after what it does just now.
func (s *Session) CancelRetention(ctx context.Context, runUUID string) error {
	return s.do(ctx, call{method: http.MethodPost, path: retentionPath + "/runs/" + url.PathEscape(runUUID) + "/cancel"})
}

// Holds returns a page of the legal holds: those that hold first, then those that ended. before is the Next of the page before, 0 at
// first.
func (s *Session) Holds(ctx context.Context, before int64) (wire.HoldList, error) {
	return olderPage(ctx, s, holdsPath, nil, before, func(l wire.HoldList) (int, int64) { return len(l.Holds), l.Next })
}

// PlaceHold keeps what is of a person or a room from being deleted.
func (s *Session) PlaceHold(ctx context.Context, in wire.NewHold) (wire.Hold, error) {
	return ask[wire.Hold](ctx, s, http.MethodPost, holdsPath, in)
}

// EndHold ends a hold.
func (s *Session) EndHold(ctx context.Context, holdUUID, reason string) (wire.Hold, error) {
	path := holdsPath + "/" + url.PathEscape(holdUUID) + "/end"
	return ask[wire.Hold](ctx, s, http.MethodPost, path, wire.ReasonRequest{Reason: reason})
}

// Health tells how the server is.
func (s *Session) Health(ctx context.Context) (wire.Health, error) {
	return ask[wire.Health](ctx, s, http.MethodGet, "/api/admin/health", nil)
}

// ProfileFields returns what people may change of their own.
func (s *Session) ProfileFields(ctx context.Context) ([]wire.Field, error) {
	out, err := ask[wire.ProfileFields](ctx, s, http.MethodGet, profileFieldsPath, nil)
	return out.Fields, err
}

// SetProfileFields replaces it; wire.Conflict if it is not what the caller saw any more.
func (s *Session) SetProfileFields(ctx context.Context, fields, was []wire.Field) ([]wire.Field, error) {
	out, err := ask[wire.ProfileFields](ctx, s, http.MethodPut, profileFieldsPath, wire.ProfileFields{Fields: fields, Was: was})
	return out.Fields, err
}
