package directory

import (
	"fmt"
	"strings"
	"testing"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// TestRowsAreCompared: each row of a file beside what becomes of it.
func TestRowsAreCompared(t *testing.T) {
	department := model.Department{UUID: "d-1", Name: "경영지원"}
	team := model.Department{UUID: "d-2", ParentUUID: "d-1", Name: "인사팀"}
	twin := model.Department{UUID: "d-3", Name: "R/D"}
	c := newComparison(newPathIndex([]model.Department{department, team, twin}))
	user := func(id int64, number string, role wire.UserRole, state wire.UserState) {
		c.add(model.User{
			ID: id, UUID: "u-" + number, Name: "이름" + number, EmployeeID: number, Username: "user" + number,
			Email: number + "@example.com", DepartmentUUID: "d-2", Department: "인사팀", Role: role, State: state,
		})
	}
	user(1, "1", wire.RoleUser, wire.UserActive)
	user(2, "2", wire.RoleAdmin, wire.UserActive)
	user(3, "3", wire.RoleUser, wire.UserPending)
	user(4, "4", wire.RoleUser, wire.UserDisabled)
	header := strings.Split("이름|사번|부서|이메일|아이디|생년월일|전화|상태|모르는 열", "|")
	cells := func(line string) (out []Cell) {
		for _, text := range strings.Split(line, "|") {
			out = append(out, Cell{Text: text})
		}
		return out
	}
	var err error
	var ignored []string
	if c.at, _, ignored, err = columns(cells(strings.Join(header, "|"))); err != nil || len(ignored) != 1 {
		t.Fatal(ignored, err)
	}
	for i, row := range []struct{ line, want string }{
		{"이름1|1|경영지원 > 인사팀|1@example.com|user1||-|재직", "unchanged"},
		{"새이름|001|||id001", "create: name department? username"},
		{"이름4|4||||||재직", "change: state=active"},
		{"새사람|N1|영업본부/영업1팀|n1@example.com|n1|1990.03.01|+82 10-1234-5678", "create: department=영업본부 > 영업1팀 birth_date=1990-03-01 phone=+82 10-1234-5678"},
		{"새사람|N2|인사팀|||||재직", "create: department=경영지원 > 인사팀 username=N2"},
		{"새사람|N3|R/D", "create: department=R/D"},
		{"새사람|N1||||", "error: employee_id value_twice"},
		{"새사람|N4||1@example.com|", "error: email email_taken"},
		{"새사람|N5|||user3", "error: username username_taken"},
		{"새사람|3||||", "error: employee_id employee_id_taken"},
		{"이름|||1@example.com|user4", "error: email several_people"},
		{"|N6|", "error: name value_missing"},
		{"=cmd|N7", "error: name value_formula"},
		{"@sum|N8", "error: name value_formula"},
		{"'=cmd|N9", "error: name value_formula"},
		{"이름|+1", "error: employee_id value_formula"},
		{"이름|N10||||1990-02-30", "error: birth_date value_invalid"},
		{"이름|N11||||||쉬는중", "error: state value_invalid"},
		{"이름|N12||nomail", "error: email value_invalid"},
		{"이름|N13|||../x", "error: username value_invalid"},
		{strings.Repeat("가", 101) + "|N14", "error: name value_too_long"},
		{"이름|N15|가 > 나 > 가", "error: department department_cycle"},
		{"이름|N16|" + strings.Repeat("가", 150), "error: department value_too_long"},
		{"이름|N17|" + deepPath(21), "error: department department_depth"},
		{"이름|N18|가 >  > 나", "error: department value_invalid"},
		{"이름2|2||||||퇴직", "error: state administrator"},
		{"이름2|2|||other", "error: username administrator"},
		{"a\u202eb|N19", "error: name value_invalid"},
	} {
		t.Run(fmt.Sprint(i, " ", row.want), func(t *testing.T) {
			got, blank := c.row(i+2, cells(row.line))
			if blank {
				t.Fatal("called blank")
			}
			said := string(got.Fate)
			for _, change := range got.Changes {
				said += " " + string(change.Field) + "=" + change.To
			}
			for _, problem := range got.Problems {
				said += " " + string(problem.Field) + " " + string(problem.Reason)
			}
			fate, rest, _ := strings.Cut(row.want, ":")
			ok := strings.HasPrefix(said, fate)
			for _, word := range strings.Fields(rest) {
				ok = ok && (strings.HasSuffix(word, "?") || strings.Contains(said, word))
			}
			if !ok {
				t.Errorf("%s, want %s", said, row.want)
			}
		})
	}
	if _, blank := c.row(99, cells("  |||-")); !blank {
		t.Error("a row without anything is not blank")
	}
}

func deepPath(levels int) string {
	var parts []string
	for i := range levels {
		parts = append(parts, fmt.Sprint("층", i))
	}
	return strings.Join(parts, " > ")
}

// FuzzRow holds a row's rules against any texts: what is taken is what a profile may hold.
func FuzzRow(f *testing.F) {
	f.Add("이름", "1", "가 > 나", "=x", "1990.1.1")
	f.Add("'", "+", "/", "@", "20991231")
	f.Fuzz(func(t *testing.T, name, number, department, username, birth string) {
		c := newComparison(newPathIndex(nil))
		c.at = map[wire.Field]int{
			wire.FieldName: 0, wire.FieldEmployeeID: 1, wire.FieldDepartment: 2, wire.FieldUsername: 3, wire.FieldBirthDate: 4,
		}
		row, blank := c.row(2, []Cell{{Text: name}, {Text: number}, {Text: department}, {Text: username}, {Text: birth}})
		if blank || row.Fate != wire.RowCreate {
			return
		}
		for field, value := range row.Values {
			if _, ruled := fieldRules[field]; !ruled {
				continue
			}
			if line, err := checkField(field, value); err != nil || line != value || LooksLikeFormula(value) {
				t.Errorf("%s %q was taken: %v", field, value, err)
			}
		}
	})
}
