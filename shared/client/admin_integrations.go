package client

import (
	"context"
	"net/http"
	"net/url"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about webhooks and tokens.

const integrationsPath = "/api/admin/integrations"

func integrationPath(integrationUUID string) string {
	return integrationsPath + "/" + url.PathEscape(integrationUUID)
}

// Integrations returns a page of webhooks and tokens, the newest first. before is the Next of the page before, 0 at first.
func (s *Session) Integrations(ctx context.Context, before int64) (wire.IntegrationList, error) {
	return olderPage(ctx, s, integrationsPath, nil, before, func(l wire.IntegrationList) (int, int64) { return len(l.Integrations), l.Next })
}

// AddIntegration makes one; its secret is told here and never again.
func (s *Session) AddIntegration(ctx context.Context, in wire.NewIntegration) (wire.IntegrationSecret, error) {
	return ask[wire.IntegrationSecret](ctx, s, http.MethodPost, integrationsPath, in)
}

// RotateIntegration gives one another secret; the old one holds no more.
func (s *Session) RotateIntegration(ctx context.Context, integrationUUID string) (wire.IntegrationSecret, error) {
	return ask[wire.IntegrationSecret](ctx, s, http.MethodPost, integrationPath(integrationUUID)+"/rotate", nil)
}

// DisableIntegration stops one.
func (s *Session) DisableIntegration(ctx context.Context, integrationUUID string) (wire.Integration, error) {
	return ask[wire.Integration](ctx, s, http.MethodPost, integrationPath(integrationUUID)+"/disable", nil)
}

// EnableIntegration lets one go on.
func (s *Session) EnableIntegration(ctx context.Context, integrationUUID string, how wire.EnableIntegration) (wire.Integration, error) {
	return ask[wire.Integration](ctx, s, http.MethodPost, integrationPath(integrationUUID)+"/enable", how)
}

// RemoveIntegration ends one for good.
func (s *Session) RemoveIntegration(ctx context.Context, integrationUUID string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: integrationPath(integrationUUID)})
}
