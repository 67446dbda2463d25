package inspect

import (
	"context"
	"fmt"

	"himsg/desktop/internal/core"
)

// webview tells which WebKit shows the page; it is the system's own.
func webview(context.Context) core.Finding {
	major, minor, micro := webkit()
	version := fmt.Sprintf("%d.%d.%d", major, minor, micro)
	return found(core.FindingOK, "version", "name", "WebKitGTK", "version", version)
}
