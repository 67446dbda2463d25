// Package desk is a desktop of a test's own: a virtual screen with a window manager, a private session bus, and on that
// bus a notification daemon and a tray that tell the test what apps show, and click when the test says so. With it run
// the end-to-end tests, and the tests of packages that speak D-Bus.
//
// Start with Start (a whole desktop) or StartBus (only the bus). All of it ends with the test; nothing of the machine's
// own session is touched.
package desk
