package model_test

import (
	"testing"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func TestFormsOfAPerson(t *testing.T) {
	for what, row := range map[string]struct {
		is       func(string) bool
		yes, not []string
	}{
		"a date": {
			model.IsDate,
			[]string{"1900-01-01", "2000-02-29", "2199-12-31"},
			[]string{"", "1899-12-31", "2200-01-01", "2001-02-29", "01-01-2000", "2000-1-1"},
		},
		"an e-mail address": {
			model.IsEmail,
			[]string{"kim@himsg.test", "김@회사.한국", "a+b@c"},
			[]string{"", "kim", "@himsg.test", "kim@", "kim@@himsg.test", "kim@.test", "kim@test.", "k im@himsg.test"},
		},
		"a user name": {
			model.IsUsername,
			[]string{"kim", "김하늘", "kim.h_1-2@x+y"},
			[]string{"", ".", "..", "../kim", "a b", "a/b", `a\b`, "a:b"},
		},
	} {
		for _, s := range row.yes {
			if !row.is(s) {
				t.Errorf("%q is not %s", s, what)
			}
		}
		for _, s := range row.not {
			if row.is(s) {
				t.Errorf("%q is %s", s, what)
			}
		}
	}
}

func TestEveryTextOfAPersonHasItsPlace(t *testing.T) {
	var u model.User
	places := map[*string]wire.Field{}
	for _, field := range []wire.Field{
		wire.FieldName, wire.FieldUsername, wire.FieldEmployeeID, wire.FieldPosition, wire.FieldGrade, wire.FieldEmail,
		wire.FieldBirthDate, wire.FieldPhone, wire.FieldStatusText,
	} {
		if other, taken := places[u.Field(field)]; taken {
			t.Errorf("%s lies where %s does", field, other)
		}
		places[u.Field(field)] = field
		*u.Field(field) = string(field)
	}
	if u.Name != "name" || u.Phone != "phone" || u.StatusText != "status_text" {
		t.Errorf("%+v", u)
	}
}
