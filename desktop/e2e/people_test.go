//go:build e2e

package e2e

import (
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// Somebody new asks for an account on his PC; an administrator sees it at once and lets him in; he signs in for the first
// time, completes his profile, confirms a notice, and is found by his initial consonants. Then he leaves: he is out at
// once, and deleted after a backup.
func TestSomebodyComesAndLeaves(t *testing.T) {
	c := newCompany(t)
	office := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, office, backend.OwnerUsername)
	pc := c.open(t, window.Options{Server: c.server.URL()})

	askForAccount(t, pc)
	approve(t, office)
	pc.See(t, window.Select("signup-state", "state", "active")) // by itself
	pc.Picture(t, picture(t, "signup-approved.png"))
	pc.Click(t, window.Select("signup-leave"))
	signIn(t, pc, "nara")
	completeProfile(t, pc)
	noticeIsConfirmed(t, office, pc)

	findMember(t, office)
	office.Click(t, window.Select("member-state"))
	office.Type(t, window.Select("action-reason"), "퇴사")
	office.Click(t, window.Select("confirm-ok"))
	pc.SeeText(t, window.Select("signin-problem"), "사용이 중지된 계정")
	pc.Picture(t, picture(t, "leaver-is-out.png"))

	findMember(t, office)
	office.Click(t, window.Select("member-delete"))
	office.Type(t, window.Select("delete-reason"), "퇴사")
	office.Type(t, window.Select("delete-name"), "윤나라")
	office.Picture(t, picture(t, "leaver-delete.png"))
	office.Click(t, window.Select("confirm-ok"))
	office.See(t, window.Select("delete-progress", "state", "done"))
	office.Picture(t, picture(t, "leaver-deleted.png"))
}

func askForAccount(t *testing.T, pc *window.Window) {
	t.Helper()
	pc.Click(t, window.Select("signup-open"))
	for field, value := range map[string]string{
		"name": "윤나라", "employee_id": "E-nara", "department": "개발팀", "birth_date": "1990-03-04", "position": "팀원", "grade": "대리",
		"email": "nara@example.com", "username": "nara", "password": backend.Password, "again": backend.Password,
	} {
		pc.Type(t, window.Select("signup-"+field), value)
	}
	pc.Picture(t, picture(t, "signup-form.png"))
	pc.Click(t, window.Select("signup-submit"))
	pc.See(t, window.Select("signup-state", "state", "pending"))
	pc.Picture(t, picture(t, "signup-waits.png"))
}

func approve(t *testing.T, office *window.Window) {
	t.Helper()
	office.SeeText(t, window.Select("rail-admin"), "1") // the badge, by itself
	office.Click(t, window.Select("rail-admin"))
	office.Click(t, window.Select("admin-section-approvals"))
	office.SeeText(t, window.Select("pending-row"), "윤나라")
	office.Picture(t, picture(t, "signup-to-approve.png"))
	office.Click(t, window.Select("pending-approve"))
	office.SeeGone(t, window.Select("pending-row"))
}

func completeProfile(t *testing.T, pc *window.Window) {
	t.Helper()
	pc.Click(t, window.Select("rail-settings"))
	pc.Click(t, window.Select("profile-edit"))
	pc.Type(t, window.Select("profile-phone"), "010-1234-5678")
	pc.Type(t, window.Select("profile-status_text"), "잘 부탁드립니다")
	pc.Click(t, window.Select("profile-save"))
	pc.SeeText(t, window.Select("profile-card"), "잘 부탁드립니다")
	pc.Picture(t, picture(t, "first-profile.png"))
}

func noticeIsConfirmed(t *testing.T, office, pc *window.Window) {
	t.Helper()
	office.Click(t, window.Select("admin-section-notices"))
	office.Click(t, window.Select("notice-new"))
	office.Type(t, window.Select("notice-title"), "보안 교육 안내")
	office.Type(t, window.Select("notice-text"), "이번 주 안에 들어 주세요.")
	office.Picture(t, picture(t, "notice-written.png"))
	office.Click(t, window.Select("notice-save"))
	office.SeeText(t, window.Select("admin-notice-row"), "보안 교육 안내")

	pc.SeeText(t, window.Select("rail-notices"), "1") // the badge, by itself
	pc.Click(t, window.Select("rail-notices"))
	pc.Click(t, window.Select("notice-row"))
	pc.SeeText(t, window.Select("notice"), "이번 주 안에 들어 주세요.")
	pc.Click(t, window.Select("notice-confirm"))
	pc.See(t, window.Select("notice-confirmed"))
	pc.Picture(t, picture(t, "notice-confirmed.png"))

	office.Click(t, window.Select("admin-notice-row"))
	office.Click(t, window.Select("notice-settled")+" input[value=yes] + label")
	office.SeeText(t, window.Select("notice-person"), "윤나라")
	office.Picture(t, picture(t, "notice-status.png"))
}

// findMember opens the new person in the administration, found by initial consonants.
func findMember(t *testing.T, office *window.Window) {
	t.Helper()
	office.Click(t, window.Select("admin-section-members"))
	office.Type(t, window.Select("members-search"), "ㅇㄴㄹ")
	office.SeeText(t, window.Select("member-row"), "윤나라")
	office.Click(t, window.Select("member-row")+" button")
	office.See(t, window.Select("member-name"))
	office.Picture(t, picture(t, "member-found.png"))
}
