package core_test

import (
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func TestRuleOfARoom(t *testing.T) {
	a, s := quiet(t)
	rule := func(n wire.RoomNotify) {
		a.ok(a.SetMy(roomB, core.MyChange{Notify: &n}))
		a.until(t, "rule "+string(n), func() bool { return a.rooms[roomB].Notify == n })
	}
	rule(wire.NotifyMentions)
	settings := a.Settings()
	settings.Keywords = []string{"보고서"}
	a.ok(a.SaveSettings(settings))
	s.say(roomB, other, "조용히")
	s.say(roomB, other, "보고서를 봐 주세요")
	a.until(t, "the keyword", func() bool { return len(a.notes) == 1 })
	if n := a.now().notes[0]; n.Title != "이준호 님의 메시지에 ‘보고서’" || n.Body != "기획팀: 보고서를 봐 주세요" || n.Seq != 2 {
		t.Errorf("%+v", n)
	}
	rule(wire.NotifyNone)
	s.mention(roomB, other, "@김민지 봐 주세요")
	s.say(roomA, other, "marker")
	a.until(t, "the other room", func() bool { return len(a.notes) == 2 && a.badge == 1 })
	if n := a.now().notes[1]; n.RoomUUID != roomA {
		t.Errorf("%+v", n)
	}
}

func TestAnswerIsSentOnceAndReads(t *testing.T) {
	a, s := quiet(t)
	s.say(roomA, other, "회의 몇 시죠?")
	a.until(t, "told", func() bool { return len(a.notes) == 1 })
	n := a.now().notes[0]
	if n.Actions == nil || n.Actions.Reply != "답장" || n.Upto != 1 || n.Silent {
		t.Fatalf("%+v", n)
	}
	answer := core.Answer{NoteID: n.ID, RoomUUID: n.RoomUUID, Upto: n.Upto, Text: " 3시요\n"}
	for range 2 {
		if a.Answer(answer) {
			t.Error("it wants the window")
		}
	}
	a.until(t, "sent and read", func() bool {
		return a.rooms[roomA].LastText == "3시요" && a.rooms[roomA].UnreadCount == 0 && !a.standing[roomA]
	})
	if got := a.now().rooms[roomA].LastSeq; got != 2 {
		t.Errorf("sent twice: %d", got)
	}
}

// Who answers on another device has read it there: the notification here goes with his answer.
func TestAnswerOfAnotherDeviceTakesTheNotificationBack(t *testing.T) {
	a, s := quiet(t)
	s.say(roomA, other, "회의 몇 시죠?")
	a.until(t, "told", func() bool { return len(a.notes) == 1 && a.standing[roomA] })
	s.say(roomA, me, "3시요")
	a.until(t, "taken back", func() bool { return a.rooms[roomA].LastText == "3시요" && !a.standing[roomA] })
}

func TestNobodyAnswersFromTheLock(t *testing.T) {
	a, s := quiet(t)
	s.say(roomA, other, "하나")
	a.until(t, "told", func() bool { return len(a.notes) == 1 })
	n := a.now().notes[0]
	a.ok(a.SetDraft(roomA, core.Draft{Text: "쓰던 글"}))
	a.ok(a.Lock())
	if !a.Answer(core.Answer{NoteID: n.ID, RoomUUID: n.RoomUUID, Upto: n.Upto, Text: "남이 쓴 말"}) {
		t.Error("the window is not wanted")
	}
	s.say(roomA, other, "둘")
	a.until(t, "told behind the lock", func() bool { return len(a.notes) == 2 })
	if n := a.now().notes[1]; n.Actions != nil || n.Title != "Hi_Msg" || strings.Contains(n.Body, "둘") {
		t.Errorf("%+v", n)
	}
	s.with(func() {
		for _, m := range s.rooms[roomA].messages {
			if m.SenderUUID == me {
				t.Errorf("sent: %s", m.Text)
			}
		}
	})
	a.ok(a.Unlock(rightPassword))
	a.until(t, "kept behind what stood there", func() bool { return a.rooms[roomA].Draft.Text == "쓰던 글\n남이 쓴 말" })
}

func TestHiddenPreviewHidesMentionsToo(t *testing.T) {
	a, s := quiet(t)
	settings := a.Settings()
	settings.PreviewContent, settings.Keywords, settings.Sound = false, []string{"보고서"}, false
	a.ok(a.SaveSettings(settings))
	s.mention(roomB, other, "@김민지 보고서 봐 주세요")
	a.until(t, "told", func() bool { return len(a.notes) == 1 })
	if n := a.now().notes[0]; n.Title != "기획팀" || n.Body != "이준호: 새 메시지" || n.Actions != nil || !n.Silent {
		t.Errorf("%+v", n)
	}
}

func TestTestSaysWhatIsWrong(t *testing.T) {
	a := signedIn(t, newServer(t))
	got, err := a.TestNotification()
	if err != nil || got.Problem != "" || !got.Clicks || got.Service != "test 1" || got.Quiet != "" {
		t.Errorf("%+v, %v", got, err)
	}
	a.ok(a.Snooze(30))
	a.change(func() { a.tryFails = core.ErrNoNotifications })
	if got, err := a.TestNotification(); err != nil || got.Problem != "no_service" || got.Quiet != "snoozed" {
		t.Errorf("%+v, %v", got, err)
	}
	a.ok(a.Snooze(0))
	for _, minutes := range []int{-2, 3000} {
		if a.Snooze(minutes) == nil {
			t.Errorf("took %d minutes", minutes)
		}
	}
}
