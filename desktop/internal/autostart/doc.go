// Package autostart has the user's session start the app, hidden: an XDG autostart entry on Linux, a value of the Run key on
// Windows. It implements core.Autostart; main.go imports it.
//
// Start with autostart.go; how each system keeps it is in the files per system.
package autostart
