package auth

import (
	"context"
	"fmt"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// MySessions returns the actor's live sessions, the last seen first.
func (s *Service) MySessions(ctx context.Context, actor model.Actor) ([]model.DeviceSession, error) {
	return s.sessionsOf(ctx, actor.UserUUID)
}

// SessionsOf returns a person's live sessions. wire.Forbidden for who is no administrator.
func (s *Service) SessionsOf(ctx context.Context, actor model.Actor, userUUID string) ([]model.DeviceSession, error) {
	if !actor.IsAdmin() {
		return nil, errs.E(wire.Forbidden, "", resetMayNot)
	}
	return s.sessionsOf(ctx, userUUID)
}

// AllSessions returns a page of everybody's live sessions, the latest sign-in first. wire.Forbidden for who is no
// administrator. q.Now is set here; a Limit of 0 is the most.
func (s *Service) AllSessions(ctx context.Context, actor model.Actor, q SessionQuery) ([]model.PersonSession, error) {
	if !actor.IsAdmin() {
		return nil, errs.E(wire.Forbidden, "", resetMayNot)
	}
	line, err := model.Line("q", q.Text, wire.MaxQueryRunes, false)
	if err != nil {
		return nil, err
	}
	q.Text, q.Now = line, s.millis()
	if q.Limit <= 0 || q.Limit > wire.MaxPeopleSessions {
		q.Limit = wire.MaxPeopleSessions
	}
	list, err := s.o.Sessions.AllSessions(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return list, nil
}

func (s *Service) sessionsOf(ctx context.Context, userUUID string) ([]model.DeviceSession, error) {
	list, err := s.o.Sessions.SessionsOf(ctx, userUUID, s.millis())
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return list, nil
}

// EndMySession signs one of the actor's devices out; not_found if it is not his or not signed in.
func (s *Service) EndMySession(ctx context.Context, actor model.Actor, sessionUUID string) error {
	_, err := s.endSessions(ctx, EndSessions{
		Actor: actor, UserUUID: actor.UserUUID, One: sessionUUID, Entry: s.entry(actor, model.AuditSessionEnded),
	}, wire.ReasonSessionRevoked)
	return err
}

// EndMyOtherSessions signs all devices of the actor out but this one, and returns how many.
func (s *Service) EndMyOtherSessions(ctx context.Context, actor model.Actor) (int, error) {
	return s.endSessions(ctx, EndSessions{
		Actor: actor, UserUUID: actor.UserUUID, Keep: actor.SessionUUID, Entry: s.entry(actor, model.AuditSessionEnded),
	}, wire.ReasonSessionRevoked)
}

// RemoveDevices signs a device of a person out, or with an empty sessionUUID all of them, and returns how many. The devices
// wipe their copies when they hear of it (wire.ReasonDeviceRemoved). wire.Forbidden for a person whom the actor may not
// administer.
func (s *Service) RemoveDevices(ctx context.Context, actor model.Actor, userUUID, sessionUUID, reason string) (int, error) {
	if !actor.IsAdmin() {
		return 0, errs.E(wire.Forbidden, "", resetMayNot)
	}
	reason, err := model.Line("reason", reason, wire.MaxFieldRunes, false)
	if err != nil {
		return 0, err
	}
	entry := s.entry(actor, model.AuditDeviceRemoved)
	entry.Detail = reason
	return s.endSessions(ctx, EndSessions{Actor: actor, UserUUID: userUUID, One: sessionUUID, Entry: entry},
		wire.ReasonDeviceRemoved)
}

func (s *Service) endSessions(ctx context.Context, e EndSessions, reason wire.Reason) (int, error) {
	ended, err := s.o.Sessions.EndSessionsOf(ctx, e)
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	s.revoke(ctx, ended, reason)
	return len(ended), nil
}
