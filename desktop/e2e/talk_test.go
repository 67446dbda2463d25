//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// The whole way: somebody asks for an account, the owner approves it, and the two talk. Hangul comes from real keys and
// the real input method; focus, tray, title and notifications are the desktop's own.
func TestTwoColleaguesTalk(t *testing.T) {
	c := newCompany(t)
	c.desk.StartHangul(t)
	boss := c.open(t, window.Options{Server: c.server.URL(), Env: desk.HangulEnv()})
	hana := c.open(t, window.Options{Env: desk.HangulEnv()})
	c.desk.Move(t, boss.ID(t), 10, 10)
	c.desk.Move(t, hana.ID(t), 1250, 10)

	signIn(t, boss, backend.OwnerUsername)
	connectByHand(t, hana, c.server.Address)
	signUpAndBeApproved(t, hana, boss)
	signIn(t, hana, "hana")

	firstMessageByHangulKeys(t, c, hana, boss)
	readMeansSeen(t, c, hana, boss)
	clickOnNotification(t, c, hana, boss)
	answerAndDelete(t, c, hana, boss)
	noSecretsInLogs(t, c, hana, boss)
}

func connectByHand(t *testing.T, w *window.Window, address string) {
	t.Helper()
	w.Type(t, window.Select("connect-address"), "http://"+address)
	w.Click(t, window.Select("connect-submit"))
	w.Click(t, window.Select("connect-use"))
	w.See(t, window.Select("signin-username"))
}

func signUpAndBeApproved(t *testing.T, hana, boss *window.Window) {
	t.Helper()
	hana.Click(t, window.Select("signup-open"))
	for field, value := range map[string]string{
		"name": "이하나", "employee_id": "B0002", "department": "개발팀", "birth_date": "1994-05-06", "position": "팀원",
		"grade": "대리", "email": "hana@example.com", "username": "hana",
		"password": backend.Password, "again": backend.Password,
	} {
		hana.Type(t, window.Select("signup-"+field), value)
	}
	hana.Click(t, window.Select("signup-submit"))
	hana.See(t, window.Select("signup-state", "state", "pending"))

	boss.SeeText(t, window.Select("rail-admin"), "1")
	boss.Click(t, window.Select("rail-admin"))
	boss.Click(t, window.Select("admin-section-approvals"))
	boss.SeeText(t, window.Select("pending-row"), "이하나")
	boss.Click(t, window.Select("pending-approve"))
	boss.SeeGone(t, window.Select("pending-row"))

	hana.See(t, window.Select("signup-state", "state", "active")) // by itself
	hana.Click(t, window.Select("signup-leave"))
}

func firstMessageByHangulKeys(t *testing.T, c company, hana, boss *window.Window) {
	t.Helper()
	openPerson(t, hana, backend.OwnerName)
	hana.Focus(t)
	hana.FocusOn(t, window.Select("composer-input"))
	c.desk.TypeKeys(t, "dkssudgktpdy") // 안녕하세요; the last syllable still composing
	c.desk.Keys(t, "Return")

	hana.SeeText(t, window.Select("message", "state", "sent"), "안녕하세요")
	if texts := hana.Texts(t, window.Select("message-text")); len(texts) != 1 || texts[0] != "안녕하세요" {
		t.Fatalf("one Enter is one message, whole: %q", texts)
	}
	hana.SeeText(t, window.Select("message-unread"), "1")
	boss.WaitTitle(t, "(1) Hi_Msg")
	boss.WaitTooltip(t, "Hi_Msg - 읽지 않은 메시지 1개")
	shown := c.desk.Notifications.Wait(t, "of the message", func(n desk.Notification) bool {
		return strings.Contains(n.Title+n.Body, "이하나") && strings.Contains(n.Body, "안녕하세요")
	})
	if shown.App != "Hi_Msg" {
		t.Errorf("the notification is of %q", shown.App)
	}
}

// readMeansSeen opens the room in a window that has no focus: the message is on the screen, and nobody looks.
func readMeansSeen(t *testing.T, c company, hana, boss *window.Window) {
	t.Helper()
	boss.Click(t, window.Select("rail-chats"))
	boss.Click(t, window.Select("room-row"))
	boss.SeeText(t, window.Select("message-text"), "안녕하세요")
	stays(t, "unread, since the window has no focus", func() bool {
		_, title := boss.Visible(t)
		return hana.Has(window.Select("message-unread")) && title == "(1) Hi_Msg"
	})
	c.desk.Picture(t, picture(t, "two-windows-unread.png"))

	boss.Focus(t)
	boss.WaitTitle(t, "Hi_Msg")
	boss.WaitTooltip(t, "Hi_Msg")
	hana.SeeGone(t, window.Select("message-unread"))
	desk.Wait(t, window.Patience, "the notification taken back", func() bool {
		return len(c.desk.Notifications.Shown()) == 0
	})
}

func clickOnNotification(t *testing.T, c company, hana, boss *window.Window) {
	t.Helper()
	boss.Click(t, window.Select("rail-settings"))
	hana.Focus(t)
	say(t, hana, "오늘 점심 같이 하실래요?")
	shown := c.desk.Notifications.Wait(t, "of the second message", func(n desk.Notification) bool {
		return strings.Contains(n.Body, "점심")
	})
	hana.SeeText(t, window.Select("message-unread"), "1")

	c.desk.Close(t, boss.ID(t)) // into the tray
	visible := func() bool { is, _ := boss.Visible(t); return is }
	desk.Wait(t, window.Patience, "the window in the tray", func() bool { return !visible() })
	c.desk.Notifications.Click(t, shown.ID)
	desk.Wait(t, window.Patience, "the window back", visible)
	boss.SeeText(t, window.Select("message-text"), "점심")
	boss.Focus(t)
	hana.SeeGone(t, window.Select("message-unread"))
}

func answerAndDelete(t *testing.T, c company, hana, boss *window.Window) {
	t.Helper()
	say(t, boss, "좋아요, 12시에 봬요")
	say(t, boss, "아, 잘못 보냈어요")
	hana.SeeText(t, window.Select("message-text"), "잘못 보냈어요")

	const last = `[data-testid="message"][data-mine="true"][data-seq="4"]`
	boss.See(t, last)
	boss.Click(t, last+" "+window.Select("message-menu"))
	boss.Click(t, window.Select("message-delete"))
	boss.Click(t, window.Select("delete-for-all"))
	boss.See(t, window.Select("message", "seq", "4", "state", "deleted"))
	hana.See(t, window.Select("message", "seq", "4", "state", "deleted"))
	for _, text := range hana.Texts(t, window.Select("message")) {
		if strings.Contains(text, "잘못 보냈어요") {
			t.Errorf("deleted for everyone, and still there: %q", text)
		}
	}
	c.desk.Picture(t, picture(t, "two-windows.png"))
}

// noSecretsInLogs looks for what was typed in everything that was logged.
func noSecretsInLogs(t *testing.T, c company, windows ...*window.Window) {
	t.Helper()
	logs := map[string]string{"server": c.server.Log()}
	for _, w := range windows {
		raw, err := os.ReadFile(filepath.Join(w.Profile, "himsg.log"))
		if err != nil {
			t.Fatal(err)
		}
		logs[w.Profile] = string(raw) + w.Process.Output()
	}
	for name, log := range logs {
		for _, secret := range []string{backend.Password, "안녕하세요", "점심", "잘못 보냈어요"} {
			if strings.Contains(log, secret) {
				t.Errorf("%q stands in the log of %s", secret, name)
			}
		}
	}
}
