package shell

import (
	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// This file hands on what administrators do about webhooks and tokens.

// Integrations hands on to Face.
func (b *Bridge) Integrations(before int64) (core.IntegrationPage, error) {
	return b.face.Integrations(before)
}

// AddIntegration hands on to Face.
func (b *Bridge) AddIntegration(in wire.NewIntegration) (core.IntegrationSecret, error) {
	return b.face.AddIntegration(in)
}

// RotateIntegration hands on to Face.
func (b *Bridge) RotateIntegration(integrationUUID string) (core.IntegrationSecret, error) {
	return b.face.RotateIntegration(integrationUUID)
}

// SetIntegration hands on to Face.
func (b *Bridge) SetIntegration(integrationUUID string, enabled, fromNow bool) error {
	return b.face.SetIntegration(integrationUUID, enabled, fromNow)
}

// RemoveIntegration hands on to Face.
func (b *Bridge) RemoveIntegration(integrationUUID string) error {
	return b.face.RemoveIntegration(integrationUUID)
}
