package directory

import (
	"strings"
	"unicode/utf8"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// columnNames are the headers that are understood, folded by columnKey.
var columnNames = map[string]wire.Field{
	"이름": wire.FieldName, "성명": wire.FieldName, "name": wire.FieldName, "fullname": wire.FieldName,
	"사번": wire.FieldEmployeeID, "사원번호": wire.FieldEmployeeID, "직원번호": wire.FieldEmployeeID,
	"employeeid": wire.FieldEmployeeID, "employeeno": wire.FieldEmployeeID, "employeenumber": wire.FieldEmployeeID,
	"부서": wire.FieldDepartment, "부서명": wire.FieldDepartment, "소속": wire.FieldDepartment,
	"department": wire.FieldDepartment, "dept": wire.FieldDepartment,
	"직책": wire.FieldPosition, "position": wire.FieldPosition,
	"직급": wire.FieldGrade, "직위": wire.FieldGrade, "grade": wire.FieldGrade, "rank": wire.FieldGrade,
	"이메일": wire.FieldEmail, "메일": wire.FieldEmail, "전자우편": wire.FieldEmail, "email": wire.FieldEmail, "mail": wire.FieldEmail,
	"아이디": wire.FieldUsername, "사용자명": wire.FieldUsername, "id": wire.FieldUsername, "username": wire.FieldUsername,
	"userid": wire.FieldUsername, "login": wire.FieldUsername,
	"생년월일": wire.FieldBirthDate, "생일": wire.FieldBirthDate, "birthdate": wire.FieldBirthDate, "birthday": wire.FieldBirthDate,
	"dateofbirth": wire.FieldBirthDate,
	"전화":          wire.FieldPhone, "전화번호": wire.FieldPhone, "연락처": wire.FieldPhone, "휴대폰": wire.FieldPhone, "내선": wire.FieldPhone,
	"phone": wire.FieldPhone, "tel": wire.FieldPhone, "telephone": wire.FieldPhone, "mobile": wire.FieldPhone,
	"상태": wire.FieldState, "재직상태": wire.FieldState, "state": wire.FieldState, "status": wire.FieldState,
}

// exportColumns are the headers of a file that is written, in their order; reading takes them all.
var exportColumns = []struct {
	header string
	field  wire.Field
}{
	{"이름", wire.FieldName},
	{"사번", wire.FieldEmployeeID},
	{"부서", wire.FieldDepartment},
	{"직책", wire.FieldPosition},
	{"직급", wire.FieldGrade},
	{"이메일", wire.FieldEmail},
	{"아이디", wire.FieldUsername},
	{"생년월일", wire.FieldBirthDate},
	{"전화", wire.FieldPhone},
	{"상태", wire.FieldState},
}

// stateNames are the words of a state. The first of each is written.
var stateNames = map[string]wire.UserState{
	"재직": wire.UserActive, "사용": wire.UserActive, "정상": wire.UserActive, "활성": wire.UserActive, "active": wire.UserActive,
	"퇴직": wire.UserDisabled, "퇴사": wire.UserDisabled, "중지": wire.UserDisabled, "휴직": wire.UserDisabled,
	"비활성": wire.UserDisabled, "disabled": wire.UserDisabled, "inactive": wire.UserDisabled,
}

func columnKey(header string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.*\t\n\ufeff", r) {
			return -1
		}
		return r
	}, header))
}

var textColumns = errs.Text{
	KO: "첫 행에 이름과 사번 열이 있어야 합니다.", EN: "The first row must have columns for the name and the employee number.",
}

// columns finds the fields of a header. Of two columns for a field the first counts.
func columns(header []Cell) (at map[wire.Field]int, found []wire.Field, ignored []string, err error) {
	at = map[wire.Field]int{}
	for i, cell := range header {
		text := strings.TrimSpace(cell.Text)
		field, known := columnNames[columnKey(text)]
		if _, twice := at[field]; known && !twice {
			at[field] = i
			found = append(found, field)
		} else if text != "" {
			ignored = append(ignored, shortened(text))
		}
	}
	_, named := at[wire.FieldName]
	_, numbered := at[wire.FieldEmployeeID]
	if !named || !numbered {
		err = errs.E(wire.BadRequest, wire.ReasonImportColumns, textColumns)
	}
	return at, found, ignored, err
}

// shownRunes is how much of a foreign value is shown.
const shownRunes = 200

func shortened(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if r := []rune(s); len(r) > shownRunes {
		return string(r[:shownRunes]) + "…"
	}
	return s
}

// LooksLikeFormula reports whether a spreadsheet may compute a text instead of showing it. Those of our languages take the wide
// marks for the narrow ones (OWASP, CSV Injection).
func LooksLikeFormula(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// phoneLike: a number in the world begins with a plus, and is no formula.
func phoneLike(text string) bool {
	digits := strings.TrimPrefix(text, "+")
	return len(digits) < len(text) && digits != "" && digits[0] >= '0' && digits[0] <= '9' &&
		!strings.ContainsFunc(digits, func(r rune) bool { return !strings.ContainsRune("0123456789 -()", r) })
}
