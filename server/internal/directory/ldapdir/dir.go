package ldapdir

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/go-ldap/ldap/v3"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	pageSize = 500
	// MaxPeople is the most that are read. More is a wrong base, or a server that lies.
	MaxPeople = 200_000
	maxPages  = MaxPeople/pageSize + 1000 // pages may be less than full, and a cookie can go round for ever
	// readTime is how long reading everybody may take, checkTime checking one password.
	readTime  = 10 * time.Minute
	checkTime = 20 * time.Second
)

// Dir is one LDAP server. It opens a connection for each question: they are rare, and servers close idle ones.
type Dir struct{ p plain }

var _ directory.Outside = (*Dir)(nil)

// New checks the settings; nothing is asked yet. Its errors are one sentence for who wrote them.
func New(s Settings) (*Dir, error) {
	p, err := s.complete()
	if err != nil {
		return nil, err
	}
	return &Dir{p: p}, nil
}

var (
	badCredentials = errs.E(wire.Unauthenticated, wire.ReasonBadCredentials,
		errs.Text{KO: "아이디 또는 비밀번호가 올바르지 않습니다.", EN: "The user name or the password is wrong."})
	awayText = errs.Text{
		KO: "회사 디렉터리 서버에 연결할 수 없습니다. 잠시 후 다시 시도해주세요.",
		EN: "The company's directory can't be reached. Please try again later.",
	}
)

// away says that the server could not be asked; err is for the log.
func away(err error) error {
	return &errs.Error{
		Code: wire.Unavailable, Reason: wire.ReasonDirectoryAway, Text: awayText, RetryAfter: 5 * time.Second, Err: err,
	}
}

// Verify asks whether a password is right and returns whose it is. An unknown name and a wrong password are the same
// refusal (wire.Unauthenticated, ReasonBadCredentials) and take the same steps; wire.Unavailable with ReasonDirectoryAway
// when the server can't be asked or answers nonsense.
func (d *Dir) Verify(ctx context.Context, username, password string) (model.OutsidePerson, error) {
	// A bind with a name and no password succeeds on many servers, as nobody (RFC 4513, 5.1.2).
	if username == "" || password == "" || len(username) > 4*wire.MaxNameRunes {
		return model.OutsidePerson{}, badCredentials
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	c, done, err := d.open(ctx)
	if err != nil {
		return model.OutsidePerson{}, away(err)
	}
	defer done()
	person, dn, err := d.find(ctx, c, username)
	if err != nil {
		return person, away(err)
	}
	known := dn != ""
	if !known {
		dn = "cn=" + rand.Text() + "," + d.p.BaseDN
	}
	err = c.Bind(dn, password)
	switch {
	case err == nil && known:
		return person, nil
	case err == nil, ldap.IsErrorAnyOf(err, ldap.LDAPResultInvalidCredentials, ldap.LDAPResultNoSuchObject,
		ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultInvalidDNSyntax):
		return model.OutsidePerson{}, badCredentials
	default:
		return model.OutsidePerson{}, away(fmt.Errorf("check a password: %w", err))
	}
}

// find looks a name up. An empty DN: nobody, or nobody who may sign in.
func (d *Dir) find(ctx context.Context, c *ldap.Conn, username string) (model.OutsidePerson, string, error) {
	filter := fmt.Sprintf("(&%s(%s=%s))", d.p.Filter, d.p.attributes["username"], ldap.EscapeFilter(username))
	var found []*ldap.Entry
	err := d.each(ctx, c, d.p.BaseDN, filter, d.wanted(), func(e *ldap.Entry) error {
		if found = append(found, e); len(found) > 1 {
			return fmt.Errorf("more than one person is called like this, below %s", d.p.BaseDN)
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		return model.OutsidePerson{}, "", err
	}
	person, ok := d.person(found[0])
	if !ok {
		return person, "", nil
	}
	in, err := d.groupsOf(ctx, c, found[0].DN)
	if err != nil {
		return person, "", err
	}
	if !in.mayEnter {
		return person, "", nil
	}
	person.Role = in.role
	return person, found[0].DN, nil
}

// People gives everybody to take, page by page, and stops at its error. It is all or an error: who acts on who is
// missing must wait for its end.
func (d *Dir) People(ctx context.Context, take func([]model.OutsidePerson) error) (directory.OutsideRead, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	c, done, err := d.open(ctx)
	if err != nil {
		return directory.OutsideRead{}, away(err)
	}
	defer done()
	groups, err := d.members(ctx, c)
	if err != nil {
		return directory.OutsideRead{}, away(err)
	}
	var read directory.OutsideRead
	page := make([]model.OutsidePerson, 0, pageSize)
	err = d.each(ctx, c, d.p.BaseDN, d.p.Filter, d.wanted(), func(e *ldap.Entry) error {
		in := groups.of(e.DN)
		if !in.mayEnter {
			return nil
		}
		person, ok := d.person(e)
		if !ok {
			read.Skipped++
			return nil
		}
		person.Role = in.role
		read.People++
		if page = append(page, person); len(page) < pageSize {
			return nil
		}
		err := take(page)
		page = page[:0]
		return stopped(err)
	})
	if err == nil && len(page) > 0 {
		err = stopped(take(page))
	}
	if stop, ok := errors.AsType[*takerError](err); ok {
		return read, stop.err
	}
	if err != nil {
		return read, away(err)
	}
	return read, nil
}

// takerError keeps what the caller's own function said apart from what the server did.
type takerError struct{ err error }

func (e *takerError) Error() string { return e.err.Error() }

func stopped(err error) error {
	if err == nil {
		return nil
	}
	return &takerError{err}
}

// Ping asks whether the server answers and lets us read.
func (d *Dir) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	c, done, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	r := ldap.NewSearchRequest(d.p.BaseDN, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 1, int(stepTime.Seconds()), false,
		"(objectClass=*)", []string{"1.1"}, nil)
	if _, err := c.Search(r); err != nil {
		return fmt.Errorf("read %s at the LDAP server: %w", d.p.BaseDN, err)
	}
	return nil
}
