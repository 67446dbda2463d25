package core

import (
	"context"
	"slices"

	"himsg/shared/wire"
)

// The administrator's calls about people and departments; see admin.go.

// maxLineRunes bounds what is typed about a person; the server knows each field's own limit and form.
const maxLineRunes = wire.MaxFieldRunes

// Person returns all that is known of a person.
func (c *Core) Person(userUUID string) (Person, error) {
	var out Person
	err := c.change(checkID(userUUID), func(ctx context.Context, s *session) error {
		p, err := s.auth.Person(ctx, userUUID)
		out = viewPerson(p)
		return err
	})
	return out, err
}

func viewPerson(p wire.Person) Person {
	return Person{Profile: p.Profile, BirthDate: p.BirthDate, CreatedAt: p.CreatedAt.UnixMilli(), HasPassword: p.HasPassword}
}

// ChangePerson changes a person; what is absent stays.
func (c *Core) ChangePerson(userUUID string, change wire.PersonRequest) (Person, error) {
	var out Person
	err := c.change(checkPerson(userUUID, change), func(ctx context.Context, s *session) error {
		p, err := s.auth.ChangePerson(ctx, userUUID, change)
		out = viewPerson(p)
		return err
	})
	return out, err
}

func checkPerson(userUUID string, change wire.PersonRequest) error {
	if err := checkID(userUUID); err != nil {
		return err
	}
	if err := checkOptionalID(change.DepartmentUUID); err != nil {
		return err
	}
	return checkLines(
		change.Name, change.Email, change.Position, change.Grade, change.BirthDate, change.Phone, change.StatusText,
		change.Username, change.EmployeeID,
	)
}

// checkLines bounds texts that may be absent.
func checkLines(values ...*string) error {
	for _, v := range values {
		if v == nil {
			continue
		}
		if err := checkField(*v, maxLineRunes); err != nil {
			return err
		}
	}
	return nil
}

// checkOptionalID lets an absent id and an empty one through.
func checkOptionalID(id *string) error {
	if id == nil || *id == "" {
		return nil
	}
	return checkID(*id)
}

// ChoosePersonPicture asks for an image file and makes it a person's picture; false: the user chose none.
func (c *Core) ChoosePersonPicture(userUUID string) (bool, error) {
	if err := c.change(checkID(userUUID), func(context.Context, *session) error { return nil }); err != nil {
		return false, err
	}
	path, err := ask(c, c.o.Chooser.ChooseImage)
	if err != nil || path == "" {
		return false, fail(err)
	}
	content, err := readPicture(path)
	if err != nil {
		return false, err
	}
	err = c.change(nil, func(ctx context.Context, s *session) error { return s.auth.SetPersonPicture(ctx, userUUID, content) })
	return err == nil, err
}

// RemovePersonPicture takes a person's picture away.
func (c *Core) RemovePersonPicture(userUUID string) error {
	return c.change(checkID(userUUID), func(ctx context.Context, s *session) error {
		return s.insist(ctx, func(ctx context.Context) error { return s.auth.RemovePersonPicture(ctx, userUUID) })
	})
}

// accountsAtOnce is how many people one request changes: each is a transaction of his own at the server, which ends a request
// after some seconds.
const accountsAtOnce = 50

// ChangeAccounts disables, enables or gives a role to at most wire.MaxBulk people. Each is decided for himself. Once some of
// them were, an error is the fate of the others.
func (c *Core) ChangeAccounts(userUUIDs []string, change AccountChange) ([]AccountFate, error) {
	wrong := checkIDs(userUUIDs, wire.MaxBulk)
	if wrong == nil {
		wrong = checkFields(change.Action, change.Role, change.Reason)
	}
	out := []AccountFate{}
	if wrong != nil {
		return out, c.change(wrong, nil)
	}
	for part := range slices.Chunk(userUUIDs, accountsAtOnce) {
		fates, err := c.changeSome(part, change)
		if err != nil && len(out) == 0 {
			return out, err
		}
		if err != nil {
			for _, id := range userUUIDs[len(out):] {
				out = append(out, AccountFate{UserUUID: id, Refused: toFailure(err)})
			}
			break
		}
		out = append(out, fates...)
	}
	return out, nil
}

func (c *Core) changeSome(userUUIDs []string, change AccountChange) ([]AccountFate, error) {
	var out []AccountFate
	err := c.change(nil, func(ctx context.Context, s *session) error {
		reply, err := s.auth.ChangeAccounts(ctx, wire.BulkRequest{
			Action: wire.BulkAction(change.Action), Role: wire.UserRole(change.Role), Reason: change.Reason, UserUUIDs: userUUIDs,
		})
		for _, r := range reply.Results {
			fate := AccountFate{UserUUID: r.UserUUID, Changed: r.Changed}
			if r.Refused != nil {
				fate.Refused = toFailure(r.Refused)
			}
			out = append(out, fate)
		}
		return err
	})
	return out, err
}

// AssignPeople gives at most wire.MaxAssigned people a department, position or grade, all or none; it returns how many of them
// were changed.
func (c *Core) AssignPeople(userUUIDs []string, to Assignment) (int, error) {
	wrong := checkIDs(userUUIDs, wire.MaxAssigned)
	if wrong == nil {
		wrong = checkOptionalID(to.DepartmentUUID)
	}
	if wrong == nil {
		wrong = checkLines(to.Position, to.Grade)
	}
	changed := 0
	err := c.change(wrong, func(ctx context.Context, s *session) (err error) {
		changed, err = s.auth.AssignPeople(ctx, wire.AssignRequest{
			UserUUIDs: userUUIDs, DepartmentUUID: to.DepartmentUUID, Position: to.Position, Grade: to.Grade,
		})
		return err
	})
	return changed, err
}
