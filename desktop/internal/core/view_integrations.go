package core

import "himsg/shared/wire"

// This file holds what crosses the bridge to the administrators' page of webhooks and tokens; see view.go.

// Integration is a webhook or a token. Times are 0 for never.
type Integration struct {
	IntegrationUUID string                 `json:"integration_uuid"`
	Kind            wire.IntegrationKind   `json:"kind"`
	State           wire.IntegrationState  `json:"state"`
	BotUUID         string                 `json:"bot_uuid"`
	Name            string                 `json:"name"`
	Icon            string                 `json:"icon"`
	Rooms           []wire.IntegrationRoom `json:"rooms"`
	Scopes          []wire.Scope           `json:"scopes"`
	URL             string                 `json:"url"`
	CreatedBy       string                 `json:"created_by"`
	CreatedAt       int64                  `json:"created_at"`
	ExpiresAt       int64                  `json:"expires_at"`
	LastUsedAt      int64                  `json:"last_used_at"`
	LastFailure     wire.HookFailure       `json:"last_failure"`
	LastStatus      int                    `json:"last_status"`
	LastFailedAt    int64                  `json:"last_failed_at"`
	Failures        int                    `json:"failures"`
	NextTryAt       int64                  `json:"next_try_at"`
	Waiting         int64                  `json:"waiting"`
	Skipped         int64                  `json:"skipped"`
}

// IntegrationPage is a page of them, the newest first.
type IntegrationPage struct {
	Integrations []Integration `json:"integrations"`
	Next         int64         `json:"next"` // 0: no more
}

// IntegrationSecret is what is told once: the secret, and of an incoming hook the whole address that it is part of.
type IntegrationSecret struct {
	Integration Integration `json:"integration"`
	Secret      string      `json:"secret"`
	Address     string      `json:"address"`
}
