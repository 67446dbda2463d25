package ldapdir

import (
	"context"
	"fmt"

	"github.com/go-ldap/ldap/v3"
)

// each gives all entries below base that filter finds, page by page (RFC 2696). Referrals are not followed: they would lead
// our password to another server.
func (d *Dir) each(
	ctx context.Context, c *ldap.Conn, base, filter string, attributes []string, take func(*ldap.Entry) error,
) error {
	paging := ldap.NewControlPaging(pageSize)
	n := 0
	counted := func(e *ldap.Entry) error {
		n++
		if n > MaxPeople {
			return errTooMuch
		}
		return take(e)
	}
	for range maxPages {
		request := ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, int(stepTime.Seconds()),
			false, filter, attributes, []ldap.Control{paging})
		cookie, err := onePage(ctx, c, request, counted)
		if err != nil {
			return err
		}
		if len(cookie) == 0 {
			return nil
		}
		paging.SetCookie(cookie)
	}
	return errTooMuch
}

// onePage returns the cookie of the next page, empty after the last.
func onePage(
	ctx context.Context, c *ldap.Conn, request *ldap.SearchRequest, take func(*ldap.Entry) error,
) ([]byte, error) {
	// The library takes a cancelled search for one that is done, so the reason is asked for after it.
	within, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	found := c.SearchAsync(within, request, pageSize)
	var controls []ldap.Control
	for found.Next() {
		if more := found.Controls(); more != nil {
			controls = more
		}
		e := found.Entry()
		if e == nil {
			continue
		}
		if err := take(e); err != nil {
			return nil, err
		}
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("search at the LDAP server: %w", err)
	}
	if err := within.Err(); err != nil {
		return nil, fmt.Errorf("search at the LDAP server: %w", err)
	}
	if err := c.GetLastError(); err != nil {
		return nil, fmt.Errorf("search at the LDAP server: %w", err)
	}
	if next, ok := ldap.FindControl(controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
		return next.Cookie, nil
	}
	return nil, nil
}
