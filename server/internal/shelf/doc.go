// Package shelf keeps the installers of the app that the server hands out: on its download page, and to the app itself. They lie in
// the data directory, one folder a release, with the manifest that was signed offline. Package api serves them, the commands
// `himsg-server release …` put them there.
//
// Begin at Shelf (shelf.go). Add (add.go) is the only way onto it: it checks all, and what it can't check does not become visible.
// Making keys and signing, which needs no server and no network, is in sign.go.
package shelf
