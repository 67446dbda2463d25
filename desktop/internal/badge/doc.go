// Package badge shows the unread number on the app's place in the task bar, and asks for attention there. shell starts and
// ends it; main.go imports it.
//
// On Linux it is the signal of com.canonical.Unity.LauncherEntry, which Ubuntu's dock and KDE's task bar follow; on Windows
// the overlay and the flashing of the window's button; elsewhere it does nothing.
package badge
