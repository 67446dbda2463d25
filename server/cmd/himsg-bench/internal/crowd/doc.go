// Package crowd is people at work on a server while something goes wrong: they sign in, connect as employees' apps do, with
// shared/client, send messages and delete some, repeat what failed for now, and write what was sent and acknowledged into the
// judge's ledger. Package faults imports it. Start with Gather, then sender.go (what a person does) and holdings.go (what
// everybody holds in the end).
package crowd
