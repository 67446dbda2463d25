// Package notify shows the desktop's notifications and says which one was clicked. It implements core.Notifier; main.go
// imports it and shell starts and ends it.
//
// Start with notify.go: a bounded queue and the one goroutine that works it off. Behind it is what the system has: on
// Linux freedesktop.go, our own small sender over D-Bus (Wails' own takes a dismissal for a click); on Windows and macOS
// wails.go. plain.go, by beeep, is used where those fail or can't tell clicks.
package notify
