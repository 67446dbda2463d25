package model

import (
	"strings"
	"time"
	"unicode"

	"himsg/shared/wire"
)

// Field is where a field of a person is kept. What a person has no text of his own for (his department) is kept nowhere: a
// text of its own is returned.
func (u *User) Field(field wire.Field) *string {
	switch field {
	case wire.FieldName:
		return &u.Name
	case wire.FieldUsername:
		return &u.Username
	case wire.FieldEmployeeID:
		return &u.EmployeeID
	case wire.FieldPosition:
		return &u.Position
	case wire.FieldGrade:
		return &u.Grade
	case wire.FieldEmail:
		return &u.Email
	case wire.FieldBirthDate:
		return &u.BirthDate
	case wire.FieldPhone:
		return &u.Phone
	case wire.FieldStatusText:
		return &u.StatusText
	}
	return new(string)
}

// IsDate reports whether a text is a day somebody alive may have been born on, or a company will see: YYYY-MM-DD from 1900 to
// 2199.
func IsDate(s string) bool {
	at, err := time.Parse(time.DateOnly, s)
	return err == nil && at.Year() >= 1900 && at.Year() < 2200
}

// IsEmail is generous: whether mail arrives there is not for us to know.
func IsEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(domain, "@") &&
		!strings.ContainsFunc(s, unicode.IsSpace) && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

// IsUsername reports whether a name may be a user name: letters and digits of any script and . _ - @ +, not only dots.
func IsUsername(s string) bool {
	letters := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			letters = true
		case !strings.ContainsRune("._-@+", r) && !unicode.IsMark(r):
			return false
		}
	}
	return letters
}
