package oidcdir

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"himsg/shared/wire"
)

// ReadClaims is the check of FuzzClaims.
func ReadClaims(t *testing.T, now func() time.Time, text string) {
	t.Helper()
	var claims map[string]any
	if json.Unmarshal([]byte(text), &claims) != nil {
		return
	}
	for _, groups := range []string{"groups", "realm_access.roles"} {
		d, err := New(Settings{Issuer: "https://idp.test", ClientID: "x", Claims: map[string]string{"groups": groups}}, now)
		if err != nil {
			t.Fatal(err)
		}
		p, err := d.person("subject", claims)
		if err != nil {
			continue
		}
		if p.Username == "" || p.Name == "" || p.Role != wire.RoleUser {
			t.Fatalf("took %+v", p)
		}
		for _, s := range append(p.Department, p.Username, p.Name, p.Email) {
			if !utf8.ValidString(s) || utf8.RuneCountInString(s) > wire.MaxFieldRunes {
				t.Fatalf("took %q", s)
			}
		}
	}
}
