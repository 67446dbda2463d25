package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"himsg/server/internal/model"
)

// act is something that people or administrators do, as the audit tells it.
type act struct {
	action  model.AuditAction
	weight  int // how often it comes, beside the others
	by      int // one of the kinds below
	details []string
}

const (
	byAdministrator = iota
	byThePerson
	byNobody // a person who has no account yet
)

// acts of an ordinary company. Details are in the words in which the server writes them.
var acts = []act{
	{action: model.AuditUserRegistered, weight: 14, by: byNobody},
	{action: model.AuditUserApproved, weight: 13},
	{action: model.AuditUserRejected, weight: 1, details: []string{"사번이 인사 기록과 다릅니다.", "퇴사한 직원입니다."}},
	{action: model.AuditPasswordChanged, weight: 16, by: byThePerson},
	{action: model.AuditSessionEnded, weight: 12, by: byThePerson},
	{action: model.AuditDeviceRemoved, weight: 6, details: []string{"PC를 분실했습니다.", "퇴사자 장비 회수", "공용 PC에서 로그아웃하지 않음"}},
	{action: model.AuditPersonChanged, weight: 18, details: []string{
		`{"fields":["grade","position"]}`, `{"fields":["phone"]}`, `{"fields":["department"]}`, `{"fields":["photo"]}`,
	}},
	{action: model.AuditCodeMade, weight: 5, details: []string{"reset", "initial"}},
	{action: model.AuditResetRequested, weight: 6, by: byNobody},
	{action: model.AuditResetApproved, weight: 5},
	{action: model.AuditRoleChanged, weight: 2, details: []string{
		"user → admin: 전산 담당으로 발령", "admin → user: 담당 업무 변경", "user → auditor: 내부 감사",
	}},
	{action: model.AuditUserDisabled, weight: 3, details: []string{"퇴사", "휴직"}},
	{action: model.AuditUserEnabled, weight: 1, details: []string{"복직"}},
}

// administer makes the acts of a year, in the order of their time. The first two people are the ones who administer.
func (c *company) administer(n int) []model.AuditEntry {
	var often []int // the indices of acts, each as many times as it weighs
	for i, a := range acts {
		often = append(often, slices.Repeat([]int{i}, a.weight)...)
	}
	entries := make([]model.AuditEntry, n)
	for i := range entries {
		a := acts[often[c.rng.IntN(len(often))]]
		person := c.users[c.rng.IntN(len(c.users))]
		entries[i] = model.AuditEntry{
			At: c.opt.Now.Add(-time.Duration(c.rng.Int64N(int64(365 * day)))).UnixMilli(), Action: a.action, Subject: person.UUID,
			RemoteAddr: fmt.Sprintf("10.20.%d.%d", c.rng.IntN(16), 1+c.rng.IntN(254)),
		}
		switch a.by {
		case byAdministrator:
			entries[i].ActorID = c.users[c.rng.IntN(2)].ID
		case byThePerson:
			entries[i].ActorID = person.ID
		}
		if len(a.details) > 0 {
			entries[i].Detail = a.details[c.rng.IntN(len(a.details))]
		}
	}
	slices.SortStableFunc(entries, func(a, b model.AuditEntry) int { return cmp.Compare(a.At, b.At) })
	return entries
}
