package ldapdir

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"

	"github.com/go-ldap/ldap/v3"

	"himsg/shared/wire"
)

// Settings says where the LDAP server is and how it calls things.
type Settings struct {
	URL          string // ldap://host or ldaps://host, with a port where it is not the usual one
	StartTLS     bool   // ldap:// only: encrypt before anything is said
	CAFile       string // PEM; empty: the authorities that the system trusts
	BindDN       string // who reads; empty: nobody in particular
	BindPassword string
	BaseDN       string // people are below it
	// Schema fills in what Filter and Attributes leave out: "openldap" or "ad".
	Schema     string
	Filter     string // who is a person
	Attributes map[string]string
	// DepartmentFrom is "attribute" (its value, parts divided by "/" or ">") or "ou" (the organisational units between
	// a person's entry and BaseDN).
	DepartmentFrom string
	// Groups gives roles: DNs of groups by role. Who is in none of them is a user.
	Groups map[wire.UserRole]string
	// OnlyGroup is the DN of the group that may sign in; empty: everybody that Filter finds.
	OnlyGroup string
}

// schema is what a kind of server calls things, and how it tells of groups.
type schema struct {
	filter     string
	attributes map[string]string
	nested     bool // memberOf can be asked through groups in groups
}

// schemas: RFC 2798 (inetOrgPerson) and RFC 4530 (entryUUID); Active Directory's attributes and its matching rule in
// chain, https://learn.microsoft.com/windows/win32/adsi/search-filter-syntax.
var schemas = map[string]schema{
	"openldap": {
		filter: "(objectClass=inetOrgPerson)",
		attributes: map[string]string{
			"key": "entryUUID", "username": "uid", "name": "cn", "employee_id": "employeeNumber", "email": "mail",
			"phone": "telephoneNumber", "position": "title", "grade": "employeeType", "department": "departmentNumber",
		},
	},
	"ad": {
		filter: "(&(objectCategory=person)(objectClass=user))",
		attributes: map[string]string{
			"key": "objectGUID", "username": "sAMAccountName", "name": "displayName", "employee_id": "employeeID",
			"email": "mail", "phone": "telephoneNumber", "position": "title", "grade": "extensionAttribute1",
			"department": "department",
		},
		nested: true,
	},
}

// plain is Settings with everything filled in.
type plain struct {
	Settings
	schema
	host   string // host:port
	secure *tls.Config
	base   *ldap.DN
}

// complete checks settings and fills in the usual. Its errors are one sentence for who wrote them.
func (s Settings) complete() (plain, error) {
	p := plain{Settings: s}
	if p.Schema == "" {
		p.Schema = "openldap"
	}
	kind, ok := schemas[p.Schema]
	if !ok {
		return p, fmt.Errorf("the LDAP schema must be openldap or ad, not %q", p.Schema)
	}
	p.schema = kind
	p.schema.attributes = make(map[string]string, len(kind.attributes))
	for field, attribute := range kind.attributes {
		p.schema.attributes[field] = attribute
	}
	for field, attribute := range s.Attributes {
		if _, ok := kind.attributes[field]; !ok {
			return p, fmt.Errorf("LDAP gives no field %q", field)
		}
		p.schema.attributes[field] = attribute
	}
	if p.Filter == "" {
		p.Filter = kind.filter
	}
	if _, err := ldap.CompileFilter(p.Filter); err != nil {
		return p, fmt.Errorf("the LDAP filter can't be read: %w", err)
	}
	if p.DepartmentFrom == "" {
		p.DepartmentFrom = "attribute"
	}
	if p.DepartmentFrom != "attribute" && p.DepartmentFrom != "ou" {
		return p, fmt.Errorf("departments come from attribute or ou, not from %q", p.DepartmentFrom)
	}
	var err error
	if p.base, err = ldap.ParseDN(p.BaseDN); err != nil || p.BaseDN == "" {
		return p, fmt.Errorf("the LDAP base %q is no distinguished name", p.BaseDN)
	}
	if err := p.address(); err != nil {
		return p, err
	}
	if err := p.trust(); err != nil {
		return p, err
	}
	return p, nil
}

// address reads the URL. A password that travels in the clear is refused: it would be everybody's, one after the other.
func (p *plain) address() error {
	u, err := url.Parse(p.URL)
	if err != nil || u.Hostname() == "" || *u != (url.URL{Scheme: u.Scheme, Host: u.Host}) {
		return errors.New("the LDAP address must be ldap://host or ldaps://host, with a port if need be")
	}
	port := u.Port()
	switch {
	case u.Scheme == "ldaps" && p.StartTLS:
		return errors.New("ldaps:// is encrypted already; StartTLS is for ldap://")
	case u.Scheme == "ldaps":
		port = orElse(port, "636")
	case u.Scheme == "ldap" && (p.StartTLS || isLoopback(u.Hostname())):
		port = orElse(port, "389")
	case u.Scheme == "ldap":
		return errors.New("ldap:// sends passwords in the clear: use ldaps://, or StartTLS")
	default:
		return errors.New("the LDAP address must begin with ldap:// or ldaps://")
	}
	p.host = net.JoinHostPort(u.Hostname(), port)
	if u.Scheme == "ldaps" || p.StartTLS {
		p.secure = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	}
	return nil
}

// trust reads whose certificates are believed.
func (p *plain) trust() error {
	if p.secure == nil || p.CAFile == "" {
		return nil
	}
	pem, err := os.ReadFile(p.CAFile)
	if err != nil {
		return fmt.Errorf("read the LDAP server's authority: %w", err)
	}
	p.secure.RootCAs = x509.NewCertPool()
	if !p.secure.RootCAs.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s holds no certificate", p.CAFile)
	}
	return nil
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
