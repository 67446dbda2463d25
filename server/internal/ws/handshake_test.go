package ws_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/gorilla/websocket"

	"himsg/server/internal/hub"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

func TestHandshake(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 1)
	n := startNode(t, db, nodeOptions{})
	bearer := "Bearer " + n.tokens.issue(people[0])
	for _, tt := range []struct {
		name      string
		header    http.Header
		protocols []string
		status    int
		code      wire.Code
	}{
		{"native client", http.Header{"Authorization": {bearer}}, nil, 101, ""},
		{"the app's own page", http.Header{"Authorization": {bearer}, "Origin": {"wails://wails"}}, nil, 101, ""},
		{"the app's own page on Windows", http.Header{"Authorization": {bearer}, "Origin": {"http://wails.localhost"}}, nil, 101, ""},
		{"a page that the settings name", http.Header{"Authorization": {bearer}, "Origin": {"https://chat.example.com"}}, nil, 101, ""},
		{"another page", http.Header{"Authorization": {bearer}, "Origin": {"https://evil.example"}}, nil, 403, wire.Forbidden},
		{"look-alike host", http.Header{"Authorization": {bearer}, "Origin": {"https://chat.example.com.evil.example"}}, nil, 403, wire.Forbidden},
		{"look-alike scheme", http.Header{"Authorization": {bearer}, "Origin": {"http://chat.example.com"}}, nil, 403, wire.Forbidden},
		{"look-alike port", http.Header{"Authorization": {bearer}, "Origin": {"https://chat.example.com:8443"}}, nil, 403, wire.Forbidden},
		{"look-alike of the app", http.Header{"Authorization": {bearer}, "Origin": {"wails://wails.evil"}}, nil, 403, wire.Forbidden},
		{"a file", http.Header{"Authorization": {bearer}, "Origin": {"null"}}, nil, 403, wire.Forbidden},
		{"two origins", http.Header{"Authorization": {bearer}, "Origin": {"wails://wails", "https://evil.example"}}, nil, 403, wire.Forbidden},
		{"no token", http.Header{}, nil, 401, wire.Unauthenticated},
		{"unknown token", http.Header{"Authorization": {"Bearer x"}}, nil, 401, wire.Unauthenticated},
		{"another scheme", http.Header{"Authorization": {"Basic x"}}, nil, 401, wire.Unauthenticated},
		{"another protocol", http.Header{"Authorization": {bearer}}, []string{"himsg.v2"}, 400, wire.BadRequest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			protocols := tt.protocols
			if protocols == nil {
				protocols = []string{wire.Subprotocol}
			}
			dialer := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: deadline}
			conn, resp, err := dialer.Dial(n.url(), tt.header)
			if resp == nil {
				t.Fatalf("no answer: %v", err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != tt.status {
				t.Fatalf("status %d, want %d", resp.StatusCode, tt.status)
			}
			if tt.status == http.StatusSwitchingProtocols {
				_ = conn.Close()
				return
			}
			var body wire.HTTPError
			if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || body.Code != tt.code || body.Error == "" {
				t.Errorf("body %+v, %v", body, err)
			}
		})
	}
	n.untilOpen(0)
}

func TestSocketsOfOnePersonAreBounded(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 1)
	n := startNode(t, db, nodeOptions{})
	for range hub.MaxSockets {
		n.dial(people[0])
	}
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: deadline}
	_, resp, err := dialer.Dial(n.url(), http.Header{"Authorization": {"Bearer " + n.tokens.issue(people[0])}})
	if err == nil || resp == nil {
		t.Fatalf("one too many: %v", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, retry after %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
}

func TestWelcome(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 1)
	n := startNode(t, db, nodeOptions{})
	c := n.dial(people[0])
	c.await("presence", func(e wire.Envelope) bool { return e.Ev == wire.EvPresence })
	welcome := seen[wire.Welcome](c, wire.EvWelcome)[0]
	if welcome.SessionUUID != c.token || welcome.User.UserUUID != people[0].UserUUID || welcome.Version != "test" ||
		welcome.Limits.MaxText != wire.MaxTextRunes || welcome.ServerTime.IsZero() || welcome.Epoch != 7 {
		t.Errorf("%+v", welcome)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.events[0].Ev != wire.EvWelcome || c.events[1].Ev != wire.EvPresence {
		t.Errorf("first events are %s, %s", c.events[0].Ev, c.events[1].Ev)
	}
}
