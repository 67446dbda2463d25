package api

import (
	"context"
	"net/http"
	"time"

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

// Chat is both; chat.Service implements it.
type Chat interface {
	Messages
	Rooms
}

// Metrics counts requests; ops.Metrics implements it.
type Metrics interface {
	Request(method, route string, status int, took time.Duration)
	Handler() http.Handler
}
