//go:build screens

package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// stage is a conversation that shows all that a conversation can hold.
type stage struct {
	*gallery
	server              *backend.Server
	hana, duri, sera    backend.Person
	room                string
	other               *window.Window
	question, guide, ok string // seqs
}

// TestTalkScreens takes pictures of what can be done in and around a conversation.
func TestTalkScreens(t *testing.T) {
	c := company{
		desk:   desk.Start(t, desk.Options{Width: 2000, Height: 960}),
		server: backend.Start(t, binary(t, "HIMSG_E2E_SERVER")),
	}
	s := &stage{server: c.server}
	s.people(t)
	s.other = c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, s.other, "duri")
	w := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, w, "hana")
	s.gallery = &gallery{desk: c.desk, w: w, next: 50, sizes: []size{{900, 700}}}
	s.desk.Resize(t, w.ID(t), 900, 700)
	s.desk.Move(t, w.ID(t), 0, 0) // away from under the mouse
	w.Focus(t)
	openAtEnd(t, w, s.room)
	openAtEnd(t, s.other, s.room)
	s.say(t)
	s.take(t, "talk")
	s.onMessages(t)
	s.composer(t)
	s.around(t)
	s.lockApp(t)
}

func (s *stage) people(t *testing.T) {
	t.Helper()
	s.hana, s.duri = s.server.AddPerson(t, "hana", "이하나"), s.server.AddPerson(t, "duri", "박두리")
	s.sera = s.server.AddPerson(t, "sera", "최세라")
	bora, jun := s.server.AddPerson(t, "bora", "정보라"), s.server.AddPerson(t, "jun", "한준")
	s.server.Post(t, bora, s.hana, "디자인 시안 3개 올려 두었어요. 편하실 때 봐 주세요!")
	s.server.Post(t, jun, s.hana, "내일 오전 반차입니다.")
	s.server.PostTo(t, jun, s.server.CreateGroup(t, jun, "점심 모임", s.hana, bora), "오늘은 칼국수 어때요?")
	s.room = s.server.CreateGroup(t, s.hana, "결제 서버 이전", s.duri, s.sera)
	for i := range 40 {
		s.server.PostTo(t, s.sera, s.room, fmt.Sprintf("점검 항목 %d번 확인했습니다.", i+1))
	}
}

// send sends as a window's page does, and returns the seq of the message.
func (s *stage) send(t *testing.T, w *window.Window, text, replyTo string, mentions ...string) string {
	t.Helper()
	if replyTo == "" {
		replyTo = "0"
	}
	draft, err := json.Marshal(map[string]any{
		"text": text, "reply_to_seq": json.Number(replyTo), "mentions": append([]string{}, mentions...), "mention_all": false,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Eval(t, fmt.Sprintf("window.go.shell.Bridge.Send(%q, %s), 0", s.room, draft), nil)
	return seqOf(t, s.w, string([]rune(text)[:5])) // before any mark-up
}

func (s *stage) say(t *testing.T) {
	t.Helper()
	s.question = s.send(t, s.other, "이전 작업은 **목요일 밤 11시**에 시작합니다. 다들 괜찮으신가요?", "")
	s.send(t, s.w, "네, 괜찮습니다. 저는 모니터링을 맡을게요.", s.question)
	s.guide = s.send(t, s.other, "순서는 이렇습니다.\n```\nsystemctl stop pay\nrsync -a /srv/pay/ new:/srv/pay/\nsystemctl start pay\n```", "")
	s.ok = s.send(t, s.other, "@이하나님 `pay.toml` 한번 봐 주시겠어요? https://wiki.example.com/pay", "", s.hana.UUID)
	for _, emoji := range []string{"👍", "❤️"} {
		react(t, s.other, s.question, emoji)
		s.w.See(t, message(s.question, window.Select("reaction", "emoji", emoji)))
	}
	react(t, s.w, s.question, "👍")
	s.w.SeeText(t, message(s.question, window.Select("reaction", "emoji", "👍")), "2")
	choose(t, s.w, s.question, "message-pin")
	s.w.See(t, window.Select("pin-banner"))
	s.end(t)
}

// end brings the conversation to its end.
func (s *stage) end(t *testing.T) {
	t.Helper()
	openRoom(t, s.w, s.room)
	if s.w.Has(window.Select("jump-latest")) {
		s.w.Click(t, window.Select("jump-latest"))
		s.w.SeeGone(t, window.Select("jump-latest"))
	}
}

// escape closes what is above, and waits until it is gone.
func (s *stage) escape(t *testing.T, what string) {
	t.Helper()
	s.w.Focus(t)
	s.desk.Keys(t, "Escape")
	s.w.SeeGone(t, what)
}

func (s *stage) onMessages(t *testing.T) {
	t.Helper()
	s.w.Click(t, message(s.guide, window.Select("message-menu")))
	s.w.See(t, window.Select("message-actions"))
	s.take(t, "message-menu")
	s.w.Click(t, window.Select("message-react-more"))
	s.w.See(t, window.Select("emoji-picker"))
	s.take(t, "emoji-picker")
	s.escape(t, window.Select("emoji-picker"))
	choose(t, s.w, s.guide, "message-forward")
	s.w.Click(t, window.Select("forward-target"))
	s.take(t, "forward")
	s.escape(t, window.Select("forward-send"))
	choose(t, s.w, s.guide, "message-delete")
	s.w.See(t, window.Select("delete-for-me"))
	s.take(t, "delete")
	s.escape(t, window.Select("delete-for-me"))
	choose(t, s.w, s.guide, "message-select")
	s.w.See(t, window.Select("selection-bar"))
	s.take(t, "selection")
	s.w.Click(t, window.Select("selection-end"))
	s.readers(t)
}

func (s *stage) readers(t *testing.T) {
	t.Helper()
	s.other.Focus(t)
	s.w.Focus(t)
	choose(t, s.w, s.question, "message-readers")
	s.w.See(t, window.Select("readers"))
	s.w.Eval(t, `document.querySelectorAll('[data-testid="readers"] label')[1].click(), 0`, nil)
	s.w.See(t, window.Select("readers")+" li time")
	s.take(t, "readers")
	s.escape(t, window.Select("readers"))
}

func (s *stage) composer(t *testing.T) {
	t.Helper()
	s.end(t)
	choose(t, s.w, s.question, "message-reply")
	s.w.See(t, window.Select("compose-bar"))
	s.w.Focus(t)
	s.w.FocusOn(t, window.Select("composer-input"))
	s.desk.TypeKeys(t, "@")
	s.w.See(t, window.Select("mention-item"))
	s.take(t, "mention")
	s.escape(t, window.Select("mention-item"))
	s.escape(t, window.Select("compose-bar"))
	s.w.Type(t, window.Select("composer-input"), "")
	s.desk.Keys(t, "Up")
	s.w.See(t, window.Select("compose-bar"))
	s.take(t, "edit")
	s.escape(t, window.Select("compose-bar"))
}

func (s *stage) around(t *testing.T) {
	t.Helper()
	s.w.Click(t, window.Select("conversation-details"))
	s.w.See(t, window.Select("member"))
	s.take(t, "drawer")
	s.w.Click(t, window.Select("room-invite"))
	s.w.See(t, window.Select("new-chat-person"))
	s.w.Click(t, window.Select("new-chat-person"))
	s.take(t, "invite")
	s.escape(t, window.Select("invite-ok"))
	s.w.Click(t, window.Select("drawer-close"))
	s.w.Focus(t)
	s.desk.Keys(t, "ctrl+k")
	s.w.See(t, window.Select("switcher-item"))
	s.take(t, "switcher")
	s.escape(t, window.Select("switcher-item"))
	s.desk.Keys(t, "ctrl+shift+f")
	s.w.Type(t, window.Select("search-input"), "점검")
	s.w.See(t, window.Select("search-message")+" mark")
	s.take(t, "search")
	openRoom(t, s.w, s.room)
	s.desk.Keys(t, "ctrl+f")
	s.w.Type(t, window.Select("room-search-input"), "점검")
	s.w.SeeText(t, window.Select("room-search-count"), "1 /")
	s.take(t, "room-search")
	s.escape(t, window.Select("room-search"))
	s.desk.Keys(t, "ctrl+slash")
	s.w.See(t, window.Select("shortcuts"))
	s.take(t, "shortcuts")
	s.escape(t, window.Select("shortcuts"))
}

func (s *stage) lockApp(t *testing.T) {
	t.Helper()
	s.w.Eval(t, fmt.Sprintf("window.go.shell.Bridge.SetMy(%q, { locked: true }), 0", s.room), nil)
	s.end(t)
	s.w.See(t, window.Select("composer-locked"))
	s.take(t, "locked-room")
	s.next++
	for _, language := range []string{"en", "ko"} {
		for _, theme := range themes() {
			s.look(t, language, theme) // a locked app takes no settings
			s.w.Focus(t)
			s.desk.Keys(t, "ctrl+l")
			s.w.See(t, window.Select("lock-screen"))
			s.w.Picture(t, picture(t, fmt.Sprintf("%02d-app-locked-%s-%s-900.png", s.next, language, theme)))
			s.w.Type(t, window.Select("lock-password"), backend.Password)
			s.w.Click(t, window.Select("lock-submit"))
			s.w.SeeGone(t, window.Select("lock-screen"))
		}
	}
}
