package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	resetsPerAddr     = 10 // requests and tries to set a password, a minute each
	resetAsksPerAddr  = 120
	adminUser         = "/api/admin/users/{user_uuid}"
	resetRequestsPath = "/api/admin/password-reset-requests"
)

// resetRoutes are those of a forgotten password.
func (a *API) resetRoutes(doc huma.API) {
	open(a, doc, op("POST /api/password-reset/request", "Ask for a new password").created().atMost(resetsPerAddr), a.requestReset)
	open(a, doc, op("POST /api/password-reset/status", "Where my request stands").atMost(resetAsksPerAddr), a.resetStatus)
	open(a, doc, op("POST /api/password-reset/reset", "Set a new password, with the device's secret or a one-time code").
		atMost(resetsPerAddr), a.resetPassword)
	signedIn(a, doc, op("GET "+resetRequestsPath, "Requests that wait (administrators)"), a.pendingResets)
	signedIn(a, doc, op("PUT /api/password-reset/approve/{id}", "Let the device set a password (administrators)"), a.approveReset)
	signedIn(a, doc, op("PUT /api/password-reset/reject/{id}", "Turn a request down (administrators)"), a.rejectReset)
	signedIn(a, doc, op("POST "+adminUser+"/reset-code", "A one-time code for a lost device (administrators)").created(), a.makeResetCode)
}

func (a *API) requestReset(ctx context.Context, in *struct{ Body wire.ResetRequest }) (*output[wire.ResetReceived], error) {
	asked, err := a.o.Auth.RequestReset(ctx, in.Body, recordOf(ctx).remote)
	if err != nil {
		return nil, err
	}
	message := errs.Text{
		KO: "비밀번호 재설정 요청이 전송되었습니다. 관리자의 승인을 기다려주세요.",
		EN: "Your request was received. Please wait for an administrator's approval.",
	}
	return answer(wire.ResetReceived{
		Message: message.In(recordOf(ctx).lang), RequestID: asked.ID, Secret: asked.Secret,
		CompareCode: asked.CompareCode, ExpiresAt: wire.TimeOfMilli(asked.ExpiresAt),
	}), nil
}

func (a *API) resetStatus(
	ctx context.Context, in *struct{ Body wire.ResetStatusRequest },
) (*output[wire.ResetStatusReply], error) {
	r, err := a.o.Auth.ResetStatus(ctx, in.Body.Secret)
	if err != nil {
		return nil, err
	}
	reply := wire.ResetStatusReply{Request: resetEntry(r), UserName: r.Username}
	if r.State == model.ResetApproved || r.State == model.ResetCompleted {
		reply.UserName = r.User.Name
	} else {
		reply.Request.UserUUID, reply.Request.ProcessedBy = "", nil
	}
	return answer(reply), nil
}

// resetEntry is a request as its device may see it once it was approved.
func resetEntry(r model.Reset) wire.ResetEntry {
	e := wire.ResetEntry{
		ID: r.ID, Username: r.Username, EmployeeID: r.EmployeeID, Department: r.Department, UserUUID: r.User.UUID,
		Status: wire.ResetStatus(r.State), RequestedAt: wire.TimeOfMilli(r.RequestedAt),
		ExpiresAt: wire.TimeOfMilli(r.ExpiresAt), Reason: r.Reason,
	}
	if r.ProcessedAt != 0 {
		at := wire.TimeOfMilli(r.ProcessedAt)
		e.ProcessedAt, e.ProcessedBy = &at, &r.ProcessedBy
	}
	return e
}

func (a *API) resetPassword(
	ctx context.Context, in *struct{ Body wire.PasswordResetRequest },
) (*output[wire.MessageReply], error) {
	if err := a.o.Auth.ResetPassword(ctx, in.Body, recordOf(ctx).remote); err != nil {
		return nil, err
	}
	return said(ctx, "비밀번호가 성공적으로 변경되었습니다.", "The password was changed."), nil
}

func (a *API) pendingResets(ctx context.Context, actor model.Actor, _ *empty) (*output[[]wire.ResetEntry], error) {
	list, err := a.o.Auth.PendingResets(ctx, actor)
	if err != nil {
		return nil, err
	}
	entries := make([]wire.ResetEntry, len(list))
	for i, r := range list {
		e := resetEntry(r)
		e.UserName, e.Email, e.CompareCode, e.RemoteAddr = r.User.Name, r.User.Email, r.CompareCode, r.RemoteAddr
		entries[i] = e
	}
	return answer(entries), nil
}

func (a *API) approveReset(ctx context.Context, actor model.Actor, in *userInput) (*output[wire.MessageReply], error) {
	if err := a.o.Auth.ApproveReset(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return said(ctx, "비밀번호 재설정 요청이 승인되었습니다.", "The request was approved."), nil
}

func (a *API) rejectReset(ctx context.Context, actor model.Actor, in *rejectInput) (*output[wire.MessageReply], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	if err := a.o.Auth.RejectReset(ctx, actor, in.ID, reason); err != nil {
		return nil, err
	}
	return said(ctx, "비밀번호 재설정 요청이 거부되었습니다.", "The request was rejected."), nil
}

type personInput struct {
	UserUUID string `path:"user_uuid"`
}

func (a *API) makeResetCode(ctx context.Context, actor model.Actor, in *personInput) (*output[wire.OneTimeCode], error) {
	code, expiresAt, err := a.o.Auth.MakeResetCode(ctx, actor, in.UserUUID)
	if err != nil {
		return nil, err
	}
	return answer(wire.OneTimeCode{Code: code, ExpiresAt: wire.TimeOfMilli(expiresAt)}), nil
}
