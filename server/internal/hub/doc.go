// Package hub brings events to live sessions: it holds who is online, in which rooms, and what each room has been told.
//
// ws attaches a Session for each socket and writes what Session.Take gives; app gives the hub its bus and database. Events
// come from the bus, which may lose, double or reorder them. The hub delivers a room's changes in rev order, each once,
// to those who are members at that rev; what is missing it rebuilds from the database, at once when a later event shows
// the gap, and by a sweep every two seconds when nothing does. Start with Hub, then room.go for the order of delivery,
// attach.go for who is where, repair.go and sweep.go for what was lost, and remote.go for what is lost between nodes.
//
// Locks are taken in this order: room.mu, person.mu, Session.mu; the shards' locks are held only to look up.
package hub
