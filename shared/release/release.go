// Package release knows the version of Hi_Msg. The server, the app and the packages of both have this one.
//
// Whoever tells a version to a person or to another program imports it; `make installers` reads it here.
package release

// Version is the version that people know: three numbers with dots, as Windows Installer compares no more.
//
// It is a variable so that the tests of an upgrade can build the next one: make installers VERSION=0.1.1.
var Version = "0.1.0"
