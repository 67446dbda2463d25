package core

import (
	"context"
	"errors"

	"himsg/shared/wire"
)

// devicesPage is how many devices a page has.
const devicesPage = 100

// PeopleDevices returns a page of everybody's signed-in devices, for administrators.
func (c *Core) PeopleDevices(query DeviceQuery) (DevicePage, error) {
	out := DevicePage{Devices: []PersonDevice{}}
	if err := errors.Join(c.unlocked(), checkFields(query.Text, query.Platform)); err != nil {
		return out, fail(err)
	}
	if query.Before < 0 {
		return out, refuse(wire.BadRequest, "", "no such page")
	}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		page, err := s.auth.PeopleSessions(ctx, query.Text, query.Platform, query.Before, devicesPage)
		for _, d := range page.Sessions {
			out.Devices = append(out.Devices, PersonDevice{
				Device: viewDevice(d.DeviceSession), UserUUID: d.UserUUID, PersonName: d.Name, Username: d.Username,
				Department: d.Department,
			})
		}
		out.Next = page.Next
		return err
	})
	return out, offered(err)
}

// RemoveDevices signs a device of a person out, or with an empty sessionUUID all of them, and has them wiped. It returns how
// many. The reason is kept in the audit.
func (c *Core) RemoveDevices(userUUID, sessionUUID, reason string) (int, error) {
	err := errors.Join(c.unlocked(), checkID(userUUID), checkField(reason, wire.MaxFieldRunes))
	if sessionUUID != "" {
		err = errors.Join(err, checkID(sessionUUID))
	}
	if err != nil {
		return 0, fail(err)
	}
	ended := 0
	err = c.change(nil, func(ctx context.Context, s *session) (err error) {
		ended, err = s.auth.RemoveDevices(ctx, userUUID, sessionUUID, reason)
		return err
	})
	return ended, err
}
