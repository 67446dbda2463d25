package core_test

import (
	"fmt"
	"slices"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func TestMessageIsSentAndReceivedOnce(t *testing.T) {
	cases := map[string]func(*server){
		"reply, event":                  func(*server) {},
		"event before the reply":        func(s *server) { s.eventFirst = true },
		"no event at all until resync":  func(s *server) { s.mute = true },
		"first reply lost":              func(s *server) { s.dropReply = times(1, wire.OpSend) },
		"first reply lost, event first": func(s *server) { s.eventFirst, s.dropReply = true, times(1, wire.OpSend) },
		"three replies lost, no events": func(s *server) { s.mute, s.dropReply = true, times(3, wire.OpSend) },
		"temporary refusals": func(s *server) {
			n := 0
			s.refuse = func(wire.SendRequest) *wire.Error {
				if n++; n > 2 {
					return nil
				}
				return &wire.Error{Code: wire.Unavailable, Reason: wire.ReasonBusy}
			}
		},
	}
	for name, arrange := range cases {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			a := signedIn(t, s)
			a.openRoom(roomA)
			s.with(func() { arrange(s) })
			a.send(roomA, "하나")
			a.send(roomA, "둘")
			a.send(roomA, "셋")
			a.shows(roomA, "하나", "둘", "셋")
			if got := s.texts(roomA); !slices.Equal(got, []string{"하나", "둘", "셋"}) {
				t.Errorf("server holds %v", got)
			}
			a.until(t, "nothing unsent, nothing unread", func() bool {
				return a.rooms[roomA].UnsentCount == 0 && a.rooms[roomA].UnreadCount == 0
			})
			a.offline() // and what was lost on the way is repaired by the next connection
			s.with(func() { s.mute = false })
			a.online()
			a.shows(roomA, "하나", "둘", "셋")
		})
	}
}

// times says yes for the first n of an op.
func times(n int, of wire.Op) func(wire.Op) bool {
	return func(op wire.Op) bool {
		if op != of || n == 0 {
			return false
		}
		n--
		return true
	}
}

func TestWrittenOfflineArrivesOnceInOrderAfterRestarts(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.send(roomA, "전")
	a.shows(roomA, "전")
	a.offline()
	for _, text := range []string{"하나", "둘", "셋"} {
		if m := a.send(roomA, text); m.State != core.SendWaiting || m.Seq != 0 {
			t.Errorf("written offline: %+v", m)
		}
	}
	a = a.restart()
	a.until(t, "signed in without a server", func() bool { return a.state.Phase == core.PhaseSignedIn })
	conv := a.openRoom(roomA)
	if len(conv.Messages) != 4 || conv.Messages[3].State != core.SendWaiting || conv.Room.UnsentCount != 3 {
		t.Fatalf("after the restart: %+v", conv)
	}
	a = a.restart()
	a.openRoom(roomA)
	a.online()
	a.shows(roomA, "전", "하나", "둘", "셋")
	if got := s.texts(roomA); !slices.Equal(got, []string{"전", "하나", "둘", "셋"}) {
		t.Errorf("server holds %v", got)
	}
	a.until(t, "nothing unsent", func() bool { return a.rooms[roomA].UnsentCount == 0 })
}

func TestRefusedMessageWaitsForTheUser(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	tries := 0
	s.with(func() {
		s.refuse = func(r wire.SendRequest) *wire.Error {
			if r.Text == "나쁜 글" {
				tries++
				return &wire.Error{Code: wire.Forbidden, Message: "no", RequestID: fmt.Sprint("r", tries)}
			}
			return nil
		}
	})
	bad := a.send(roomA, "나쁜 글")
	next := a.send(roomA, "다음 글")
	stands := func(id string) core.Message { return a.messages[roomA][id] }
	a.until(t, "refused, and the next one sent", func() bool {
		m := stands(bad.ClientID)
		return m.State == core.SendFailed && m.Failure.Code == "forbidden" && m.Failure.RequestID == "r1" &&
			stands(next.ClientID).State == core.SendSent
	})
	a = a.restart()
	conv := a.openRoom(roomA)
	if last := conv.Messages[len(conv.Messages)-1]; last.State != core.SendFailed || conv.Room.UnsentCount != 1 {
		t.Errorf("after a restart: %+v", last)
	}
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
	a.ok(a.Resend(bad.ClientID))
	a.until(t, "refused again", func() bool {
		m := stands(bad.ClientID)
		return m.State == core.SendFailed && m.Failure.RequestID == "r2"
	})
	s.with(func() { s.refuse = nil })
	a.ok(a.Resend(bad.ClientID))
	a.shows(roomA, "다음 글", "나쁜 글")
	if f := failure(t, a.Discard(bad.ClientID)); f.Code != "not_found" {
		t.Errorf("discard of a sent message: %v", f)
	}
}

func TestDiscardedMessageIsNotSent(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.offline()
	m := a.send(roomA, "아니다")
	a.send(roomA, "보낸다")
	a.ok(a.Discard(m.ClientID))
	a.online()
	a.shows(roomA, "보낸다")
}

func TestRoomsDontHoldOneAnotherUp(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.openRoom(roomB)
	s.with(func() {
		s.refuse = func(r wire.SendRequest) *wire.Error {
			if r.RoomUUID == roomA {
				return &wire.Error{Code: wire.Unavailable}
			}
			return nil
		}
	})
	a.send(roomA, "막힘")
	a.send(roomB, "통과")
	a.shows(roomB, "통과")
	s.with(func() { s.refuse = nil })
	a.shows(roomA, "막힘")
}
