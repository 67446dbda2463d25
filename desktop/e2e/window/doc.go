// Package window drives the real app: it starts the binary on a test's desktop, reads and clicks its page through WebKit's
// remote inspector, and takes pictures. The app is built with the extra tag devtools, and is otherwise what users get.
//
// Start with Open (window.go); inspector.go speaks the protocol; page.go is what tests use: Click, Type, WaitFor.
package window
