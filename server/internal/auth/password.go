package auth

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// commonText holds passwords that everybody tries first, one a line, lower case.
//
//go:embed common.txt
var commonText string

var (
	passwordTooShort = errs.Text{KO: "비밀번호는 8자 이상이어야 합니다.", EN: "A password needs at least 8 characters."}
	passwordTooLong  = errs.Text{KO: "비밀번호는 128자를 넘을 수 없습니다.", EN: "A password can't be longer than 128 characters."}
	passwordCommon   = errs.Text{
		KO: "너무 흔한 비밀번호입니다. 다른 비밀번호를 사용해주세요.", EN: "This password is too common. Please choose another one.",
	}
	passwordIsName = errs.Text{
		KO: "비밀번호는 아이디와 달라야 합니다.", EN: "The password must differ from the user name.",
	}
	passwordInvalid = errs.Text{KO: "사용할 수 없는 문자가 들어 있습니다.", EN: "It contains characters that are not allowed."}
)

// CheckPassword applies the rules for a new password: 8 to 128 code points, not the user name, not one of the
// commonest. It asks for no mix of characters (NIST SP 800-63B, 3.1.1.2). Refusals are wire.BadRequest with
// ReasonWeakPassword.
func CheckPassword(username, password string) error {
	return checkPassword("password", username, password)
}

// checkPassword names the field that held the password.
func checkPassword(field, username, password string) error {
	weak := func(t errs.Text) error {
		e := errs.E(wire.BadRequest, wire.ReasonWeakPassword, t)
		e.Fields = []errs.Field{{Name: field, Text: t}}
		return e
	}
	if !utf8.ValidString(password) || strings.ContainsRune(password, 0) {
		return weak(passwordInvalid)
	}
	password = foldPassword(password)
	switch n := utf8.RuneCountInString(password); {
	case n < wire.MinPasswordRunes:
		return weak(passwordTooShort)
	case n > wire.MaxPasswordRunes:
		return weak(passwordTooLong)
	}
	key := strings.ToLower(password)
	if key == model.Key(username) {
		return weak(passwordIsName)
	}
	if common(key) {
		return weak(passwordCommon)
	}
	return nil
}

// foldPassword makes the same password of what different keyboards send: Hangul comes composed or not (RFC 8265, 4.2).
func foldPassword(s string) string { return norm.NFC.String(s) }

func common(key string) bool {
	for line := range strings.Lines(commonText) {
		if strings.TrimSpace(line) == key {
			return true
		}
	}
	return repeats(key) || runs(key)
}

// repeats finds "aaaaaaaa" and "abababab": one or two characters over and over.
func repeats(s string) bool {
	r := []rune(s)
	for i := range r {
		if r[i] != r[i%2] {
			return false
		}
	}
	return true
}

// runs finds "12345678", "98765432" and "abcdefgh": each character next to the one before.
func runs(s string) bool {
	r := []rune(s)
	up, down := true, true
	for i := 1; i < len(r); i++ {
		d := r[i] - r[i-1]
		up = up && (d == 1 || r[i-1] == '9' && r[i] == '0')
		down = down && (d == -1 || r[i-1] == '0' && r[i] == '9')
	}
	return up || down
}
