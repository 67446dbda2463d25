//go:build e2e

package e2e

import (
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// Somebody forgot his password: he asks on his PC, the administrator compares the code and approves, and on that PC he
// sets a new one and is in.
func TestLostPassword(t *testing.T) {
	c := newCompany(t)
	c.server.AddPerson(t, "nara", "윤나라")
	w := c.open(t, window.Options{Server: c.server.URL()})
	w.Click(t, window.Select("forgot-open"))
	for field, value := range map[string]string{"username": "nara", "employee_id": "E-nara", "department": "개발팀"} {
		w.Type(t, window.Select("forgot-"+field), value)
	}
	w.Click(t, window.Select("forgot-submit"))
	w.See(t, window.Select("reset-state", "state", "pending"))
	w.Picture(t, picture(t, "lost-password-waits.png"))

	c.server.ApproveReset(t, "nara", w.Text(t, window.Select("reset-code")))
	w.See(t, window.Select("reset-state", "state", "approved")) // by itself
	for _, field := range []string{"password", "again"} {
		w.Type(t, window.Select("reset-"+field), backend.Password+"-new")
	}
	w.Click(t, window.Select("reset-submit"))
	online(t, w)
	w.Click(t, window.Select("rail-settings"))
	w.SeeText(t, window.Select("profile-card"), "윤나라")
}
