package natsbus_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"himsg/server/internal/bus/natsbus"
	"himsg/server/internal/bus/natstest"
)

// secure starts a server that speaks TLS only, and returns it with the authority of its certificate.
func secure(t *testing.T, options server.Options) (s *natstest.Server, authority *natstest.Authority) {
	t.Helper()
	authority, err := natstest.NewAuthority(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cert, key := signed(t, authority)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	options.TLS, options.TLSConfig, options.TLSTimeout = true, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, 5
	if options.TLSVerify {
		options.TLSConfig.ClientAuth, options.TLSConfig.ClientCAs = tls.RequireAndVerifyClientCert, authority.Pool()
	}
	s, err = natstest.StartWith(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s, authority
}

func signed(t *testing.T, a *natstest.Authority) (cert, key string) {
	t.Helper()
	cert, key, err := a.Sign("127.0.0.1", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// account puts a user and a password into an address that speaks TLS.
func account(s *natstest.Server, user string) string {
	return "tls://" + user + "@" + strings.TrimPrefix(s.URL(), "nats://")
}

// refused sees that nobody comes in so.
func refused(t *testing.T, why, url string, change func(*natsbus.Options)) {
	t.Helper()
	o := natsbus.Options{URLs: []string{url}}
	change(&o)
	if _, _, err := natsbus.Ping(o); err == nil {
		t.Errorf("%s: a ping comes through", why)
	}
}

func TestTLSWithPasswords(t *testing.T) {
	s, authority := secure(t, server.Options{Username: "himsg", Password: "geheim"})
	url := account(s, "himsg:geheim")
	trust := func(o *natsbus.Options) { o.CA = authority.CA }
	a, b := open(t, url, "a", trust), open(t, url, "b", trust)
	meet(t, a, b)
	at, encrypted, err := natsbus.Ping(natsbus.Options{URLs: []string{url}, CA: authority.CA})
	if err != nil || !encrypted || strings.Contains(at, "geheim") {
		t.Errorf("ping: %s, encrypted %v, %v", at, encrypted, err)
	}
	refused(t, "a wrong password", account(s, "himsg:falsch"), trust)
	refused(t, "no password", "tls://"+strings.TrimPrefix(s.URL(), "nats://"), trust)
	refused(t, "an authority that nobody knows", url, func(*natsbus.Options) {})
	other, err := natstest.NewAuthority(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "another authority", url, func(o *natsbus.Options) { o.CA = other.CA })
	stranger := open(t, account(s, "himsg:falsch"), "stranger", trust)
	until(t, "who has a wrong password is deaf", func() bool { return !stranger.Connected() && stranger.State().Deaf })
	s.Stop()
	until(t, "the outage is noticed", func() bool { return a.State().Deaf })
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "it is over", func() bool { return !a.State().Deaf && !b.State().Deaf })
}

func TestServersWithCertificatesOfTheirOwn(t *testing.T) {
	s, authority := secure(t, server.Options{TLSVerify: true})
	cert, key := signed(t, authority)
	url := "tls://" + strings.TrimPrefix(s.URL(), "nats://")
	own := func(o *natsbus.Options) { o.CA, o.Cert, o.Key = authority.CA, cert, key }
	meet(t, open(t, url, "a", own), open(t, url, "b", own))
	refused(t, "no certificate", url, func(o *natsbus.Options) { o.CA = authority.CA })
}

func TestCredentialsOfAnOperator(t *testing.T) {
	options, creds := operated(t)
	s, authority := secure(t, options)
	url := "tls://" + strings.TrimPrefix(s.URL(), "nats://")
	known := func(o *natsbus.Options) { o.CA, o.Creds = authority.CA, creds }
	meet(t, open(t, url, "a", known), open(t, url, "b", known))
	refused(t, "no credentials", url, func(o *natsbus.Options) { o.CA = authority.CA })
	_, foreign := operated(t)
	refused(t, "credentials of another operator", url, func(o *natsbus.Options) { o.CA, o.Creds = authority.CA, foreign })
}

// operated is a server's trust in an operator, and a file of credentials for a user of his, as nsc makes it.
func operated(t *testing.T) (options server.Options, creds string) {
	t.Helper()
	pair := func(create func() (nkeys.KeyPair, error)) (k nkeys.KeyPair, public string) {
		t.Helper()
		k, err := create()
		if err != nil {
			t.Fatal(err)
		}
		if public, err = k.PublicKey(); err != nil {
			t.Fatal(err)
		}
		return k, public
	}
	must := func(token string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	operator, operatorID := pair(nkeys.CreateOperator)
	company, companyID := pair(nkeys.CreateAccount)
	user, userID := pair(nkeys.CreateUser)
	claims := jwt.NewOperatorClaims(operatorID)
	must(claims.Encode(operator)) // signs it
	resolver := &server.MemAccResolver{}
	if err := resolver.Store(companyID, must(jwt.NewAccountClaims(companyID).Encode(operator))); err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.FormatUserConfig(must(jwt.NewUserClaims(userID).Encode(company)), seed)
	if err != nil {
		t.Fatal(err)
	}
	creds = filepath.Join(t.TempDir(), "himsg.creds")
	if err := os.WriteFile(creds, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return server.Options{TrustedOperators: []*jwt.OperatorClaims{claims}, AccountResolver: resolver}, creds
}
