package hook

import (
	"context"
	"errors"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Store keeps integrations. Each method is one transaction, its audit entry included. now is the caller's clock, UTC milliseconds.
type Store interface {
	Keeping
	Calling
	Handing
}

// Keeping is what administrators do.
type Keeping interface {
	// AddIntegration stores one with its bot, and a line in each room that says so. not_found for a room that the actor is not in,
	// bad_request (not_group) for one that is no group, conflict when there are wire.MaxIntegrations.
	AddIntegration(ctx context.Context, actor model.Actor, n Addition, entry model.AuditEntry) (Change, error)
	// IntegrationList returns a page of those that are not removed, the newest first, and the next page's before.
	IntegrationList(ctx context.Context, before int64, limit int) (list []model.Integration, next int64, err error)
	// IntegrationByUUID returns one; not_found for an unknown or removed one.
	IntegrationByUUID(ctx context.Context, integrationUUID string) (model.Integration, error)
	// RotateIntegration gives one another secret: another hash, or for an outgoing one another generation. not_found for an unknown
	// or removed one.
	RotateIntegration(ctx context.Context, integrationUUID, hash string, entry model.AuditEntry) (model.Integration, error)
	// SwitchIntegration enables or disables one. A repeat changes nothing and leaves no entry.
	SwitchIntegration(ctx context.Context, s Switch, entry model.AuditEntry) (model.Integration, error)
	// RemoveIntegration ends one for good, with a line in each room. Its bot's messages stay.
	RemoveIntegration(ctx context.Context, actor model.Actor, integrationUUID string, entry model.AuditEntry) (Change, error)
}

// Calling is what callers of the server do.
type Calling interface {
	// IntegrationBySecret finds an incoming hook or a token by the hash of its secret, whatever its state; not_found for an unknown or
	// removed one.
	IntegrationBySecret(ctx context.Context, hash string) (model.Integration, error)
	// NoteCall stores when one was used, or how it failed.
	NoteCall(ctx context.Context, id int64, failure wire.HookFailure, now int64) error
	// ReadRoom returns up to limit messages that people or bots wrote behind a seq and did not delete, by seq, up to which seq that
	// goes, and whether there are more.
	ReadRoom(ctx context.Context, roomID, after int64, limit int) (list []Written, upTo int64, more bool, err error)
	// PeopleAfter returns up to limit active people behind an id.
	PeopleAfter(ctx context.Context, after int64, limit int) ([]model.User, error)
}

// Handing hands messages over to targets.
type Handing interface {
	// Watched returns the rooms of active outgoing hooks.
	Watched(ctx context.Context) ([]int64, error)
	// ClaimDue gives a worker an active outgoing hook for which something waits and whose time has come, and which no other worker
	// has; ok false: there is none. Of what waits it passes over all but the newest wire.MaxHookBacklog of a room.
	ClaimDue(ctx context.Context, worker string, now, until int64) (i model.Integration, ok bool, err error)
	// HandedOver notes how far a room's messages were handed over, and how many were passed to the target; ErrLost when the hook is
	// not the worker's any more, is off or was enabled anew.
	HandedOver(ctx context.Context, claim Claim, roomID, upTo int64) error
	// SkippedTo is HandedOver for what is no message to hand over.
	SkippedTo(ctx context.Context, claim Claim, roomID, upTo int64) error
	// HandingFailed notes a failure and when to try again. With an entry the hook is given up, and its entry is stored.
	HandingFailed(ctx context.Context, claim Claim, f Failure) error
	// Release lets others have it.
	Release(ctx context.Context, claim Claim) error
}

// ErrLost says that a hook is not the worker's any more.
var ErrLost = errors.New("the hook is another's")

// Addition describes an integration to make.
type Addition struct {
	UUID       string
	BotUUID    string
	Kind       wire.IntegrationKind
	Name, Icon string
	Rooms      []string // room_uuids
	Scopes     []wire.Scope
	Hash       string // empty for an outgoing one
	URL        string
	ExpiresAt  int64
	Line       wire.SystemAction // what its rooms are told; empty: nothing
}

// Change is what adding or removing one did.
type Change struct {
	Integration model.Integration
	Bot         model.User
	Rooms       []model.RoomChange
}

// Switch says what an integration is to be: wire.IntegrationActive or wire.IntegrationDisabled.
type Switch struct {
	UUID    string
	State   wire.IntegrationState
	FromNow bool
}

// Written is a message with its sender's name.
type Written struct {
	model.Message
	SenderName string
	Bot        bool
}

// Claim is a worker's hold of an outgoing hook.
type Claim struct {
	ID     int64
	Worker string
	Now    int64
	Until  int64 // a sign of life: the hook stays the worker's until then
}

// Failure is one of a target. GiveUp is the entry with which the hook is given up, nil: it is tried again at NextTryAt.
type Failure struct {
	Cause     wire.HookFailure
	Status    int
	NextTryAt int64
	GiveUp    *model.AuditEntry
}

// Rooms is what is asked of package chat.
type Rooms interface {
	// Post writes for a bot into a room by its id, which it may write in; see chat.Service.
	Post(ctx context.Context, bot model.Actor, roomID int64, cmd wire.SendRequest) (wire.SendReply, error)
	Delete(ctx context.Context, bot model.Actor, messageID int64) (wire.RevReply, error)
	// Announce tells rooms of their lines.
	Announce(ctx context.Context, c model.RoomChange)
}

// Directory tells everybody of a bot's profile.
type Directory interface {
	UserChanged(ctx context.Context, u model.User)
}

// Target posts to foreign addresses.
type Target interface {
	// Check refuses an address that may not be a target, without asking for it.
	Check(address string) error
	// Post posts a body once, and returns nil when the target took it. Its error is a *PostError.
	Post(ctx context.Context, address string, header map[string]string, body []byte) error
}

// PostError is why a target did not take a body.
type PostError struct {
	Cause  wire.HookFailure
	Status int
}

// Error implements error.
func (e *PostError) Error() string { return "post: " + string(e.Cause) }

// Peers are other servers. What is told may be lost.
type Peers interface {
	// Tell sends data to the others. It never waits.
	Tell(topic string, data []byte)
	// Hear has fn called for what they tell.
	Hear(topic string, fn func(node string, data []byte))
}
