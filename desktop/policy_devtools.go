//go:build !bindings && devtools

package main

import (
	"log/slog"
	"os"

	"himsg/desktop/internal/policy"
)

// policyOptions let end-to-end tests bring a policy of their own. This build is never shipped.
func policyOptions(logger *slog.Logger) policy.Options {
	return policy.Options{Path: os.Getenv("HIMSG_TEST_POLICY"), Logger: logger}
}
