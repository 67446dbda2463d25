package admin

import (
	"context"
	"fmt"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// People changes what accounts may do. Each method is one transaction, its audit entry included.
type People interface {
	// ChangeAccount gives a person another role, or disables or enables him. not_found for an unknown or deleted one,
	// forbidden (oneself, rank) if the actor may not, conflict (last_owner) if no active owner would be left, conflict
	// for an account that was never let in. Asking for what is so already changes nothing.
	ChangeAccount(ctx context.Context, c AccountChange) (AccountChanged, error)
}

// AccountChange says what to change of an account: Role or State, the other is empty.
type AccountChange struct {
	Actor    model.Actor
	UserUUID string
	Role     wire.UserRole
	State    wire.UserState // disabled or active
	Reason   string
	Entry    model.AuditEntry // on whom and the detail are filled in
}

// AccountChanged is what a change did.
type AccountChanged struct {
	User     model.User
	Changed  bool
	Ended    []string // sessions that ended
	Sessions []string // sessions that go on under the new role
}

var (
	ownersOnly  = errs.Text{KO: "소유자만 역할을 바꿀 수 있습니다.", EN: "Only owners may change roles."}
	adminsOnly  = errs.Text{KO: "관리자만 접근할 수 있습니다.", EN: "Only administrators may do this."}
	unknownRole = errs.Text{KO: "알 수 없는 역할입니다.", EN: "There is no such role."}
)

// SetRole gives a person another role. Only owners may: whoever could make an auditor could be the second person of his own
// request, and whoever could make an administrator could be one twice. wire.Conflict (last_owner) if no owner would be left.
func (s *Service) SetRole(ctx context.Context, actor model.Actor, userUUID string, role wire.UserRole, reason string) error {
	_, err := s.setRole(ctx, actor, userUUID, role, reason)
	return err
}

func (s *Service) setRole(
	ctx context.Context, actor model.Actor, userUUID string, role wire.UserRole, reason string,
) (changed bool, err error) {
	if actor.Role != wire.RoleOwner {
		return false, errs.E(wire.Forbidden, wire.ReasonRank, ownersOnly)
	}
	switch role {
	case wire.RoleUser, wire.RoleAuditor, wire.RoleAdmin, wire.RoleOwner:
	default:
		return false, errs.BadField("role", unknownRole)
	}
	return s.change(ctx, AccountChange{
		Actor: actor, UserUUID: userUUID, Role: role, Reason: reason, Entry: s.entry(actor, model.AuditRoleChanged),
	})
}

// Disable keeps a person out until he is enabled: his sessions end, his devices wipe their copies. reason is told to
// administrators only.
func (s *Service) Disable(ctx context.Context, actor model.Actor, userUUID, reason string) error {
	_, err := s.setState(ctx, actor, userUUID, wire.UserDisabled, reason)
	return err
}

// Enable lets a disabled person in again.
func (s *Service) Enable(ctx context.Context, actor model.Actor, userUUID, reason string) error {
	_, err := s.setState(ctx, actor, userUUID, wire.UserActive, reason)
	return err
}

func (s *Service) setState(
	ctx context.Context, actor model.Actor, userUUID string, state wire.UserState, reason string,
) (changed bool, err error) {
	if err := mustBeAdmin(actor, adminsOnly); err != nil {
		return false, err
	}
	action := model.AuditUserEnabled
	if state == wire.UserDisabled {
		action = model.AuditUserDisabled
	}
	return s.change(ctx, AccountChange{
		Actor: actor, UserUUID: userUUID, State: state, Reason: reason, Entry: s.entry(actor, action),
	})
}

func (s *Service) change(ctx context.Context, c AccountChange) (changed bool, err error) {
	if c.Reason, err = model.Line("reason", c.Reason, wire.MaxFieldRunes, false); err != nil {
		return false, err
	}
	done, err := s.o.People.ChangeAccount(ctx, c)
	if err != nil {
		return false, fmt.Errorf("change account: %w", err)
	}
	if !done.Changed {
		return false, nil
	}
	s.o.Revoke(ctx, done.Ended, wire.ReasonDisabled)
	if len(done.Sessions) > 0 {
		s.o.Publisher.Publish(ctx, bus.Event{Reread: done.Sessions})
	}
	s.o.Directory.UserChanged(ctx, done.User)
	return true, nil
}

// Bulk does one thing to many people, each for itself, and tells each one's fate in the order in which they were named.
// wire.BadRequest for more than wire.MaxBulk of them, wire.Forbidden if the actor may not do it to anybody.
func (s *Service) Bulk(ctx context.Context, actor model.Actor, in wire.BulkRequest) ([]Fate, error) {
	if err := mustBeAdmin(actor, adminsOnly); err != nil {
		return nil, err
	}
	if len(in.UserUUIDs) > wire.MaxBulk {
		return nil, errs.BadField("user_uuids", errs.Text{KO: "한 번에 1,000명까지 할 수 있습니다.", EN: "At most 1,000 people at a time."})
	}
	var do func(userUUID string) (bool, error)
	switch in.Action {
	case wire.BulkDisable:
		do = func(id string) (bool, error) { return s.setState(ctx, actor, id, wire.UserDisabled, in.Reason) }
	case wire.BulkEnable:
		do = func(id string) (bool, error) { return s.setState(ctx, actor, id, wire.UserActive, in.Reason) }
	case wire.BulkRole:
		do = func(id string) (bool, error) { return s.setRole(ctx, actor, id, in.Role, in.Reason) }
	case wire.BulkSignOut:
		do = func(id string) (bool, error) {
			ended, err := s.o.SignOut(ctx, actor, id, in.Reason)
			return ended > 0, err
		}
	default:
		return nil, errs.BadField("action", errs.Text{KO: "알 수 없는 작업입니다.", EN: "There is no such action."})
	}
	fates := make([]Fate, len(in.UserUUIDs))
	for i, userUUID := range in.UserUUIDs {
		changed, err := do(userUUID)
		if err != nil && errs.As(err).Code == wire.Internal {
			return nil, err
		}
		fates[i] = Fate{UserUUID: userUUID, Changed: changed, Refusal: err}
	}
	return fates, nil
}

// Fate is what became of one person in a bulk.
type Fate struct {
	UserUUID string
	Changed  bool
	Refusal  error
}
