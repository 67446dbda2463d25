// Package ws is the WebSocket of protocol v1: it authenticates, upgrades, reads requests and hands them to package chat,
// and writes replies and what package hub brings.
//
// app mounts Handler at GET /ws. A connection has two goroutines: one reads and starts operations, one writes everything.
// Start with handler.go for what is checked before the upgrade, conn.go for a connection's life, op.go for the table of
// operations.
package ws
