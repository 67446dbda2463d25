//go:build !linux && !windows

package ops

// NetworkFS knows nothing here.
func NetworkFS(string) (string, error) { return "", nil }
