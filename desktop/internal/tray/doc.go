// Package tray shows the app in the desktop's tray: the mark with the unread number on it, a tooltip that says it in
// words, and a menu. It implements core.Badge; main.go imports it and shell starts and ends it.
//
// Start with tray.go. What differs between systems (whether there is a tray at all, how its loop is run) is in host_*.go.
package tray
