package directory

import (
	"context"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Every method of these ports is one transaction, its audit entry included. Refusals come back as *errs.Error.

// Store is the database as the directory needs it.
type Store interface {
	Reading
	Tree
	Persons
}

// Reading reads the directory.
type Reading interface {
	DirectoryRev(ctx context.Context) (int64, error)
	// DirectoryAfter returns people and departments with a rev above after, each by rev and at most limit of them,
	// and the directory's rev at that moment.
	DirectoryAfter(ctx context.Context, after int64, limit int) ([]model.User, []model.Department, int64, error)
	Departments(ctx context.Context) ([]model.Department, error)
	ActiveAccounts(ctx context.Context) ([]model.User, error)
	AccountsByUUID(ctx context.Context, uuids []string) ([]model.User, error)
	// EachAccount hands over everybody who is active or disabled, by employee number, until fn refuses.
	EachAccount(ctx context.Context, fn func(model.User) error) error
}

// Outcome is what a transaction changed, to be told after it: each row took a rev of its own. Sessions are those that it
// ended.
type Outcome struct {
	Departments []model.Department
	Users       []model.User
	Rooms       []model.RoomChange
	Sessions    []string
}

// By is who changes something, and the entry that the audit gets of it.
type By struct {
	Actor model.Actor // UserID 0: the server's command line
	Entry model.AuditEntry
}

// DepartmentChange is what is to change of a department; nil stays.
type DepartmentChange struct {
	Name       *string
	ParentUUID *string // empty: the top
	BeforeUUID *string // a sibling; empty: last
	HeadUUID   *string // empty: nobody
}

// Tree changes departments, and rooms that follow them. Whatever changes who belongs where changes who is in these rooms in
// the same transaction. not_found for unknown departments.
type Tree interface {
	// CreateDepartment puts a department last among its siblings; parent empty: at the top.
	CreateDepartment(ctx context.Context, by By, d model.Department) (Outcome, error)
	ChangeDepartment(ctx context.Context, by By, uuid string, change DepartmentChange) (Outcome, error)
	// DeleteDepartment refuses with conflict (department_used) one with people or departments in it, unless moveTo says
	// where they go: a department, or with an empty one the top and no department.
	DeleteDepartment(ctx context.Context, by By, uuid string, moveTo *string) (Outcome, error)
	// SetDepartmentRoom gives a department a room, or changes whether the departments below are in it; fresh is the UUID of
	// a new room.
	SetDepartmentRoom(ctx context.Context, by By, uuid, fresh string, whole bool) (wire.DepartmentRoom, Outcome, error)
	// EndDepartmentRoom makes the room an ordinary group in which nobody writes any more. None: nothing happens.
	EndDepartmentRoom(ctx context.Context, by By, uuid string) (Outcome, error)
	DepartmentRooms(ctx context.Context) ([]wire.DepartmentRoom, error)
	// FollowTree makes every department's room what it should be; usually it is that already.
	FollowTree(ctx context.Context, now int64) (Outcome, error)
}

// PersonChange is what is to change of people; nil stays. DepartmentUUID empty: no department.
type PersonChange struct {
	Fields         map[wire.Field]string
	DepartmentUUID *string
}

// Picture is a small picture that the server made of a person's photo.
type Picture struct {
	UUID string
	Type string // image/png or image/jpeg
	Data []byte
}

// Persons changes people. not_found for unknown and deleted ones.
type Persons interface {
	// ChangePeople changes all of them or none. A taken user name, e-mail address or number is refused as at sign-up.
	// Those who are so already are left out of the outcome.
	ChangePeople(ctx context.Context, by By, uuids []string, change PersonChange) (Outcome, error)
	// SetUserPicture gives a person a picture in place of the one he has; nil takes it away.
	SetUserPicture(ctx context.Context, by By, uuid string, p *Picture) (Outcome, error)
	// UserPicture returns a picture of somebody who is not deleted.
	UserPicture(ctx context.Context, pictureUUID string) (Picture, error)
	// ProfileFields returns what people may change of their own; SetProfileFields replaces it.
	ProfileFields(ctx context.Context) ([]wire.Field, error)
	SetProfileFields(ctx context.Context, by By, fields []wire.Field) error
}

// Publisher tells the hubs.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}

// Rooms tells the members of a room what changed.
type Rooms interface {
	Announce(ctx context.Context, c model.RoomChange)
}

// Painter makes small pictures of foreign images.
type Painter interface {
	// Paint reads a png, jpeg or gif and returns it as a square of 256 pixels. unsupported_type (bad_image) for what is no
	// such image, too_large for one of too many pixels, unavailable (busy) when too many are being made.
	Paint(ctx context.Context, image []byte) (data []byte, contentType string, err error)
}
