package api

import (
	"context"
	"net/http"
	"time"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Messages is what api asks of package chat about messages.
type Messages interface {
	Send(ctx context.Context, actor model.Actor, cmd wire.SendRequest) (wire.SendReply, error)
	Delete(ctx context.Context, actor model.Actor, messageID int64) (wire.RevReply, error)
	// ShownHistory pages through a room without what the actor deleted for himself.
	ShownHistory(ctx context.Context, actor model.Actor, q wire.HistoryRequest) (wire.HistoryReply, error)
	// DirectHistory pages through the conversation with a person. No room yet, or nobody of that uuid: an empty page.
	DirectHistory(
		ctx context.Context, actor model.Actor, otherUUID string, beforeSeq int64, limit int,
	) (wire.HistoryReply, model.User, error)
	MarkAllRead(ctx context.Context, actor model.Actor, roomUUID string) error
}

// Rooms is what api asks of package chat about rooms.
type Rooms interface {
	// RoomSummaries returns the actor's rooms, newest last message first.
	RoomSummaries(ctx context.Context, actor model.Actor) ([]wire.RoomSummary, error)
	RoomMembers(ctx context.Context, actor model.Actor, roomUUID string) ([]model.Member, error)
	CreateRoom(ctx context.Context, actor model.Actor, cmd wire.CreateRoomRequest) (wire.CreateRoomReply, error)
	OpenDirect(ctx context.Context, actor model.Actor, receiverUUID string) (roomUUID string, err error)
	// LeaveRoom leaves a group or hides a conversation; id is a room_uuid, or the other person's uuid.
	LeaveRoom(ctx context.Context, actor model.Actor, id string, forAll bool) (direct bool, err error)
}

// Groups is what api asks of package chat about a group's members and settings.
type Groups interface {
	Invite(ctx context.Context, actor model.Actor, roomUUID string, req wire.InviteRequest) error
	RemoveMember(ctx context.Context, actor model.Actor, roomUUID, userUUID string) error
	SetRole(ctx context.Context, actor model.Actor, roomUUID, userUUID string, role wire.RoomRole) error
	MembersPage(ctx context.Context, actor model.Actor, roomUUID, after string, most int) (wire.RoomMembers, error)
	UpdateRoom(ctx context.Context, actor model.Actor, roomUUID string, req wire.UpdateRoomRequest) error
}

// Pictures is what api asks of package chat about pictures.
type Pictures interface {
	SetPicture(ctx context.Context, actor model.Actor, roomUUID string, image []byte) (pictureUUID string, err error)
	RemovePicture(ctx context.Context, actor model.Actor, roomUUID string) error
	Picture(ctx context.Context, actor model.Actor, pictureUUID string) (chat.Picture, error)
}

// Chat is all of it; chat.Service implements it.
type Chat interface {
	Messages
	Rooms
	Groups
	Pictures
}

// Metrics counts requests; ops.Metrics implements it.
type Metrics interface {
	Request(method, route string, status int, took time.Duration)
	Handler() http.Handler
}
