package ldapdir

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Attributes that say that an account is shut: Active Directory's flags, OpenLDAP's password policy (ppolicy(5)), and 389 DS.
const (
	attrADFlags  = "userAccountControl"
	attrLocked   = "pwdAccountLockedTime"
	attrNSLocked = "nsAccountLock"

	adDisabled    = 0x2             // ADS_UF_ACCOUNTDISABLE
	lockedForever = "000001010000Z" // any other time is a lock after wrong passwords, which ends by itself
)

// wanted lists the attributes to ask for.
func (d *Dir) wanted() []string {
	names := []string{attrADFlags, attrLocked, attrNSLocked}
	for _, attribute := range d.p.attributes {
		if attribute != "" {
			names = append(names, attribute)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// person reads an entry. ok is false for one without a usable key, user name or name; of the other fields what can't be
// used is left empty.
func (d *Dir) person(e *ldap.Entry) (p model.OutsidePerson, ok bool) {
	p = model.OutsidePerson{
		Key: d.key(e), Role: wire.RoleUser, Disabled: isShut(e),
		Username:   d.line(e, "username"),
		Name:       d.line(e, "name"),
		EmployeeID: d.line(e, "employee_id"),
		Email:      d.line(e, "email"),
		Phone:      d.line(e, "phone"),
		Position:   d.line(e, "position"),
		Grade:      d.line(e, "grade"),
	}
	if p.Name == "" {
		p.Name = p.Username
	}
	if d.p.DepartmentFrom == "ou" {
		p.Department = d.units(e.DN)
	} else {
		p.Department = model.Path(e.GetEqualFoldAttributeValue(d.p.attributes["department"]))
	}
	return p, p.Key != "" && p.Username != ""
}

func (d *Dir) line(e *ldap.Entry, field string) string {
	attribute := d.p.attributes[field]
	if attribute == "" {
		return ""
	}
	s, err := model.Line(field, e.GetEqualFoldAttributeValue(attribute), wire.MaxNameRunes, false)
	if err != nil {
		return ""
	}
	return s
}

// key is the entry's own identifier: text as it is, bytes (objectGUID) in hex.
func (d *Dir) key(e *ldap.Entry) string {
	raw := e.GetEqualFoldRawAttributeValue(d.p.attributes["key"])
	if len(raw) == 0 || len(raw) > 128 {
		return ""
	}
	if d.p.attributes["key"] == "objectGUID" || !utf8.Valid(raw) {
		return hex.EncodeToString(raw)
	}
	s, err := model.Line("key", string(raw), 128, false)
	if err != nil {
		return ""
	}
	return s
}

func isShut(e *ldap.Entry) bool {
	flags, err := strconv.ParseInt(e.GetEqualFoldAttributeValue(attrADFlags), 10, 64)
	return err == nil && flags&adDisabled != 0 ||
		e.GetEqualFoldAttributeValue(attrLocked) == lockedForever ||
		strings.EqualFold(e.GetEqualFoldAttributeValue(attrNSLocked), "true")
}

// units are the organisational units between an entry and the base, from the top down.
func (d *Dir) units(dn string) []string {
	parsed, err := ldap.ParseDN(dn)
	if err != nil || !d.p.base.AncestorOfFold(parsed) {
		return nil
	}
	var names []string
	for _, rdn := range parsed.RDNs[1 : len(parsed.RDNs)-len(d.p.base.RDNs)] {
		for _, a := range rdn.Attributes {
			if !strings.EqualFold(a.Type, "ou") {
				continue
			}
			name, err := model.Line("department", a.Value, wire.MaxNameRunes, true)
			if err != nil || len(names) == wire.MaxDepartmentDepth {
				return nil // half a path is another place
			}
			names = append(names, name)
		}
	}
	slices.Reverse(names)
	return names
}
