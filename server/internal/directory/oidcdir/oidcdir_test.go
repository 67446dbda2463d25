package oidcdir_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"himsg/server/internal/directory/oidcdir"
	"himsg/server/internal/directory/oidcdir/oidctest"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func clock() time.Time { return time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC) }

func settings(p *oidctest.Provider) oidcdir.Settings {
	return oidcdir.Settings{
		Issuer: p.URL, CAFile: p.CAFile, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		Groups: map[wire.UserRole]string{wire.RoleAdmin: "messenger-admins"},
	}
}

func open(t *testing.T, s oidcdir.Settings) *oidcdir.Dir {
	t.Helper()
	d, err := oidcdir.New(s, clock)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// begun is a try up to the code.
func begun(t *testing.T, d *oidcdir.Dir, p *oidctest.Provider) model.BrowserCode {
	t.Helper()
	verifier := oauth2.GenerateVerifier()
	try := model.BrowserTry{
		Redirect: "http://127.0.0.1:1/callback", State: "state", Nonce: "nonce", Challenge: oauth2.S256ChallengeFromVerifier(verifier),
	}
	address, err := d.Address(t.Context(), try)
	if err != nil {
		t.Fatal(err)
	}
	code, state := p.Enter(t, address)
	if code == "" || state != try.State {
		t.Fatalf("came back with code %q, state %q", code, state)
	}
	return model.BrowserCode{Code: code, Verifier: verifier, Redirect: try.Redirect, Nonce: try.Nonce}
}

func TestAPersonSignsIn(t *testing.T) {
	p := oidctest.Start(t, clock)
	p.Claims = map[string]any{
		"preferred_username": "kim", "name": "김하늘", "email": "kim@himsg.test", "email_verified": true, "department": "본사>영업팀",
		"employee_id": "A0001", "groups": []string{"staff", "messenger-admins"}, "azp": oidctest.ClientID,
	}
	d := open(t, settings(p))
	got, err := d.Person(t.Context(), begun(t, d, p))
	if err != nil {
		t.Fatal(err)
	}
	want := model.OutsidePerson{
		Key: "subject-1", Username: "kim", Name: "김하늘", Email: "kim@himsg.test", EmployeeID: "A0001",
		Department: []string{"본사", "영업팀"}, Role: wire.RoleAdmin,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}

	p.NewKey(t, "2") // the provider turns its key: the next token is believed all the same
	p.Claims = map[string]any{"email": "lee@himsg.test", "realm_access": map[string]any{"roles": []string{"messenger-admins"}}}
	s := settings(p)
	s.Claims = map[string]string{"groups": "realm_access.roles"}
	d = open(t, s)
	got, err = d.Person(t.Context(), begun(t, d, p))
	if err != nil || got.Username != "lee" || got.Name != "lee" || got.Role != wire.RoleAdmin {
		t.Errorf("with little said: %+v, %v", got, err)
	}
	s.OnlyGroup = "staff"
	d = open(t, s)
	if _, err = d.Person(t.Context(), begun(t, d, p)); !errs.Is(err, wire.Forbidden) {
		t.Errorf("who is not in the group: %v", err)
	}
}

func TestTheKeyTurnsWhileWeRun(t *testing.T) {
	p := oidctest.Start(t, clock)
	p.Claims = map[string]any{"preferred_username": "kim"}
	d := open(t, settings(p))
	for _, id := range []string{"2", "3"} {
		if _, err := d.Person(t.Context(), begun(t, d, p)); err != nil {
			t.Errorf("before key %s: %v", id, err)
		}
		p.NewKey(t, id)
	}
}

func TestWhatIsNotBelieved(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(*oidctest.Provider) {
		return func(p *oidctest.Provider) { p.Change = func(claims map[string]any) { claims[name] = value } }
	}
	for name, lie := range map[string]func(*oidctest.Provider){
		"another nonce":          claim("nonce", "other"),
		"no nonce":               claim("nonce", ""),
		"another audience":       claim("aud", "mail"),
		"two audiences, no azp":  claim("aud", []string{oidctest.ClientID, "mail"}),
		"made for another":       claim("azp", "mail"),
		"azp that is no text":    claim("azp", []string{oidctest.ClientID}),
		"another issuer":         claim("iss", "https://evil.test"),
		"old":                    claim("exp", clock().Add(-time.Minute).Unix()),
		"not yet":                claim("nbf", clock().Add(time.Hour).Unix()),
		"no subject":             claim("sub", ""),
		"a subject with newline": claim("sub", "a\nb"),
		"another key": func(p *oidctest.Provider) {
			p.Sign = func(b []byte) string { return oidctest.Signed(other, jose.ES256, b) }
		},
		"signed with the client's secret": func(p *oidctest.Provider) {
			p.Sign = func(b []byte) string { return oidctest.Signed([]byte(oidctest.ClientSecret), jose.HS256, b) }
		},
		"not signed": func(p *oidctest.Provider) {
			p.Sign = func(b []byte) string {
				return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(b) + "."
			}
		},
		"no token": func(p *oidctest.Provider) { p.Sign = func([]byte) string { return "" } },
	} {
		t.Run(name, func(t *testing.T) {
			p := oidctest.Start(t, clock)
			p.Claims = map[string]any{"preferred_username": "kim"}
			lie(p)
			d := open(t, settings(p))
			isRefused(t, d, begun(t, d, p))
		})
	}
}

func isRefused(t *testing.T, d *oidcdir.Dir, c model.BrowserCode) {
	t.Helper()
	if got, err := d.Person(t.Context(), c); !errs.Is(err, wire.Unauthenticated) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestCodes(t *testing.T) {
	p := oidctest.Start(t, clock)
	p.Claims = map[string]any{"preferred_username": "kim"}
	d := open(t, settings(p))
	for name, change := range map[string]func(*model.BrowserCode){
		"another verifier": func(c *model.BrowserCode) { c.Verifier = oauth2.GenerateVerifier() },
		"another redirect": func(c *model.BrowserCode) { c.Redirect = "http://127.0.0.1:2/callback" },
		"another nonce":    func(c *model.BrowserCode) { c.Nonce = "other" },
		"no nonce":         func(c *model.BrowserCode) { c.Nonce = "" },
		"made up":          func(c *model.BrowserCode) { c.Code = "x" },
	} {
		t.Run(name, func(t *testing.T) {
			c := begun(t, d, p)
			change(&c)
			isRefused(t, d, c)
		})
	}
	c := begun(t, d, p)
	if _, err := d.Person(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	isRefused(t, d, c) // a second time
}

func TestAProviderThatIsNone(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"hangs": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"sends elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.test", http.StatusFound)
		},
		"talks nonsense": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"never ends": func(w http.ResponseWriter, _ *http.Request) {
			for tail := []byte(strings.Repeat(" ", 64<<10)); ; {
				if _, err := w.Write(tail); err != nil {
					return
				}
			}
		},
		"is another": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"issuer":"https://evil.test"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(h)
			defer s.Close()
			d := open(t, oidcdir.Settings{Issuer: s.URL, ClientID: "x"})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := d.Address(ctx, model.BrowserTry{}); !errs.Is(err, wire.Unavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	for says, s := range map[string]oidcdir.Settings{
		"https://":               {Issuer: "http://idp.company.test", ClientID: "x"},
		"https:// address":       {Issuer: "https://user:pw@idp.company.test", ClientID: "x"},
		"client id":              {Issuer: "https://idp.company.test"},
		`no field "shoe size"`:   {Issuer: "https://idp.company.test", ClientID: "x", Claims: map[string]string{"shoe size": "x"}},
		"the OIDC issuer's auth": {Issuer: "https://idp.company.test", ClientID: "x", CAFile: "/nowhere.pem"},
	} {
		if _, err := oidcdir.New(s, clock); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error with %q, got %v", says, err)
		}
	}
}

// FuzzClaims reads tokens that a provider might sign.
func FuzzClaims(f *testing.F) {
	f.Add(`{"preferred_username":"kim","groups":["a",1,null]}`)
	f.Add(`{"email":"@","realm_access":{"roles":"x"}}`)
	f.Add(`{"preferred_username":"\u202e","department":">>/"}`)
	f.Fuzz(func(t *testing.T, claims string) { oidcdir.ReadClaims(t, clock, claims) })
}
