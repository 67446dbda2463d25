package app_test

import (
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

func TestMyDevicesAreListedAndSignedOut(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		body := wire.LoginRequest{Username: "boss", Password: password, DeviceUUID: uuid.NewString(), DeviceName: "사무실 PC", Platform: "windows"}
		var office wire.LoginReply
		s.must(200, request{method: "POST", path: "/api/login", body: body}).decode(t, &office)
		me, third := s.login("boss"), s.login("boss")

		var list wire.SessionList
		me.get("/api/sessions", &list)
		names := []string{}
		var mine, theirs string
		for _, d := range list.Sessions {
			names = append(names, d.DeviceName)
			if d.Current {
				mine = d.SessionUUID
			}
			if d.DeviceName == "사무실 PC" {
				theirs = d.SessionUUID
			}
		}
		if len(list.Sessions) != 3 || mine == "" || theirs == "" {
			t.Fatalf("devices %q, mine %q", names, mine)
		}
		s.must(200, request{method: "DELETE", path: "/api/sessions/" + theirs, token: me.token})
		if a := s.do(request{method: "GET", path: "/api/users/me", token: office.Token}); a.status != 401 || a.refusal().Reason != wire.ReasonSessionRevoked {
			t.Errorf("the device that was signed out: %d %s", a.status, a.body)
		}
		s.must(404, request{method: "DELETE", path: "/api/sessions/" + theirs, token: me.token})
		var ended wire.EndedSessions
		s.must(200, request{method: "DELETE", path: "/api/sessions", token: me.token}).decode(t, &ended)
		if ended.Ended != 1 {
			t.Errorf("%+v", ended)
		}
		s.must(401, request{method: "GET", path: "/api/users/me", token: third.token})
		s.must(200, request{method: "GET", path: "/api/users/me", token: me.token})
	})
}

func TestADeviceThatAnAdministratorRemovesIsToldToWipe(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim := s.join(boss, "kim")
		stays := s.login("kim")
		path := "/api/admin/users/" + kim.uuid + "/sessions"
		var list wire.SessionList
		boss.get(path, &list)
		if len(list.Sessions) != 2 || list.Sessions[0].Current {
			t.Fatalf("%+v", list)
		}
		// The last seen comes first: that is the one that stays.
		s.must(200, request{
			method: "DELETE", path: path + "/" + list.Sessions[1].SessionUUID, token: boss.token, body: wire.ReasonRequest{Reason: "분실"},
		})
		for what, r := range map[string]request{
			"its access token":  {method: "GET", path: "/api/users/me", token: kim.token},
			"its refresh token": {method: "POST", path: "/api/token/refresh", body: wire.RefreshRequest{RefreshToken: kim.in.RefreshToken}},
		} {
			if a := s.do(r); a.status != 401 || a.refusal().Reason != wire.ReasonDeviceRemoved {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		s.must(200, request{method: "GET", path: "/api/users/me", token: stays.token})
		var detail string
		row := s.bare.QueryRowContext(t.Context(), "select detail from audit where action = 'device_removed' and subject = ?", kim.uuid)
		if err := row.Scan(&detail); err != nil || detail != "분실" {
			t.Errorf("audit %q: %v", detail, err)
		}
	})
}

func TestEverybodysDevicesByPageAndFilter(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		kim := s.join(boss, "kim")
		body := wire.LoginRequest{
			Username: "kim", Password: password, DeviceUUID: uuid.NewString(), DeviceName: "100% 노트북_A", Platform: "windows",
		}
		s.must(200, request{method: "POST", path: "/api/login", body: body})
		page := func(query string) (out wire.PeopleSessions) {
			t.Helper()
			boss.get("/api/admin/sessions?"+query, &out)
			return out
		}
		all := page("")
		if len(all.Sessions) != 3 || all.Next != 0 || all.Sessions[0].DeviceName != "100% 노트북_A" || all.Sessions[0].UserUUID != kim.uuid {
			t.Fatalf("%+v", all)
		}
		if last := all.Sessions[2]; last.Username != "boss" || !last.Current || all.Sessions[1].Current {
			t.Errorf("the one that asks: %+v", all)
		}
		seen := []string{}
		for next := int64(0); ; {
			p := page(fmt.Sprintf("limit=1&before=%d", next))
			for _, d := range p.Sessions {
				seen = append(seen, d.SessionUUID)
			}
			if next = p.Next; next == 0 {
				break
			}
		}
		if len(seen) != 3 || seen[0] != all.Sessions[0].SessionUUID || seen[2] != all.Sessions[2].SessionUUID {
			t.Errorf("by pages %q of %+v", seen, all)
		}
		for query, want := range map[string]int{
			"q=KIM": 2, "q=boss": 1, "q=" + url.QueryEscape("노트북"): 1, "q=" + url.QueryEscape("100%"): 1, "q=" + url.QueryEscape("%"): 1,
			"q=_": 1, "q=nobody": 0, "platform=windows": 1, "platform=darwin": 0, "q=boss&platform=windows": 0,
		} {
			if got := page(query); len(got.Sessions) != want {
				t.Errorf("%s: %d of %d: %+v", query, len(got.Sessions), want, got)
			}
		}
		s.must(400, request{method: "GET", path: "/api/admin/sessions?limit=201", token: boss.token})
		s.must(403, request{method: "GET", path: "/api/admin/sessions", token: kim.token})
	})
}

// TestRevocationOf200Sockets measures how long it takes until 200 sockets of ten people are cut off who are signed out at once.
func TestRevocationOf200Sockets(t *testing.T) {
	const n, people, most = 200, 10, time.Second
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	staff := make([]person, people)
	for i := range staff {
		staff[i] = s.join(boss, fmt.Sprint("kim", i))
	}
	sockets := make([]*websocket.Conn, n)
	for i := range sockets {
		sockets[i], _ = s.dial(staff[i%people].token)
		s.ask(sockets[i], wire.OpTyping, wire.TypingRequest{RoomUUID: uuid.NewString()})
	}
	took := make([]time.Duration, n)
	var began time.Time
	var all, ready sync.WaitGroup
	ready.Add(n)
	for i, socket := range sockets {
		all.Go(func() {
			ready.Done()
			if code := closeCode(t, socket, 10*time.Second); code != wire.CloseRevoked {
				t.Errorf("closed with %d", code)
			}
			took[i] = time.Since(began)
		})
	}
	ready.Wait()
	began = time.Now() // before the request that all of them wait for
	for _, kim := range staff {
		all.Go(func() {
			s.must(200, request{method: "DELETE", path: "/api/admin/users/" + kim.uuid + "/sessions", token: boss.token})
		})
	}
	all.Wait()
	slices.Sort(took)
	t.Logf("%d sockets closed after p50 %v, p99 %v, the last %v", n, took[n/2], took[n*99/100], took[n-1])
	if took[n*99/100] > most {
		t.Errorf("p99 %v is more than %v", took[n*99/100], most)
	}
}
