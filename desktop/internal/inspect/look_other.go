//go:build !linux && !windows

package inspect

import (
	"context"

	"himsg/desktop/internal/core"
)

// Nothing here was tried on other systems, so nothing is claimed.

func notifications(context.Context) core.Finding { return found(core.FindingInfo, "unknown") }
func tray(context.Context) core.Finding          { return found(core.FindingInfo, "unknown") }
func inputMethod(context.Context) core.Finding   { return found(core.FindingInfo, "unknown") }
func fonts(context.Context) core.Finding         { return found(core.FindingInfo, "unknown") }
func webview(context.Context) core.Finding       { return found(core.FindingInfo, "unknown") }
