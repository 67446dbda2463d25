package core_test

import (
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// muted is an app that nobody looks at, whose group is muted.
func muted(t *testing.T) (*app, *server) {
	t.Helper()
	a, s := quiet(t)
	minutes := -1
	a.ok(a.SetMy(roomB, core.MyChange{MuteMinutes: &minutes}))
	a.until(t, "muted", func() bool { return a.rooms[roomB].MutedUntil > 0 })
	return a, s
}

func TestMentionGetsThroughAMutedRoom(t *testing.T) {
	a, s := muted(t)
	s.say(roomB, other, "조용히")
	a.until(t, "unread, but not on the badge", func() bool { return a.rooms[roomB].UnreadCount == 1 && a.badge == 0 })
	s.mention(roomB, other, "@김민지 봐 주세요")
	a.until(t, "told", func() bool { return len(a.notes) == 1 && a.badge == 1 })
	if n := a.now().notes[0]; n.Title != "이준호 님이 나를 언급했습니다" || n.Body != "기획팀: @김민지 봐 주세요" || n.Seq != 2 {
		t.Errorf("notification: %+v", n)
	}
	if got := a.now().rooms[roomB].MentionedSeqs; len(got) != 1 || got[0] != 2 {
		t.Errorf("mentions: %v", got)
	}
	settings := a.Settings()
	settings.MentionsAlways, settings.Language = false, "en"
	a.ok(a.SaveSettings(settings))
	s.mention(roomB, other, "silent")
	a.until(t, "still counted", func() bool { return a.badge == 2 })
	s.mention(roomA, other, "hello")
	a.until(t, "of another room", func() bool { return len(a.notes) == 2 })
	if n := a.now().notes[1]; n.Title != "이준호 mentioned you" || n.Body != "hello" || n.RoomUUID != roomA {
		t.Errorf("notification: %+v", n)
	}
}

func TestOnlyNewMessagesNotify(t *testing.T) {
	a, s := quiet(t)
	s.say(roomA, other, "하나")
	a.until(t, "told", func() bool { return len(a.notes) == 1 })
	change := func(fn func(m *wire.Message)) {
		s.with(func() {
			_, _, after := s.touch(101, func(m *wire.Message) *wire.Error { fn(m); return nil })
			after()
		})
	}
	change(func(m *wire.Message) { m.Text, m.Mentions = "edited, and mentions me now", []string{me} })
	change(func(m *wire.Message) { m.Reactions = []wire.Reaction{{Emoji: "👍", UserUUIDs: []string{other}}} })
	a.lastNote(s, "marker")
	if n := len(a.now().notes); n != 2 {
		t.Errorf("%d notifications: %+v", n, a.now().notes)
	}
	s.with(func() { s.hide(s.rooms[roomA], 1) })
	a.until(t, "a hidden one is withdrawn", func() bool { return !a.standing[roomA] })
}

func TestSettingsOfEmoji(t *testing.T) {
	a := signedIn(t, newServer(t))
	settings := a.Settings()
	settings.RecentEmoji, settings.SkinTone = []string{"👍", "❤️", "👍"}, 5
	a.ok(a.SaveSettings(settings))
	if got := a.Settings(); len(got.RecentEmoji) != 2 || got.SkinTone != 5 {
		t.Errorf("kept %+v", got)
	}
	for name, change := range map[string]func(*core.Settings){
		"text": func(s *core.Settings) { s.RecentEmoji = []string{"x"} }, "tone": func(s *core.Settings) { s.SkinTone = 6 },
		"below": func(s *core.Settings) { s.SkinTone = -1 }, "many": func(s *core.Settings) { s.RecentEmoji = make([]string, 33) },
	} {
		bad := a.Settings()
		change(&bad)
		if err := a.SaveSettings(bad); err == nil {
			t.Errorf("took %s", name)
		}
	}
}
