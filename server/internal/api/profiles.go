package api

import (
	"context"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// adminsOnly is the refusal of what the service lets everybody read, but not at this path.
var adminsOnly = errs.E(wire.Forbidden, "", errs.Text{KO: "관리자만 할 수 있습니다.", EN: "Only administrators may do this."})

// This file answers changes of profiles: one's own, and those that administrators make.

func (a *API) changeMe(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.ProfileRequest },
) (*output[wire.Me], error) {
	if err := a.o.Directory.ChangeMe(ctx, actor, in.Body); err != nil {
		return nil, err
	}
	return a.me(ctx, actor, nil)
}

func (a *API) profileFields(ctx context.Context, _ model.Actor, _ *empty) (*output[wire.ProfileFields], error) {
	fields, err := a.o.Directory.ProfileFields(ctx)
	if err != nil {
		return nil, err
	}
	return answer(fields), nil
}

func (a *API) adminProfileFields(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.ProfileFields], error) {
	if !actor.IsAdmin() {
		return nil, adminsOnly
	}
	return a.profileFields(ctx, actor, nil)
}

func (a *API) setProfileFields(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.ProfileFields },
) (*output[wire.ProfileFields], error) {
	if err := a.o.Directory.SetProfileFields(ctx, actor, in.Body.Fields, in.Body.Was); err != nil {
		return nil, err
	}
	return a.profileFields(ctx, actor, nil)
}

type photoInput struct {
	RawBody []byte `contentType:"image/*" doc:"A png, jpeg or gif; its content decides, whatever it is called"`
}

func (a *API) setMyPicture(ctx context.Context, actor model.Actor, in *photoInput) (*output[wire.PictureReply], error) {
	return a.givePicture(ctx, actor, actor.UserUUID, in.RawBody)
}

func (a *API) removeMyPicture(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.MessageReply], error) {
	return a.removeUserPicture(ctx, actor, &personInput{UserUUID: actor.UserUUID})
}

type personPhotoInput struct {
	UserUUID string `path:"user_uuid"`
	RawBody  []byte `contentType:"image/*" doc:"A png, jpeg or gif; its content decides, whatever it is called"`
}

func (a *API) setUserPicture(
	ctx context.Context, actor model.Actor, in *personPhotoInput,
) (*output[wire.PictureReply], error) {
	return a.givePicture(ctx, actor, in.UserUUID, in.RawBody)
}

func (a *API) givePicture(
	ctx context.Context, actor model.Actor, userUUID string, image []byte,
) (*output[wire.PictureReply], error) {
	picture, err := a.o.Directory.SetPicture(ctx, actor, userUUID, image)
	if err != nil {
		return nil, err
	}
	return answer(wire.PictureReply{PictureUUID: picture}), nil
}

func (a *API) removeUserPicture(ctx context.Context, actor model.Actor, in *personInput) (*output[wire.MessageReply], error) {
	if err := a.o.Directory.RemovePicture(ctx, actor, in.UserUUID); err != nil {
		return nil, err
	}
	return said(ctx, "사진을 삭제했습니다.", "The picture was removed."), nil
}

func (a *API) person(ctx context.Context, actor model.Actor, in *personInput) (*output[wire.Person], error) {
	p, err := a.o.Directory.Person(ctx, actor, in.UserUUID)
	if err != nil {
		return nil, err
	}
	return answer(p), nil
}

type changePersonInput struct {
	UserUUID string `path:"user_uuid"`
	Body     wire.PersonRequest
}

func (a *API) changePerson(ctx context.Context, actor model.Actor, in *changePersonInput) (*output[wire.Person], error) {
	p, err := a.o.Directory.ChangePerson(ctx, actor, in.UserUUID, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(p), nil
}

func (a *API) assign(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.AssignRequest },
) (*output[wire.AssignReply], error) {
	n, err := a.o.Directory.Assign(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(wire.AssignReply{Changed: n}), nil
}
