package oidcdir

import (
	"errors"
	"slices"
	"strings"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// maxGroups bounds what is read of a groups claim; the token is at most maxAnswer in any case.
const maxGroups = 5000

// person reads the claims of a token that was checked.
func (d *Dir) person(subject string, claims map[string]any) (model.OutsidePerson, error) {
	line := func(field string) string {
		text, _ := claims[d.s.Claims[field]].(string)
		s, err := model.Line(field, text, wire.MaxNameRunes, false)
		if err != nil {
			return ""
		}
		return s
	}
	key, err := model.Line("sub", subject, wire.MaxFieldRunes, true)
	if err != nil || key != subject {
		return model.OutsidePerson{}, refused(errors.New("the subject is no usable name"))
	}
	p := model.OutsidePerson{
		Key: key, Role: wire.RoleUser,
		Username:   line("username"),
		Name:       line("name"),
		EmployeeID: line("employee_id"),
		Email:      line("email"),
		Phone:      line("phone"),
		Position:   line("position"),
		Grade:      line("grade"),
	}
	path, _ := claims[d.s.Claims["department"]].(string)
	p.Department = model.Path(path)
	if verified, given := claims["email_verified"].(bool); given && !verified {
		p.Email = ""
	}
	if p.Username == "" {
		// Of an address the part before the @: user names of the company hold none.
		p.Username, _, _ = strings.Cut(p.Email, "@")
	}
	if p.Username == "" {
		return model.OutsidePerson{}, refused(errors.New("the token names nobody"))
	}
	if p.Name == "" {
		p.Name = p.Username
	}
	groups := d.groups(claims)
	if d.s.OnlyGroup != "" && !slices.Contains(groups, d.s.OnlyGroup) {
		return model.OutsidePerson{}, errs.E(wire.Forbidden, wire.ReasonDisabled, notInGroup)
	}
	for _, role := range []wire.UserRole{wire.RoleOwner, wire.RoleAdmin, wire.RoleAuditor} {
		if g := d.s.Groups[role]; g != "" && slices.Contains(groups, g) {
			p.Role = role
			break
		}
	}
	return p, nil
}

// groups are the values of the groups claim; "realm_access.roles" goes into objects.
func (d *Dir) groups(claims map[string]any) []string {
	var value any = claims
	for name := range strings.SplitSeq(d.s.Claims["groups"], ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	var groups []string
	switch v := value.(type) {
	case string:
		groups = append(groups, v)
	case []any:
		for _, g := range v[:min(len(v), maxGroups)] {
			if s, ok := g.(string); ok {
				groups = append(groups, s)
			}
		}
	}
	return groups
}
