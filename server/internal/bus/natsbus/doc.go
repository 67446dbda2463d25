// Package natsbus is the bus of several nodes: what one publishes reaches the hubs of all, over core NATS.
//
// It is a hint as every bus is. An event goes to this node's own subscribers at once and, without waiting, to NATS; a room's
// events reach the nodes that watch the room, everything else all nodes. What NATS loses the hub finds in the database, and
// State says when it has to look closer. Nodes also speak to each other by topics (Tell, Hear), and each is heard every
// second, so that one that is silent is noticed.
//
// All that leaves the node is sealed by a key that only nodes have: a NATS server, and who else uses it, sees subjects and
// lengths, and can forge nothing. app makes the Bus. Start with Bus, then frame.go for what is sent.
package natsbus
