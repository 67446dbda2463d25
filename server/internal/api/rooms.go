package api

import (
	"context"
	"strconv"
	"strings"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func (a *API) chatRooms(ctx context.Context, actor model.Actor, _ *empty) (*output[[]wire.LegacyRoom], error) {
	rooms, err := a.o.Chat.RoomSummaries(ctx, actor)
	if err != nil {
		return nil, err
	}
	people, err := a.namesOf(ctx, rooms, actor)
	if err != nil {
		return nil, err
	}
	lang := recordOf(ctx).lang
	out := make([]wire.LegacyRoom, 0, len(rooms))
	for _, room := range rooms {
		if room.LastMessage == nil {
			continue // as in the original: a room shows once something was said in it
		}
		l := wire.LegacyRoom{
			UUID: room.RoomUUID, RoomUUID: room.RoomUUID, Name: room.Name, Department: groupText.In(lang),
			LastMessage: preview(*room.LastMessage, lang), Timestamp: room.LastMessage.Timestamp, IsGroup: true,
		}
		if room.My != nil {
			l.UnreadCount = room.My.UnreadCount
		}
		switch {
		case room.Kind == wire.RoomDirect && room.Other != nil:
			l.UUID, l.IsGroup = room.Other.UserUUID, false
			l.Name, l.Department = displayName(*room.Other, lang), room.Other.Department
		case room.Kind == wire.RoomSelf:
			me := people[actor.UserUUID]
			l.UUID, l.IsGroup, l.Name, l.Department = actor.UserUUID, false, me.Name, me.Department
		case room.Name == "":
			l.Name = joinNames(room.Members, people, actor.UserUUID, lang)
		}
		out = append(out, l)
	}
	return answer(out), nil
}

// namesOf looks up, in one go, everyone whose name the list of rooms will show.
func (a *API) namesOf(
	ctx context.Context, rooms []wire.RoomSummary, actor model.Actor,
) (map[string]wire.Profile, error) {
	wanted := []string{actor.UserUUID}
	seen := map[string]bool{actor.UserUUID: true}
	for _, room := range rooms {
		if room.Kind == wire.RoomDirect || room.Name != "" {
			continue
		}
		for _, uuid := range room.Members {
			if !seen[uuid] {
				seen[uuid] = true
				wanted = append(wanted, uuid)
			}
		}
	}
	return a.o.Directory.Profiles(ctx, wanted)
}

// joinNames makes the name of a group that has none: those of its other members.
func joinNames(members []string, people map[string]wire.Profile, except, lang string) string {
	var names []string
	for _, uuid := range members {
		if uuid != except {
			names = append(names, displayName(people[uuid], lang))
		}
	}
	return strings.Join(names, ", ")
}

func (a *API) createRoom(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.CreateRoomRequest },
) (*output[wire.CreateRoomReply], error) {
	reply, err := a.o.Chat.CreateRoom(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(reply), nil
}

func (a *API) openDirect(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.OpenDirectRequest },
) (*output[wire.CreateRoomReply], error) {
	room, err := a.o.Chat.OpenDirect(ctx, actor, in.Body.ReceiverUUID)
	if err != nil {
		return nil, err
	}
	return answer(wire.CreateRoomReply{RoomUUID: room}), nil
}

type roomInput struct {
	RoomUUID string `path:"room_uuid"`
}

type roomDetailInput struct {
	RoomUUID  string `path:"room_uuid"`
	BeforeSeq int64  `query:"before_seq" minimum:"0" doc:"Messages before this seq; 0 means the newest"`
	Limit     int    `query:"limit" minimum:"0" maximum:"100" doc:"Most messages of the page; 0 means 100"`
}

// roomDetail answers a page of a room. The newest page counts as seen, as in the original; an older one says nothing
// new.
func (a *API) roomDetail(ctx context.Context, actor model.Actor, in *roomDetailInput) (*page[wire.RoomDetail], error) {
	history, err := a.o.Chat.ShownHistory(ctx, actor, wire.HistoryRequest{
		RoomUUID: in.RoomUUID, BeforeSeq: in.BeforeSeq, Limit: pageLimit(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	members, err := a.o.Chat.RoomMembers(ctx, actor, in.RoomUUID)
	if err != nil {
		return nil, err
	}
	uuids := make([]string, len(members))
	for i, m := range members {
		uuids[i] = m.UserUUID
	}
	people, err := a.o.Directory.Profiles(ctx, uuids)
	if err != nil {
		return nil, err
	}
	if in.BeforeSeq == 0 {
		if err := a.o.Chat.MarkAllRead(ctx, actor, in.RoomUUID); err != nil {
			return nil, err
		}
	}
	lang := recordOf(ctx).lang
	out := &page[wire.RoomDetail]{HasMore: strconv.FormatBool(history.HasMore)}
	out.Body.Members = make([]wire.RoomDetailMember, len(members))
	for i, uuid := range uuids {
		out.Body.Members[i] = wire.RoomDetailMember{Name: displayName(people[uuid], lang), UUID: uuid}
	}
	out.Body.Messages = make([]wire.LegacyMessage, len(history.Messages))
	for i, m := range history.Messages {
		out.Body.Messages[i] = legacyMessage(m, lang)
	}
	return out, nil
}

// The original refused both with 403. An unknown room and one that isn't the caller's stay alike.
var (
	notMemberOfChat = errs.E(wire.Forbidden, "", errs.Text{
		KO: "이 채팅방의 멤버가 아닙니다.", EN: "You are not a member of this room.",
	})
	notMemberOfRoom = errs.E(wire.Forbidden, "", errs.Text{
		KO: "이 방의 멤버가 아닙니다.", EN: "You are not a member of this room.",
	})
)

func (a *API) markRead(ctx context.Context, actor model.Actor, in *roomInput) (*output[wire.MessageReply], error) {
	if err := a.o.Chat.MarkAllRead(ctx, actor, in.RoomUUID); err != nil {
		return nil, notFoundAs(err, notMemberOfChat)
	}
	return said(ctx, "읽음 표시 완료", "Marked as read"), nil
}

type leaveInput struct {
	ID  string `path:"id" doc:"The room_uuid of a group, or the other person's uuid"`
	For string `query:"for" enum:"me,all" doc:"all closes a group for everyone; its owner may"`
}

func (a *API) leaveRoom(ctx context.Context, actor model.Actor, in *leaveInput) (*output[wire.MessageReply], error) {
	direct, err := a.o.Chat.LeaveRoom(ctx, actor, in.ID, in.For == "all")
	if err != nil {
		return nil, notFoundAs(err, notMemberOfRoom)
	}
	if direct {
		return said(ctx, "1:1 채팅방 삭제 완료", "The conversation was removed."), nil
	}
	return said(ctx, "그룹 채팅방 삭제 완료", "The group was removed."), nil
}

func notFoundAs(err error, refusal *errs.Error) error {
	if errs.Is(err, wire.NotFound) {
		return refusal
	}
	return err
}
