// Package presence knows who is there: a state for each person, derived from the person's open sessions.
//
// ws tells it of sessions that begin, change and end; it publishes what changed, gathered once a second, as presence
// events to everyone. On several nodes each tells the others of its own sessions (peers.go). It keeps nothing on disk: after a restart people come back and are seen again. Start with Tracker.
package presence
