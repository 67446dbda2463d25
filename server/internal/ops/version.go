package ops

import "runtime/debug"

// Release is the version that people know.
const Release = "0.1.0"

// Version is the release with the commit that it was built from, as far as the build knew it: "0.1.0+3f2a91c04d1e".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Release
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return Release + "+" + s.Value[:12]
		}
	}
	return Release
}
