package core

import (
	"context"

	"himsg/shared/wire"
)

// PendingResets lists the requests for a new password that wait.
func (c *Core) PendingResets() ([]PendingReset, error) {
	out := []PendingReset{}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		list, err := s.auth.PendingResets(ctx)
		for _, r := range list {
			out = append(out, PendingReset{
				ID: r.ID, UserUUID: r.UserUUID, Name: r.UserName, Username: r.Username, EmployeeID: r.EmployeeID,
				Department: r.Department, Email: r.Email, CompareCode: r.CompareCode, RemoteAddr: r.RemoteAddr,
				RequestedAt: r.RequestedAt.UnixMilli(), ExpiresAt: r.ExpiresAt.UnixMilli(),
			})
		}
		return err
	})
	return out, err
}

// ApproveReset lets the device that asked set a password.
func (c *Core) ApproveReset(id int64) error {
	return c.change(nil, func(ctx context.Context, s *session) error { return s.auth.ApproveReset(ctx, id) })
}

// RejectReset turns a request down; the reason is shown to the person.
func (c *Core) RejectReset(id int64, reason string) error {
	return c.change(checkField(reason, wire.MaxFieldRunes), func(ctx context.Context, s *session) error {
		return s.auth.RejectReset(ctx, id, reason)
	})
}

// MakeResetCode makes a one-time code for somebody who lost his device. It is not kept here.
func (c *Core) MakeResetCode(userUUID string) (OneTimeCode, error) {
	var out OneTimeCode
	err := c.change(checkID(userUUID), func(ctx context.Context, s *session) error {
		made, err := s.auth.MakeResetCode(ctx, userUUID)
		if err == nil {
			out = OneTimeCode{Code: made.Code, ExpiresAt: made.ExpiresAt.UnixMilli()}
		}
		return err
	})
	return out, err
}
