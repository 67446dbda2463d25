package api

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// sessionRoutes are those of signed-in devices: one's own, and anyone's for administrators.
func (a *API) sessionRoutes(doc huma.API) {
	const mine, anyones = "/api/sessions", adminUser + "/sessions"
	signedIn(a, doc, op("GET "+mine, "My signed-in devices"), a.mySessions)
	signedIn(a, doc, op("DELETE "+mine, "Sign all my other devices out"), a.endMyOthers)
	signedIn(a, doc, op("DELETE "+mine+"/{session_uuid}", "Sign one of my devices out"), a.endMine)
	signedIn(a, doc, op("GET /api/admin/sessions", "Everybody's signed-in devices (administrators)"), a.allSessions)
	signedIn(a, doc, op("GET "+anyones, "A person's signed-in devices (administrators)"), a.sessionsOf)
	signedIn(a, doc, op("DELETE "+anyones, "Sign all of a person's devices out and wipe them (administrators)"), a.removeDevices)
	signedIn(a, doc, op("DELETE "+anyones+"/{session_uuid}", "Sign a person's device out and wipe it (administrators)"),
		a.removeDevice)
}

func sessionList(list []model.DeviceSession, actor model.Actor) *output[wire.SessionList] {
	sessions := make([]wire.DeviceSession, len(list))
	for i, s := range list {
		sessions[i] = deviceSession(s, actor)
	}
	return answer(wire.SessionList{Sessions: sessions})
}

func deviceSession(s model.DeviceSession, actor model.Actor) wire.DeviceSession {
	return wire.DeviceSession{
		SessionUUID: s.UUID, DeviceUUID: s.Device.UUID, DeviceName: s.Device.Name, Platform: s.Device.Platform,
		AppVersion: s.Device.AppVersion, RemoteAddr: s.RemoteAddr, SignedInAt: wire.TimeOfMilli(s.CreatedAt),
		LastSeenAt: wire.TimeOfMilli(s.LastSeenAt), Current: s.UUID == actor.SessionUUID,
	}
}

type allSessionsInput struct {
	Text     string `query:"q" maxLength:"800" doc:"In the person's name, user name or number, the device's name or address"`
	Platform string `query:"platform" maxLength:"64" doc:"windows, linux, darwin"`
	Before   int64  `query:"before" minimum:"0" doc:"next of the page before"`
	Limit    int    `query:"limit" minimum:"0" maximum:"200" doc:"Most sessions of the page; 0 means 200"`
}

func (a *API) allSessions(ctx context.Context, actor model.Actor, in *allSessionsInput) (*output[wire.PeopleSessions], error) {
	list, err := a.o.Auth.AllSessions(ctx, actor, auth.SessionQuery{
		Text: in.Text, Platform: in.Platform, Before: in.Before, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	page := wire.PeopleSessions{Sessions: make([]wire.PersonSession, len(list))}
	for i, s := range list {
		page.Sessions[i] = wire.PersonSession{
			DeviceSession: deviceSession(s.DeviceSession, actor),
			UserUUID:      s.UserUUID, Name: s.Name, Username: s.Username, Department: s.Department,
		}
	}
	if n := len(list); n > 0 && (n == in.Limit || n == wire.MaxPeopleSessions) {
		page.Next = list[n-1].ID
	}
	return answer(page), nil
}

func ended(ctx context.Context, n int) *output[wire.EndedSessions] {
	message := errs.Text{KO: fmt.Sprintf("기기 %d대를 로그아웃했습니다.", n), EN: fmt.Sprintf("Devices signed out: %d", n)}
	return answer(wire.EndedSessions{Message: message.In(recordOf(ctx).lang), Ended: n})
}

func (a *API) mySessions(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.SessionList], error) {
	list, err := a.o.Auth.MySessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	return sessionList(list, actor), nil
}

func (a *API) endMyOthers(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.EndedSessions], error) {
	n, err := a.o.Auth.EndMyOtherSessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	return ended(ctx, n), nil
}

type sessionInput struct {
	SessionUUID string `path:"session_uuid"`
}

func (a *API) endMine(ctx context.Context, actor model.Actor, in *sessionInput) (*output[wire.EndedSessions], error) {
	if err := a.o.Auth.EndMySession(ctx, actor, in.SessionUUID); err != nil {
		return nil, err
	}
	return ended(ctx, 1), nil
}

func (a *API) sessionsOf(ctx context.Context, actor model.Actor, in *personInput) (*output[wire.SessionList], error) {
	list, err := a.o.Auth.SessionsOf(ctx, actor, in.UserUUID)
	if err != nil {
		return nil, err
	}
	return sessionList(list, actor), nil
}

// reasonedInput names a person, and a reason that may be left out.
type reasonedInput struct {
	UserUUID string `path:"user_uuid"`
	Body     *wire.ReasonRequest
}

func (a *API) removeDevices(ctx context.Context, actor model.Actor, in *reasonedInput) (*output[wire.EndedSessions], error) {
	return a.remove(ctx, actor, in, "")
}

type deviceInput struct {
	UserUUID    string `path:"user_uuid"`
	SessionUUID string `path:"session_uuid"`
	Body        *wire.ReasonRequest
}

func (a *API) removeDevice(ctx context.Context, actor model.Actor, in *deviceInput) (*output[wire.EndedSessions], error) {
	return a.remove(ctx, actor, &reasonedInput{in.UserUUID, in.Body}, in.SessionUUID)
}

func (a *API) remove(
	ctx context.Context, actor model.Actor, in *reasonedInput, sessionUUID string,
) (*output[wire.EndedSessions], error) {
	n, err := a.o.Auth.RemoveDevices(ctx, actor, in.UserUUID, sessionUUID, in.reason())
	if err != nil {
		return nil, err
	}
	return ended(ctx, n), nil
}
