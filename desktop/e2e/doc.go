// Package e2e proves the whole way with real parts only: the server's binary, the app's binary in real windows, a real
// window manager, and people who type and click. Nothing here is imported by anybody.
//
// The tests carry the build tag e2e and run by `make test-e2e`; the pictures of every screen carry the tag screens and
// are made by `make screens`; what takes programs of two ages carries the tag ages and runs by `make test-ages`. Start with company_test.go (the server and its people) and talk_test.go. The packages
// beneath give the parts: desk (screen, bus, tray, notifications), window (the app and its page), backend (the server,
// and a network that can be cut).
package e2e
