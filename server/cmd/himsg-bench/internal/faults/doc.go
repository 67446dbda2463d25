// Package faults breaks things around a server under load, one fault after the other, and lets the judge say whether the
// delivery contract held: one line for each fault and database, with the figure that the fault must show.
//
// A fault is a file of its own and an entry in registry.go; the run that all of them share is in scene.go. himsg-bench
// imports the package. Start with Run.
package faults
