package core_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

const roomC = "00000000-0000-7000-8000-000000000003"

// lived is an app of a server on which roomA has twenty messages, all read, and roomC exists.
func lived(t *testing.T) (*server, *app) {
	t.Helper()
	s := newServer(t)
	s.addRoom(roomC, wire.RoomGroup, "새 모임")
	for i := range 20 {
		s.say(roomA, other, fmt.Sprint("전 ", i+1))
	}
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.ok(a.Seen(roomA, 10))
	a.until(t, "read", func() bool { return a.rooms[roomA].UnreadCount == 10 })
	s.with(func() { s.rooms[roomA].reads = 0 })
	return s, a
}

// restore puts a backup in the place of what the server has: roomA has twelve messages, four of them read, and there is no
// roomC. Numbers are given again.
func (s *server) restore(epoch int64) {
	s.gate.set(false)
	s.with(func() {
		s.epoch, s.nextID, s.rooms, s.welcomes = epoch, 100, map[string]*srvRoom{}, 0
		r := s.addRoom(roomA, wire.RoomDirect, "")
		s.addRoom(roomB, wire.RoomGroup, "기획팀")
		for i := range 12 {
			s.store(roomA, other, fmt.Sprint("restored-", i+1), fmt.Sprint("후 ", i+1))
			r.messages[i].Timestamp = wire.TimeOf(time.Now().Add(-24 * time.Hour))
			r.summary.LastMessage = &r.messages[i]
		}
		r.cursors[me] = 4
	})
}

func restored() (texts []string) {
	for i := range 12 {
		texts = append(texts, fmt.Sprint("후 ", i+1))
	}
	return texts
}

// isRestored checks that the app shows what the server has, and nothing of before.
func (a *app) isRestored() {
	a.t.Helper()
	a.until(a.t, "online with the restored rooms", func() bool {
		r := a.rooms[roomA]
		return a.state.Link == core.LinkOnline && len(a.rooms) == 2 && len(a.people) == 3 && r.LastSeq == 12 && r.LastText == "후 12"
	})
	a.openRoom(roomA)
	a.shows(roomA, restored()...)
	now := a.now()
	if r := now.rooms[roomA]; r.UnreadCount != 8 || r.LastReadSeq != 4 {
		a.t.Errorf("room %+v", r)
	}
	a.until(a.t, "unread in all", func() bool { return a.unread == 8 })
	a.server.with(func() {
		if r := a.server.rooms[roomA]; r.reads != 0 || r.cursors[me] != 4 {
			a.t.Errorf("the server was told that more was read: %d times, up to %d", r.reads, r.cursors[me])
		}
	})
}

// TestARestoredServerTakesThePlaceOfTheCopy: what is shown is the server's, what was written and not sent goes out once, and
// what was not told of having been read is forgotten.
func TestARestoredServerTakesThePlaceOfTheCopy(t *testing.T) {
	for name, between := range map[string]func(a *app) *app{
		"while it runs":  func(a *app) *app { return a },
		"over a restart": func(a *app) *app { return a.restart() },
	} {
		t.Run(name, func(t *testing.T) {
			s, a := lived(t)
			a.openRoom(roomB)
			a.offline()
			a.ok(a.Seen(roomA, 20))
			lost := a.send(roomC, "갈 곳 없는 글")
			a.send(roomB, "안 보낸 글")
			a.ok(a.SetDraft(roomA, core.Draft{Text: "쓰던 글", ReplyToSeq: 20}))
			s.restore(1_700_000_000_000)
			a = between(a)
			notes := len(a.now().notes)
			a.openRoom(roomA)
			if got := len(a.list(roomA)); got != 20 {
				t.Errorf("without a connection %d messages are shown", got)
			}
			s.gate.set(true)
			a.isRestored()

			a.openRoom(roomB)
			a.shows(roomB, "안 보낸 글")
			if got := s.texts(roomB); !slices.Equal(got, []string{"안 보낸 글"}) {
				t.Errorf("the server holds %q", got)
			}
			if d := a.now().rooms[roomA].Draft; d.Text != "쓰던 글" || d.ReplyToSeq != 0 {
				t.Errorf("draft %+v", d)
			}
			a.until(t, "refused once", func() bool {
				n := 0
				s.with(func() {
					for _, id := range s.order {
						if id == lost.ClientID {
							n++
						}
					}
				})
				return n == 1
			})
			if now := a.now(); len(now.notes) != notes {
				t.Errorf("notified of what was there: %+v", now.notes[notes:])
			}
			s.say(roomA, other, "그 뒤")
			a.shows(roomA, append(restored(), "그 뒤")...)
			s.with(func() {
				if s.welcomes != 2 { // one that shows it, and the next
					t.Errorf("connected %d times", s.welcomes)
				}
			})
		})
	}
}

// TestTheCopyOfTheSameHistoryStays: without an epoch, and with one.
func TestTheCopyOfTheSameHistoryStays(t *testing.T) {
	for _, epoch := range []int64{0, 7} {
		s := newServer(t)
		s.epoch = epoch
		s.say(roomA, other, "하나")
		a := signedIn(t, s)
		a.openRoom(roomA)
		a.shows(roomA, "하나")
		s.with(func() {
			if s.welcomes != 1 {
				t.Errorf("epoch %d: the first sign-in connected %d times", epoch, s.welcomes)
			}
		})
		a.offline()
		a.online()
		a = a.restart()
		a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
		a.openRoom(roomA)
		s.say(roomA, other, "둘")
		a.shows(roomA, "하나", "둘")
		s.with(func() {
			if s.welcomes != 3 || s.named != 2 {
				t.Errorf("epoch %d: connected %d times, holding %d rooms at last", epoch, s.welcomes, s.named)
			}
		})
	}
}

// TestATokenThatTheBackupDoesNotKnow: the device renewed it after the backup. The user signs in again, and what he had not
// sent is there.
func TestATokenThatTheBackupDoesNotKnow(t *testing.T) {
	s, a := lived(t)
	a.offline()
	a.send(roomB, "안 보낸 글")
	a.ok(a.SetDraft(roomA, core.Draft{Text: "쓰던 글"}))
	s.restore(7)
	s.with(func() { s.revoked = wire.ReasonTokenInvalid })
	s.gate.set(true)
	a.until(t, "asked to sign in", func() bool {
		return a.state.Phase == core.PhaseSignedOut && a.state.Notice != nil && len(a.rooms) == 0
	})
	if left := stores(t, a.profile); len(left) == 0 {
		t.Fatal("wiped")
	}
	a.ok(a.SignIn("minji", "right password", true))
	a.isRestored()
	a.openRoom(roomB)
	a.shows(roomB, "안 보낸 글")
	if d := a.now().rooms[roomA].Draft; d.Text != "쓰던 글" {
		t.Errorf("draft %+v", d)
	}
}
