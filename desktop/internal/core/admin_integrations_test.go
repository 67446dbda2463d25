package core_test

import (
	"slices"
	"strings"
	"testing"

	"himsg/shared/wire"
)

// Each kind goes to the server with what it has and without what only others have.
func TestEachKindOfIntegrationIsAsked(t *testing.T) {
	s := newServer(t)
	s.with(func() { s.admin.answer = map[string]any{} })
	s.answers("POST /api/admin/integrations", wire.IntegrationSecret{Secret: "s", Path: "/api/hooks/s"})
	a := signedIn(t, s)
	for name, in := range map[string]wire.NewIntegration{
		"incoming":           {Kind: wire.IntegrationIncoming, Name: "로봇", RoomUUIDs: []string{roomA}},
		"outgoing":           {Kind: wire.IntegrationOutgoing, Name: "로봇", RoomUUIDs: []string{roomA}, URL: "https://wiki.example.com"},
		"token":              {Kind: wire.IntegrationToken, Name: "로봇", RoomUUIDs: []string{roomA}, Scopes: []wire.Scope{wire.ScopeMessagesRead}, ExpiresDays: 30},
		"token without room": {Kind: wire.IntegrationToken, Name: "로봇", Scopes: []wire.Scope{wire.ScopePeopleRead}, ExpiresDays: 30},
	} {
		made, err := a.AddIntegration(in)
		if err != nil || made.Secret != "s" || made.Address != s.address()+"/api/hooks/s" {
			t.Errorf("%s: %+v, %v", name, made, err)
		}
	}
	for name, in := range map[string]wire.NewIntegration{
		"no room's id":    {Kind: wire.IntegrationIncoming, Name: "로봇", RoomUUIDs: []string{"배포"}},
		"too many scopes": {Kind: wire.IntegrationToken, Name: "로봇", Scopes: slices.Repeat(wire.Scopes, 2)},
	} {
		if _, err := a.AddIntegration(in); failure(t, err).Code != string(wire.BadRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A server that is older than integrations answers 404, which a list can't mean otherwise.
func TestListsThatAnOlderServerDoesNotHave(t *testing.T) {
	s := newServer(t)
	s.with(func() { s.admin.answer = map[string]any{} })
	a := signedIn(t, s)
	for path, ask := range map[string]func() error{
		"integrations?before=0": func() error { _, err := a.Integrations(0); return err },
		"backups?before=0":      func() error { _, err := a.Backups(0); return err },
		"retention":             func() error { _, err := a.Retention(); return err },
		"health":                func() error { _, err := a.Health(); return err },
		"integrations/" + roomA: func() error { return a.RemoveIntegration(roomA) }, // of something with an id a 404 means that
	} {
		want, call := "older_server", "GET /api/admin/"+path
		if strings.Contains(path, "/") {
			want, call = "", "DELETE /api/admin/"+path
		}
		s.answers(call, wire.HTTPError{Error: "no", Code: wire.NotFound})
		if reason := refusedAs(t, ask(), wire.NotFound); reason != want {
			t.Errorf("%s: the reason is %q", path, reason)
		}
	}
}
