//go:build e2e

package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"strings"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// team is a group whose owner and members sit at their own PCs. Sera is not in it at first.
type team struct {
	company
	room              string
	owner, member     backend.Person
	sera              backend.Person
	hana, duri, seraW *window.Window
}

// A group's life as its owner, a member and a newcomer see it.
func TestGroupInThreeWindows(t *testing.T) {
	c := newCompany(t)
	c.desk.StartHangul(t)
	g := &team{company: c}
	g.owner, g.member = c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	g.sera = c.server.AddPerson(t, "sera", "최세라")
	g.room = c.server.CreateGroup(t, g.owner, "기획", g.member)
	c.server.PostTo(t, g.owner, g.room, "세라가 오기 전의 말")
	c.server.Post(t, g.member, g.owner, "둘만의 방")
	g.hana, g.duri, g.seraW = g.join(t, "hana"), g.join(t, "duri"), g.join(t, "sera")
	c.desk.Move(t, g.hana.ID(t), 10, 10)
	c.desk.Move(t, g.duri.ID(t), 1250, 10)
	openRoom(t, g.hana, g.room)
	openRoom(t, g.duri, g.room)

	t.Run("the owner renames the group and both windows say so", g.rename)
	t.Run("a picture of the group shows in the windows", g.picture)
	t.Run("whoever is invited sees what was said before when the owner wants so", g.invite)
	t.Run("a member becomes an owner", g.role)
	t.Run("the list of readers has a time", g.readers)
	t.Run("a mention by Hangul keys is picked by one Enter and sent by the next", g.mention)
	t.Run("a muted room is silent and a mention in it is not", g.mutedMention)
	t.Run("marks of a room show in the list and the lock holds", g.marks)
	t.Run("whoever is removed loses the room at once", g.remove)
	t.Run("whoever leaves is gone and the others read it", g.leave)
}

func (g *team) join(t *testing.T, username string) *window.Window {
	t.Helper()
	w := g.open(t, window.Options{Server: g.server.URL(), Env: desk.HangulEnv()})
	signIn(t, w, username)
	return w
}

func (g *team) rename(t *testing.T) {
	g.hana.Click(t, window.Select("conversation-details"))
	g.hana.See(t, window.Select("room-drawer"))
	g.hana.Click(t, window.Select("room-rename"))
	g.hana.Type(t, window.Select("rename-name"), "신제품 기획")
	g.hana.Click(t, window.Select("confirm-ok"))
	for _, w := range []*window.Window{g.hana, g.duri} {
		w.SeeText(t, window.Select("conversation-title"), "신제품 기획")
		w.SeeText(t, window.Select("room-row", "room", g.room), "신제품 기획")
		g.line(t, w, "이하나 님이 방 이름을 ‘신제품 기획’으로 바꿨습니다")
	}
}

func (g *team) picture(t *testing.T) {
	paper := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		paper.SetRGBA(i%64, i/64, color.RGBA{R: 20, G: 120, B: 200, A: 255})
	}
	var raw bytes.Buffer
	if err := png.Encode(&raw, paper); err != nil {
		t.Fatal(err)
	}
	uuid := g.server.SetPicture(t, g.owner, g.room, raw.Bytes())
	for _, w := range []*window.Window{g.hana, g.duri} {
		w.WaitFor(t, `[...document.images].some((e) => e.getAttribute('src') === '/picture/`+uuid+
			`' && e.complete && e.naturalWidth > 0)`)
		g.line(t, w, "이하나 님이 방 사진을 바꿨습니다")
	}
}

func (g *team) invite(t *testing.T) {
	g.hana.Click(t, window.Select("room-history"))
	g.line(t, g.duri, "이하나 님이 새로 들어온 사람도 이전 대화를 볼 수 있게 했습니다")
	g.hana.Click(t, window.Select("room-invite"))
	g.hana.Type(t, window.Select("invite-search"), "ㅊㅅㄹ")
	g.hana.SeeText(t, window.Select("new-chat-person"), "최세라")
	g.hana.Click(t, window.Select("new-chat-person"))
	g.hana.Click(t, window.Select("invite-ok"))
	openRoom(t, g.seraW, g.room)
	g.seraW.SeeText(t, window.Select("message-text"), "세라가 오기 전의 말")
	for _, w := range []*window.Window{g.hana, g.duri, g.seraW} {
		g.line(t, w, "이하나 님이 최세라 님을 초대했습니다")
	}
	g.hana.See(t, window.Select("member", "user", g.sera.UUID))
}

func (g *team) role(t *testing.T) {
	g.hana.Click(t, window.Select("member", "user", g.member.UUID)+" "+window.Select("member-menu"))
	g.hana.Click(t, window.Select("member-role"))
	g.hana.SeeText(t, window.Select("member", "user", g.member.UUID), "방장")
	g.line(t, g.seraW, "이하나 님이 박두리 님을 방장으로 정했습니다")
}

func (g *team) readers(t *testing.T) {
	g.hana.Focus(t)
	say(t, g.hana, "오늘 회의록입니다")
	seq := seqOf(t, g.hana, "회의록")
	g.hana.SeeText(t, message(seq, window.Select("message-unread")), "2")
	g.duri.SeeText(t, message(seq), "회의록")
	g.duri.Focus(t)
	g.hana.SeeText(t, message(seq, window.Select("message-unread")), "1")
	g.hana.Click(t, message(seq, window.Select("message-unread")))
	g.hana.SeeText(t, window.Select("readers"), "최세라")
	g.hana.SeeText(t, window.Select("readers")+" label", "읽음 1")
	g.hana.Eval(t, `[...document.querySelectorAll('[data-testid="readers"] label')]
		.find((e) => e.innerText.startsWith('읽음')).click(), 0`, nil)
	g.hana.SeeText(t, window.Select("readers")+" li", "박두리")
	g.hana.WaitFor(t, `/(오전|오후) \d+:\d\d/.test(document.querySelector('[data-testid="readers"] li time')?.innerText)`)
	g.hana.Focus(t)
	g.desk.Keys(t, "Escape")
	g.hana.SeeGone(t, window.Select("readers"))
}

func (g *team) mention(t *testing.T) {
	g.duri.Click(t, window.Select("rail-settings")) // looks elsewhere
	g.hana.Focus(t)
	g.hana.FocusOn(t, window.Select("composer-input"))
	g.desk.TypeKeys(t, "@qkren") // 박두; the last syllable still composing
	g.hana.SeeText(t, window.Select("mention-item"), "박두리")
	g.desk.Keys(t, "Return")
	isWritten(t, g.hana, "@박두리")
	g.hana.SeeGone(t, window.Select("mention-item"))
	g.desk.TypeKeys(t, "sla ghkrdlsgo wntpdy") // 님 확인해 주세요
	g.desk.Keys(t, "Return")
	seq := seqOf(t, g.hana, "확인해 주세요")
	if text := g.hana.Text(t, message(seq, window.Select("message-text"))); text != "@박두리님 확인해 주세요" {
		t.Errorf("one Enter picks, the next sends it whole: %q", text)
	}
	isWritten(t, g.hana, "")
	stays(t, "sent once", func() bool {
		texts := strings.Join(g.hana.Texts(t, window.Select("message-text")), "\n")
		return strings.Count(texts, "확인해") == 1
	})
	g.desk.Notifications.Wait(t, "of the mention", func(n desk.Notification) bool {
		return n.PID == g.duri.Process.PID() && strings.Contains(n.Body, "확인해 주세요")
	})
	g.duri.Click(t, window.Select("rail-chats"))
	g.seraW.SeeText(t, message(seq, window.Select("mention")), "@박두리")
}

func (g *team) mutedMention(t *testing.T) {
	other := g.direct(t, g.duri)
	openRoom(t, g.duri, other)
	g.duri.ContextClick(t, window.Select("room-row", "room", g.room))
	g.duri.Click(t, window.Select("room-mute_8h"))
	g.duri.See(t, window.Select("room-row", "room", g.room)+` [aria-label="알림 꺼짐"]`)

	g.server.PostTo(t, g.owner, g.room, "아무 소리 없이 오는 말")
	g.duri.SeeText(t, window.Select("room-row", "room", g.room), "아무 소리 없이")
	g.hana.Focus(t)
	g.hana.Eval(t, `window.go.shell.Bridge.Send('`+g.room+`', { text: '@박두리 이건 급해요', reply_to_seq: 0,
		mentions: ['`+g.member.UUID+`'], mention_all: false }), 0`, nil)
	g.duri.See(t, window.Select("room-row", "room", g.room)+" "+window.Select("room-mention"))
	g.desk.Notifications.Wait(t, "of the mention in the muted room", func(n desk.Notification) bool {
		return n.PID == g.duri.Process.PID() && strings.Contains(n.Body, "이건 급해요")
	})
	for _, n := range g.desk.Notifications.All() {
		if n.PID == g.duri.Process.PID() && strings.Contains(n.Body, "아무 소리 없이") {
			t.Errorf("the muted room was heard: %+v", n)
		}
	}
	openRoom(t, g.duri, g.room)
	g.duri.Focus(t)
	g.duri.SeeGone(t, window.Select("room-mention"))
}

func (g *team) marks(t *testing.T) {
	row := window.Select("room-row", "room", g.room)
	for item, label := range map[string]string{
		"room-favourite": "즐겨찾기", "room-pin": "목록 위에 고정됨", "room-lock": "잠긴 방",
	} {
		g.hana.ContextClick(t, row)
		g.hana.Click(t, window.Select(item))
		g.hana.See(t, row+` [aria-label="`+label+`"]`)
	}
	g.server.Post(t, g.member, g.owner, "새 말이 온 다른 방")
	g.hana.SeeText(t, window.Select("room-row"), "새 말이 온 다른 방")
	if first := g.hana.Attribute(t, window.Select("room-row"), "data-room"); first != g.room {
		t.Errorf("the pinned room is not on top: %s", first)
	}
	openRoom(t, g.hana, g.direct(t, g.hana))
	openRoom(t, g.hana, g.room)
	g.hana.See(t, window.Select("composer-locked"))
	g.hana.SeeGone(t, window.Select("composer-input"))
	g.hana.Focus(t)
	g.desk.TypeKeys(t, "wkfaht")
	g.desk.Keys(t, "Return")
	g.hana.Click(t, window.Select("composer-once"))
	isWritten(t, g.hana, "")
	say(t, g.hana, "잠금을 열고 하는 말")
	openRoom(t, g.hana, g.direct(t, g.hana))
	openRoom(t, g.hana, g.room)
	g.hana.See(t, window.Select("composer-locked")) // the next visit finds it closed again
	g.hana.Click(t, window.Select("composer-unlock"))
	g.hana.See(t, window.Select("composer-input"))
}

func (g *team) remove(t *testing.T) {
	g.hana.See(t, window.Select("room-drawer"))
	openRoom(t, g.seraW, g.room)
	g.hana.Click(t, window.Select("member", "user", g.sera.UUID)+" "+window.Select("member-menu"))
	g.hana.Click(t, window.Select("member-remove"))
	g.hana.Click(t, window.Select("confirm-ok"))
	g.seraW.SeeGone(t, window.Select("room-row", "room", g.room))
	g.seraW.SeeGone(t, window.Select("conversation", "room", g.room))
	if text := g.seraW.Text(t, "body"); strings.Contains(text, "회의록") {
		t.Errorf("removed, and it still reads: %s", text)
	}
	g.line(t, g.duri, "이하나 님이 최세라 님을 내보냈습니다")
	g.hana.SeeGone(t, window.Select("member", "user", g.sera.UUID))
}

func (g *team) leave(t *testing.T) {
	g.duri.ContextClick(t, window.Select("room-row", "room", g.room))
	g.duri.Click(t, window.Select("room-leave"))
	g.duri.Click(t, window.Select("confirm-ok"))
	g.duri.SeeGone(t, window.Select("room-row", "room", g.room))
	g.line(t, g.hana, "박두리 님이 나갔습니다")
	g.hana.SeeGone(t, window.Select("member", "user", g.member.UUID))
}

// line waits for what the server says of a room. Names in it are set apart by marks that do not show.
func (g *team) line(t *testing.T, w *window.Window, text string) {
	t.Helper()
	w.WaitFor(t, `[...document.querySelectorAll('[data-testid="system-line"]')]
		.some((e) => e.innerText.replace(/[\u2066-\u2069]/g, '').includes('`+text+`'))`)
}

// direct is the room of the two owners.
func (g *team) direct(t *testing.T, w *window.Window) string {
	t.Helper()
	var room string
	w.Eval(t, `[...document.querySelectorAll('[data-testid="room-row"]')]
		.map((e) => e.dataset.room).find((room) => room !== '`+g.room+`')`, &room)
	return room
}

// A draft that answers a message is there again after a power cut.
func TestDraftWithReplySurvivesKill(t *testing.T) {
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	room := c.server.Post(t, duri, hana, "견적서 언제 주시나요?").RoomUUID
	profile := filepath.Join(t.TempDir(), "profile")
	w := c.open(t, window.Options{Server: c.server.URL(), Profile: profile})
	signIn(t, w, "hana")
	openRoom(t, w, room)
	choose(t, w, "1", "message-reply")
	w.SeeText(t, window.Select("compose-bar"), "견적서")
	w.Type(t, window.Select("composer-input"), "내일 오전까지 드릴")
	kept(t, w, room)
	w.Kill()

	again := c.open(t, window.Options{Server: c.server.URL(), Profile: profile})
	again.SeeText(t, window.Select("room-row"), "[임시글] 내일 오전까지 드릴")
	openRoom(t, again, room)
	isWritten(t, again, "내일 오전까지 드릴")
	again.SeeText(t, window.Select("compose-bar"), "견적서")
	again.Click(t, window.Select("composer-send"))
	seq := seqOf(t, again, "내일 오전까지 드릴")
	again.SeeText(t, message(seq, window.Select("quote", "seq", "1")), "견적서")
}

// kept waits until the app itself holds the draft: a page of its own would lose it.
func kept(t *testing.T, w *window.Window, room string) {
	t.Helper()
	w.WaitFor(t, `(window.go.shell.Bridge.Snapshot().then((u) => {
		window.keptDraft = u.rooms.find((one) => one.room_uuid === '`+room+`').draft;
	}), window.keptDraft?.text === '내일 오전까지 드릴' && window.keptDraft.reply_to_seq === 1)`)
}
