package core_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// withNotices is an app that holds so many notices.
func withNotices(t *testing.T, count int) (*server, *app) {
	t.Helper()
	s := newServer(t)
	for number := count; number > 0; number-- {
		s.notices.list = append(s.notices.list, newNotice(number))
	}
	s.notices.rev = 1
	a := signedIn(t, s)
	a.until(t, "the notices", func() bool { return a.notices.Waiting == count })
	return s, a
}

func (a *app) notice(number int) core.Notice {
	for _, n := range a.notices.Notices {
		if n.NoticeUUID == noticeID(number) {
			return n
		}
	}
	return core.Notice{}
}

func TestANoticeIsReadAndConfirmed(t *testing.T) {
	s, a := withNotices(t, 2)
	first := a.now().notices.Notices[0]
	if first.NoticeUUID != noticeID(2) || first.Title != "공지 2" || first.AuthorUUID != other || !first.Confirm || !first.Asked ||
		first.CreatedAt != 1_795_000_120_000 {
		t.Errorf("held %+v", first)
	}
	a.ok(a.ReadNotice(noticeID(2), 0))
	a.until(t, "read here", func() bool { return a.notice(2).Read && a.notices.Unread == 1 && a.notices.Waiting == 2 })
	a.ok(a.ConfirmNotice(noticeID(2), 0))
	a.until(t, "confirmed", func() bool { return a.notice(2).ConfirmedAt != 0 && a.notices.Waiting == 1 && a.notices.Unsettled == 1 })
	s.with(func() {
		if !slices.Contains(s.notices.calls, "read "+noticeID(2)) || !slices.Contains(s.notices.calls, "confirm "+noticeID(2)) {
			t.Errorf("the server heard %v", s.notices.calls)
		}
	})
	refusedAs(t, a.ConfirmNotice(noticeID(9), 0), wire.NotFound)
	refusedAs(t, a.ReadNotice("../x", 0), wire.BadRequest)
	if notes := a.now().notes; len(notes) != 0 {
		t.Errorf("what was there before is no news: %+v", notes)
	}
}

func TestNoticesAreHeldWithoutANetwork(t *testing.T) {
	s, a := withNotices(t, 2)
	s.gate.set(false)
	a = a.restart()
	a.until(t, "the held notices", func() bool { return a.state.Link == core.LinkOffline && a.notices.Waiting == 2 })
	a.ok(a.ReadNotice(noticeID(1), 0))
	a.ok(a.ReadNotice(noticeID(2), 0))
	a.until(t, "read here", func() bool { return a.notices.Unread == 0 })
	refusedAs(t, a.ConfirmNotice(noticeID(1), 0), "offline")
	s.with(func() {
		// One of them was changed, and asks anew: that was not read.
		at := wire.TimeOfMilli(1_795_100_000_000)
		s.findNotice(noticeID(2)).EditedAt = &at
		s.notices.rev++
	})
	s.gate.set(true)
	a.until(t, "the server knows of one", func() bool {
		var calls []string
		s.with(func() { calls = slices.Clone(s.notices.calls) })
		return slices.Equal(calls, []string{"read " + noticeID(1)}) && a.notices.Unread == 1 && !a.notice(2).Read && a.notice(1).Read
	})
}

func TestANoticeThatWasEditedIsReadBeforeItIsConfirmed(t *testing.T) {
	s, a := withNotices(t, 1)
	s.with(func() { // its event is lost
		at := wire.TimeOfMilli(1_795_100_000_000)
		n := s.findNotice(noticeID(1))
		n.EditedAt, n.Text = &at, "anders"
		s.notices.rev++
	})
	if reason := refusedAs(t, a.ConfirmNotice(noticeID(1), 0), wire.Conflict); reason != string(wire.ReasonEditConflict) {
		t.Errorf("refused because of %s", reason)
	}
	a.until(t, "the new text", func() bool { return a.notice(1).Text == "anders" })
	a.ok(a.ConfirmNotice(noticeID(1), a.now().notices.Notices[0].EditedAt))
	a.until(t, "confirmed", func() bool { return a.notice(1).ConfirmedAt != 0 })
}

func TestNoticesAreAskedForAgain(t *testing.T) {
	s, a := withNotices(t, 1)
	for _, what := range []string{"resync", "reconnect"} {
		s.with(func() { // without an event
			s.notices.list = slices.Insert(s.notices.list, 0, newNotice(len(s.notices.list)+1))
			s.notices.rev++
		})
		want := len(a.now().notices.Notices) + 1
		if what == "resync" {
			s.event(wire.EvResync, struct{}{})
		} else {
			s.gate.set(false)
			s.gate.set(true)
		}
		a.until(t, "after "+what, func() bool { return len(a.notices.Notices) == want })
	}
	a.until(t, "the last list", func() bool { return a.notices.Waiting == 3 })
	s.with(func() {
		if s.notices.whole > 3 {
			t.Errorf("%d whole lists for three states", s.notices.whole)
		}
	})
}

func TestTheDesktopTellsOfNotices(t *testing.T) {
	s, a := withNotices(t, 1)
	s.changeNotices(func(n *srvNotices) { n.list = slices.Insert(n.list, 0, newNotice(2)) })
	place := "notice/" + noticeID(2)
	a.until(t, "a new one", func() bool {
		return len(a.notes) == 1 && a.notes[0].RoomUUID == place && a.notes[0].Title == "새 공지" && a.notes[0].Body == "공지 2"
	})
	a.Activate(place, 0)
	a.until(t, "a click opens it", func() bool { return a.open != nil && a.open.NoticeUUID == noticeID(2) && a.open.RoomUUID == "" })
	a.ok(a.ReadNotice(noticeID(2), 0))
	a.until(t, "reading takes it back", func() bool { return !a.standing[place] && a.notice(2).Read })

	settings := a.Settings()
	settings.PreviewContent = false
	a.ok(a.SaveSettings(settings))
	s.changeNotices(func(n *srvNotices) {
		at := wire.TimeOf(time.Now())
		n.list[0].RemindedAt = &at
	})
	a.until(t, "a reminder", func() bool {
		return len(a.notes) == 2 && strings.Contains(a.notes[1].Title, "아직 확인하지 않은") && !strings.Contains(a.notes[1].Body, "공지 2")
	})
	a.ok(a.ConfirmNotice(noticeID(2), 0))
	a.until(t, "confirming takes it back", func() bool { return !a.standing[place] })

	s.changeNotices(func(n *srvNotices) { // it is changed, and asks again
		n.list[0].Read, n.list[0].ConfirmedAt = false, nil
	})
	a.until(t, "it asks again", func() bool { return len(a.notes) == 3 && a.notes[2].Title == "새 공지" && a.standing[place] })
	s.changeNotices(func(n *srvNotices) { n.list = n.list[1:] })
	a.until(t, "it is withdrawn", func() bool { return !a.standing[place] && len(a.notices.Notices) == 1 })

	s.changeNotices(func(n *srvNotices) {
		for number := range 5 {
			n.list = slices.Insert(n.list, 0, newNotice(number+10))
		}
		n.list[4].Asked = false // it is for others, too, and this one only may read it
	})
	a.until(t, "many make a summary", func() bool { return len(a.notes) == 4 && a.notes[3].Body == "확인할 공지 4건" })
}

func TestOlderNoticesComeByPages(t *testing.T) {
	s := newServer(t)
	for number := 90; number > 0; number-- {
		s.notices.list = append(s.notices.list, newNotice(number))
	}
	s.notices.rev = 1
	a := signedIn(t, s)
	has := func(count int, more bool) {
		t.Helper()
		a.until(t, "a page", func() bool {
			return len(a.notices.Notices) == count && a.notices.More == more && a.notices.Waiting == 90
		})
	}
	has(20, true)
	a.ok(a.OlderNotices())
	has(70, true)
	// What has been scrolled to stays when something changes.
	s.changeNotices(func(n *srvNotices) { n.list[89].Title = "anders" })
	a.ok(a.OlderNotices())
	has(90, false)
	a.until(t, "the change", func() bool { return a.notice(1).Title == "anders" })
	a.ok(a.OlderNotices())
	has(90, false)
}

// refusedAs expects a refusal with a code, and returns its reason.
func refusedAs(t *testing.T, err error, code wire.Code) (reason string) {
	t.Helper()
	f := failure(t, err)
	if f.Code != string(code) {
		t.Errorf("refused with %v, not %s", f, code)
	}
	return f.Reason
}
