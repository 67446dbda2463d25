package oidcdir

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"

	"himsg/shared/wire"
)

// Settings says who the provider is and how it calls things.
type Settings struct {
	Issuer       string // https://…; exactly as the provider writes it
	ClientID     string
	ClientSecret string   // empty: a public client, which PKCE protects alone
	CAFile       string   // PEM; empty: the authorities that the system trusts
	Scopes       []string // besides openid; empty: profile and email
	// Claims names the claim of a field where it is not the usual one (usualClaims).
	Claims map[string]string
	// Groups gives roles: the value in the groups claim, by role. Who has none of them is a user.
	Groups map[wire.UserRole]string
	// OnlyGroup is the group that may sign in; empty: everybody whom the provider lets through.
	OnlyGroup string
}

// usualClaims: OpenID Connect Core 5.1, and what Keycloak and AD FS send besides.
var usualClaims = map[string]string{
	"username": "preferred_username", "name": "name", "email": "email", "phone": "phone_number",
	"employee_id": "employee_id", "position": "title", "grade": "grade", "department": "department", "groups": "groups",
}

// complete checks settings and fills in the usual. Its errors are one sentence for who wrote them.
func (s Settings) complete() (Settings, error) {
	u, err := url.Parse(s.Issuer)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return s, errors.New("the OIDC issuer must be an https:// address")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return s, errors.New("the OIDC issuer must be an https:// address")
	}
	if s.ClientID == "" {
		return s, errors.New("an OIDC issuer needs a client id")
	}
	if len(s.Scopes) == 0 {
		s.Scopes = []string{"profile", "email"}
	}
	claims := make(map[string]string, len(usualClaims))
	for field, claim := range usualClaims {
		claims[field] = claim
	}
	for field, claim := range s.Claims {
		if _, ok := usualClaims[field]; !ok {
			return s, fmt.Errorf("OIDC gives no field %q", field)
		}
		claims[field] = claim
	}
	s.Claims = claims
	return s, nil
}

// trust is whose certificates are believed.
func (s Settings) trust() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return c, nil
	}
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("read the OIDC issuer's authority: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", s.CAFile)
	}
	return c, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
