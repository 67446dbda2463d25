package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"himsg/server/internal/app"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// closeCode reads a socket until the server closes it.
func closeCode(t testing.TB, socket *websocket.Conn, within time.Duration) int {
	t.Helper()
	if err := socket.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	for {
		_, _, err := socket.ReadMessage()
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
			return closed.Code
		}
		if err != nil {
			t.Fatalf("not closed within %v: %v", within, err)
		}
	}
}

func TestARevokedSessionIsClosedAndRefusedWithinASecond(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	s.join(boss, "kim")
	for name, end := range map[string]func(mine, other person){
		"password change": func(mine, _ person) {
			s.must(200, request{
				method: "PUT", path: "/api/users/me/password", token: mine.token,
				body: wire.PasswordRequest{CurrentPassword: password, NewPassword: password},
			})
		},
		"sign-out": func(_, other person) {
			s.must(200, request{method: "POST", path: "/api/logout", token: other.token})
		},
		"refresh token used twice": func(_, other person) {
			spend := func(want int, token string) (next wire.RefreshReply) {
				body := wire.RefreshRequest{RefreshToken: token}
				s.must(want, request{method: "POST", path: "/api/token/refresh", body: body}).decode(t, &next)
				return next
			}
			second := spend(200, other.in.RefreshToken)
			spend(200, second.RefreshToken)
			spend(401, other.in.RefreshToken)
		},
	} {
		t.Run(name, func(t *testing.T) {
			mine, other := s.login("kim"), s.login("kim")
			socket, _ := s.dial(other.token)
			s.ask(socket, wire.OpSync, wire.SyncRequest{})
			s.must(200, request{method: "GET", path: "/api/users/me", token: other.token})

			began := time.Now()
			end(mine, other)
			if code := closeCode(t, socket, 5*time.Second); code != wire.CloseRevoked {
				t.Errorf("closed with %d", code)
			}
			a := s.do(request{method: "GET", path: "/api/users/me", token: other.token})
			took := time.Since(began)
			if a.status != 401 || a.refusal().Reason != wire.ReasonSessionRevoked {
				t.Errorf("its token: %d %s", a.status, a.body)
			}
			if _, refused := s.dial(other.token); refused != 401 {
				t.Error("it could connect again")
			}
			t.Logf("closed and refused after %v", took)
			if took > time.Second {
				t.Errorf("it took %v", took)
			}
			s.must(200, request{method: "GET", path: "/api/users/me", token: boss.token})
		})
	}
}

func TestASessionThatAnotherNodeEndedIsClosedWithinFiveSeconds(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	socket, _ := s.dial(boss.token)
	s.ask(socket, wire.OpSync, wire.SyncRequest{})
	began := time.Now()
	s.exec("update sessions set revoked_at = ?, revoke_reason = 'elsewhere'", began.UnixMilli())
	if code := closeCode(t, socket, 8*time.Second); code != wire.CloseRevoked {
		t.Errorf("closed with %d", code)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestEverybodyIsToldOfANewColleagueAndAdminsOfASignUp(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim := s.join(boss, "kim")
	bossSocket, _ := s.dial(boss.token)
	kimSocket, _ := s.dial(kim.token)
	s.ask(bossSocket, wire.OpSync, wire.SyncRequest{})
	s.ask(kimSocket, wire.OpSync, wire.SyncRequest{})

	id := s.signUp("lee")
	var counts wire.AdminCounts
	await(t, bossSocket, wire.EvAdmin, &counts)
	if counts.PendingUsers != 1 {
		t.Errorf("counts %+v", counts)
	}
	s.must(200, request{method: "PUT", path: fmt.Sprint("/api/approve-user/", id), token: boss.token})
	await(t, bossSocket, wire.EvAdmin, &counts)
	if counts.PendingUsers != 0 {
		t.Errorf("counts %+v", counts)
	}
	var changed wire.UserChanged
	await(t, kimSocket, wire.EvUser, &changed) // and no admin event before it: await fails on one
	if changed.User.Username != "lee" || changed.User.State != wire.UserActive {
		t.Errorf("changed %+v", changed)
	}
	var page wire.DirectoryPage
	kim.get(fmt.Sprintf("/api/directory?after_rev=%d", changed.DirectoryRev-1), &page)
	if len(page.Users) != 1 || page.Users[0].UserUUID != changed.User.UserUUID || page.Rev != changed.DirectoryRev || page.More {
		t.Errorf("page %+v", page)
	}
}

// await reads until an event of this kind comes. A user gets no event that is for administrators.
func await(t *testing.T, socket *websocket.Conn, ev wire.Ev, into any) {
	t.Helper()
	if err := socket.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		_, frame, err := socket.ReadMessage()
		if err != nil {
			t.Fatalf("no %s event: %v", ev, err)
		}
		list, err := wire.DecodeEnvelopes(frame)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Ev == ev {
				if err := json.Unmarshal(e.D, into); err != nil {
					t.Fatal(err)
				}
				return
			}
			if e.Ev == wire.EvAdmin && ev == wire.EvUser {
				t.Error("a user got an event for administrators")
			}
		}
	}
}

func TestTheDirectoryPagesByRevision(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	for i := range 4 {
		s.exec("insert into departments (department_uuid, name, sort, rev, created_at) values (?, ?, ?, ?, 1)",
			fmt.Sprint("d-", i), fmt.Sprint("부서", i), i, 10+2*i)
		s.exec(`insert into users (user_uuid, username, employee_id, email, name, password_hash, role, state, rev, created_at, updated_at)
			values (?, 'u', '', '', 'u', '', 'user', 'active', ?, 1, 1)`, fmt.Sprint("u-", i), 11+2*i)
	}
	s.exec("update counters set value = 30 where name = 'directory_rev'")
	var seen []int64
	after, pages := int64(0), 0
	for more := true; more; pages++ {
		var page wire.DirectoryPage
		boss.get(fmt.Sprintf("/api/directory?after_rev=%d&limit=2", after), &page)
		if n := len(page.Users) + len(page.Departments); n > 2 {
			t.Fatalf("a page of %d", n)
		}
		for _, u := range page.Users {
			seen = append(seen, u.Rev)
		}
		for _, d := range page.Departments {
			seen = append(seen, d.Rev)
		}
		after, more = page.Rev, page.More
	}
	slices.Sort(seen)
	if want := []int64{1, 10, 11, 12, 13, 14, 15, 16, 17}; !slices.Equal(seen, want) || after != 30 {
		t.Errorf("saw %v up to %d in %d pages, want %v up to 30", seen, after, pages, want)
	}
}

func TestSIGTERMTellsSessionsAndFinishesRequests(t *testing.T) {
	before := goleak.IgnoreCurrent()
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	socket, _ := s.dial(boss.token)
	s.ask(socket, wire.OpSync, wire.SyncRequest{})
	go s.stop()
	var away wire.GoingAway
	await(t, socket, wire.EvGoingAway, &away)
	if away.ReconnectAfterMS <= 0 {
		t.Errorf("come back after %d ms", away.ReconnectAfterMS)
	}
	if code := closeCode(t, socket, 5*time.Second); code != wire.CloseRestart {
		t.Errorf("closed with %d", code)
	}
	s.stop()
	_ = socket.Close()
	_ = s.bare.Close()
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, before)
}

func TestAServerWaitsForADatabaseThatStartsLater(t *testing.T) {
	db := storetest.OwnMariaDB(t)
	c := settings(t, db.URL(t))
	db.Kill(t)
	done := make(chan error, 1)
	go func() {
		a, err := app.New(context.Background(), app.Options{Config: c, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			err = a.Close()
		}
		done <- err
	}()
	db.Start(t)
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(40 * time.Second):
		t.Error("it does not start")
	}
}

func TestTheDatabaseGoesAwayDuringWorkAndComesBack(t *testing.T) {
	db := storetest.OwnMariaDB(t)
	s := start(t, settings(t, db.URL(t)))
	s.owner("boss")
	boss := s.login("boss")
	room := boss.room(s.join(boss, "kim"), s.join(boss, "lee"))
	acked := boss.say(room, "davor")

	db.Kill(t)
	for _, r := range []request{
		{method: "GET", path: "/readyz"},
		{method: "GET", path: "/api/chat-rooms", token: boss.token},
		{method: "POST", path: "/api/messages", token: boss.token, body: wire.PostMessageRequest{RoomUUID: room, Text: "währenddessen"}},
		{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "boss", Password: password}},
	} {
		a := s.do(r)
		if a.status != 503 || a.refusal().Code != wire.Unavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%s %s: %d %s", r.method, r.path, a.status, a.body)
		}
	}
	s.must(200, request{method: "GET", path: "/healthz"}) // alive, though not ready

	db.Start(t)
	deadline := time.Now().Add(20 * time.Second)
	for s.do(request{method: "GET", path: "/readyz"}).status != 200 {
		if time.Now().After(deadline) {
			t.Fatal("not ready again")
		}
	}
	var detail wire.RoomDetail
	boss.get("/api/chat-rooms/"+room, &detail)
	texts := []string{}
	for _, m := range detail.Messages {
		texts = append(texts, m.Text)
	}
	if !slices.Contains(texts, "davor") || slices.Contains(texts, "währenddessen") {
		t.Errorf("messages %q after ack of %d", texts, acked.MessageID)
	}
	boss.say(room, "danach")
}

func TestASessionThatIsNotRefreshedIsEndedAndForgottenLater(t *testing.T) {
	c := settings(t, "")
	first := start(t, c)
	first.owner("boss")
	first.login("boss")
	first.stop()
	later := func(days time.Duration) *server {
		return startAt(t, c, func() time.Time { return time.Now().Add(days * 24 * time.Hour) })
	}
	for _, step := range []struct {
		days time.Duration
		want string // sessions and those of them that ended, tokens, devices
	}{{29, "1 0 1 1"}, {31, "1 1 1 1"}, {122, "0 0 0 0"}} {
		s := later(step.days)
		var got string
		for deadline := time.Now().Add(5 * time.Second); got != step.want && time.Now().Before(deadline); {
			err := s.bare.QueryRow(`select (select count(*) from sessions) || ' ' || (select count(revoked_at) from sessions)
				|| ' ' || (select count(*) from refresh_tokens) || ' ' || (select count(*) from devices)`).Scan(&got)
			if err != nil {
				t.Fatal(err)
			}
		}
		if got != step.want {
			t.Errorf("after %d days: %s, want %s", step.days, got, step.want)
		}
		s.stop()
	}
}
