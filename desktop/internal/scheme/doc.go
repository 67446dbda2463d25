// Package scheme makes the system hand himsg:// links to the app where no installer has done that: a desktop entry and a
// line of mimeapps.list on Linux, HKCU\Software\Classes on Windows, for this user only. main.go imports it.
//
// On macOS the bundle's Info.plist says it, and only that.
package scheme
