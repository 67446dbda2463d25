package app_test

import (
	"fmt"

	"himsg/shared/wire"
)

// hookRoutes are the matrix's lines about integrations. What a token may do is TestWhatATokenMayDo's.
var hookRoutes = []route{
	{"GET /api/admin/integrations", readers(), get("/api/admin/integrations")},
	{"POST /api/admin/integrations", admins(), func(s *scene) request {
		return request{method: "POST", path: "/api/admin/integrations", body: wire.NewIntegration{
			Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{s.own()},
		}}
	}},
	{"POST /api/admin/integrations (of a room that the caller is not in)", admins().and(unknown, manager, chief), func(s *scene) request {
		return request{method: "POST", path: "/api/admin/integrations", body: wire.NewIntegration{
			Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{s.room},
		}}
	}},
	{"POST /api/admin/integrations/{integration_uuid}/rotate", admins(), ofIntegration("POST", "/rotate")},
	{"POST /api/admin/integrations/{integration_uuid}/disable", admins(), ofIntegration("POST", "/disable")},
	{"POST /api/admin/integrations/{integration_uuid}/enable", admins(), ofIntegration("POST", "/enable")},
	{"DELETE /api/admin/integrations/{integration_uuid}", admins(), ofIntegration("DELETE", "")},
	{"POST /api/hooks/{secret}", anyone(), func(s *scene) request {
		made := s.m.boss.integration(wire.NewIntegration{Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{s.bosses()}})
		return request{method: "POST", path: made.Path, body: wire.HookMessage{Text: "x"}}
	}},
	{"POST /api/hooks/{secret} (another secret)", except(unknown, unknown), func(*scene) request {
		return request{method: "POST", path: "/api/hooks/" + wire.IncomingSecretPrefix + "x", body: wire.HookMessage{Text: "x"}}
	}},
	{"POST /api/hooks/{secret}/slack", anyone(), func(s *scene) request {
		made := s.m.boss.integration(wire.NewIntegration{Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{s.bosses()}})
		return request{method: "POST", path: made.Path + "/slack", body: wire.HookMessage{Text: "x"}}
	}},
	// A person's session is no token.
	{"GET /api/bot/me", except(signIn, signIn), get("/api/bot/me")},
	{"GET /api/bot/people", except(signIn, signIn), get("/api/bot/people")},
	{"GET /api/bot/rooms/{room_uuid}/messages", except(signIn, signIn), func(s *scene) request {
		return request{method: "GET", path: "/api/bot/rooms/" + s.room + "/messages"}
	}},
	{"POST /api/bot/messages", except(signIn, signIn), func(s *scene) request {
		return request{method: "POST", path: "/api/bot/messages", body: wire.BotMessage{RoomUUID: s.room, Text: "x"}}
	}},
	{"DELETE /api/bot/messages/{message_id}", except(signIn, signIn), func(s *scene) request {
		return request{method: "DELETE", path: fmt.Sprint("/api/bot/messages/", s.message)}
	}},
}

// own is a room of the caller's, or of the first owner's for who can't make one.
func (s *scene) own() string {
	if s.who.token == "" || s.role == pending || s.role == rejected || s.role == disabled {
		return s.bosses()
	}
	if s.who.uuid == s.m.boss.uuid {
		return s.bosses()
	}
	return s.who.room(s.m.boss, s.m.people[user])
}

// bosses is a room of the first owner's.
func (s *scene) bosses() string { return s.m.boss.room(s.m.people[member], s.m.people[user]) }

func ofIntegration(method, what string) func(*scene) request {
	return func(s *scene) request {
		made := s.m.boss.integration(wire.NewIntegration{Kind: wire.IntegrationIncoming, Name: "x", RoomUUIDs: []string{s.bosses()}})
		return request{method: method, path: "/api/admin/integrations/" + made.Integration.IntegrationUUID + what}
	}
}

// integration makes one.
func (p person) integration(in wire.NewIntegration) (made wire.IntegrationSecret) {
	p.s.t.Helper()
	p.s.must(201, request{method: "POST", path: "/api/admin/integrations", token: p.token, body: in}).decode(p.s.t, &made)
	return made
}
