// Package sockets measures what a connection costs that says nothing: how fast many come, what memory and processor they take
// while nothing happens, and how soon they are back when the server was killed. Beside it a bare server of the same WebSocket
// library, which upgrades and waits.
package sockets
