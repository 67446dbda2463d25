//go:build e2e

package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// machines is an administrator's app in which programs are let in and out.
type machines struct {
	company
	w    *window.Window
	key  backend.ReleaseKey
	room string
}

// TestProgramsAndUpdates: webhooks and a token made by the app alone, as programs then find them; and what the app says of its own
// licences, of what the administrator has set, and of a newer version.
func TestProgramsAndUpdates(t *testing.T) {
	m := &machines{company: company{
		desk:   desk.Start(t, desk.Options{}),
		server: backend.Start(t, binary(t, "HIMSG_E2E_SERVER"), "--hook-hosts", "127.0.0.1"),
	}}
	m.key = m.server.NewReleaseKey(t)
	policy := filepath.Join(t.TempDir(), "policy.toml")
	text := fmt.Sprintf("server_url = %q\nupdate_keys = %q\n", m.server.URL(), m.key.Public)
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	hana, duri := m.server.AddPerson(t, "hana", "이하나"), m.server.AddPerson(t, "duri", "박두리")
	m.room = m.server.CreateGroup(t, m.server.SignIn(t, backend.OwnerUsername), "배포 알림", hana, duri)
	m.w = m.open(t, window.Options{Env: []string{"HIMSG_TEST_POLICY=" + policy}})
	signIn(t, m.w, backend.OwnerUsername)
	m.incoming(t)
	m.token(t)
	m.outgoing(t)
	m.about(t)
	m.newer(t)
}

// add makes an integration and returns its secret.
func (m *machines) add(t *testing.T, kind, name string, more func()) string {
	t.Helper()
	m.w.Click(t, window.Select("rail-admin"))
	m.w.Click(t, window.Select("admin-section-integrations"))
	m.w.Click(t, window.Select("integration-add"))
	m.w.Type(t, window.Select("integration-kind"), kind)
	m.w.Type(t, window.Select("integration-name"), name)
	m.w.Click(t, `input[name="integration-icon"][value="🚀"]`)
	more()
	m.w.Click(t, window.Select("integration-room"))
	m.w.Click(t, window.Select("confirm-ok"))
	m.w.See(t, window.Select("integration-secret"))
	secret := m.w.Text(t, window.Select("integration-secret"))
	m.w.Click(t, window.Select("integration-seen"))
	m.w.SeeText(t, window.Select("integration-row"), name)
	return secret
}

// switchOff disables an integration, as its row's menu does.
func (m *machines) switchOff(t *testing.T, name string) {
	t.Helper()
	m.w.Click(t, window.Select("rail-admin"))
	m.w.SeeText(t, window.Select("integration-row"), name)
	m.w.Eval(t, fmt.Sprintf(`[...document.querySelectorAll('[data-testid="integration-row"]')]
		.find((row) => row.innerText.includes(%q)).querySelector('[data-testid="integration-acts"]').click(), 0`, name), nil)
	m.w.Click(t, window.Select("integration-disable"))
	m.w.Click(t, window.Select("confirm-ok"))
	m.w.SeeText(t, window.Select("integration-row", "standing", "disabled"), name)
}

// post sends JSON as a program does, and returns the answer's status.
func post(t *testing.T, url, token, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func (m *machines) incoming(t *testing.T) {
	t.Helper()
	address := m.add(t, "incoming", "배포 로봇", func() {})
	if status := post(t, address, "", `{"text":"**3.2** 배포가 끝났습니다"}`); status != http.StatusOK {
		t.Fatalf("the webhook answers %d", status)
	}
	openRoom(t, m.w, m.room)
	m.w.SeeText(t, window.Select("message"), "3.2 배포가 끝났습니다")
	m.w.SeeText(t, window.Select("bot-mark"), "봇")
	m.w.WaitFor(t, `[...document.querySelectorAll('[data-testid="conversation"] button')].some((e) => e.innerText === '배포 로봇') &&
		document.querySelector('[data-testid="conversation"]').innerText.includes('🚀')`)
	m.w.Picture(t, picture(t, "bot.png"))
	m.switchOff(t, "배포 로봇")
	m.w.Picture(t, picture(t, "integrations.png"))
	if status := post(t, address, "", `{"text":"꺼졌는데 말합니다"}`); status != http.StatusNotFound {
		t.Errorf("switched off, the webhook answers %d", status)
	}
}

func (m *machines) token(t *testing.T) {
	t.Helper()
	token := m.add(t, "token", "점검 도구", func() { m.w.See(t, window.Select("scope-messages:write")+":checked") })
	api := m.server.URL() + "/api/bot/messages"
	message := fmt.Sprintf(`{"room_uuid":%q,"text":"점검을 시작합니다"}`, m.room)
	if status := post(t, api, token, message); status != http.StatusCreated {
		t.Fatalf("the token's message is answered %d", status)
	}
	openRoom(t, m.w, m.room)
	m.w.SeeText(t, window.Select("message"), "점검을 시작합니다")
	m.switchOff(t, "점검 도구")
	if status := post(t, api, token, message); status != http.StatusUnauthorized {
		t.Errorf("switched off, the token is answered %d", status)
	}
}

func (m *machines) outgoing(t *testing.T) {
	t.Helper()
	type event struct{ at, signature, body string }
	events := make(chan event, 8)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		events <- event{r.Header.Get("X-HiMsg-Timestamp"), r.Header.Get("X-HiMsg-Signature"), string(body)}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer target.Close()
	secret := m.add(t, "outgoing", "사내 위키", func() { m.w.Type(t, window.Select("integration-url"), target.URL) })
	openRoom(t, m.w, m.room)
	say(t, m.w, "위키로 갈 글")
	got := <-events // the test's own deadline bounds it
	code := hmac.New(sha256.New, []byte(secret))
	code.Write([]byte(got.at + "." + got.body))
	if want := "v1=" + hex.EncodeToString(code.Sum(nil)); got.signature != want || !strings.Contains(got.body, "위키로 갈 글") {
		t.Errorf("signed %s, want %s, of %s", got.signature, want, got.body)
	}
	m.switchOff(t, "사내 위키")
}

// about looks at what the settings say of this app.
func (m *machines) about(t *testing.T) {
	t.Helper()
	m.w.Click(t, window.Select("rail-settings"))
	m.w.See(t, window.Select("settings-licences"))
	m.w.WaitFor(t, fmt.Sprintf(`[...document.querySelectorAll('section > div')].some((row) =>
		row.innerText.includes(%q) && row.innerText.includes('관리자가 정한 설정입니다.'))`, m.server.Address))
	m.w.Click(t, window.Select("settings-licences"))
	m.w.Type(t, window.Select("licences-search"), "pretendard")
	m.w.Click(t, window.Select("licence-row"))
	m.w.SeeText(t, window.Select("licence-text"), "SIL OPEN FONT LICENSE")
	m.w.Focus(t)
	m.desk.Keys(t, "Escape")
	m.w.SeeGone(t, window.Select("licence-text"))
}

// newer: a version that the server demands shows in the settings and above the window, loaded and checked. It is not installed: this
// app is not started again.
func (m *machines) newer(t *testing.T) {
	t.Helper()
	m.server.Release(t, m.key, "9.9.9", "9.9.9")
	m.w.Click(t, window.Select("update-check"))
	m.w.See(t, window.Select("update-restart"))
	m.w.SeeText(t, window.Select("update-notice"), "9.9.9")
	m.w.SeeText(t, "section", "9.9.9")
	m.w.Picture(t, picture(t, "update.png"))
}
