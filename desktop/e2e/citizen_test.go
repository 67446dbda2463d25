//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// citizen is one person's window on a desktop that has replies in its notifications and tells who sits there.
type citizen struct {
	company
	me, duri, sena backend.Person
	duris, senas   string // the rooms with them
	idle           *desk.Idle
	w              *window.Window
}

// What the desktop is told, and what it tells.
func TestNotificationsAndIdleLock(t *testing.T) {
	c := &citizen{company: company{
		desk:   desk.Start(t, desk.Options{Notifications: []string{"actions", "body", "inline-reply"}}),
		server: backend.Start(t, binary(t, "HIMSG_E2E_SERVER")),
	}}
	c.me, c.duri, c.sena = c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리"), c.server.AddPerson(t, "sena", "최세나")
	c.duris = c.server.Post(t, c.duri, c.me, "안녕하세요, 두리입니다").RoomUUID
	c.senas = c.server.Post(t, c.sena, c.me, "안녕하세요, 세나예요").RoomUUID
	c.idle = desk.StartIdle(t, c.desk.Bus)
	c.w = c.open(t, window.Options{Server: c.server.URL(), Env: desk.IdleEnv()})
	signIn(t, c.w, "hana")
	c.w.Focus(t)
	openRoom(t, c.w, c.senas)

	t.Run("the room in sight is not told of, another one is", c.inSight)
	t.Run("a hidden window is told of, and a click shows the first message that is new", c.hidden)
	t.Run("a reply in the notification arrives", c.reply)
	t.Run("nobody there locks, and the password unlocks", c.idleLock)
}

func (c *citizen) inSight(t *testing.T) {
	c.w.SeeText(t, window.Select("message-text"), "세나예요")
	seen := c.server.PostTo(t, c.sena, c.senas, "보고 있는 방의 말")
	inView(t, c.w, fmt.Sprint(seen.Seq))
	c.server.PostTo(t, c.duri, c.duris, "다른 방의 말")
	c.told(t, "다른 방의 말") // what came before it would have been told of before it
	for _, n := range c.desk.Notifications.All() {
		if strings.Contains(n.Title+n.Body, "보고 있는 방") {
			t.Errorf("told of what is in sight: %+v", n)
		}
	}
}

// hidden: the room is open, at its end. What comes meanwhile is more than the window shows.
func (c *citizen) hidden(t *testing.T) {
	c.desk.Close(t, c.w.ID(t))
	visible := func() bool { is, _ := c.w.Visible(t); return is }
	desk.Wait(t, window.Patience, "the window in the tray", func() bool { return !visible() })
	first := c.server.PostTo(t, c.sena, c.senas, "여기부터 새 말")
	for i := range 30 {
		c.server.PostTo(t, c.sena, c.senas, fmt.Sprintf("그다음 말 %d\n둘째 줄", i))
	}
	c.server.PostTo(t, c.sena, c.senas, "끝말")
	note := c.told(t, "끝말")
	c.w.WaitTooltip(t, "Hi_Msg - 읽지 않은 메시지 34개")
	c.desk.Notifications.Click(t, note.ID)
	desk.Wait(t, window.Patience, "the window back", visible)
	c.w.SeeText(t, window.Select("message-text"), "여기부터 새 말")
	inView(t, c.w, fmt.Sprint(first.Seq))
	// What is below the window is not read.
	c.w.See(t, window.Select("room-row", "room", c.senas)+" "+window.Select("room-unread"))
}

func (c *citizen) reply(t *testing.T) {
	c.server.PostTo(t, c.duri, c.duris, "몇 시에 볼까요?") // while the other room is in sight
	note := c.told(t, "몇 시에")
	c.desk.Notifications.Reply(t, note.ID, "세 시에 봬요")
	desk.Wait(t, window.Patience, "the reply at the server", func() bool {
		for _, m := range c.server.Messages(t, c.duri, c.me) {
			if m.Text == "세 시에 봬요" {
				return true
			}
		}
		return false
	})
	c.w.SeeGone(t, window.Select("room-row", "room", c.duris)+" "+window.Select("room-unread"))
}

func (c *citizen) idleLock(t *testing.T) {
	c.w.Click(t, window.Select("rail-settings"))
	c.w.Type(t, window.Select("settings-idle-lock"), "5")
	stays(t, "open, since somebody is there", func() bool { return !c.w.Has(window.Select("lock-screen")) })
	c.idle.Set(6 * time.Minute)
	c.w.See(t, window.Select("lock-screen"))
	c.idle.Set(0)
	c.w.Type(t, window.Select("lock-password"), backend.Password)
	c.w.Click(t, window.Select("lock-submit"))
	c.w.SeeGone(t, window.Select("lock-screen"))
	openRoom(t, c.w, c.duris)
	c.w.SeeText(t, window.Select("message-text"), "세 시에 봬요")
}

// told waits for a notification with a text.
func (c *citizen) told(t *testing.T, text string) desk.Notification {
	t.Helper()
	return c.desk.Notifications.Wait(t, text, func(n desk.Notification) bool { return strings.Contains(n.Body, text) })
}
