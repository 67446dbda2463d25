package api

import (
	"context"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file answers what is about one's own account.

func (a *API) register(
	ctx context.Context, in *struct{ Body wire.RegisterRequest },
) (*output[wire.RegisterReply], error) {
	token, err := a.o.Auth.Register(ctx, in.Body, recordOf(ctx).remote)
	if err != nil {
		return nil, err
	}
	message := errs.Text{
		KO: "가입 요청이 완료되었습니다. 관리자 승인을 기다려주세요.",
		EN: "You have signed up. Please wait for an administrator's approval.",
	}
	return answer(wire.RegisterReply{Message: message.In(recordOf(ctx).lang), RegisterToken: token}), nil
}

func (a *API) registerStatus(
	ctx context.Context, in *struct{ Body wire.RegisterStatusRequest },
) (*output[wire.RegisterStatusReply], error) {
	reply, err := a.o.Auth.RegisterStatus(ctx, in.Body.RegisterToken)
	if err != nil {
		return nil, err
	}
	return answer(reply), nil
}

func (a *API) login(ctx context.Context, in *struct{ Body wire.LoginRequest }) (*output[wire.LoginReply], error) {
	signed, err := a.o.Auth.Login(ctx, in.Body, recordOf(ctx).remote)
	return loginReply(ctx, signed, err)
}

func (a *API) beginBrowser(
	ctx context.Context, in *struct{ Body wire.BrowserBeginRequest },
) (*output[wire.BrowserBeginReply], error) {
	begun, err := a.o.Auth.BeginBrowser(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(begun), nil
}

func (a *API) finishBrowser(
	ctx context.Context, in *struct{ Body wire.BrowserFinishRequest },
) (*output[wire.LoginReply], error) {
	signed, err := a.o.Auth.FinishBrowser(ctx, in.Body, recordOf(ctx).remote)
	return loginReply(ctx, signed, err)
}

func loginReply(ctx context.Context, signed auth.SignedIn, err error) (*output[wire.LoginReply], error) {
	if err != nil {
		return nil, err
	}
	return answer(wire.LoginReply{
		Message: errs.Text{KO: "로그인 성공", EN: "Signed in"}.In(recordOf(ctx).lang),
		Token:   signed.Access, IsAdmin: signed.User.Role.IsAdmin(), RefreshToken: signed.Refresh,
		ExpiresIn: int(auth.AccessLife.Seconds()), User: meOf(signed.User),
	}), nil
}

func (a *API) refresh(ctx context.Context, in *struct{ Body wire.RefreshRequest }) (*output[wire.RefreshReply], error) {
	signed, err := a.o.Auth.Refresh(ctx, in.Body.RefreshToken, recordOf(ctx).remote, recordOf(ctx).app)
	if err != nil {
		return nil, err
	}
	return answer(wire.RefreshReply{
		Token: signed.Access, RefreshToken: signed.Refresh, ExpiresIn: int(auth.AccessLife.Seconds()),
	}), nil
}

func (a *API) logout(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.MessageReply], error) {
	if err := a.o.Auth.Logout(ctx, actor); err != nil {
		return nil, err
	}
	return said(ctx, "로그아웃되었습니다.", "Signed out"), nil
}

func (a *API) me(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.Me], error) {
	u, err := a.o.Auth.Account(ctx, actor)
	if err != nil {
		return nil, err
	}
	return answer(meOf(u)), nil
}

func meOf(u model.User) wire.Me {
	return wire.Me{
		UUID: u.UUID, Name: u.Name, EmployeeID: u.EmployeeID, Department: u.Department, Position: u.Position,
		Grade: u.Grade, Email: u.Email, Username: u.Username, IsAdmin: u.Role.IsAdmin(), Role: u.Role,
		BirthDate: u.BirthDate, Phone: u.Phone, StatusText: u.StatusText, Picture: u.PictureUUID,
	}
}

func (a *API) changePassword(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.PasswordRequest },
) (*output[wire.MessageReply], error) {
	if err := a.o.Auth.ChangePassword(ctx, actor, in.Body.CurrentPassword, in.Body.NewPassword); err != nil {
		return nil, err
	}
	return said(ctx, "비밀번호가 변경되었습니다.", "The password was changed."), nil
}
