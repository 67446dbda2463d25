package directory

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file compares one row of a file with what is known.

// problemTexts are the words for what can be wrong with a row.
var problemTexts = map[wire.Reason]errs.Text{
	wire.ReasonValueMissing:     {KO: "필수 항목입니다.", EN: "This field is required."},
	wire.ReasonValueInvalid:     textWrong,
	wire.ReasonValueTooLong:     {KO: "너무 깁니다.", EN: "This is too long."},
	wire.ReasonValueFormula:     {KO: "수식은 사용할 수 없습니다.", EN: "Formulas can't be used."},
	wire.ReasonValueEncoding:    {KO: "읽을 수 없는 문자가 있습니다.", EN: "It has characters that can't be read."},
	wire.ReasonValueTwice:       {KO: "파일의 다른 행에 같은 값이 있습니다.", EN: "Another row of the file has this value."},
	wire.ReasonUsernameTaken:    {KO: "이미 사용 중인 아이디입니다.", EN: "This user name is taken."},
	wire.ReasonEmailTaken:       {KO: "이미 등록된 이메일입니다.", EN: "This e-mail address is registered already."},
	wire.ReasonEmployeeIDTaken:  {KO: "이미 등록된 사번입니다.", EN: "This employee number is registered already."},
	wire.ReasonSeveralPeople:    {KO: "사번, 아이디, 이메일이 서로 다른 사람의 것입니다.", EN: "Number, user name and e-mail address belong to different people."},
	wire.ReasonAdministrator:    {KO: "관리자 계정은 파일로 변경할 수 없는 항목입니다.", EN: "Of administrators a file can't change this."},
	wire.ReasonDepartmentDepth:  {KO: "조직도의 단계가 너무 많습니다.", EN: "The tree of departments would get too deep."},
	wire.ReasonDepartmentCycle:  {KO: "부서 경로에 같은 부서가 두 번 있습니다.", EN: "The path has a department twice."},
	wire.ReasonDepartmentMany:   {KO: "이 이름의 부서가 여러 개입니다. 경로를 적어주세요.", EN: "Several departments are called so. Write the path."},
	wire.ReasonDepartments:      {KO: "부서가 너무 많습니다.", EN: "There are too many departments."},
	wire.ReasonChangedMeanwhile: {KO: "그 사이에 변경되었습니다. 파일을 다시 비교해주세요.", EN: "It was changed meanwhile. Compare the file again."},
}

// Problem words what is wrong with a row.
func Problem(field wire.Field, reason wire.Reason) wire.RowProblem {
	return wire.RowProblem{Field: field, Reason: reason, Message: problemTexts[reason].KO}
}

// uniqueFields, in the order in which a person is looked for by them.
var uniqueFields = []struct {
	field wire.Field
	taken wire.Reason
}{
	{wire.FieldEmployeeID, wire.ReasonEmployeeIDTaken},
	{wire.FieldUsername, wire.ReasonUsernameTaken},
	{wire.FieldEmail, wire.ReasonEmailTaken},
}

// comparison is a file while it is compared. It holds everybody, some hundred bytes each.
type comparison struct {
	at    map[wire.Field]int
	known map[wire.Field]map[string]*model.User // by key
	seen  map[wire.Field]map[string]int         // rows of this file, by key
	paths pathIndex
}

func newComparison(paths pathIndex) *comparison {
	c := &comparison{known: map[wire.Field]map[string]*model.User{}, seen: map[wire.Field]map[string]int{}, paths: paths}
	for _, u := range uniqueFields {
		c.known[u.field], c.seen[u.field] = map[string]*model.User{}, map[string]int{}
	}
	return c
}

func (c *comparison) add(u model.User) {
	for _, unique := range uniqueFields {
		if key := model.Key(*u.Field(unique.field)); key != "" {
			c.known[unique.field][key] = &u
		}
	}
}

// row compares one row. blank: it says nothing at all.
func (c *comparison) row(n int, cells []Cell) (row wire.ImportRow, blank bool) {
	row = wire.ImportRow{Row: n, Values: map[wire.Field]string{}, Changes: []wire.FieldChange{}, Problems: []wire.RowProblem{}}
	blank = true
	for field, i := range c.at {
		if i >= len(cells) {
			continue
		}
		text, reason := readCell(field, cells[i])
		blank = blank && text == "" && reason == ""
		if text != "" {
			row.Values[field] = text
		}
		if reason != "" {
			row.Problems = append(row.Problems, Problem(field, reason))
		}
	}
	if blank {
		return row, true
	}
	u := c.person(&row)
	if u == nil {
		c.fillNew(&row)
	} else {
		row.UserUUID = u.UUID
	}
	c.findDoubles(&row, u)
	c.compare(&row, u)
	slices.SortFunc(row.Problems, func(a, b wire.RowProblem) int { return strings.Compare(string(a.Field), string(b.Field)) })
	switch {
	case len(row.Problems) > 0:
		row.Fate, row.Changes = wire.RowError, []wire.FieldChange{}
	case u == nil:
		row.Fate = wire.RowCreate
	case len(row.Changes) == 0:
		row.Fate = wire.RowUnchanged
	default:
		row.Fate = wire.RowChange
	}
	return row, false
}

// readCell normalises a value. A refused one is returned as far as it can be shown.
func readCell(field wire.Field, cell Cell) (text string, reason wire.Reason) {
	text = strings.TrimSpace(strings.ReplaceAll(cell.Text, "\u00a0", " "))
	if text == "-" { // how many write that there is none
		text = ""
	}
	if rest, quoted := strings.CutPrefix(text, "'"); quoted && LooksLikeFormula(rest) {
		text = rest
	}
	switch {
	case cell.Formula:
		return shortened(text), wire.ReasonValueFormula
	case cell.Broken:
		return shortened(text), wire.ReasonValueEncoding
	case text == "":
		return "", ""
	case LooksLikeFormula(text) && (field != wire.FieldPhone || !phoneLike(text)):
		return shortened(text), wire.ReasonValueFormula
	}
	return readValue(field, text, cell.Day)
}

// readValue checks a text that is one, by its field.
func readValue(field wire.Field, text, day string) (string, wire.Reason) {
	switch field {
	case wire.FieldBirthDate:
		return readDate(text, day)
	case wire.FieldState:
		state, ok := stateNames[strings.ToLower(text)]
		if !ok {
			return shortened(text), wire.ReasonValueInvalid
		}
		return string(state), ""
	case wire.FieldDepartment:
		return shortened(norm.NFC.String(text)), ""
	}
	line, err := checkField(field, text)
	if err == nil {
		return line, ""
	}
	if utf8.RuneCountInString(text) > fieldRules[field].limit {
		return shortened(text), wire.ReasonValueTooLong
	}
	return shortened(text), wire.ReasonValueInvalid
}

var dateForms = []string{time.DateOnly, "2006.01.02", "2006.1.2", "2006/01/02", "2006/1/2", "2006-1-2", "20060102", "2006. 1. 2.", "2006. 1. 2", "2006년 1월 2일"}

func readDate(text, day string) (string, wire.Reason) {
	for _, form := range dateForms {
		if at, err := time.Parse(form, text); err == nil && model.IsDate(at.Format(time.DateOnly)) {
			return at.Format(time.DateOnly), ""
		}
	}
	if day != "" && model.IsDate(day) {
		return day, ""
	}
	return shortened(text), wire.ReasonValueInvalid
}

// person finds whom a row is about: by his number or, in a row without one, by user name and then by e-mail address. What
// else is unique must not be another's.
func (c *comparison) person(row *wire.ImportRow) (found *model.User) {
	by := uniqueFields
	if row.Values[wire.FieldEmployeeID] != "" {
		by = uniqueFields[:1]
	}
	for _, unique := range by {
		if found == nil {
			found = c.known[unique.field][model.Key(row.Values[unique.field])]
		}
	}
	if found != nil && found.State != wire.UserActive && found.State != wire.UserDisabled {
		found = nil // a sign-up that waits: what it holds is taken
	}
	for _, unique := range uniqueFields {
		other := c.known[unique.field][model.Key(row.Values[unique.field])]
		if other == nil || found != nil && other.ID == found.ID {
			continue
		}
		reason := unique.taken
		if found != nil && len(by) > 1 {
			reason = wire.ReasonSeveralPeople
		}
		row.Problems = append(row.Problems, Problem(unique.field, reason))
	}
	return found
}

// fillNew demands what a new person needs. Without a user name he gets his number as one, if it can be one.
func (c *comparison) fillNew(row *wire.ImportRow) {
	if row.Values[wire.FieldUsername] == "" && model.IsUsername(row.Values[wire.FieldEmployeeID]) {
		row.Values[wire.FieldUsername] = row.Values[wire.FieldEmployeeID]
		if u := c.known[wire.FieldUsername][model.Key(row.Values[wire.FieldUsername])]; u != nil {
			row.Problems = append(row.Problems, Problem(wire.FieldUsername, wire.ReasonUsernameTaken))
		}
	}
	for _, field := range []wire.Field{wire.FieldName, wire.FieldEmployeeID, wire.FieldUsername} {
		if row.Values[field] == "" {
			row.Problems = append(row.Problems, Problem(field, wire.ReasonValueMissing))
		}
	}
}

// findDoubles refuses what an earlier row has. Of a person who is found by one field, the others count too.
func (c *comparison) findDoubles(row *wire.ImportRow, u *model.User) {
	for _, unique := range uniqueFields {
		key := model.Key(row.Values[unique.field])
		if key == "" && u != nil {
			key = model.Key(*u.Field(unique.field))
		}
		if key == "" {
			continue
		}
		if other, twice := c.seen[unique.field][key]; twice {
			problem := Problem(unique.field, wire.ReasonValueTwice)
			problem.OtherRow = other
			row.Problems = append(row.Problems, problem)
			continue
		}
		c.seen[unique.field][key] = row.Row
	}
}

// compare lists what a row changes. An empty cell changes nothing.
func (c *comparison) compare(row *wire.ImportRow, u *model.User) {
	was := model.User{}
	if u != nil {
		was = *u
	}
	for _, column := range exportColumns {
		value := row.Values[column.field]
		if value == "" {
			continue
		}
		before, reason := *was.Field(column.field), wire.Reason("")
		switch column.field {
		case wire.FieldDepartment:
			value, reason = c.paths.resolve(value)
			before = c.paths.of(was)
			row.Values[column.field] = value
		case wire.FieldState:
			before = string(was.State)
			if u == nil && value == string(wire.UserActive) {
				before = value
			}
		}
		if reason == "" && value != before && u != nil && was.Role != wire.RoleUser && guarded(column.field) {
			reason = wire.ReasonAdministrator
		}
		if reason != "" {
			row.Problems = append(row.Problems, Problem(column.field, reason))
		} else if value != before {
			row.Changes = append(row.Changes, wire.FieldChange{Field: column.field, From: before, To: value})
		}
	}
}

// guarded fields of administrators and auditors are not changed by a file: what they sign in by, and whether they may.
func guarded(field wire.Field) bool {
	switch field {
	case wire.FieldState, wire.FieldEmployeeID, wire.FieldUsername, wire.FieldEmail:
		return true
	}
	return false
}
