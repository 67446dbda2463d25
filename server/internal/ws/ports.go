package ws

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Authenticator knows whose access token it is. A refusal is wire.Unauthenticated.
type Authenticator interface {
	Authenticate(ctx context.Context, bearer string) (model.Actor, error)
}

// Profiles loads the person whom the welcome greets.
type Profiles interface {
	Profile(ctx context.Context, actor model.Actor) (wire.Profile, error)
}

// Chat is what the operations do; chat.Service implements it.
type Chat interface {
	// Submit stores a message; done is called once, when it is committed or refused, and must not block.
	Submit(ctx context.Context, actor model.Actor, cmd wire.SendRequest, done func(wire.SendReply, error))
	Delete(ctx context.Context, actor model.Actor, messageID int64) (wire.RevReply, error)
	Edit(ctx context.Context, actor model.Actor, req wire.EditRequest) (wire.RevReply, error)
	React(ctx context.Context, actor model.Actor, req wire.ReactRequest) (wire.RevReply, error)
	Pin(ctx context.Context, actor model.Actor, req wire.PinRequest) (wire.RevReply, error)
	Hide(ctx context.Context, actor model.Actor, req wire.HideRequest) (wire.Empty, error)
	Hidden(ctx context.Context, actor model.Actor, req wire.HiddenRequest) (wire.HiddenReply, error)
	Messages(ctx context.Context, actor model.Actor, req wire.MessagesRequest) (wire.MessagesReply, error)
	// Sync compares what a client holds with listed, his rooms a moment ago; nil: with what is now.
	Sync(ctx context.Context, actor model.Actor, req wire.SyncRequest, listed []model.RoomRef) (wire.SyncReply, error)
	Changes(ctx context.Context, actor model.Actor, req wire.ChangesRequest) (wire.ChangesReply, error)
	History(ctx context.Context, actor model.Actor, req wire.HistoryRequest) (wire.HistoryReply, error)
	Search(ctx context.Context, actor model.Actor, req wire.SearchRequest) (wire.SearchReply, error)
	Read(ctx context.Context, actor model.Actor, req wire.ReadRequest) (wire.ReadReply, error)
	Reads(ctx context.Context, actor model.Actor, req wire.ReadsRequest) (wire.ReadsReply, error)
	Readers(ctx context.Context, actor model.Actor, req wire.ReadersRequest) (wire.ReadersReply, error)
	SetMy(ctx context.Context, actor model.Actor, req wire.MyRequest) (wire.MyReply, error)
	Typing(ctx context.Context, actor model.Actor, req wire.TypingRequest) error
}
