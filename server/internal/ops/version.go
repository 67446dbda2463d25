package ops

import (
	"runtime/debug"

	"himsg/shared/release"
)

// Version is the release with the commit that it was built from, as far as the build knew it: "0.1.0+3f2a91c04d1e".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return release.Version + "+" + s.Value[:12]
		}
	}
	return release.Version
}
