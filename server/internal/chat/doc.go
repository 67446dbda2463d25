// Package chat is what people do with messages and rooms: send, delete, read, page through history, catch up, make rooms
// and leave them. It holds the rules; ports.go says what it needs of the database and of others, sqlstore has the SQL.
//
// ws and api call it with an actor whom they have authenticated; every method checks by itself what the actor may see.
// After each commit it publishes what happened. Those events are hints: who misses one finds the change by revision, with
// Sync and Changes, or gets it from the hub, which asks EventsSince. Start with Service, then send.go.
package chat
