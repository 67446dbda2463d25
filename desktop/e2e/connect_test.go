//go:build e2e

package e2e

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// What a user can get wrong on the connect screen, each with its own words.
func TestConnectSaysWhatIsWrong(t *testing.T) {
	c := newCompany(t)
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	encrypted := encryptedFront(t, c.server.Address)

	w := c.open(t, window.Options{})
	told := map[string]string{}
	for _, wrong := range []struct{ name, address, code string }{
		{"a typing error", "http//talk company", "bad_address"},
		{"nobody there", "http://127.0.0.1:9", "offline"},
		{"something else answers", other.URL, "not_himsg"},
		{"https on a plain port", "https://" + c.server.Address, ""},
	} {
		w.Type(t, window.Select("connect-address"), wrong.address)
		w.Click(t, window.Select("connect-submit"))
		selector := window.Select("connect-problem")
		if wrong.code != "" {
			selector = window.Select("connect-problem", "code", wrong.code)
		}
		w.See(t, selector)
		text := w.Text(t, window.Select("connect-problem"))
		if before, known := told[text]; known {
			t.Errorf("%s and %s are told alike: %q", wrong.name, before, text)
		}
		told[text] = wrong.name
		w.Type(t, window.Select("connect-address"), "")
	}

	w.Type(t, window.Select("connect-address"), encrypted.URL)
	w.Click(t, window.Select("connect-submit"))
	w.See(t, window.Select("connect-fingerprint"))
	w.Picture(t, picture(t, "connect-fingerprint.png"))
	w.Click(t, window.Select("connect-use"))
	signIn(t, w, "boss") // over the certificate that was accepted
}

// Somebody in the middle shows another certificate than the one that was accepted: refused, and said.
func TestAnotherCertificateIsRefused(t *testing.T) {
	c := newCompany(t)
	network := backend.NewProxy(t, encryptedFront(t, c.server.Address).Listener.Addr().String())
	w := c.open(t, window.Options{})
	w.Type(t, window.Select("connect-address"), "https://"+network.Address)
	w.Click(t, window.Select("connect-submit"))
	w.Click(t, window.Select("connect-use"))
	signIn(t, w, "boss")
	openPerson(t, w, backend.OwnerName)

	impostor := httptest.NewUnstartedServer(proxyTo(c.server.Address))
	impostor.TLS = &tls.Config{Certificates: []tls.Certificate{ownCertificate(t)}, MinVersion: tls.VersionTLS12}
	impostor.StartTLS()
	t.Cleanup(impostor.Close)
	network.Cut()
	network.Redirect(impostor.Listener.Addr().String())
	network.Mend()

	w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	w.WaitFor(t, `/인증서/.test(document.querySelector('[data-testid="link-state"]')?.innerText ?? '')`)
	say(t, w, "이 말은 아무에게도 가지 않는다")
	w.SeeText(t, window.Select("message", "state", "waiting"), "아무에게도")
	stays(t, "waiting, since that is not our server", func() bool {
		return w.Has(window.Select("message", "state", "waiting"))
	})
}

// A second start of the same profile brings up the first one's window, and no second one.
func TestSecondStartRaisesTheFirst(t *testing.T) {
	c := newCompany(t)
	me, other := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	w := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, w, "hana")
	c.desk.Close(t, w.ID(t))
	gone := func() bool { visible, _ := w.Visible(t); return !visible }
	desk.Wait(t, window.Patience, "the window in the tray", gone)
	c.desk.Notifications.Wait(t, "where the window went", func(n desk.Notification) bool {
		return n.Title == "Hi_Msg" && strings.Contains(n.Body, "트레이")
	})

	// With a link of somebody who wrote while the window was away.
	sent := c.server.Post(t, other, me, "링크가 가리키는 말")
	link := fmt.Sprintf("himsg://room/%s/%d", sent.RoomUUID, sent.Seq)
	second := desk.Spawn(t, desk.Spec{
		Path: binary(t, "HIMSG_E2E_APP"), Args: []string{"--profile", w.Profile, "--", link}, Env: c.desk.Env(),
	})
	if code, err := second.ExitCode(window.Patience); code != 0 || err != nil {
		t.Errorf("the second start ended with %d, %v", code, err)
	}
	desk.Wait(t, window.Patience, "the window back", func() bool { return !gone() })
	w.SeeText(t, window.Select("message-text"), "링크가 가리키는 말")

	c.desk.Close(t, w.ID(t))
	desk.Wait(t, window.Patience, "the window in the tray again", gone)
	c.desk.Panel.Click(t, w.Process.PID())
	desk.Wait(t, window.Patience, "the window back by the tray", func() bool { return !gone() })
	told := slices.DeleteFunc(c.desk.Notifications.All(), func(n desk.Notification) bool { return n.Title != "Hi_Msg" })
	if len(told) != 1 {
		t.Errorf("told more than once where the window went: %+v", told)
	}
	c.desk.Panel.Choose(t, w.Process.PID(), "종료")
	w.WaitEnd(t)
	if code, err := w.Process.ExitCode(window.Patience); code != 0 || err != nil {
		t.Errorf("quit ended with %d, %v", code, err)
	}
}

// Started hidden, as at sign-in to the PC: no window, but the tray, and a click on it shows the window.
func TestStartHidden(t *testing.T) {
	c := newCompany(t)
	w := c.open(t, window.Options{Server: c.server.URL(), Args: []string{"--hidden"}})
	w.WaitTooltip(t, "Hi_Msg")
	desk.Wait(t, window.Patience, "no window", func() bool { visible, _ := w.Visible(t); return !visible })
	c.desk.Panel.Click(t, w.Process.PID())
	desk.Wait(t, window.Patience, "the window", func() bool { visible, _ := w.Visible(t); return visible })
	w.See(t, window.Select("signin-username"))
}

// Closing without a tray ends the app: a window that can't be found again would be worse.
func TestCloseWithoutTray(t *testing.T) {
	c := company{
		desk:   desk.Start(t, desk.Options{NoPanel: true}),
		server: backend.Start(t, binary(t, "HIMSG_E2E_SERVER")),
	}
	w := c.open(t, window.Options{Server: c.server.URL()})
	w.See(t, window.Select("signin-username"))
	c.desk.Close(t, w.ID(t))
	w.WaitEnd(t)
}

// At 250 % a plain screen has less room than the app asks for: the whole window is on it, its head first.
func TestWholeWindowOnASmallScreen(t *testing.T) {
	c := company{
		desk:   desk.Start(t, desk.Options{Width: 1366, Height: 768}),
		server: backend.Start(t, binary(t, "HIMSG_E2E_SERVER")),
	}
	w := c.open(t, window.Options{Server: c.server.URL(), Env: []string{"GDK_SCALE=2", "GDK_DPI_SCALE=1.25"}})
	w.See(t, window.Select("signin-username"))
	whole := `screenX >= 0 && screenY >= 0 && screenX + outerWidth <= screen.width && screenY + outerHeight <= screen.height`
	w.WaitFor(t, whole)
	stays(t, "the whole window on the screen", func() bool { return w.True(whole) })
}
