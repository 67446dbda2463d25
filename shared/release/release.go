// Package release knows the version of Hi_Msg, which the server, the app and the packages of both have, and how a version of the app is
// handed out: a Manifest that lists its files, signed offline (manifest.go). The server keeps and hands out what the app then judges.
//
// Whoever tells a version to a person or to another program imports it; `make installers` reads it here.
package release

// Version is the version that people know: three numbers with dots, as Windows Installer compares no more.
//
// It is a variable so that the tests of an upgrade can build the next one: make installers VERSION=0.1.1.
var Version = "0.1.0"
