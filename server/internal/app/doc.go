// Package app is the composition root: the only package that knows all others. It builds the server out of its
// settings, runs it and takes it down, in this order: database, bus, services, hub, doors (ws, api), listeners.
//
// cmd/himsg-server and end-to-end tests import it. Start with New and Run; data.go opens what the other commands need.
package app
