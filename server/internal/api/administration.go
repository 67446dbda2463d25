package api

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func (a *API) pendingUsers(ctx context.Context, actor model.Actor, _ *empty) (*output[[]wire.PendingUser], error) {
	pending, err := a.o.Admin.Pending(ctx, actor)
	if err != nil {
		return nil, err
	}
	users := make([]wire.PendingUser, len(pending))
	for i, u := range pending {
		users[i] = wire.PendingUser{
			ID: u.ID, Name: u.Name, Username: u.Username, Email: u.Email, UUID: u.UUID, EmployeeID: u.EmployeeID,
			Department: u.Department, Position: u.Position, Grade: u.Grade, CreatedAt: wire.TimeOfMilli(u.CreatedAt),
		}
	}
	return answer(users), nil
}

type userInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (a *API) approveUser(ctx context.Context, actor model.Actor, in *userInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.Approve(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return said(ctx, "사용자 승인 완료", "The user was approved."), nil
}

type rejectInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body *wire.RejectRequest
}

func (a *API) rejectUser(ctx context.Context, actor model.Actor, in *rejectInput) (*output[wire.MessageReply], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	if err := a.o.Admin.Reject(ctx, actor, in.ID, reason); err != nil {
		return nil, err
	}
	return said(ctx, "사용자 반려 완료", "The user was rejected."), nil
}
