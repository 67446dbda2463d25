package core

import (
	"context"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about webhooks and tokens. A secret goes through to the page once and is kept nowhere.

// Integrations returns a page of webhooks and tokens, the newest first. before is the Next of the page before, 0 at first.
func (c *Core) Integrations(before int64) (IntegrationPage, error) {
	out := IntegrationPage{Integrations: []Integration{}}
	err := c.change(checkPlace(before), func(ctx context.Context, s *session) error {
		list, err := s.auth.Integrations(ctx, before)
		for _, i := range list.Integrations {
			out.Integrations = append(out.Integrations, viewIntegration(i))
		}
		out.Next = list.Next
		return err
	})
	return out, offered(err)
}

// AddIntegration makes one.
func (c *Core) AddIntegration(in wire.NewIntegration) (IntegrationSecret, error) {
	var wrong error // some kinds have no rooms, and others no scopes
	if len(in.RoomUUIDs) > 0 {
		wrong = checkIDs(in.RoomUUIDs, wire.MaxIntegrationRooms)
	}
	if wrong == nil && len(in.Scopes) > 0 {
		wrong = checkCount(len(in.Scopes), len(wire.Scopes))
	}
	if wrong == nil {
		wrong = checkField(in.URL, wire.MaxHookURLBytes)
	}
	if wrong == nil {
		wrong = checkFields(string(in.Kind), in.Name, in.Icon)
	}
	return c.integrationSecret(wrong, func(ctx context.Context, s *session) (wire.IntegrationSecret, error) {
		return s.auth.AddIntegration(ctx, in)
	})
}

// RotateIntegration gives one another secret; the old one holds no more.
func (c *Core) RotateIntegration(integrationUUID string) (IntegrationSecret, error) {
	return c.integrationSecret(checkID(integrationUUID), func(ctx context.Context, s *session) (wire.IntegrationSecret, error) {
		return s.auth.RotateIntegration(ctx, integrationUUID)
	})
}

func (c *Core) integrationSecret(
	wrong error, do func(context.Context, *session) (wire.IntegrationSecret, error),
) (out IntegrationSecret, err error) {
	err = c.change(wrong, func(ctx context.Context, s *session) error {
		told, err := do(ctx, s)
		if err != nil {
			return err
		}
		out = IntegrationSecret{Integration: viewIntegration(told.Integration), Secret: told.Secret}
		if told.Path != "" {
			out.Address = s.auth.HTTP().Address() + told.Path
		}
		return nil
	})
	return out, err
}

// SetIntegration enables or disables one. fromNow: an outgoing hook passes over what was written meanwhile.
func (c *Core) SetIntegration(integrationUUID string, enabled, fromNow bool) error {
	return c.change(checkID(integrationUUID), func(ctx context.Context, s *session) (err error) {
		if enabled {
			_, err = s.auth.EnableIntegration(ctx, integrationUUID, wire.EnableIntegration{FromNow: fromNow})
		} else {
			_, err = s.auth.DisableIntegration(ctx, integrationUUID)
		}
		return err
	})
}

// RemoveIntegration ends one for good.
func (c *Core) RemoveIntegration(integrationUUID string) error {
	return c.change(checkID(integrationUUID), func(ctx context.Context, s *session) error {
		return s.auth.RemoveIntegration(ctx, integrationUUID)
	})
}

func viewIntegration(i wire.Integration) Integration {
	return Integration{
		IntegrationUUID: i.IntegrationUUID, Kind: i.Kind, State: i.State, BotUUID: i.BotUUID, Name: i.Name, Icon: i.Icon,
		Rooms: append([]wire.IntegrationRoom{}, i.Rooms...), Scopes: append([]wire.Scope{}, i.Scopes...), URL: i.URL,
		CreatedBy: i.CreatedBy, CreatedAt: i.CreatedAt.UnixMilli(), ExpiresAt: milliOf(i.ExpiresAt), LastUsedAt: milliOf(i.LastUsedAt),
		LastFailure: i.LastFailure, LastStatus: i.LastStatus, LastFailedAt: milliOf(i.LastFailedAt), Failures: i.Failures,
		NextTryAt: milliOf(i.NextTryAt), Waiting: i.Waiting, Skipped: i.Skipped,
	}
}
