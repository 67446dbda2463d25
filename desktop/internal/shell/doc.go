// Package shell is the Wails side of the desktop app: the window and its life, the calls that the page may make, and the
// one place that emits to the page.
//
// Only main.go imports it. Start with contract.go (Face: what the page may ask for), then shell.go (the life of the app)
// and window.go (the window, its title and its size). Bridge is what Wails binds; it has the methods of Face and nothing
// else, each one line long, and core does the work.
package shell
