package auth

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Options is what a Service needs. All fields are required but Tries, Outside, Browser (with Arrivals) and WaitingChanged.
type Options struct {
	Accounts  Accounts
	Passwords Passwords
	Sessions  Sessions
	Resets    Resets
	Tries     Tries    // nil: this server alone counts wrong tries to sign in
	Outside   Outside  // nil: all passwords are this server's own
	Browser   Browser  // nil: nobody signs in by the browser
	Arrivals  Arrivals // for Outside and Browser
	Hasher    *Hasher
	Secret    Secret
	Publisher Publisher
	Now       func() time.Time
	Logger    *slog.Logger
	// SlowGuessing is off for benches only.
	SlowGuessing bool
	// WaitingChanged is told when more or less waits for administrators: sign-ups and resets.
	WaitingChanged func(ctx context.Context)
}

// Service signs people up, in and out.
type Service struct {
	o       Options
	access  *accessTokens
	live    *liveSessions
	guesses *guesser
}

// New makes a Service.
func New(o Options) *Service {
	if o.WaitingChanged == nil {
		o.WaitingChanged = func(context.Context) {}
	}
	return &Service{
		o:       o,
		access:  &accessTokens{secret: o.Secret, now: o.Now},
		live:    newLiveSessions(o.Sessions, o.Now),
		guesses: newGuesser(o.SlowGuessing, o.Tries),
	}
}

// Authenticate returns who acts with an access token (without "Bearer "). Its refusals are wire.Unauthenticated with
// ReasonTokenExpired (refresh), ReasonTokenInvalid or ReasonSessionRevoked (sign in again); wire.Unavailable when the
// database can't be asked. The caller fills in Actor.RemoteAddr.
func (s *Service) Authenticate(ctx context.Context, token string) (model.Actor, error) {
	userUUID, sessionUUID, err := s.access.read(token)
	if err != nil {
		return model.Actor{}, err
	}
	live, err := s.live.get(ctx, sessionUUID)
	if err != nil {
		return model.Actor{}, err
	}
	if live.UserUUID != userUUID {
		return model.Actor{}, errInvalid
	}
	return model.Actor{UserID: live.UserID, UserUUID: live.UserUUID, SessionUUID: sessionUUID, Role: live.Role}, nil
}

// Heard takes what the bus says about sessions, from all nodes: those that ended are refused from now on, those whose account
// changed are read anew.
func (s *Service) Heard(e bus.Event) {
	s.live.revoke(e.Revoked, e.RevokedFor)
	s.live.forget(e.Reread)
}

// Revoke tells this node and, by the bus, the others that sessions ended. It is for who ended them in the database.
func (s *Service) Revoke(ctx context.Context, sessionUUIDs []string, reason wire.Reason) {
	s.revoke(ctx, sessionUUIDs, reason)
}

func (s *Service) revoke(ctx context.Context, sessionUUIDs []string, reason wire.Reason) {
	if len(sessionUUIDs) == 0 {
		return
	}
	e := bus.Event{Revoked: sessionUUIDs, RevokedFor: reason}
	s.Heard(e)
	s.o.Publisher.Publish(ctx, e)
}

// Logout ends the actor's session. Repeating is harmless.
func (s *Service) Logout(ctx context.Context, actor model.Actor) error {
	if _, err := s.o.Sessions.EndSession(ctx, actor.SessionUUID, "logout", s.millis()); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	s.revoke(ctx, []string{actor.SessionUUID}, wire.ReasonSessionRevoked)
	return nil
}

// rightTry forgets wrong tries after a right one.
func (s *Service) rightTry(ctx context.Context, key guessKey) {
	if err := s.guesses.succeeded(ctx, key); err != nil {
		s.o.Logger.WarnContext(ctx, "wrong tries to sign in were not forgotten", slog.Any("error", err))
	}
}

// millis is the time as the database holds it.
func (s *Service) millis() int64 { return s.o.Now().UnixMilli() }

// Account returns the actor's account.
func (s *Service) Account(ctx context.Context, actor model.Actor) (model.User, error) {
	u, err := s.o.Accounts.Account(ctx, actor.UserID)
	if err != nil {
		return model.User{}, fmt.Errorf("load account: %w", err)
	}
	return u, nil
}

func text(ko, en string) errs.Text { return errs.Text{KO: ko, EN: en} }
