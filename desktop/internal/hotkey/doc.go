// Package hotkey takes a combination of keys from the whole desktop, so that the window can be brought up from any program. It
// implements core's port; main.go imports it.
//
// On Linux an X server gives them (a passive grab of the root window), on Windows RegisterHotKey. Wayland gives keys to no
// program, and for macOS it is not made.
package hotkey
