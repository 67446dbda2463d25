package app_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/oauth2"

	"himsg/server/internal/config"
	"himsg/server/internal/directory/ldapdir/ldaptest"
	"himsg/server/internal/directory/oidcdir/oidctest"
	"himsg/shared/wire"
)

// withLDAP adds a directory to a server's settings. Its people are read as often as a test can wait for.
func withLDAP(t *testing.T, c config.Serve, s ldaptest.Server) config.Serve {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "reader")
	if err := os.WriteFile(secret, []byte(ldaptest.ReaderSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.LDAP = config.LDAP{
		URL: "ldap://" + s.Plain, StartTLS: true, CA: s.CAFile, BindDN: ldaptest.ReaderDN, PasswordFile: secret, Base: ldaptest.Base,
		DepartmentFrom: "ou", AdminGroup: "cn=admins," + ldaptest.Base, Every: 100 * time.Millisecond, MaxLeavers: 20,
	}
	return c
}

var ldapCompany = ldaptest.Unit("ou=본사") + ldaptest.Unit("ou=영업팀,ou=본사") +
	ldaptest.Entry("kim", "ou=영업팀,ou=본사", "cn: 김하늘", "employeeNumber: A0001", "mail: kim@himsg.test") +
	ldaptest.Entry("lee", "ou=본사", "cn: 이서준") + ldaptest.Group("admins", "uid=lee,ou=본사")

func (s *server) loginAs(username, password string) answer {
	s.t.Helper()
	return s.do(request{method: "POST", path: "/api/login", body: wire.LoginRequest{Username: username, Password: password}})
}

// until reads the directory until it is as wanted: again after each event that tells of a change of it.
func (p person) until(t *testing.T, socket *websocket.Conn, what string, is func(wire.DirectoryPage) bool) (page wire.DirectoryPage) {
	t.Helper()
	for {
		page = wire.DirectoryPage{}
		p.get("/api/directory", &page)
		if is(page) {
			return page
		}
		t.Logf("%s: not yet", what)
		var changed wire.UserChanged
		await(t, socket, wire.EvUser, &changed)
	}
}

func TestPeopleOfTheCompanysDirectory(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			ldap := ldaptest.Start(t, ldapCompany, "")
			s := start(t, withLDAP(t, settings(t, database), ldap))
			s.owner("boss")
			boss := s.login("boss")

			// They are there before they sign in, with their department.
			watching, _ := s.dial(boss.token)
			s.ask(watching, wire.OpSync, wire.SyncRequest{})
			page := boss.until(t, watching, "the people", func(page wire.DirectoryPage) bool {
				return len(page.Users) == 3 && len(page.Departments) == 2
			})
			for _, u := range page.Users {
				if u.Username == "kim" && (u.Name != "김하늘" || u.Department != "영업팀" || u.DepartmentUUID == "") {
					t.Errorf("kim is %+v", u)
				}
				if u.Username == "lee" && u.Role != wire.RoleAdmin {
					t.Errorf("lee is %+v", u)
				}
			}

			for _, wrong := range [][2]string{{"kim", "wrong"}, {"kim", ""}, {"nobody", ldaptest.Password}, {"boss", ldaptest.Password}} {
				if a := s.loginAs(wrong[0], wrong[1]); a.status != 401 || a.refusal().Reason != wire.ReasonBadCredentials {
					t.Errorf("%q: %d %s", wrong, a.status, a.body)
				}
			}
			var in wire.LoginReply
			a := s.loginAs("KIM", ldaptest.Password)
			if a.status != 200 {
				t.Fatalf("kim: %d %s", a.status, a.body)
			}
			a.decode(t, &in)
			if in.User.Name != "김하늘" || in.User.EmployeeID != "A0001" {
				t.Errorf("kim signed in as %+v", in.User)
			}
			a = s.do(request{method: "PUT", path: "/api/users/me/password", token: in.Token, body: wire.PasswordRequest{
				CurrentPassword: ldaptest.Password, NewPassword: newPassword,
			}})
			if a.status != 409 || a.refusal().Reason != wire.ReasonPasswordOutside {
				t.Errorf("a new password: %d %s", a.status, a.body)
			}
			if a := s.do(request{method: "POST", path: "/api/admin/users/" + in.User.UUID + "/reset-code", token: boss.token}); a.status != 409 {
				t.Errorf("a code for a new password: %d %s", a.status, a.body)
			}

			// A leaver is out, and his socket is closed.
			socket, _ := s.dial(in.Token)
			s.ask(socket, wire.OpSync, wire.SyncRequest{})
			ldap.Remove(t, "uid=kim,ou=영업팀,ou=본사")
			if code := closeCode(t, socket, 20*time.Second); code != wire.CloseRevoked {
				t.Errorf("the leaver's socket was closed with %d", code)
			}
			if a := s.do(request{method: "GET", path: "/api/users/me", token: in.Token}); a.status != 401 || a.refusal().Reason != wire.ReasonDisabled {
				t.Errorf("the leaver's token: %d %s", a.status, a.body)
			}
			if a := s.loginAs("kim", ldaptest.Password); a.status != 401 {
				t.Errorf("the leaver signs in: %d %s", a.status, a.body)
			}
			const left = "select count(*) from audit where action = 'mirrored' and actor_id is null and detail like ?"
			if n := s.count(left, `%"disabled":%`+in.User.UUID+"%"); n != 1 {
				t.Errorf("his leaving is in the audit %d times", n)
			}
			// His role went to another while he was signed in.
			ldap.Change(t, "cn=admins", "member", ldaptest.ReaderDN)
			boss.until(t, watching, "lee is no administrator", func(page wire.DirectoryPage) bool {
				for _, u := range page.Users {
					if u.Username == "lee" {
						return u.Role == wire.RoleUser
					}
				}
				return false
			})
		})
	}
}

// The owner is this server's own: he gets in when the directory is away, and nobody else is taken for a stranger.
func TestTheCompanysDirectoryIsAway(t *testing.T) {
	ldap := ldaptest.Start(t, ldapCompany, "")
	c := withLDAP(t, settings(t, ""), ldap)
	c.LDAP.URL = "ldap://127.0.0.1:1"
	s := start(t, c)
	s.owner("boss")
	s.login("boss")
	if a := s.loginAs("kim", ldaptest.Password); a.status != 503 || a.refusal().Reason != wire.ReasonDirectoryAway {
		t.Errorf("got %d %s", a.status, a.body)
	}
	if strings.Contains(s.log.String(), ldaptest.Password) || strings.Contains(s.log.String(), ldaptest.ReaderSecret) {
		t.Error("a password is in the log")
	}
}

func withOIDC(t *testing.T, c config.Serve, p *oidctest.Provider) config.Serve {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "client")
	if err := os.WriteFile(secret, []byte(oidctest.ClientSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	c.OIDC = config.OIDC{Issuer: p.URL, ClientID: oidctest.ClientID, SecretFile: secret, CA: p.CAFile, Name: "회사 계정", AdminGroup: "admins"}
	return c
}

func TestSignInByTheBrowser(t *testing.T) {
	p := oidctest.Start(t, time.Now)
	p.Claims = map[string]any{"preferred_username": "kim", "name": "김하늘", "groups": []string{"admins"}, "department": "본사/영업팀"}
	s := start(t, withOIDC(t, settings(t, ""), p))
	s.owner("boss")
	var info wire.ServerInfo
	s.must(200, request{method: "GET", path: "/api/server"}).decode(t, &info)
	if !info.SignIn.Browser || info.SignIn.BrowserName != "회사 계정" || info.SignIn.Directory {
		t.Errorf("the server offers %+v", info.SignIn)
	}

	verifier := oauth2.GenerateVerifier()
	sum := sha256.Sum256([]byte(verifier))
	const redirect = "http://127.0.0.1:43210/callback"
	begin := func() (begun wire.BrowserBeginReply) {
		t.Helper()
		s.must(200, request{method: "POST", path: "/api/sign-in/begin", body: wire.BrowserBeginRequest{
			RedirectURI: redirect, CodeChallenge: base64.RawURLEncoding.EncodeToString(sum[:]),
		}}).decode(t, &begun)
		return begun
	}
	finish := func(r wire.BrowserFinishRequest) answer {
		return s.do(request{method: "POST", path: "/api/sign-in/finish", body: r})
	}
	entered := func() wire.BrowserFinishRequest {
		begun := begin()
		code, state := p.Enter(t, begun.AuthorizationURL)
		if state != begun.State {
			t.Fatalf("came back with state %q, want %q", state, begun.State)
		}
		return wire.BrowserFinishRequest{Attempt: begun.Attempt, State: state, Code: code, CodeVerifier: verifier, DeviceName: "노트북"}
	}

	r := entered()
	a := finish(r)
	if a.status != http.StatusOK {
		t.Fatalf("finish: %d %s", a.status, a.body)
	}
	var in wire.LoginReply
	a.decode(t, &in)
	if in.User.Name != "김하늘" || in.User.Username != "kim" || in.User.Department != "영업팀" || !in.IsAdmin {
		t.Errorf("signed in as %+v", in.User)
	}
	s.must(200, request{method: "GET", path: "/api/users/me", token: in.Token})
	if a := s.loginAs("kim", ""); a.status != 401 {
		t.Errorf("with no password: %d %s", a.status, a.body)
	}

	for name, change := range map[string]func(*wire.BrowserFinishRequest){
		"a second time":    func(again *wire.BrowserFinishRequest) { *again = r },
		"another state":    func(r *wire.BrowserFinishRequest) { r.State = begin().State },
		"another attempt":  func(r *wire.BrowserFinishRequest) { r.Attempt = begin().Attempt },
		"changed attempt":  func(r *wire.BrowserFinishRequest) { r.Attempt = "A" + r.Attempt[1:] + "A" },
		"no attempt":       func(r *wire.BrowserFinishRequest) { r.Attempt = "" },
		"another verifier": func(r *wire.BrowserFinishRequest) { r.CodeVerifier = oauth2.GenerateVerifier() },
		"made up code":     func(r *wire.BrowserFinishRequest) { r.Code = "x" },
		"a long code":      func(r *wire.BrowserFinishRequest) { r.Code = strings.Repeat("x", 40_000) },
	} {
		r := entered()
		change(&r)
		if a := finish(r); a.status != 401 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for _, elsewhere := range []string{
		"https://evil.test/", "http://evil.test/callback", "http://localhost:1/callback", "http://127.0.0.1/callback",
		"http://127.0.0.1:1@evil.test:1/", "himsg://callback", "", "http://127.0.0.1:1/?x=1",
	} {
		a := s.do(request{method: "POST", path: "/api/sign-in/begin", body: wire.BrowserBeginRequest{
			RedirectURI: elsewhere, CodeChallenge: base64.RawURLEncoding.EncodeToString(sum[:]),
		}})
		if a.status != 400 {
			t.Errorf("back to %q: %d %s", elsewhere, a.status, a.body)
		}
	}
	p.Claims = map[string]any{"preferred_username": "boss", "sub": "another"}
	if a := finish(entered()); a.status != 409 || a.refusal().Reason != wire.ReasonUsernameTaken {
		t.Errorf("with the owner's name: %d %s", a.status, a.body)
	}
	if strings.Contains(s.log.String(), oidctest.ClientSecret) || strings.Contains(s.log.String(), verifier) {
		t.Error("a secret is in the log")
	}
}
