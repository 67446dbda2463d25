//go:build !linux

package shell

// tuneWebView does nothing: the web views of Windows and macOS are the system's to tune.
func tuneWebView() (undo func()) { return func() {} }
