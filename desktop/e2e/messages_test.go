//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"himsg/desktop/e2e/window"
)

// dialogue is a conversation of two, one of whom sits at two PCs.
type dialogue struct {
	company
	room         string
	hana, laptop *window.Window // one person
	duri         *window.Window
}

// older is how many messages stand above what a room's opening loads.
const older = 130

// What can be done with a message, as both people and the second PC of one of them see it.
func TestMessagesInThreeWindows(t *testing.T) {
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	var room string
	for i := 1; i <= older; i++ {
		room = c.server.Post(t, hana, duri, fmt.Sprintf("지난 이야기 %d번", i)).RoomUUID
	}
	k := &dialogue{company: c, room: room}
	k.hana, k.duri, k.laptop = k.join(t, "hana"), k.join(t, "duri"), k.join(t, "hana")
	c.desk.Move(t, k.hana.ID(t), 10, 10)
	c.desk.Move(t, k.duri.ID(t), 1250, 10)

	t.Run("arrow up edits my last message and the other one sees the mark", k.edit)
	t.Run("an edit that another PC has overtaken says so and keeps what was typed", k.editConflict)
	t.Run("a reply quotes and a press on the quote leads there", k.reply)
	t.Run("a quote leads to a message that is not loaded", k.quoteOfOld)
	t.Run("a quote of a deleted message is a tombstone", k.quoteOfDeleted)
	t.Run("a reaction appears at the other one and goes again", k.reaction)
	t.Run("a pinned message is a banner in both windows until it is taken off", k.pin)
	t.Run("deleted for me is gone on my PCs and stays at the other one", k.deleteForMe)
	t.Run("deleted for all is a tombstone everywhere", k.deleteForAll)
	t.Run("the number falls when the other one really sees it", k.receipt)
}

func (k *dialogue) join(t *testing.T, username string) *window.Window {
	t.Helper()
	w := k.open(t, window.Options{Server: k.server.URL()})
	signIn(t, w, username)
	openAtEnd(t, w, k.room)
	return w
}

func (k *dialogue) edit(t *testing.T) {
	say(t, k.hana, "회의는 세 시입니다")
	seq := seqOf(t, k.hana, "세 시입니다")
	k.hana.Focus(t)
	k.hana.FocusOn(t, window.Select("composer-input"))
	k.desk.Keys(t, "Up")
	k.hana.See(t, window.Select("compose-bar"))
	isWritten(t, k.hana, "회의는 세 시입니다")
	k.hana.Type(t, window.Select("composer-input"), "회의는 네 시입니다")
	k.desk.Keys(t, "Return")
	for _, w := range []*window.Window{k.hana, k.duri, k.laptop} {
		w.SeeText(t, message(seq, window.Select("message-text")), "네 시입니다")
		w.SeeText(t, message(seq, window.Select("message-edited")), "수정됨")
	}
	k.hana.SeeGone(t, window.Select("compose-bar"))
	isWritten(t, k.hana, "")
	k.hana.SeeText(t, window.Select("room-row"), "네 시입니다")
}

func (k *dialogue) editConflict(t *testing.T) {
	say(t, k.hana, "장소는 1층")
	seq := seqOf(t, k.hana, "장소는 1층")
	k.laptop.SeeText(t, message(seq), "장소는 1층")
	choose(t, k.laptop, seq, "message-edit")
	k.laptop.Type(t, window.Select("composer-input"), "장소는 3층 대회의실")

	choose(t, k.hana, seq, "message-edit")
	k.hana.Type(t, window.Select("composer-input"), "장소는 2층")
	k.hana.Click(t, window.Select("composer-send"))
	k.laptop.SeeText(t, message(seq, window.Select("message-text")), "장소는 2층")

	k.laptop.Click(t, window.Select("composer-send"))
	k.laptop.SeeText(t, `[role="alert"]`, "다른 기기에서 먼저 수정했습니다")
	isWritten(t, k.laptop, "장소는 3층 대회의실")
	k.duri.SeeText(t, message(seq, window.Select("message-text")), "장소는 2층")
	k.laptop.Click(t, window.Select("composer-send"))
	k.duri.SeeText(t, message(seq, window.Select("message-text")), "장소는 3층 대회의실")
	k.laptop.SeeGone(t, window.Select("compose-bar"))
}

func (k *dialogue) reply(t *testing.T) {
	say(t, k.hana, "점심 뭐 드실래요?")
	seq := seqOf(t, k.hana, "점심 뭐")
	k.duri.SeeText(t, message(seq), "점심 뭐")
	choose(t, k.duri, seq, "message-reply")
	k.duri.SeeText(t, window.Select("compose-bar"), "이하나 님에게 답장")
	say(t, k.duri, "김치찌개요")
	answer := seqOf(t, k.duri, "김치찌개요")
	k.duri.SeeGone(t, window.Select("compose-bar"))
	k.hana.SeeText(t, message(answer, window.Select("quote", "seq", seq)), "점심 뭐 드실래요?")
	k.hana.Click(t, message(answer, window.Select("quote")))
	inView(t, k.hana, seq)
}

func (k *dialogue) quoteOfOld(t *testing.T) {
	if k.hana.Has(message("2")) {
		t.Fatal("the oldest messages are loaded already")
	}
	// Answered on a PC that has it loaded: here that is as good as the call that the composer makes.
	k.duri.Eval(t, fmt.Sprintf(`window.go.shell.Bridge.Send(%q, { text: '그 처음 이야기요', reply_to_seq: 2,
		mentions: [], mention_all: false }), 0`, k.room), nil)
	answer := seqOf(t, k.hana, "그 처음 이야기요")
	k.hana.SeeText(t, message(answer, window.Select("quote")), "지난 이야기 2번")
	k.hana.Click(t, message(answer, window.Select("quote")))
	inView(t, k.hana, "2")
	k.hana.SeeText(t, message("2"), "지난 이야기 2번")
	k.hana.Click(t, window.Select("jump-latest"))
	inView(t, k.hana, answer)
}

func (k *dialogue) quoteOfDeleted(t *testing.T) {
	say(t, k.hana, "이 말은 곧 지운다")
	seq := seqOf(t, k.hana, "곧 지운다")
	k.duri.SeeText(t, message(seq), "곧 지운다")
	choose(t, k.duri, seq, "message-reply")
	say(t, k.duri, "무슨 말이요?")
	answer := seqOf(t, k.duri, "무슨 말이요?")
	k.duri.SeeText(t, message(answer, window.Select("quote")), "곧 지운다")
	choose(t, k.hana, seq, "message-delete")
	k.hana.Click(t, window.Select("delete-for-all"))
	for _, w := range []*window.Window{k.hana, k.duri, k.laptop} {
		w.SeeText(t, message(answer, window.Select("quote")), "삭제된 메시지입니다.")
		if texts := w.Text(t, window.Select("conversation")); strings.Contains(texts, "곧 지운다") {
			t.Errorf("deleted, and still there: %s", texts)
		}
	}
}

func (k *dialogue) reaction(t *testing.T) {
	say(t, k.hana, "배포 끝났습니다")
	seq := seqOf(t, k.hana, "배포 끝났습니다")
	k.duri.SeeText(t, message(seq), "배포")
	react(t, k.duri, seq, "👍")
	mine := message(seq, window.Select("reaction", "emoji", "👍"))
	k.hana.SeeText(t, mine, "1")
	k.hana.Click(t, mine)
	k.duri.SeeText(t, mine, "2")
	k.laptop.SeeText(t, mine, "2")
	k.duri.Click(t, mine)
	k.hana.SeeText(t, mine, "1")
	k.hana.Click(t, mine)
	k.duri.SeeGone(t, mine)
	k.hana.SeeGone(t, mine)
}

func (k *dialogue) pin(t *testing.T) {
	say(t, k.hana, "주간 보고는 금요일까지")
	seq := seqOf(t, k.hana, "주간 보고")
	k.duri.SeeText(t, message(seq), "주간 보고")
	choose(t, k.duri, seq, "message-pin")
	for _, w := range []*window.Window{k.hana, k.duri} {
		w.SeeText(t, window.Select("pin-banner"), "주간 보고는 금요일까지")
		w.SeeText(t, window.Select("system-line"), "박두리 님이 메시지를 공지로 고정했습니다")
		w.See(t, message(seq, window.Select("message-pinned")))
	}
	duri := k.server.SignIn(t, "duri")
	for i := range 12 {
		k.server.PostTo(t, duri, k.room, fmt.Sprintf("그 뒤의 말 %d\n둘째 줄\n셋째 줄", i))
	}
	k.hana.SeeText(t, window.Select("message"), "그 뒤의 말 11")
	k.hana.Click(t, window.Select("pin-latest"))
	inView(t, k.hana, seq)
	choose(t, k.hana, seq, "message-pin")
	k.hana.SeeGone(t, window.Select("pin-banner"))
	k.duri.SeeGone(t, window.Select("pin-banner"))
}

func (k *dialogue) deleteForMe(t *testing.T) {
	k.atEnd(t)
	say(t, k.hana, "나에게서만 사라질 말")
	seq := seqOf(t, k.hana, "나에게서만")
	k.laptop.SeeText(t, message(seq), "나에게서만")
	k.duri.SeeText(t, message(seq), "나에게서만")
	choose(t, k.hana, seq, "message-delete")
	k.hana.Click(t, window.Select("delete-for-me"))
	k.hana.SeeGone(t, message(seq))
	k.laptop.SeeGone(t, message(seq))
	for _, w := range []*window.Window{k.hana, k.laptop} {
		w.WaitFor(t, `!document.body.innerText.includes('나에게서만')`) // in the room list neither
	}
	stays(t, "there for the other one", func() bool { return k.duri.Has(message(seq, window.Select("message-text"))) })
}

func (k *dialogue) deleteForAll(t *testing.T) {
	say(t, k.hana, "모두에게서 사라질 말")
	seq := seqOf(t, k.hana, "모두에게서")
	k.duri.SeeText(t, window.Select("room-row"), "모두에게서 사라질 말")
	choose(t, k.hana, seq, "message-delete")
	k.hana.Click(t, window.Select("delete-for-all"))
	for _, w := range []*window.Window{k.hana, k.laptop, k.duri} {
		w.SeeText(t, window.Select("message", "seq", seq, "state", "deleted"), "삭제된 메시지입니다.")
		w.SeeText(t, window.Select("room-row"), "삭제된 메시지입니다.")
		w.WaitFor(t, `!document.body.innerText.includes('모두에게서 사라질')`)
	}
}

func (k *dialogue) receipt(t *testing.T) {
	k.hana.Focus(t)
	say(t, k.hana, "보셨나요?")
	seq := seqOf(t, k.hana, "보셨나요?")
	k.duri.SeeText(t, message(seq), "보셨나요?") // on a screen that nobody looks at
	stays(t, "unread", func() bool { return k.hana.Has(message(seq, window.Select("message-unread"))) })
	k.duri.Focus(t)
	k.hana.SeeGone(t, message(seq, window.Select("message-unread")))
	k.laptop.SeeGone(t, message(seq, window.Select("message-unread")))
}

// atEnd brings the windows to the end of the conversation.
func (k *dialogue) atEnd(t *testing.T) {
	t.Helper()
	for _, w := range []*window.Window{k.hana, k.duri, k.laptop} {
		if w.Has(window.Select("jump-latest")) {
			w.Click(t, window.Select("jump-latest"))
			w.SeeGone(t, window.Select("jump-latest"))
		}
	}
}
