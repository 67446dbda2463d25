//go:build !bindings && !devtools

package main

import (
	"log/slog"

	"himsg/desktop/internal/policy"
)

// policyOptions leave the policy where only an administrator can write it.
func policyOptions(logger *slog.Logger) policy.Options { return policy.Options{Logger: logger} }
