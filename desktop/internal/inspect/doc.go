// Package inspect looks at the parts of this PC that the app lives on: notifications, tray, input of Korean, fonts, webview,
// start with the session. It makes core.Checks for the diagnosis; only main.go imports it. Begin at Checks.
//
// A look says what is seen and no more: an input method that nobody can see may work all the same.
package inspect
