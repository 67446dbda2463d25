package core

import (
	"context"

	"himsg/shared/wire"
)

// The administrator's calls. The server checks the role; here is no second rule that could differ from it.

// PendingUsers lists the sign-ups that wait.
func (c *Core) PendingUsers() ([]PendingUser, error) {
	out := []PendingUser{}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		list, err := s.auth.PendingUsers(ctx)
		for _, u := range list {
			out = append(out, PendingUser{
				ID: u.ID, UserUUID: u.UUID, Name: u.Name, Username: u.Username, EmployeeID: u.EmployeeID,
				Department: u.Department, Position: u.Position, Grade: u.Grade, Email: u.Email,
				CreatedAt: u.CreatedAt.UnixMilli(),
			})
		}
		return err
	})
	return out, err
}

// Approve lets a person in.
func (c *Core) Approve(id int64) error {
	return c.change(nil, func(ctx context.Context, s *session) error { return s.auth.ApproveUser(ctx, id) })
}

// Reject turns a sign-up down; the reason is shown to the person.
func (c *Core) Reject(id int64, reason string) error {
	wrong := checkField(reason, wire.MaxFieldRunes)
	return c.change(wrong, func(ctx context.Context, s *session) error { return s.auth.RejectUser(ctx, id, reason) })
}
