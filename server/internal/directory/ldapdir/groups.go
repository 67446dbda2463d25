package ldapdir

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"himsg/shared/wire"
)

// standing is what groups say of a person.
type standing struct {
	role     wire.UserRole
	mayEnter bool
}

// strongest is the order in which roles count for who is in several groups.
var strongest = []wire.UserRole{wire.RoleOwner, wire.RoleAdmin, wire.RoleAuditor}

// groupsOf asks for one person.
func (d *Dir) groupsOf(ctx context.Context, c *ldap.Conn, dn string) (standing, error) {
	return d.stand(func(group string) (bool, error) { return d.isMember(ctx, c, group, dn) })
}

// stand finds a person's standing with as few questions as will do.
func (d *Dir) stand(isIn func(group string) (bool, error)) (standing, error) {
	s := standing{role: wire.RoleUser, mayEnter: true}
	var err error
	if d.p.OnlyGroup != "" {
		if s.mayEnter, err = isIn(d.p.OnlyGroup); err != nil || !s.mayEnter {
			return s, err
		}
	}
	for _, role := range strongest {
		group := d.p.Groups[role]
		if group == "" {
			continue
		}
		in, err := isIn(group)
		if err != nil {
			return s, err
		}
		if in {
			s.role = role
			return s, nil
		}
	}
	return s, nil
}

// inChain finds members of groups within a group too (Active Directory).
const inChain = "(memberOf:1.2.840.113556.1.4.1941:=%s)"

func (d *Dir) isMember(ctx context.Context, c *ldap.Conn, group, dn string) (bool, error) {
	base, filter := group, fmt.Sprintf("(|(member=%[1]s)(uniqueMember=%[1]s))", ldap.EscapeFilter(dn))
	if d.p.nested {
		base, filter = dn, fmt.Sprintf(inChain, ldap.EscapeFilter(group))
	}
	in := false
	err := d.each(ctx, c, base, filter, []string{"1.1"}, func(*ldap.Entry) error { in = true; return nil })
	if ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
		return false, fmt.Errorf("the group %s is not there: %w", group, err)
	}
	return in, err
}

// groupMembers holds the members of every group that Settings names, to ask for many people at once.
type groupMembers struct {
	d  *Dir
	in map[string]map[string]bool // DN of the group → folded DNs of its members
}

func (g groupMembers) of(dn string) standing {
	folded := fold(dn)
	s, _ := g.d.stand(func(group string) (bool, error) { return g.in[group][folded], nil }) // nothing is asked: no error
	return s
}

// members reads the groups.
func (d *Dir) members(ctx context.Context, c *ldap.Conn) (groupMembers, error) {
	g := groupMembers{d: d, in: map[string]map[string]bool{}}
	wanted := []string{d.p.OnlyGroup}
	for _, role := range strongest {
		wanted = append(wanted, d.p.Groups[role])
	}
	for _, group := range wanted {
		if group == "" || g.in[group] != nil {
			continue
		}
		g.in[group] = map[string]bool{}
		if err := d.membersOf(ctx, c, group, g.in[group]); err != nil {
			return g, fmt.Errorf("read the group %s: %w", group, err)
		}
	}
	return g, nil
}

func (d *Dir) membersOf(ctx context.Context, c *ldap.Conn, group string, into map[string]bool) error {
	if d.p.nested {
		filter := fmt.Sprintf("(&%s%s)", d.p.Filter, fmt.Sprintf(inChain, ldap.EscapeFilter(group)))
		return d.each(ctx, c, d.p.BaseDN, filter, []string{"1.1"}, func(e *ldap.Entry) error {
			into[fold(e.DN)] = true
			return nil
		})
	}
	return d.each(ctx, c, group, "(objectClass=*)", []string{"member", "uniqueMember"}, func(e *ldap.Entry) error {
		for _, attribute := range []string{"member", "uniqueMember"} {
			for _, dn := range e.GetAttributeValues(attribute) {
				if into[fold(dn)] = true; len(into) > MaxPeople {
					return errTooMuch
				}
			}
		}
		return nil
	})
}

// fold makes a DN comparable: servers differ in blanks, case and escapes.
func fold(dn string) string {
	if parsed, err := ldap.ParseDN(dn); err == nil {
		dn = parsed.String()
	}
	return strings.ToLower(dn)
}
