// Package clienttest proves that a client.Replica stays equal to the server, whatever the network does.
//
// Tests of replicas import it: of client.Memory and of the desktop's store. Start with Run: it drives a client.Syncer
// against a Model, the server by brute force, through a network that loses, doubles, reorders and delays. world.go holds
// what happens, subject.go what is compared.
package clienttest
