package core

import (
	"context"

	"himsg/shared/wire"
)

// This file holds the calls about one's own profile and devices.

// MyProfile returns what is not in State.Me of the signed-in person, and what he may change.
func (c *Core) MyProfile() (OwnProfile, error) {
	out := OwnProfile{Editable: []wire.Field{}}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		me, err := s.auth.Me(ctx)
		if err != nil {
			return err
		}
		fields, err := s.auth.MyFields(ctx)
		out = OwnProfile{BirthDate: me.BirthDate, Editable: orEmpty(fields)}
		return err
	})
	return out, err
}

// ChangeProfile changes one's own profile; what is absent stays. It refuses with wire.Forbidden (field_locked) what
// administrators keep to themselves.
func (c *Core) ChangeProfile(change wire.ProfileRequest) error {
	var wrong error
	for _, value := range []*string{
		change.Name, change.Email, change.Position, change.Grade, change.BirthDate, change.Phone, change.StatusText,
	} {
		if value != nil && wrong == nil {
			wrong = checkField(*value, wire.MaxFieldRunes)
		}
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		me, err := s.auth.ChangeMe(ctx, change)
		if err == nil {
			c.profileSaid(me)
		}
		return err
	})
}

// profileSaid takes over what an answer says of the signed-in person, before the directory does.
func (c *Core) profileSaid(me wire.Me) {
	c.mu.Lock()
	if c.account == nil || c.account.Profile.UserUUID != me.UUID {
		c.mu.Unlock()
		return
	}
	now := c.account.Profile
	c.mu.Unlock()
	said := profileOf(me)
	said.DepartmentUUID, said.State, said.Rev = now.DepartmentUUID, now.State, now.Rev
	c.profileChanged(said)
}

// ChooseMyPicture asks for an image file and makes it one's picture; false: the user chose none.
func (c *Core) ChooseMyPicture() (bool, error) {
	if _, err := c.signedIn(); err != nil {
		return false, err
	}
	content, err := c.chooseImage()
	if err != nil || content == nil {
		return false, err
	}
	err = c.change(nil, func(ctx context.Context, s *session) error {
		_, err := s.auth.SetMyPicture(ctx, content)
		return c.learnMe(ctx, s, err)
	})
	return err == nil, err
}

// RemoveMyPicture takes one's picture away.
func (c *Core) RemoveMyPicture() error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		return c.learnMe(ctx, s, s.auth.RemoveMyPicture(ctx))
	})
}

// learnMe asks for the profile after a change of it that went well.
func (c *Core) learnMe(ctx context.Context, s *session, changed error) error {
	if changed != nil {
		return changed
	}
	me, err := s.auth.Me(ctx)
	if err == nil {
		c.profileSaid(me)
	}
	return err
}

// MyDevices lists one's signed-in devices, the last seen first.
func (c *Core) MyDevices() ([]Device, error) {
	out := []Device{}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		list, err := s.auth.MySessions(ctx)
		for _, d := range list {
			out = append(out, viewDevice(d))
		}
		return err
	})
	return out, err
}

func viewDevice(d wire.DeviceSession) Device {
	return Device{
		SessionUUID: d.SessionUUID, Name: d.DeviceName, Platform: d.Platform, AppVersion: d.AppVersion, Address: d.RemoteAddr,
		SignedInAt: d.SignedInAt.UnixMilli(), LastSeenAt: d.LastSeenAt.UnixMilli(), Current: d.Current,
	}
}

// SignOutDevice signs another of one's devices out.
func (c *Core) SignOutDevice(sessionUUID string) error {
	return c.change(checkID(sessionUUID), func(ctx context.Context, s *session) error {
		return s.auth.EndMySession(ctx, sessionUUID)
	})
}

// SignOutOthers signs all of one's devices out but this one, and returns how many.
func (c *Core) SignOutOthers() (int, error) {
	ended := 0
	err := c.change(nil, func(ctx context.Context, s *session) (err error) {
		ended, err = s.auth.EndMyOtherSessions(ctx)
		return err
	})
	return ended, err
}
