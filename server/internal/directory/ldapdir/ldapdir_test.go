package ldapdir_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/directory"
	"himsg/server/internal/directory/ldapdir"
	"himsg/server/internal/directory/ldapdir/ldaptest"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// company has two levels of units, somebody who left, somebody with a role, and an entry that can't be used.
var company = ldaptest.Unit("ou=본사") + ldaptest.Unit("ou=영업팀,ou=본사") +
	ldaptest.Entry("kim", "ou=영업팀,ou=본사", "cn: 김하늘", "employeeNumber: A0001", "mail: kim@himsg.test", "title: 팀장",
		"departmentNumber: 본사 > 영업팀", "telephoneNumber: 02-1234-5678", "employeeType: 부장") +
	ldaptest.Entry("lee", "ou=본사", "cn: 이서준", "title: 사원") +
	ldaptest.Entry("left", "", "cn: 나간이", "pwdAccountLockedTime: 000001010000Z") +
	// NFD, as a Mac would have written it: 박 in three jamo.
	ldaptest.Entry("park", "", "cn: \u1107\u1161\u11a8") +
	ldaptest.Group("owners", "uid=kim,ou=영업팀,ou=본사") + ldaptest.Group("admins", "uid=kim,ou=영업팀,ou=본사", "uid=lee,ou=본사") +
	ldaptest.Group("staff", "uid=kim,ou=영업팀,ou=본사", "uid=lee,ou=본사")

// allowOperational lets slapadd take an attribute that servers set themselves.
const ppolicy = "overlay ppolicy"

func settings(s ldaptest.Server) ldapdir.Settings {
	return ldapdir.Settings{
		URL: "ldaps://" + s.Secure, CAFile: s.CAFile, BindDN: ldaptest.ReaderDN, BindPassword: ldaptest.ReaderSecret, BaseDN: ldaptest.Base,
	}
}

func open(t testing.TB, s ldapdir.Settings) *ldapdir.Dir {
	t.Helper()
	d, err := ldapdir.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func people(t testing.TB, d *ldapdir.Dir) (map[string]model.OutsidePerson, directory.OutsideRead) {
	t.Helper()
	found := map[string]model.OutsidePerson{}
	read, err := d.People(t.Context(), func(page []model.OutsidePerson) error {
		for _, p := range page {
			if p.Key == "" {
				t.Errorf("%s has no key", p.Username)
			}
			p.Key = ""
			found[p.Username] = p
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, read
}

func TestEverybodyIsRead(t *testing.T) {
	s := ldaptest.Start(t, company, "moduleload ppolicy\n"+ppolicy)
	given := settings(s)
	given.Groups = map[wire.UserRole]string{wire.RoleOwner: "cn=owners," + ldaptest.Base, wire.RoleAdmin: "cn=admins," + ldaptest.Base}
	got, read := people(t, open(t, given))
	want := map[string]model.OutsidePerson{
		"kim": {
			Username: "kim", Name: "김하늘", EmployeeID: "A0001", Email: "kim@himsg.test", Phone: "02-1234-5678",
			Position: "팀장", Grade: "부장", Department: []string{"본사", "영업팀"}, Role: wire.RoleOwner,
		},
		"lee":  {Username: "lee", Name: "이서준", Position: "사원", Role: wire.RoleAdmin},
		"left": {Username: "left", Name: "나간이", Role: wire.RoleUser, Disabled: true},
		"park": {Username: "park", Name: "박", Role: wire.RoleUser},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if read.People != 4 || read.Skipped != 0 {
		t.Errorf("read %+v", read)
	}

	given.OnlyGroup, given.DepartmentFrom = "cn=staff,"+ldaptest.Base, "ou"
	got, _ = people(t, open(t, given))
	if len(got) != 2 {
		t.Errorf("of the group there are %d", len(got))
	}
	if diff := cmp.Diff([]string{"본사", "영업팀"}, got["kim"].Department); diff != "" {
		t.Errorf("department by units (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"본사"}, got["lee"].Department); diff != "" {
		t.Errorf("department by units (-want +got):\n%s", diff)
	}

	given.OnlyGroup = "cn=nobody-made-this," + ldaptest.Base
	_, err := open(t, given).People(t.Context(), func([]model.OutsidePerson) error { return nil })
	isAway(t, err)
}

func TestPasswords(t *testing.T) {
	s := ldaptest.Start(t, company, "moduleload ppolicy\n"+ppolicy)
	given := settings(s)
	given.Groups = map[wire.UserRole]string{wire.RoleOwner: "cn=owners," + ldaptest.Base}
	d := open(t, given)
	p, err := d.Verify(t.Context(), "kim", ldaptest.Password)
	if err != nil || p.Name != "김하늘" || p.Role != wire.RoleOwner || p.Key == "" {
		t.Fatalf("the right password: %+v, %v", p, err)
	}
	if p, err := d.Verify(t.Context(), "KIM", ldaptest.Password); err != nil || p.Username != "kim" {
		t.Fatalf("another case of the name: %+v, %v", p, err)
	}
	for name, c := range map[string][2]string{
		"wrong password":           {"kim", "wrong"},
		"unknown name":             {"nobody", ldaptest.Password},
		"no password":              {"kim", ""},
		"no name":                  {"", ldaptest.Password},
		"anybody":                  {"*", ldaptest.Password},
		"another filter":           {"kim)(uid=*", ldaptest.Password},
		"another filter's end":     {"x))(|(uid=kim", ldaptest.Password},
		"a zero":                   {"kim\x00", ldaptest.Password},
		"a name without an end":    {strings.Repeat("k", 100_000), ldaptest.Password},
		"a password without limit": {"kim", strings.Repeat("p", 100_000)},
		"who reads":                {"reader", ldaptest.ReaderSecret},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := d.Verify(t.Context(), c[0], c[1])
			if e := errs.As(err); e.Code != wire.Unauthenticated || e.Reason != wire.ReasonBadCredentials {
				t.Errorf("got %+v, %v", p, err)
			}
		})
	}
	given.OnlyGroup = "cn=staff," + ldaptest.Base
	if _, err := open(t, given).Verify(t.Context(), "park", ldaptest.Password); !errs.Is(err, wire.Unauthenticated) {
		t.Errorf("who is not in the group: %v", err)
	}
}

func TestTheWayIsEncrypted(t *testing.T) {
	s := ldaptest.Start(t, company, "moduleload ppolicy\n"+ppolicy)
	starttls := settings(s)
	starttls.URL, starttls.StartTLS = "ldap://"+s.Plain, true
	if err := open(t, starttls).Ping(t.Context()); err != nil {
		t.Errorf("StartTLS: %v", err)
	}
	other := ldaptest.Start(t, "", "")
	for name, change := range map[string]func(*ldapdir.Settings){
		"ldaps, unknown authority":    func(s *ldapdir.Settings) { s.CAFile = "" },
		"ldaps, other authority":      func(s *ldapdir.Settings) { s.CAFile = other.CAFile },
		"StartTLS, unknown authority": func(s *ldapdir.Settings) { *s = starttls; s.CAFile = "" },
		"ldaps to the plain port":     func(l *ldapdir.Settings) { l.URL = "ldaps://" + s.Plain },
		"wrong reader":                func(s *ldapdir.Settings) { s.BindPassword = "wrong" },
	} {
		t.Run(name, func(t *testing.T) {
			given := settings(s)
			change(&given)
			d := open(t, given)
			if err := d.Ping(t.Context()); err == nil {
				t.Error("answered")
			}
			_, err := d.Verify(t.Context(), "kim", ldaptest.Password)
			isAway(t, err)
		})
	}
}

// A list that is not whole must not look whole: people would be taken for gone.
func TestAllOrAnError(t *testing.T) {
	var many strings.Builder
	for i := range 1200 {
		many.WriteString(ldaptest.Entry(fmt.Sprintf("p%04d", i), "", fmt.Sprintf("cn: 사람%04d", i)))
	}
	got, read := people(t, open(t, settings(ldaptest.Start(t, many.String(), "sizelimit size.soft=100 size.prtotal=unlimited"))))
	if len(got) != 1200 || read.People != 1200 {
		t.Errorf("read %d of 1200", len(got))
	}
	d := open(t, settings(ldaptest.Start(t, many.String(), "sizelimit size.soft=100 size.prtotal=700")))
	_, err := d.People(t.Context(), func([]model.OutsidePerson) error { return nil })
	isAway(t, err)

	mine := errors.New("mine")
	d = open(t, settings(ldaptest.Start(t, many.String(), "sizelimit unlimited")))
	if _, err := d.People(t.Context(), func([]model.OutsidePerson) error { return mine }); !errors.Is(err, mine) {
		t.Errorf("the caller's error came back as %v", err)
	}
}

// A server that takes a connection and says nothing, or closes, or talks nonsense.
func TestAServerThatIsNone(t *testing.T) {
	for name, says := range map[string]func(net.Conn){
		"hangs":               func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"closes":              func(net.Conn) {},
		"speaks HTTP":         func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) },
		"promises 2 GB":       func(c net.Conn) { _, _ = c.Write([]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x02}) },
		"goes on and on":      func(c net.Conn) { endless(c, []byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0x00, 0x04, 0x01, 0x61}) },
		"answers another one": func(c net.Conn) { endless(c, []byte{0x30, 0x0c, 0x02, 0x01, 0x63, 0x61, 0x07, 0x0a, 1, 0, 4, 0, 4, 0}) },
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					go func() { defer c.Close(); says(c) }()
				}
			}()
			d := open(t, ldapdir.Settings{URL: "ldap://" + l.Addr().String(), BaseDN: ldaptest.Base, BindDN: ldaptest.ReaderDN, BindPassword: "x"})
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err = d.Verify(ctx, "kim", ldaptest.Password)
			isAway(t, err)
			_, err = d.People(ctx, func([]model.OutsidePerson) error { t.Error("somebody came"); return nil })
			isAway(t, err)
		})
	}
}

func endless(w io.Writer, head []byte) {
	_, err := w.Write(head)
	for tail := make([]byte, 64<<10); err == nil; {
		_, err = w.Write(tail)
	}
}

func isAway(t *testing.T, err error) {
	t.Helper()
	if e := errs.As(err); err == nil || e.Code != wire.Unavailable || e.Reason != wire.ReasonDirectoryAway {
		t.Errorf("got %v", err)
	}
}

func TestSettings(t *testing.T) {
	ok := ldapdir.Settings{URL: "ldaps://ldap.company.test", BaseDN: ldaptest.Base}
	if _, err := ldapdir.New(ok); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]func(*ldapdir.Settings){
		"in the clear":         func(s *ldapdir.Settings) { s.URL = "ldap://ldap.company.test" },
		"encrypted already":    func(s *ldapdir.Settings) { s.StartTLS = true },
		"must begin with":      func(s *ldapdir.Settings) { s.URL = "http://ldap.company.test" },
		"must be ldap://host":  func(s *ldapdir.Settings) { s.URL = "ldaps://user:pw@ldap.company.test" },
		"distinguished name":   func(s *ldapdir.Settings) { s.BaseDN = "himsg.test" },
		"can't be read":        func(s *ldapdir.Settings) { s.Filter = "(uid=*" },
		"openldap or ad":       func(s *ldapdir.Settings) { s.Schema = "novell" },
		`no field "shoe size"`: func(s *ldapdir.Settings) { s.Attributes = map[string]string{"shoe size": "x"} },
		"not from":             func(s *ldapdir.Settings) { s.DepartmentFrom = "a guess" },
		"holds no certificate": func(s *ldapdir.Settings) { s.CAFile = empty },
		"server's authority":   func(s *ldapdir.Settings) { s.CAFile = empty + ".gone" },
	} {
		s := ok
		change(&s)
		if _, err := ldapdir.New(s); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error with %q, got %v", says, err)
		}
	}
}
