//go:build !linux && !windows

package scheme

// Register does nothing: on macOS the bundle's Info.plist names the scheme.
func Register(string) error { return nil }
