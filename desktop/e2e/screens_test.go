//go:build screens

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// gallery takes pictures of whatever stands in a window, in every look that users can choose.
type gallery struct {
	desk  *desk.Desk
	w     *window.Window
	next  int
	sizes []size
}

type size struct{ width, height int }

// TestScreens takes a picture of every screen in Korean and English, light and dark, in a usual and in a small window.
// It fails where a screen can't be reached, so the pictures are always of all of them.
func TestScreens(t *testing.T) {
	c := company{
		desk:   desk.Start(t, desk.Options{Width: 1400, Height: 960}),
		server: backend.StartDemo(t, binary(t, "HIMSG_E2E_SERVER"), backend.Demo{People: 60, Messages: 4000, Acts: 200}),
	}
	network := backend.NewProxy(t, c.server.Address)
	front := encryptedFront(t, network.Address)

	key := c.server.NewReleaseKey(t)
	policy := filepath.Join(t.TempDir(), "policy.toml")
	if err := os.WriteFile(policy, []byte(fmt.Sprintf("update_keys = %q\n", key.Public)), 0o600); err != nil {
		t.Fatal(err)
	}
	w := c.open(t, window.Options{Env: []string{"HIMSG_TEST_POLICY=" + policy}})
	g := &gallery{desk: c.desk, w: w, sizes: []size{{900, 700}, {1200, 800}}}
	g.connect(t, front.URL, network.URL())
	g.account(t)
	signIn(t, w, "demo00001")
	g.talk(t)
	g.people(t)
	c.server.SignUp(t, "newcomer", "한가람")
	g.bots(t, c.server.Integrate(t, c.server.SignIn(t, "demo00001"), c.server.SignIn(t, "demo00002"), c.server.SignIn(t, "demo00003")))
	g.administration(t)
	g.update(t, c.server, key)
	g.secondAdministrator(t, c.server)
	network.Cut()
	w.Click(t, window.Select("rail-chats"))
	w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	say(t, w, "연결되면 전송됩니다.")
	g.take(t, "offline")
}

func (g *gallery) connect(t *testing.T, encrypted, plain string) {
	t.Helper()
	g.w.See(t, window.Select("connect-address"))
	g.take(t, "connect")
	g.w.Type(t, window.Select("connect-address"), "http://127.0.0.1:9")
	g.w.Click(t, window.Select("connect-submit"))
	g.w.See(t, window.Select("connect-problem"))
	g.take(t, "connect-problem")
	g.w.Type(t, window.Select("connect-address"), encrypted)
	g.w.Click(t, window.Select("connect-submit"))
	g.w.See(t, window.Select("connect-fingerprint"))
	g.take(t, "connect-unknown-certificate")
	g.w.Eval(t, "window.go.shell.Bridge.UseServer("+fmt.Sprintf("%q", plain)+", ''), 0", nil)
	g.w.See(t, window.Select("signin-username"))
}

func (g *gallery) talk(t *testing.T) {
	t.Helper()
	g.w.Click(t, window.Select("rail-chats"))
	g.w.See(t, window.Select("room-row"))
	g.take(t, "chats")
	g.w.Focus(t)
	g.w.Click(t, window.Select("room-row"))
	g.w.See(t, window.Select("message"))
	g.take(t, "conversation")
	g.w.Click(t, window.Select("new-chat"))
	g.w.See(t, window.Select("new-chat-person"))
	g.take(t, "new-chat")
	g.desk.Keys(t, "Escape")
	g.w.SeeGone(t, window.Select("new-chat-person"))
}

func (g *gallery) people(t *testing.T) {
	t.Helper()
	g.w.Click(t, window.Select("rail-people"))
	g.w.See(t, window.Select("people-row"))
	g.take(t, "people")
	g.w.Click(t, window.Select("people-row"))
	g.w.See(t, window.Select("person-message"))
	g.take(t, "person")
}

func (g *gallery) administration(t *testing.T) {
	t.Helper()
	g.w.Click(t, window.Select("rail-admin"))
	g.w.Click(t, window.Select("admin-section-approvals"))
	g.w.See(t, window.Select("pending-row"))
	g.take(t, "admin")
	g.w.Click(t, window.Select("admin-section-devices"))
	g.w.See(t, window.Select("device-row"))
	g.take(t, "admin-devices")
	g.w.Click(t, window.Select("admin-section-departments"))
	g.w.See(t, window.Select("department"))
	g.take(t, "admin-departments")
	g.w.Click(t, window.Select("admin-section-imports"))
	g.w.See(t, window.Select("imports-empty"))
	g.take(t, "admin-imports")
	g.w.Click(t, window.Select("admin-section-backups"))
	g.w.See(t, window.Select("backups-empty"))
	g.take(t, "admin-backups")
	g.w.Click(t, window.Select("admin-section-notices"))
	g.w.See(t, window.Select("admin-notices-empty"))
	g.take(t, "admin-notices")
	g.w.Click(t, window.Select("admin-section-members"))
	g.w.See(t, window.Select("member-row"))
	g.take(t, "admin-people")
	g.w.Click(t, window.Select("admin-section-audit"))
	g.w.See(t, window.Select("audit-row"))
	g.take(t, "admin-audit")
	g.w.Click(t, window.Select("admin-section-integrations"))
	g.w.See(t, window.Select("integration-row"))
	g.take(t, "admin-integrations")
	g.w.Click(t, window.Select("admin-section-dashboard"))
	g.w.See(t, window.Select("card-online"))
	g.take(t, "admin-dashboard")
	g.w.Click(t, window.Select("rail-settings"))
	g.w.See(t, window.Select("device-current"))
	g.take(t, "settings")
}

// bots takes a picture of a room into which a program writes.
func (g *gallery) bots(t *testing.T, room string) {
	t.Helper()
	openRoom(t, g.w, room)
	g.w.See(t, window.Select("bot-mark"))
	g.take(t, "bot")
}

// update takes pictures of what the settings say of a newer version.
func (g *gallery) update(t *testing.T, server *backend.Server, key backend.ReleaseKey) {
	t.Helper()
	server.Release(t, key, "9.9.9", "")
	g.w.Click(t, window.Select("rail-settings"))
	g.w.Click(t, window.Select("update-check"))
	g.w.See(t, window.Select("update-restart"))
	g.w.Eval(t, `document.querySelector('[data-testid="update-restart"]').closest('section').scrollIntoView(), 0`, nil)
	g.take(t, "update")
}

// secondAdministrator takes pictures of what another administrator does: a notice to confirm, a request to read.
func (g *gallery) secondAdministrator(t *testing.T, server *backend.Server) {
	t.Helper()
	g.w.Click(t, window.Select("rail-notices"))
	g.w.See(t, window.Select("notices-empty"))
	g.take(t, "notices-none")
	second := server.SignIn(t, "demo00002")
	server.Announce(t, second, "12월 4일(금) 사무실 정전 안내",
		"건물 점검으로 **오후 7시부터 9시까지** 전기가 끊깁니다.\n퇴근 전에 PC를 꺼 주세요.")
	g.w.Click(t, window.Select("notice-row"))
	g.w.See(t, window.Select("notice-confirm"))
	g.take(t, "notices")
	server.AskToRead(t, second, server.SignIn(t, "demo00005"), "정보보호 신고 2026-14 조사")
	g.w.Click(t, window.Select("rail-admin"))
	g.w.Click(t, window.Select("admin-section-notices"))
	g.w.Click(t, window.Select("admin-notice-row"))
	g.w.See(t, window.Select("notice-departments"))
	g.take(t, "admin-notice")
	g.w.Click(t, window.Select("admin-section-access"))
	g.w.See(t, window.Select("access-row"))
	g.take(t, "admin-access")
}

// themes are those that pictures are taken in: both, or the one that HIMSG_SCREENS_THEME names.
func themes() []string {
	if one := os.Getenv("HIMSG_SCREENS_THEME"); one != "" {
		return []string{one}
	}
	return []string{"dark", "light"}
}

// take takes pictures of what stands there now, in every size, language and theme.
func (g *gallery) take(t *testing.T, screen string) {
	t.Helper()
	g.next++
	for _, size := range g.sizes {
		g.desk.Resize(t, g.w.ID(t), size.width, size.height)
		g.w.WaitFor(t, fmt.Sprintf("innerWidth === %d && innerHeight === %d", size.width, size.height))
		for _, language := range []string{"en", "ko"} {
			for _, theme := range themes() {
				g.look(t, language, theme)
				name := fmt.Sprintf("%02d-%s-%s-%s-%d.png", g.next, screen, language, theme, size.width)
				g.w.Picture(t, picture(t, name))
			}
		}
	}
}

// look chooses language and theme as the settings screen does, and waits until the page has them.
func (g *gallery) look(t *testing.T, language, theme string) {
	t.Helper()
	g.w.Eval(t, fmt.Sprintf(`window.go.shell.Bridge.Snapshot().then((u) =>
		window.go.shell.Bridge.SaveSettings({ ...u.settings, language: %q, theme: %q })), 0`, language, theme), nil)
	g.w.WaitFor(t, fmt.Sprintf(`document.documentElement.lang === %q && document.fonts.status === 'loaded' &&
		document.documentElement.dataset.mantineColorScheme === %q`, language, theme))
	// Two frames: what React has set is laid out and painted.
	g.w.Eval(t, `window.painted = false,
		requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = true })), 0`, nil)
	g.w.WaitFor(t, "window.painted")
}
