package model

import (
	"strings"

	"himsg/shared/wire"
)

// OutsidePerson is a person as the company's own directory (LDAP, an identity provider) describes him. Its texts were
// checked like those of a form: NFC, one line, bounded.
type OutsidePerson struct {
	Key        string // never changes and is never given to another: entryUUID, objectGUID, an OIDC subject
	Username   string
	Name       string
	EmployeeID string
	Email      string
	Phone      string
	Position   string
	Grade      string
	Department []string // names from the root down; empty: none
	Role       wire.UserRole
	Disabled   bool
}

// Path divides "본사 > 영업본부 / 영업1팀" into names from the root down. One that can't be a department's makes it empty: half
// a path is another place.
func Path(path string) []string {
	if len(path) > wire.MaxDepartmentDepth*wire.MaxNameRunes*12 {
		return nil
	}
	var names []string
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return r == '>' || r == '/' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, err := Line("department", part, wire.MaxNameRunes, true)
		if err != nil || len(names) == wire.MaxDepartmentDepth {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// Where accounts come from that are not this server's own.
const (
	SourceLDAP = "ldap"
	SourceOIDC = "oidc"
)

// BrowserTry is one attempt to sign in by the browser.
type BrowserTry struct {
	Redirect  string // where the browser goes with the code: an address of the person's own machine
	State     string // comes back beside the code
	Nonce     string // comes back within the signed token
	Challenge string // S256 of the verifier that only the person's device knows (RFC 7636)
}

// BrowserCode is what came back from the browser, and what belongs to it.
type BrowserCode struct {
	Code     string
	Verifier string
	Redirect string
	Nonce    string
}
