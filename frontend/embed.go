// Package frontend carries the built page into the desktop app.
//
// It exists because go:embed can't reach outside of a module's folder. Only himsg/desktop imports it. The page's sources
// are in src; README.md says where to start. `npm run build` writes dist, which git ignores; `make some-dist` puts an
// empty file there for those who compile Go without the page.
package frontend

import "embed"

// Dist holds what `npm run build` wrote, under "dist".
//
//go:embed all:dist
var Dist embed.FS
