package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// staff is who works there.
type staff struct {
	departments  []model.Department
	users        []model.User
	directoryRev int64
}

const day = 24 * time.Hour

// departmentNames are in the order of the organisation's tree; parents name the index of the one above, -1 for the top.
var (
	departmentNames   = []string{"경영지원팀", "인사팀", "영업1팀", "영업2팀", "개발1팀", "개발2팀", "품질팀", "디자인팀"}
	departmentParents = []int{-1, 0, -1, 2, -1, 4, 5, 6}
)

// Ranks by seniority: 직급 with the 직책 that goes with it.
var ranks = []struct{ grade, position string }{
	{"부장", "팀장"},
	{"차장", "파트장"},
	{"과장", "팀원"},
	{"과장", "팀원"},
	{"대리", "팀원"},
	{"대리", "팀원"},
	{"사원", "팀원"},
	{"사원", "팀원"},
	{"주임", "팀원"},
}

var (
	surnames = strings.Fields("김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍 전 고 문 양 손 배 백 허 남 심 노 하 곽 성 차 주 우 구 민 유")
	given    = strings.Fields(`서연 민준 지우 도윤 하은 예준 서윤 시우 지민 주원 하윤 지호 수아 준우 채원 건우 지아 현우 다은 우진 은서 선우
		예은 유준 소율 정우 수빈 승현 아린 민재 나은 시윤 윤서 준혁 지유 은우 소연 재윤 민서 태윤 가은 성민 유진 동현 수진 영호
		미경 상철 은정 진우 혜진 재현 보라 경수 선영 창민 소희 기훈 유나 형준`)
)

// hire makes the tree and its people. The first is the owner, the second an administrator.
func (c *company) hire(people int) {
	founded := c.opt.Now.Add(-400 * day).UnixMilli()
	for i, name := range departmentNames {
		c.directoryRev++
		d := model.Department{
			ID: int64(i + 1), UUID: c.uuid(), Name: name, Sort: i, Rev: c.directoryRev, CreatedAt: founded,
		}
		if p := departmentParents[i]; p >= 0 {
			d.ParentID = int64(p + 1)
		}
		c.departments = append(c.departments, d)
	}
	for i := range people {
		c.directoryRev++
		c.users = append(c.users, c.person(i, founded))
		if i < len(c.departments) {
			c.departments[i].HeadUUID = c.users[i].UUID // the first of each
		}
	}
}

func (c *company) person(i int, founded int64) model.User {
	name, role := personName(i), wire.RoleUser
	department := c.departments[i%len(c.departments)]
	rank := ranks[(i/len(c.departments))%len(ranks)]
	switch i {
	case 0:
		name, role, rank.grade, rank.position = "김대표", wire.RoleOwner, "대표이사", "대표"
	case 1:
		role = wire.RoleAdmin
	}
	id := strconv.Itoa(i + 1)
	username := fmt.Sprintf("demo%05d", i+1)
	employee := fmt.Sprintf("H%05d", i+1)
	email := username + "@hisemico.example"
	return model.User{
		ID: int64(i + 1), UUID: c.uuid(), Username: username, EmployeeID: employee, Email: email, Name: name,
		BirthDate: time.Date(1968+c.rng.IntN(32), time.Month(1+c.rng.IntN(12)), 1+c.rng.IntN(28), 0, 0, 0, 0, time.UTC).
			Format(time.DateOnly),
		Position: rank.position, Grade: rank.grade, Department: department.Name, DepartmentID: department.ID,
		Phone: fmt.Sprintf("02-555-%04d", 1000+i%9000), PasswordHash: c.opt.PasswordHash, Role: role,
		State: wire.UserActive, Rev: c.directoryRev, CreatedAt: founded, UpdatedAt: founded, DecidedAt: founded,
		StatusText: statusTexts[len(id)%len(statusTexts)*boolInt(c.rng.IntN(6) == 0)],
	}
}

var statusTexts = []string{"", "외근 중입니다", "회의 중", "집중 근무"}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// personName gives the first few thousand people different names; as in any company, some share one after that.
func personName(i int) string {
	g := (i*7 + i/len(given)) % len(given)
	s := (i*11 + i/len(surnames)*3) % len(surnames)
	return surnames[s] + given[g]
}
