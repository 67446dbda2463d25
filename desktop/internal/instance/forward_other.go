//go:build !windows

package instance

// letForward is needed on Windows only.
func letForward() {}
