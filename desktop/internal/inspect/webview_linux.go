package inspect //nolint:gocritic // dupImport sees the imports that cgo adds

// #cgo webkit2_41 pkg-config: webkit2gtk-4.1
// #cgo !webkit2_41 pkg-config: webkit2gtk-4.0
// #include <webkit2/webkit2.h>
import "C" //nolint:gocritic // as above

import (
	"context"
	"fmt"

	"himsg/desktop/internal/core"
)

// webview tells which WebKit shows the page; it is the system's own.
func webview(context.Context) core.Finding {
	version := fmt.Sprintf("%d.%d.%d",
		C.webkit_get_major_version(), C.webkit_get_minor_version(), C.webkit_get_micro_version())
	return found(core.FindingOK, "version", "name", "WebKitGTK", "version", version)
}
