package app_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/internal/app"
	"himsg/shared/wire"
)

// TestDevicesOfARestoredServer: the greeting names the history. A device that slept since the backup goes on; one that
// renewed its tokens or signed in meanwhile is asked to sign in again, for none of the reasons for which it wipes its copy.
func TestDevicesOfARestoredServer(t *testing.T) {
	const epoch = 1_700_000_000_000
	c := settings(t, "")
	s := start(t, c)
	s.owner("boss")
	slept, renewed := s.login("boss"), s.login("boss")
	socket, _ := s.dial(slept.token)
	if w := greeting(t, socket); w.Epoch != 0 {
		t.Errorf("epoch %d of a server that nothing was restored into", w.Epoch)
	}
	s.stop()
	backup := c.Data + ".backup"
	copyFolder(t, backup, c.Data)

	s = start(t, c)
	refresh := func(token string) answer {
		return s.do(request{method: "POST", path: "/api/token/refresh", body: wire.RefreshRequest{RefreshToken: token}})
	}
	var next wire.RefreshReply
	refresh(renewed.in.RefreshToken).decode(t, &next)
	later := s.login("boss")
	s.stop()
	if err := os.RemoveAll(c.Data); err != nil {
		t.Fatal(err)
	}
	copyFolder(t, c.Data, backup)
	data, err := app.OpenData(context.Background(), c.Store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := data.DB.SetEpoch(context.Background(), epoch); err != nil {
		t.Fatal(err)
	}
	if err := data.DB.Close(); err != nil {
		t.Fatal(err)
	}

	s = start(t, c)
	socket, _ = s.dial(slept.token)
	if w := greeting(t, socket); w.Epoch != epoch {
		t.Errorf("epoch %d", w.Epoch)
	}
	if a := refresh(slept.in.RefreshToken); a.status != 200 {
		t.Errorf("a device that slept: %d %s", a.status, a.body)
	}
	for name, token := range map[string]string{"renewed": next.RefreshToken, "signed in later": later.in.RefreshToken} {
		if a := refresh(token); a.status != 401 || a.refusal().Reason != wire.ReasonTokenInvalid {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	a := s.do(request{method: "GET", path: "/api/users/me", token: later.token})
	if a.status != 401 || a.refusal().Reason != wire.ReasonSessionRevoked {
		t.Errorf("a session of after the backup: %d %s", a.status, a.body)
	}
}

// greeting reads the first event.
func greeting(t *testing.T, socket *websocket.Conn) (w wire.Welcome) {
	t.Helper()
	err := socket.SetReadDeadline(time.Now().Add(20 * time.Second))
	var frame []byte
	if err == nil {
		_, frame, err = socket.ReadMessage()
	}
	if err != nil {
		t.Fatal(err)
	}
	list, err := wire.DecodeEnvelopes(frame)
	if err != nil || len(list) == 0 || list[0].Ev != wire.EvWelcome {
		t.Fatalf("%s: %v", frame, err)
	}
	if err := json.Unmarshal(list[0].D, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

func copyFolder(t *testing.T, to, from string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
