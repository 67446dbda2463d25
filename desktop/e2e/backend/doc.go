// Package backend gives an end-to-end test its company: the server's real binary on a free port with a folder of its own,
// people in it, and a network between it and the apps that can be cut.
//
// Start with server.go; people.go signs people up over HTTP as any client would; proxy.go is the network.
package backend
