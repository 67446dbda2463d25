package chat

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file holds what the chat needs of the database for rooms' people, settings and receipts. As in ports.go, every
// method is one transaction. Those that change a group return not_found unless the actor is a present member, bad_request
// (not_group) for another kind of room, and forbidden (not_room_owner) for what only owners may.

// Seating changes who is in a group and what they may do there.
type Seating interface {
	// Invite brings people into a group, with a system line that names the first of them. Who is in it stays as he is; who
	// was in it before starts anew. too_many_people if it would have more than wire.MaxRoomMembers.
	Invite(ctx context.Context, actor model.Actor, roomUUID string, users []model.User, now int64) (RoomChange, error)
	// RemoveMember ends another's membership, or the actor's own, for an owner. conflict (last_owner) if no owner would be
	// left, not_found if there is no such member.
	RemoveMember(ctx context.Context, actor model.Actor, roomUUID, userUUID string, now int64) (RoomChange, error)
	// SetRole makes a member an owner or an owner a member, for an owner; refusals as RemoveMember's.
	SetRole(
		ctx context.Context, actor model.Actor, roomUUID, userUUID string, role wire.RoomRole, now int64,
	) (RoomChange, error)
	// MembersPage returns up to limit present members of a room behind a place, owners first, then by joining.
	MembersPage(ctx context.Context, roomID int64, after MemberPlace, limit int) ([]MemberPlace, error)
}

// MemberPlace is a member in the list of a room's members, and so a place in it: the zero value is before the first.
type MemberPlace struct {
	Role     wire.RoomRole
	JoinedAt int64
	UserUUID string
}

// RoomUpdate is a change of a group's settings; nil stays.
type RoomUpdate struct {
	Name        *string
	OpenHistory *bool
}

// Picture is a small picture that the server made.
type Picture struct {
	UUID string
	Type string // image/png or image/jpeg
	Data []byte
}

// Settings changes what a room is, for all its members or for one.
type Settings interface {
	// UpdateRoom changes a group for an owner, with a system line for each thing that changed.
	UpdateRoom(ctx context.Context, actor model.Actor, roomUUID string, u RoomUpdate, now int64) (RoomChange, error)
	// SetPicture gives a group a picture in place of the one it has, for an owner; nil takes it away.
	SetPicture(ctx context.Context, actor model.Actor, roomUUID string, p *Picture, now int64) (RoomChange, error)
	// PictureFor returns a picture of a room in which the user is; not_found otherwise.
	PictureFor(ctx context.Context, userID int64, pictureUUID string) (Picture, error)
	// SetMy changes the user's own row and takes one my_rev, unless nothing differs. not_found unless he is present.
	SetMy(ctx context.Context, userID int64, roomUUID string, u MyUpdate) (roomID int64, changed bool, err error)
}

// MyUpdate is a change of one's own row; nil stays. MutedUntil 0 turns notifications on.
type MyUpdate struct {
	Favourite, Pinned, Locked *bool
	MutedUntil                *int64
	Notify                    *wire.RoomNotify
}

// Receipts tells who has read what, and when.
type Receipts interface {
	// Readers returns a page of the present members who have read a message or have not, by user_uuid, and how many there
	// are of both. not_found unless the member may see a message with that seq.
	Readers(ctx context.Context, room model.Room, member model.Member, q ReadersQuery) (ReadersPage, error)
	// PurgeReadTimes removes about limit of the oldest times from before an instant, and returns how many it removed.
	PurgeReadTimes(ctx context.Context, before int64, limit int) (n int, err error)
}

// ReadersQuery is wire.ReadersRequest as the database gets it. TimesFrom is the instant from which on times of reading
// are kept: a message from before it has none.
type ReadersQuery struct {
	Seq       int64
	Read      bool
	AfterUUID string
	Limit     int
	TimesFrom int64
}

// ReadersPage is one page; Users may hold one more than the limit, which says that there are more.
type ReadersPage struct {
	Users        []wire.Reader
	Read, Unread int
}

// Painter makes small pictures of foreign images.
type Painter interface {
	// Paint reads a png, jpeg or gif and returns it as a square of 256 pixels. unsupported_type (bad_image) for what is no
	// such image, too_large for one of too many pixels, unavailable (busy) when too many are being made.
	Paint(ctx context.Context, image []byte) (data []byte, contentType string, err error)
}
