// Package icon draws the app's mark, a speech bubble that says "Hi", at any size, alone or with an unread number on it,
// as PNG, ICO and ICNS. Only main.go imports it, and hands the pictures to the window, the tray and the notifications.
//
// Start with mark.go for what is drawn; paint.go is the small painter under it. The files in desktop/build come from
// here: `go test ./internal/icon -update` writes them, and the same test, without the flag, fails when they are stale.
package icon
