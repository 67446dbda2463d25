package admin

import (
	"context"
	"fmt"
	"slices"

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
	// ChangeAccounts makes changes, at most maxChanges, in one transaction, in their order; done is as long. One that
	// ChangeAccount would refuse has a Refusal and changes nothing, the others are made.
	ChangeAccounts(ctx context.Context, changes []AccountChange) (done []AccountChanged, err error)
}

// maxChanges is how many accounts change in one transaction: others' writes wait for it.
const maxChanges = 20

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
	Refusal  error    // *errs.Error; why it was not made
}

var (
	ownersOnly  = errs.Text{KO: "소유자만 역할을 바꿀 수 있습니다.", EN: "Only owners may change roles."}
	adminsOnly  = errs.Text{KO: "관리자만 접근할 수 있습니다.", EN: "Only administrators may do this."}
	unknownRole = errs.Text{KO: "알 수 없는 역할입니다.", EN: "There is no such role."}
)

// SetRole gives a person another role. Only owners may: whoever could make an auditor could be the second person of his own
// request, and whoever could make an administrator could be one twice. wire.Conflict (last_owner) if no owner would be left.
func (s *Service) SetRole(ctx context.Context, actor model.Actor, userUUID string, role wire.UserRole, reason string) error {
	change, err := s.roleChange(actor, role, reason)
	if err != nil {
		return err
	}
	return s.change(ctx, change, userUUID)
}

// roleChange is what SetRole does to anybody.
func (s *Service) roleChange(actor model.Actor, role wire.UserRole, reason string) (c AccountChange, err error) {
	if actor.Role != wire.RoleOwner {
		return c, errs.E(wire.Forbidden, wire.ReasonRank, ownersOnly)
	}
	switch role {
	case wire.RoleUser, wire.RoleAuditor, wire.RoleAdmin, wire.RoleOwner:
	default:
		return c, errs.BadField("role", unknownRole)
	}
	reason, err = model.Line("reason", reason, wire.MaxFieldRunes, false)
	return AccountChange{Actor: actor, Role: role, Reason: reason, Entry: s.entry(actor, model.AuditRoleChanged)}, err
}

// Disable keeps a person out until he is enabled: his sessions end, his devices wipe their copies. reason is told to
// administrators only.
func (s *Service) Disable(ctx context.Context, actor model.Actor, userUUID, reason string) error {
	return s.setState(ctx, actor, userUUID, wire.UserDisabled, reason)
}

// Enable lets a disabled person in again.
func (s *Service) Enable(ctx context.Context, actor model.Actor, userUUID, reason string) error {
	return s.setState(ctx, actor, userUUID, wire.UserActive, reason)
}

func (s *Service) setState(ctx context.Context, actor model.Actor, userUUID string, state wire.UserState, reason string) error {
	change, err := s.stateChange(actor, state, reason)
	if err != nil {
		return err
	}
	return s.change(ctx, change, userUUID)
}

// stateChange is what Disable and Enable do to anybody.
func (s *Service) stateChange(actor model.Actor, state wire.UserState, reason string) (c AccountChange, err error) {
	if err := mustBeAdmin(actor, adminsOnly); err != nil {
		return c, err
	}
	action := model.AuditUserEnabled
	if state == wire.UserDisabled {
		action = model.AuditUserDisabled
	}
	reason, err = model.Line("reason", reason, wire.MaxFieldRunes, false)
	return AccountChange{Actor: actor, State: state, Reason: reason, Entry: s.entry(actor, action)}, err
}

// change makes a change to one person.
func (s *Service) change(ctx context.Context, c AccountChange, userUUID string) error {
	c.UserUUID = userUUID
	done, err := s.o.People.ChangeAccount(ctx, c)
	if err != nil {
		return fmt.Errorf("change account: %w", err)
	}
	s.tellChanged(ctx, []AccountChanged{done})
	return nil
}

// tellChanged tells of stored changes, of all the sessions at once.
func (s *Service) tellChanged(ctx context.Context, done []AccountChanged) {
	var ended, goOn []string
	for _, d := range done {
		ended, goOn = append(ended, d.Ended...), append(goOn, d.Sessions...)
	}
	s.o.Revoke(ctx, ended, wire.ReasonDisabled)
	if len(goOn) > 0 {
		s.o.Publisher.Publish(ctx, bus.Event{Reread: goOn})
	}
	for _, d := range done {
		if d.Changed {
			s.o.Directory.UserChanged(ctx, d.User)
		}
	}
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
	var change AccountChange
	var refusal error
	switch in.Action {
	case wire.BulkDisable:
		change, refusal = s.stateChange(actor, wire.UserDisabled, in.Reason)
	case wire.BulkEnable:
		change, refusal = s.stateChange(actor, wire.UserActive, in.Reason)
	case wire.BulkRole:
		change, refusal = s.roleChange(actor, in.Role, in.Reason)
	case wire.BulkSignOut:
		return s.signOutEach(ctx, actor, in)
	default:
		return nil, errs.BadField("action", errs.Text{KO: "알 수 없는 작업입니다.", EN: "There is no such action."})
	}
	fates := make([]Fate, 0, len(in.UserUUIDs))
	if refusal != nil {
		for _, userUUID := range in.UserUUIDs {
			fates = append(fates, Fate{UserUUID: userUUID, Refusal: refusal})
		}
		return fates, nil
	}
	for part := range slices.Chunk(in.UserUUIDs, maxChanges) {
		done, err := s.changeAll(ctx, change, part)
		if err != nil {
			return nil, err
		}
		fates = append(fates, done...)
	}
	return fates, nil
}

// changeAll makes the same change to people, in one transaction.
func (s *Service) changeAll(ctx context.Context, c AccountChange, userUUIDs []string) ([]Fate, error) {
	c.Entry.At = s.o.Now().UnixMilli() // those of other parts took a while
	changes := make([]AccountChange, len(userUUIDs))
	for i, userUUID := range userUUIDs {
		changes[i] = c
		changes[i].UserUUID = userUUID
	}
	fates := make([]Fate, len(userUUIDs))
	done, err := s.o.People.ChangeAccounts(ctx, changes)
	if err != nil {
		if errs.As(err).Code == wire.Internal {
			return nil, fmt.Errorf("change accounts: %w", err)
		}
		for i, userUUID := range userUUIDs { // the database is away: those of other parts may have been changed
			fates[i] = Fate{UserUUID: userUUID, Refusal: err}
		}
		return fates, nil
	}
	for i, d := range done {
		fates[i] = Fate{UserUUID: userUUIDs[i], Changed: d.Changed, Refusal: d.Refusal}
	}
	s.tellChanged(ctx, done)
	return fates, nil
}

// signOutEach ends the sessions of people, each for himself.
func (s *Service) signOutEach(ctx context.Context, actor model.Actor, in wire.BulkRequest) ([]Fate, error) {
	fates := make([]Fate, len(in.UserUUIDs))
	for i, userUUID := range in.UserUUIDs {
		ended, err := s.o.SignOut(ctx, actor, userUUID, in.Reason)
		if err != nil && errs.As(err).Code == wire.Internal {
			return nil, err
		}
		fates[i] = Fate{UserUUID: userUUID, Changed: err == nil && ended > 0, Refusal: err}
	}
	return fates, nil
}

// Fate is what became of one person in a bulk.
type Fate struct {
	UserUUID string
	Changed  bool
	Refusal  error
}
