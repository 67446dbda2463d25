package config

import (
	"errors"
	"time"
)

// LDAP says where the company's directory is: OpenLDAP or Active Directory. People sign in with the password that they have
// there, and accounts, departments and roles are kept in step with it.
type LDAP struct {
	URL            string            `name:"url" placeholder:"URL" help:"ldaps://host, or ldap://host with --ldap-start-tls. Without it nobody signs in with a password of the directory."`
	StartTLS       bool              `name:"start-tls" help:"Encrypt an ldap:// connection before anything is said."`
	CA             string            `name:"ca" placeholder:"FILE" help:"Authority of the directory's certificate (PEM). Without it those that the system trusts."`
	BindDN         string            `name:"bind-dn" placeholder:"DN" help:"Who reads the directory. It needs to read only."`
	PasswordFile   string            `placeholder:"FILE" help:"The reader's password, in a file that nobody else can read."`
	Base           string            `placeholder:"DN" help:"People are below it."`
	Schema         string            `enum:"openldap,ad" default:"openldap" help:"What the directory calls things: openldap or ad (Active Directory)."`
	Filter         string            `placeholder:"FILTER" help:"Who is a person. Without it what is usual for the schema."`
	Attributes     map[string]string `placeholder:"FIELD=ATTRIBUTE;…" help:"Where a field is, if not where it usually is: key, username, name, employee_id, email, phone, position, grade, department."`
	DepartmentFrom string            `enum:"attribute,ou" default:"attribute" help:"Departments come from the attribute, divided by / or >, or from the organizational units that a person is in (ou)."`
	OwnerGroup     string            `placeholder:"DN" help:"Group whose members are owners."`
	AdminGroup     string            `placeholder:"DN" help:"Group whose members are administrators."`
	AuditorGroup   string            `placeholder:"DN" help:"Group whose members are auditors."`
	OnlyGroup      string            `placeholder:"DN" help:"Only members of this group are taken. Without it all that the filter finds."`
	Every          time.Duration     `default:"1m" help:"How often the directory is read. Who leaves it is out after that at the latest."`
	MaxLeavers     int               `default:"20" placeholder:"PERCENT" help:"If more of the people would be disabled at once, nobody is: a wrong base or filter is likelier than that."`
	Link           bool              `help:"Take over accounts of this server that have the same user name and employee number. Owners are never taken over."`
}

// Validate implements kong's check after parsing.
func (l *LDAP) Validate() error {
	switch {
	case l.URL == "":
		return nil
	case l.Base == "":
		return errors.New("--ldap-url needs --ldap-base")
	case (l.BindDN == "") != (l.PasswordFile == ""):
		return errors.New("--ldap-bind-dn and --ldap-password-file go together")
	case l.Every < 10*time.Second || l.Every > 24*time.Hour:
		return errors.New("--ldap-every must be 10s to 24h")
	case l.MaxLeavers < 1 || l.MaxLeavers > 100:
		return errors.New("--ldap-max-leavers must be 1 to 100")
	}
	return nil
}

// OIDC says who the company's sign-in server is: Keycloak, AD FS, Entra ID. People sign in there, in their browser.
type OIDC struct {
	Issuer       string            `placeholder:"URL" help:"https:// address of the sign-in server, exactly as it calls itself. Without it nobody signs in by the browser."`
	ClientID     string            `name:"client-id" placeholder:"ID" help:"What the sign-in server calls this messenger."`
	SecretFile   string            `placeholder:"FILE" help:"The client's secret, in a file that nobody else can read. Without it the client is a public one."`
	CA           string            `name:"ca" placeholder:"FILE" help:"Authority of the sign-in server's certificate (PEM). Without it those that the system trusts."`
	Name         string            `placeholder:"NAME" help:"What the button on the sign-in screen calls it, for example 회사 계정."`
	Scopes       []string          `placeholder:"SCOPE,…" help:"Scopes besides openid. Without them profile and email."`
	Claims       map[string]string `placeholder:"FIELD=CLAIM;…" help:"Where a field is, if not where it usually is: username, name, employee_id, email, phone, position, grade, department, groups."`
	OwnerGroup   string            `placeholder:"GROUP" help:"Group whose members are owners."`
	AdminGroup   string            `placeholder:"GROUP" help:"Group whose members are administrators."`
	AuditorGroup string            `placeholder:"GROUP" help:"Group whose members are auditors."`
	OnlyGroup    string            `placeholder:"GROUP" help:"Only members of this group may sign in."`
	Link         bool              `help:"Take over accounts of this server that have the same user name and employee number. Owners are never taken over."`
}

// Validate implements kong's check after parsing.
func (o *OIDC) Validate() error {
	if o.Issuer != "" && o.ClientID == "" {
		return errors.New("--oidc-issuer needs --oidc-client-id")
	}
	return nil
}
