package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Store decides about accounts. Each method is one transaction, its audit entry included.
type Store interface {
	PendingAccounts(ctx context.Context) ([]model.User, error)
	CountPending(ctx context.Context) (int, error)
	CountPendingResets(ctx context.Context, now int64) (int, error)
	// CountFailedHooks returns how many outgoing hooks the server gave up.
	CountFailedHooks(ctx context.Context) (int, error)
	// Approve and Reject report changed false when the actor decided so already. not_found for an unknown id, conflict when
	// the other was decided before, with ReasonDecided and the name when another administrator was first.
	Approve(ctx context.Context, userID int64, entry model.AuditEntry) (u model.User, changed bool, err error)
	Reject(
		ctx context.Context, userID int64, reason string, entry model.AuditEntry,
	) (u model.User, changed bool, err error)
	CreateAccount(ctx context.Context, u model.User, tokenHash string, entry model.AuditEntry) (model.User, error)
}

// Publisher tells the hubs.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}

// Directory tells everybody of a changed profile.
type Directory interface {
	UserChanged(ctx context.Context, u model.User)
}

// Options is what a Service needs; all fields are required.
type Options struct {
	Store     Store
	People    People
	Audit     Audit
	Backups   Backups
	Access    Access
	Rooms     Rooms
	Files     Files
	Figures   Figures
	Online    Online
	Vitals    func(context.Context) wire.Health
	Publisher Publisher
	Directory Directory
	// Revoke tells of sessions that ended in the database, before it returns.
	Revoke func(ctx context.Context, sessionUUIDs []string, reason wire.Reason)
	// SignOut signs all devices of a person out, which wipe what they hold, and returns how many.
	SignOut func(ctx context.Context, actor model.Actor, userUUID, reason string) (int, error)
	// Removed is told when a person was deleted, with what only he had.
	Removed func()
	// Archives seals what is left of them.
	Archives Archives
	// ArchiveDir is where the archives of deleted people are.
	ArchiveDir string

	Now    func() time.Time
	Logger *slog.Logger
}

// Service carries out what administrators decide.
type Service struct {
	o     Options
	jobs  jobs
	kinds kinds
}

// New makes a Service.
func New(o Options) *Service { return &Service{o: o} }

// The original refused each of these in its own words.
var (
	mayNotList    = errs.Text{KO: "관리자만 접근 가능", EN: "Only administrators may see this."}
	mayNotApprove = errs.Text{KO: "관리자만 승인할 수 있습니다.", EN: "Only administrators may approve."}
	mayNotReject  = errs.Text{KO: "관리자만 반려할 수 있습니다.", EN: "Only administrators may reject."}
)

func mustBeAdmin(actor model.Actor, otherwise errs.Text) error {
	if actor.IsAdmin() {
		return nil
	}
	return errs.E(wire.Forbidden, "", otherwise)
}

// Pending lists the sign-ups that wait, oldest first. wire.Forbidden for who is no administrator.
func (s *Service) Pending(ctx context.Context, actor model.Actor) ([]model.User, error) {
	if err := mustBeAdmin(actor, mayNotList); err != nil {
		return nil, err
	}
	users, err := s.o.Store.PendingAccounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read pending sign-ups: %w", err)
	}
	return users, nil
}

// Approve lets a person in. Repeating is harmless; wire.Conflict for a sign-up that was rejected, or that another
// administrator decided (wire.ReasonDecided).
func (s *Service) Approve(ctx context.Context, actor model.Actor, userID int64) error {
	if err := mustBeAdmin(actor, mayNotApprove); err != nil {
		return err
	}
	u, changed, err := s.o.Store.Approve(ctx, userID, s.entry(actor, model.AuditUserApproved))
	if err != nil {
		return fmt.Errorf("approve: %w", err)
	}
	if changed {
		s.o.Directory.UserChanged(ctx, u)
		s.PendingChanged(ctx)
	}
	return nil
}

// Reject turns a sign-up down; reason (may be empty) is shown to the person. Repeating is harmless; wire.Conflict for a
// person who was let in.
func (s *Service) Reject(ctx context.Context, actor model.Actor, userID int64, reason string) error {
	if err := mustBeAdmin(actor, mayNotReject); err != nil {
		return err
	}
	reason, err := model.Line("reason", reason, wire.MaxFieldRunes, false)
	if err != nil {
		return err
	}
	_, changed, err := s.o.Store.Reject(ctx, userID, reason, s.entry(actor, model.AuditUserRejected))
	if err != nil {
		return fmt.Errorf("reject: %w", err)
	}
	if changed {
		s.PendingChanged(ctx)
	}
	return nil
}

func (s *Service) entry(actor model.Actor, action model.AuditAction) model.AuditEntry {
	return model.AuditEntry{
		At: s.o.Now().UnixMilli(), ActorID: actor.UserID, Action: action, RemoteAddr: actor.RemoteAddr,
	}
}

// PendingChanged tells administrators how much waits for them. It is a hint: when it fails the next one says it.
func (s *Service) PendingChanged(ctx context.Context) {
	users, err := s.o.Store.CountPending(ctx)
	resets, failed := 0, 0
	if err == nil {
		resets, err = s.o.Store.CountPendingResets(ctx, s.o.Now().UnixMilli())
	}
	if err == nil {
		failed, err = s.o.Store.CountFailedHooks(ctx)
	}
	if err != nil {
		s.o.Logger.WarnContext(ctx, "administrators were not told of what waits", slog.Any("error", err))
		return
	}
	data, err := json.Marshal(wire.AdminCounts{PendingUsers: users, PendingResets: resets, FailedHooks: failed})
	if err != nil {
		s.o.Logger.ErrorContext(ctx, "event can't be encoded", slog.Any("error", err))
		return
	}
	s.o.Publisher.Publish(ctx, bus.Event{Ev: wire.EvAdmin, Data: data, AdminsOnly: true})
}

// NewOwner describes an owner. The password comes hashed: its rules are package auth's.
type NewOwner struct {
	Username     string
	Name         string
	EmployeeID   string
	Email        string // may be empty
	PasswordHash string
}

// CreateOwner stores an owner who may sign in at once. It is for the command line: whoever may run it on the server's
// data may do anything anyway, so there is no actor.
func (s *Service) CreateOwner(ctx context.Context, o NewOwner) (model.User, error) {
	now := s.o.Now().UnixMilli()
	u := model.User{
		UUID: uuid.NewString(), PasswordHash: o.PasswordHash, Role: wire.RoleOwner, State: wire.UserActive,
		CreatedAt: now, UpdatedAt: now, DecidedAt: now,
	}
	for _, f := range []struct {
		name, value string
		required    bool
		into        *string
	}{
		{"username", o.Username, true, &u.Username},
		{"name", o.Name, true, &u.Name},
		{"employee-id", o.EmployeeID, true, &u.EmployeeID},
		{"email", o.Email, false, &u.Email},
	} {
		line, err := model.Line(f.name, f.value, wire.MaxNameRunes, f.required)
		if err != nil {
			return u, err
		}
		*f.into = line
	}
	stored, err := s.o.Store.CreateAccount(ctx, u, "", model.AuditEntry{
		At: now, Action: model.AuditOwnerCreated, Subject: u.UUID, Detail: "command line",
	})
	if err != nil {
		return u, fmt.Errorf("store owner: %w", err)
	}
	s.o.Directory.UserChanged(ctx, stored)
	return stored, nil
}
