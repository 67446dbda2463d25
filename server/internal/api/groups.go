package api

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

type updateRoomInput struct {
	RoomUUID string `path:"room_uuid"`
	Body     wire.UpdateRoomRequest
}

func (a *API) updateRoom(
	ctx context.Context, actor model.Actor, in *updateRoomInput,
) (*output[wire.MessageReply], error) {
	if err := a.o.Chat.UpdateRoom(ctx, actor, in.RoomUUID, in.Body); err != nil {
		return nil, err
	}
	return said(ctx, "대화방을 변경했습니다.", "The conversation was changed."), nil
}

type membersInput struct {
	RoomUUID string `path:"room_uuid"`
	After    string `query:"after" maxLength:"100" doc:"The next of the page before"`
	Limit    int    `query:"limit" minimum:"0" maximum:"200" doc:"Most members of the page; 0 means 200"`
}

func (a *API) membersPage(ctx context.Context, actor model.Actor, in *membersInput) (*output[wire.RoomMembers], error) {
	page, err := a.o.Chat.MembersPage(ctx, actor, in.RoomUUID, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return answer(page), nil
}

type inviteInput struct {
	RoomUUID string `path:"room_uuid"`
	Body     wire.InviteRequest
}

func (a *API) invite(ctx context.Context, actor model.Actor, in *inviteInput) (*output[wire.MessageReply], error) {
	if err := a.o.Chat.Invite(ctx, actor, in.RoomUUID, in.Body); err != nil {
		return nil, err
	}
	return said(ctx, "초대했습니다.", "The people were invited."), nil
}

type memberInput struct {
	RoomUUID string `path:"room_uuid"`
	UserUUID string `path:"user_uuid"`
}

type roleInput struct {
	RoomUUID string `path:"room_uuid"`
	UserUUID string `path:"user_uuid"`
	Body     wire.MemberRoleRequest
}

func (a *API) setRole(ctx context.Context, actor model.Actor, in *roleInput) (*output[wire.MessageReply], error) {
	if err := a.o.Chat.SetRole(ctx, actor, in.RoomUUID, in.UserUUID, in.Body.Role); err != nil {
		return nil, err
	}
	return said(ctx, "역할을 변경했습니다.", "The role was changed."), nil
}

func (a *API) removeMember(ctx context.Context, actor model.Actor, in *memberInput) (*output[wire.MessageReply], error) {
	if err := a.o.Chat.RemoveMember(ctx, actor, in.RoomUUID, in.UserUUID); err != nil {
		return nil, err
	}
	return said(ctx, "내보냈습니다.", "The member was removed."), nil
}
