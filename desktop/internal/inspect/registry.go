package inspect

import "strconv"

// This file reads what Windows says. It needs no Windows.

// koreanLayout is the number of a keyboard layout, as it stands in the registry, if it is for Korean: the lower half of a
// layout's handle is its language, and of that the lowest ten bits are the primary one.
func koreanLayout(handle uintptr) (number string, ok bool) {
	const primary, korean, whole = 0x3ff, 0x12, 0xffffffff
	return strconv.FormatUint(uint64(handle&whole), 16), handle&primary == korean
}

// isInstalled reports whether a version is one: WebView2's installers leave none, or zeros, when it was taken away.
func isInstalled(version string) bool { return version != "" && version != "0.0.0.0" }
