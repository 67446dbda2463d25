//go:build screens

package e2e

import (
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// account takes the pictures of everything that comes before signing in.
func (g *gallery) account(t *testing.T) {
	t.Helper()
	g.take(t, "sign-in")
	g.w.Type(t, window.Select("signin-username"), "demo00001")
	g.w.Type(t, window.Select("signin-password"), "not my password")
	g.w.Click(t, window.Select("signin-submit"))
	g.w.See(t, window.Select("signin-problem"))
	g.take(t, "sign-in-refused")
	g.signUp(t)
	g.lostPassword(t)
}

func (g *gallery) signUp(t *testing.T) {
	t.Helper()
	g.w.Click(t, window.Select("signup-open"))
	g.w.See(t, window.Select("signup-name"))
	g.take(t, "sign-up")
	for field, value := range map[string]string{
		"name": "정새봄", "employee_id": "N0100", "department": "개발팀", "position": "팀원", "grade": "사원",
		"email": "saebom@example.com", "username": "saebom", "password": backend.Password, "again": backend.Password,
	} {
		g.w.Type(t, window.Select("signup-"+field), value)
	}
	g.w.Click(t, window.Select("signup-submit"))
	g.w.See(t, window.Select("signup-state", "state", "pending"))
	g.take(t, "sign-up-waiting")
	g.w.Click(t, window.Select("signup-leave"))
}

func (g *gallery) lostPassword(t *testing.T) {
	t.Helper()
	g.w.Click(t, window.Select("forgot-open"))
	g.w.See(t, window.Select("forgot-username"))
	g.take(t, "forgot")
	g.w.Click(t, window.Select("forgot-code"))
	g.w.See(t, window.Select("code-code"))
	g.take(t, "one-time-code")
	g.w.Click(t, window.Select("code-back"))
	g.w.Click(t, window.Select("forgot-open"))
	for field, value := range map[string]string{"username": "demo00005", "employee_id": "H00005", "department": "개발1팀"} {
		g.w.Type(t, window.Select("forgot-"+field), value)
	}
	g.w.Click(t, window.Select("forgot-submit"))
	g.w.See(t, window.Select("reset-state", "state", "pending"))
	g.take(t, "reset-waiting")
	g.w.Click(t, window.Select("reset-leave"))
	g.w.See(t, window.Select("signin-username"))
}
