package api

import (
	"context"
	"io"
	"net/http"
	"os"
	"time"

	"himsg/server/internal/chat"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/shelf"
	"himsg/shared/release"
	"himsg/shared/wire"
)

// Releases is what api asks of package shelf: the installers of the app.
type Releases interface {
	// Newest is the release that installations of a ring are offered; ok is false when there is none.
	Newest(ring string) (r shelf.Release, ok bool)
	// TooOld reports whether an app of this version must be turned away, and which is the oldest that need not be.
	TooOld(version string) (oldest string, old bool)
	// File opens an installer. It returns shelf.ErrUnknown for what no manifest names.
	File(sequence int64, name string) (*os.File, release.File, error)
}

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

// Uploads is what api asks of package files about uploads.
type Uploads interface {
	Create(ctx context.Context, actor model.Actor, u files.NewUpload) (model.File, error)
	Offset(ctx context.Context, actor model.Actor, fileUUID string) (files.Progress, error)
	Write(ctx context.Context, actor model.Actor, fileUUID string, p files.Piece) (files.Progress, error)
	Cancel(ctx context.Context, actor model.Actor, fileUUID string) error
	// Receive takes a file of a form, Deliver waits for its check and sends it.
	Receive(ctx context.Context, actor model.Actor, name string, atMost int64, body io.Reader) (model.File, error)
	Deliver(ctx context.Context, actor model.Actor, f model.File, to wire.SendRequest) (wire.UploadFileReply, error)
}

// Files is all that api asks of package files; files.Service implements it.
type Files interface {
	Uploads

	Open(ctx context.Context, actor model.Actor, id string) (model.File, files.Blob, error)
	// OpenFound opens a file whose reader was let in elsewhere.
	OpenFound(ctx context.Context, f model.File) (files.Blob, error)
	Thumbnail(ctx context.Context, actor model.Actor, fileUUID string, size int) (model.File, files.Blob, error)
	Status(ctx context.Context, actor model.Actor, fileUUID, lang string) (wire.FileStatus, error)
	RoomFiles(ctx context.Context, actor model.Actor, q files.RoomFiles) (wire.RoomFilesReply, error)
	Limits(ctx context.Context) (maxBytes int64, types []string, err error)
	Policy(ctx context.Context, actor model.Actor) (wire.FilePolicyReply, error)
	SetPolicy(ctx context.Context, actor model.Actor, p wire.FilePolicy) (wire.FilePolicyReply, error)
}

// Metrics counts requests; ops.Metrics implements it.
type Metrics interface {
	Request(method, route string, status int, took time.Duration)
	Handler() http.Handler
}
